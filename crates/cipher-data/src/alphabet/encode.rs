use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;

use super::unread::mark_unread;
use super::{Alphabet, Case, Encoded, UnknownSymbol};
use crate::{DataError, Others, SymbolId};

/// The policy for symbols of a text that are not in the alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outside {
    /// Take the letter in the other case if the alphabet has it, otherwise the alphabet's last
    /// symbol. Over `A`-`Z` and `-` that is the tutorial's rule: `This is` becomes `THIS-IS`.
    #[default]
    Fold,
    /// Refuse the text, naming the symbol and its column.
    Reject,
    /// Take the letter in the other case if the alphabet has it; the answer is then written in
    /// the case of the text. Any other symbol passes through: the cipher and the network never see
    /// it, and it stays where it is. Over `A`-`Z` and with a Caesar key of 13, `Hello!` becomes
    /// `Uryyb!`. See [`Alphabet::restore`]. U+FFFD stands for a character that was lost, and is unknown as
    /// under [`Self::Mark`].
    Keep,
    /// As [`Self::Keep`], but a symbol that stays where it is takes up a place: a key advances there.
    KeepPlace,
    /// Take the letter in the other case, as [`Self::Keep`] does. White space and punctuation pass
    /// through where the alphabet has none of it. Any other symbol is unknown: it takes up a place,
    /// and the answer has [`Alphabet::UNKNOWN`] there.
    Mark,
}

impl Alphabet {
    /// What an answer has in the place of an unknown symbol under [`Outside::Mark`].
    pub const UNKNOWN: &str = "?";

    /// Lets these symbols pass through under [`Outside::Mark`], although they are no punctuation.
    pub fn with_passing(mut self, symbols: impl IntoIterator<Item = String>) -> Self {
        self.passing.extend(symbols);
        self
    }

    /// Lets digits pass through under [`Outside::Mark`], unless a symbol of the alphabet has any.
    pub fn with_passing_digits(self) -> Self {
        let has_digits = |symbol: &String| symbol.contains(|c: char| c.is_ascii_digit());
        match self.symbols.iter().any(has_digits) {
            true => self,
            false => self.with_passing(('0'..='9').map(String::from)),
        }
    }

    /// Reads a `?` or a `*` inside a word, and `[?]` anywhere, as a symbol that nobody could read: it is unknown
    /// and has a place, whatever the policy, unless the alphabet has such a symbol.
    pub(crate) fn with_unread_signs(mut self) -> Self {
        let has_one = |symbol: &String| symbol.contains(['?', '*']);
        self.has_unread_signs = !self.symbols.iter().any(has_one);
        self
    }

    /// Turns text into ids. Symbols outside the alphabet are treated by its policy.
    ///
    /// # Errors
    ///
    /// [`DataError::OutsideAlphabet`], under [`Outside::Reject`] only.
    pub fn encode<'a>(&self, text: &'a str) -> Result<Encoded<'a>, DataError> {
        let marked = match self.has_unread_signs {
            true => mark_unread(text),
            false => text.into(),
        };
        let prepared = match &marked {
            Cow::Borrowed(text) => self.reading.prepare(text),
            Cow::Owned(text) => Cow::Owned(self.reading.prepare(text).into()),
        };
        match prepared {
            Cow::Borrowed(text) => self.encode_prepared(text, Cow::Borrowed),
            Cow::Owned(text) => self.encode_prepared(&text, |symbol| Cow::Owned(symbol.into())),
        }
    }

    /// Turns a text that the reading has prepared into ids. `keep` makes a symbol outlive the text.
    fn encode_prepared<'text, 'a>(
        &self,
        text: &'text str,
        keep: impl Fn(&'text str) -> Cow<'a, str>,
    ) -> Result<Encoded<'a>, DataError> {
        let mut encoded = Encoded::default();
        if self.reading.is_of_characters() {
            encoded.ids.reserve(text.len());
            let (mut rest, mut place) = (text, 0);
            loop {
                // Most texts are of symbols that the alphabet has and that are one byte.
                let known = rest.bytes().map_while(|byte| self.id_of_byte(byte));
                let n_before = encoded.ids.len();
                encoded.ids.extend(known);
                let n_known = encoded.ids.len() - n_before;
                let Some(character) = rest[n_known..].chars().next() else {
                    break;
                };
                let (symbol, after) = rest[n_known..].split_at(character.len_utf8());
                rest = after;
                self.encode_symbol(symbol, place + n_known, &keep, &mut encoded)?;
                place += n_known + 1;
            }
        } else {
            for (place, symbol) in self.reading.cut(text).enumerate() {
                self.encode_symbol(symbol, place, &keep, &mut encoded)?;
            }
        }
        Ok(encoded)
    }

    /// Appends a symbol, whose place in the text is given.
    fn encode_symbol<'text, 'a>(
        &self,
        symbol: &'text str,
        place: usize,
        keep: &impl Fn(&'text str) -> Cow<'a, str>,
        encoded: &mut Encoded<'a>,
    ) -> Result<(), DataError> {
        if let Some(id) = self.id(symbol) {
            encoded.ids.push(id);
        } else if self.has_unread_signs && symbol == LOST {
            self.encode_unknown(symbol, place, encoded);
        } else if !self.reading.only.has(symbol) {
            if self.reading.others == Others::Pass {
                encoded.pass(keep(symbol));
            }
        } else if let Some((id, case)) = self.in_folded_case(symbol) {
            let is_restored = !matches!(self.outside, Outside::Fold | Outside::Reject);
            if is_restored || self.reading.fold_case {
                encoded.cases.push((encoded.ids.len(), case));
            }
            encoded.ids.push(id);
        } else {
            let last = (self.symbols.len() - 1) as SymbolId;
            match self.outside {
                Outside::Fold => encoded.ids.push(last),
                Outside::Keep if symbol != LOST => encoded.pass(keep(symbol)),
                Outside::KeepPlace if symbol != LOST => {
                    encoded.kept.push((encoded.ids.len(), keep(symbol)));
                    encoded.ids.push(last);
                }
                Outside::Mark if self.passes(symbol) => encoded.pass(keep(symbol)),
                Outside::Reject => {
                    return Err(DataError::OutsideAlphabet {
                        symbol: symbol.into(),
                        column: place + 1,
                    });
                }
                Outside::Keep | Outside::KeepPlace | Outside::Mark => {
                    self.encode_unknown(symbol, place, encoded);
                }
            }
        }
        Ok(())
    }

    /// Appends the id of the last symbol for one that is unknown.
    fn encode_unknown(&self, symbol: &str, place: usize, encoded: &mut Encoded<'_>) {
        encoded.unknown.push(UnknownSymbol {
            place: encoded.ids.len(),
            column: place + 1,
            symbol: symbol.into(),
        });
        encoded.ids.push((self.symbols.len() - 1) as SymbolId);
    }

    /// The id of a letter in the other case, if the policy or the reading asks for it.
    fn in_folded_case(&self, symbol: &str) -> Option<(SymbolId, Case)> {
        let is_folded = self.reading.fold_case || self.outside != Outside::Reject;
        is_folded.then(|| self.id_in_other_case(symbol)).flatten()
    }

    /// The id of a letter in the other case, and the case that the letter itself has.
    pub(crate) fn id_in_other_case(&self, symbol: &str) -> Option<(SymbolId, Case)> {
        let upper = self.id_in_case(symbol, Case::Upper);
        let of_lower = upper.map(|id| (id, Case::Lower));
        let lower = || self.id_in_case(symbol, Case::Lower);
        of_lower.or_else(|| lower().map(|id| (id, Case::Upper)))
    }

    /// The id of a symbol in a case. There is none where that would be several symbols, as `SS`
    /// for `ß`: the text must keep its length.
    fn id_in_case(&self, symbol: &str, case: Case) -> Option<SymbolId> {
        // The usual letters need no new text.
        if let [byte] = symbol.as_bytes()
            && let Some(byte) = self.case_rules.ascii_in_case(*byte, case)
        {
            return *self.ids_of_bytes.get(usize::from(byte))?;
        }
        self.id(&self.case_rules.in_case(symbol, case))
    }

    /// Whether a symbol is white space or punctuation and the alphabet has none of that, or passes
    /// anyhow.
    fn passes(&self, symbol: &str) -> bool {
        match Kind::of(symbol) {
            Kind::Other => self.passing.contains(symbol),
            kind => self.symbols.iter().all(|own| Kind::of(own) != kind),
        }
    }
}

/// U+FFFD, which stands for a character that was lost. It may have been a letter, so it is unknown
/// where other symbols are kept.
pub(super) const LOST: &str = "\u{fffd}";

/// What a symbol is, by its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    WhiteSpace,
    Punctuation,
    /// Emoji and other pictures, arrows, shapes.
    Sign,
    Other,
}

impl Kind {
    fn of(symbol: &str) -> Self {
        match symbol.chars().next() {
            Some(char::REPLACEMENT_CHARACTER) | None => Self::Other,
            Some(first) if first.is_whitespace() => Self::WhiteSpace,
            Some(first) if first.is_alphanumeric() || is_combining_mark(first) => Self::Other,
            Some(first) if is_punctuation(first) => Self::Punctuation,
            Some(_) => Self::Sign,
        }
    }
}

/// The signs on a keyboard, and the punctuation of Unicode's blocks Latin-1, General Punctuation, and CJK Symbols
/// and Punctuation.
fn is_punctuation(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{a1}'..='\u{bf}' | '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{3030}')
}
