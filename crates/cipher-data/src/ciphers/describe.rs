//! Ciphers and keys in words.

use super::{
    ByteKey, CipherConfig, EnigmaConfig, Feedback, Fill, HillKey, MixedAlphabet, Parts, PortaTable,
};

impl CipherConfig {
    /// The cipher's name, as people write it.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Caesar { key: 0 } => "no cipher",
            Self::Caesar { .. } => "Caesar",
            Self::Rot13 {} => "ROT13",
            Self::Rot47 {} => "ROT47",
            Self::Atbash {} => "Atbash",
            Self::Affine { .. } => "affine",
            Self::Substitution { .. } => "substitution",
            Self::Vigenere { .. } => "Vigenere",
            Self::Beaufort { .. } => "Beaufort",
            Self::VariantBeaufort { .. } => "variant Beaufort",
            Self::Gronsfeld { .. } => "Gronsfeld",
            Self::Trithemius {} => "Trithemius",
            Self::Porta { .. } => "Porta",
            Self::Autokey {
                feedback: Feedback::Plaintext,
                ..
            } => "autokey",
            Self::Autokey {
                feedback: Feedback::Ciphertext,
                ..
            } => "ciphertext autokey",
            Self::RunningKey { .. } => "running key",
            Self::Enigma(_) => "Enigma",
            Self::RailFence { .. } => "rail fence",
            Self::ColumnarTransposition { .. } => "columnar transposition",
            Self::Myszkowski { .. } => "Myszkowski transposition",
            Self::DoubleColumnar { .. } => "double columnar transposition",
            Self::Reversal { .. } => "reversal",
            Self::Rotation { .. } => "rotation",
            Self::ProgressiveKey { .. } => "progressive key",
            Self::Quagmire {
                plaintext: Some(_),
                ciphertext: None,
                ..
            } => "Quagmire I",
            Self::Quagmire {
                plaintext: None,
                ciphertext: Some(_),
                ..
            } => "Quagmire II",
            Self::Quagmire {
                plaintext,
                ciphertext,
                ..
            } if plaintext == ciphertext => "Quagmire III",
            Self::Quagmire { .. } => "Quagmire IV",
            Self::Gromark { .. } => "Gromark",
            Self::Xor { .. } => "XOR",
            Self::Add { .. } => "addition of bytes",
            Self::Playfair { .. } => "Playfair",
            Self::TwoSquare { .. } => "two-square",
            Self::FourSquare { .. } => "four-square",
            Self::Hill { .. } => "Hill",
            Self::Bifid { .. } => "bifid",
            Self::Trifid { .. } => "trifid",
            Self::Adfgvx { .. } => "ADFGVX",
            Self::Polybius { .. } => "Polybius",
            Self::Nihilist { .. } => "Nihilist",
            Self::Bacon { .. } => "Bacon",
            Self::Morse {} => "Morse code",
            Self::A1z26 { .. } => "A1Z26",
            Self::CodeTable { .. } => "code table",
        }
    }

    /// The key in words; empty for a cipher without one.
    pub fn key(&self) -> String {
        match self {
            Self::Caesar { key: 0 } => "both sides are the same".into(),
            Self::Caesar { key } => format!("key {key}"),
            Self::Rot13 {}
            | Self::Rot47 {}
            | Self::Atbash {}
            | Self::Trithemius {}
            | Self::Morse {} => String::new(),
            Self::Affine { a, b } => format!("ciphertext = {a} x plaintext + {b}"),
            Self::Substitution { key } => mixed("key", key),
            Self::Vigenere { key }
            | Self::Beaufort { key }
            | Self::VariantBeaufort { key }
            | Self::Gronsfeld { key }
            | Self::Autokey { key, .. }
            | Self::RunningKey { key }
            | Self::ColumnarTransposition { key, padding: None }
            | Self::Myszkowski { key } => format!("key {key}"),
            Self::ColumnarTransposition {
                key,
                padding: Some(padding),
            } => format!("key {key}, the last row filled with {padding}"),
            Self::Porta { key, table } => match table {
                PortaTable::First => format!("key {key}"),
                PortaTable::Second => format!("key {key}, second table"),
            },
            Self::Enigma(config) => enigma(config),
            Self::RailFence { rails, offset: 0 } => format!("{rails} rails"),
            Self::RailFence { rails, offset } => format!("{rails} rails, offset {offset}"),
            Self::DoubleColumnar { first, second } => format!("keys {first} and {second}"),
            Self::Reversal { of } => of_parts(*of).into(),
            Self::Rotation { places, of } => {
                format!("{places} places to the left, {}", of_parts(*of))
            }
            Self::ProgressiveKey { key, step } => format!("key {key}, step {step}"),
            Self::Quagmire {
                plaintext,
                ciphertext,
                key,
                below,
            } => quagmire(
                [plaintext.as_ref(), ciphertext.as_ref()],
                key,
                below.as_deref(),
            ),
            Self::Gromark { primer, key } => format!("primer {primer}, {}", mixed("alphabet", key)),
            Self::Xor { key, offset } | Self::Add { key, offset } => bytes(key, *offset),
            Self::Playfair { key, .. } => mixed("square", key),
            Self::TwoSquare { first, second, .. } => {
                format!(
                    "{}, {}",
                    mixed("first square", first),
                    mixed("second square", second)
                )
            }
            Self::FourSquare {
                upper_right,
                lower_left,
                ..
            } => {
                let lower = mixed("lower left square", lower_left);
                format!("{}, {lower}", mixed("upper right square", upper_right))
            }
            Self::Hill { key, .. } => hill(key),
            Self::Bifid { key, period } => format!("{}, {}", mixed("square", key), blocks(*period)),
            Self::Trifid { key, period } => format!("{}, {}", mixed("cube", key), blocks(*period)),
            Self::Adfgvx { square, key } | Self::Nihilist { square, key } => {
                format!("{}, key {key}", mixed("square", square))
            }
            Self::Polybius { key, labels } => {
                let labels = labels.as_ref().map(|labels| format!(", signs {labels}"));
                format!("{}{}", mixed("square", key), labels.unwrap_or_default())
            }
            Self::Bacon { letters } => letters.clone().unwrap_or("AB".into()),
            Self::A1z26 { first } => format!("from {first}"),
            Self::CodeTable { codes, unclear } => {
                let shown = |text: &str| match text.chars().all(char::is_alphanumeric) {
                    true => text.to_string(),
                    false => format!("{text:?}"),
                };
                let codes = codes.iter().map(|(symbol, signs)| {
                    let signs: Vec<String> = signs.signs().iter().map(|sign| shown(sign)).collect();
                    format!("{}={}", shown(symbol), signs.join("/"))
                });
                let codes = codes.collect::<Vec<_>>().join(" ");
                let unclear: Vec<String> = unclear.iter().map(|sign| shown(sign)).collect();
                match unclear.is_empty() {
                    true => codes,
                    false => format!("{codes}; unclear: {}", unclear.join(" ")),
                }
            }
        }
    }
}

fn mixed(what: &str, key: &MixedAlphabet) -> String {
    match key {
        MixedAlphabet::Whole(symbols) => format!("{what} {symbols}"),
        MixedAlphabet::Keyword(keyword) if keyword.keyword.is_empty() => format!("{what} in order"),
        MixedAlphabet::Keyword(keyword) => {
            let fill = match keyword.fill {
                Fill::FromStart => "",
                Fill::AfterKeyword => " (filled after its last letter)",
                Fill::Columns => " (read by columns)",
            };
            format!("{what} of the keyword {}{fill}", keyword.keyword)
        }
    }
}

fn of_parts(of: Parts) -> &'static str {
    match of {
        Parts::Symbols => "the whole text",
        Parts::SymbolsOfWords => "each word",
        Parts::Words => "the order of the words",
    }
}

fn blocks(period: usize) -> String {
    match period {
        0 => "the whole message as one block".into(),
        period => format!("period {period}"),
    }
}

fn bytes(key: &ByteKey, offset: usize) -> String {
    let offset = match offset {
        0 => String::new(),
        offset => format!(", offset {offset}"),
    };
    match key {
        ByteKey::Text(text) => format!("key {text}{offset}"),
        ByteKey::Hex(hex) => format!("key {} in hexadecimal{offset}", hex.hex),
    }
}

fn hill(key: &HillKey) -> String {
    match key {
        HillKey::Matrix(rows) => format!("matrix {rows:?}"),
        HillKey::Text(text) => format!("matrix {text}"),
    }
}

fn quagmire(
    mixed_alphabets: [Option<&MixedAlphabet>; 2],
    key: &str,
    below: Option<&str>,
) -> String {
    let [plaintext, ciphertext] = mixed_alphabets;
    let mut parts = vec![format!("key {key}")];
    if let Some(below) = below {
        parts[0] += &format!(" below {below}");
    }
    match (plaintext, ciphertext) {
        (Some(one), Some(other)) if one == other => parts.push(mixed("alphabets", one)),
        _ => {
            parts.extend(plaintext.map(|key| mixed("plaintext alphabet", key)));
            parts.extend(ciphertext.map(|key| mixed("ciphertext alphabet", key)));
        }
    }
    parts.join(", ")
}

fn enigma(config: &EnigmaConfig) -> String {
    let rotors: Vec<String> = config
        .rotors
        .iter()
        .map(|rotor| format!("{rotor:?}"))
        .collect();
    let cables = match config.plugboard.as_str() {
        "" => "no cables".into(),
        cables => format!("cables {cables}"),
    };
    format!(
        "{:?}, rotors {}, reflector {:?}, rings {}, start {}, {cables}",
        config.model,
        rotors.join(" "),
        config.reflector,
        config.rings,
        config.start
    )
}
