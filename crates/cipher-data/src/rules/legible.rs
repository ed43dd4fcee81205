use crate::{Alphabet, SymbolId};

/// Symbols as one line of text: line breaks and other control characters, which an alphabet may
/// well have, are shown as Unicode's pictures of them.
pub(super) fn legible(alphabet: &Alphabet, symbols: &[SymbolId]) -> String {
    alphabet.decode(symbols).chars().map(picture).collect()
}

fn picture(symbol: char) -> char {
    match symbol {
        '\0'..='\x1F' => char::from_u32('␀' as u32 + symbol as u32).unwrap_or(symbol),
        '\x7F' => '␡',
        _ => symbol,
    }
}
