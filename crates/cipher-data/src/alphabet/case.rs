/// The case of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// A capital letter.
    Upper,
    /// A small letter.
    Lower,
}

/// Which letters are the same but for their case. Turkic languages have an i with a dot and one
/// without in both cases; elsewhere `I` is the capital of `i`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CaseRules {
    is_turkic: bool,
}

impl CaseRules {
    /// The rules of the language that these symbols show.
    pub(crate) fn of<'a>(symbols: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            is_turkic: symbols
                .into_iter()
                .any(|symbol| matches!(symbol, "ı" | "İ")),
        }
    }

    /// The text in a case.
    pub(crate) fn in_case(self, text: &str, case: Case) -> String {
        let mut changed = String::with_capacity(text.len());
        for character in text.chars() {
            match (case, character) {
                (Case::Upper, 'i') if self.is_turkic => changed.push('İ'),
                (Case::Lower, 'I') if self.is_turkic => changed.push('ı'),
                (Case::Lower, 'İ') if self.is_turkic => changed.push('i'),
                (Case::Upper, _) => changed.extend(character.to_uppercase()),
                (Case::Lower, _) => changed.extend(character.to_lowercase()),
            }
        }
        changed
    }

    /// [`Self::in_case`] for an ASCII letter, if it stays one.
    pub(super) fn ascii_in_case(self, letter: u8, case: Case) -> Option<u8> {
        match case {
            _ if self.is_turkic && matches!(letter, b'i' | b'I') => None,
            Case::Upper => Some(letter.to_ascii_uppercase()),
            Case::Lower => Some(letter.to_ascii_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Alphabet, Outside};

    #[test]
    fn an_i_without_a_dot_shows_that_the_language_is_turkic() {
        let turkish = "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ";
        let alphabet = Alphabet::new(turkish, Outside::Keep).unwrap();
        let encoded = alphabet.encode("iIıİ").unwrap();
        let id = |symbol| alphabet.id(symbol).unwrap();
        assert_eq!(encoded.ids, [id("İ"), id("I"), id("I"), id("İ")]);
        assert_eq!(alphabet.restore(&encoded, &encoded.ids), "iIıİ");
        let small = Alphabet::new("abcçdefgğhıijklmnoöprsştuüvyz", Outside::Keep).unwrap();
        let encoded = small.encode("İSTANBUL, Isparta").unwrap();
        assert_eq!(small.restore(&encoded, &encoded.ids), "İSTANBUL, Isparta");
        assert_eq!(small.decode(&encoded.ids), "istanbulısparta");
    }

    #[test]
    fn elsewhere_a_capital_i_is_that_of_the_i_with_a_dot() {
        let alphabet = Alphabet::letters_and_dash();
        assert_eq!(alphabet.encode("i").unwrap().ids, [8]);
    }

    #[test]
    fn both_small_sigmas_are_the_capital_one() {
        let alphabet = Alphabet::new("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", Outside::Keep).unwrap();
        let encoded = alphabet.encode("σοφος").unwrap();
        assert_eq!(alphabet.decode(&encoded.ids), "ΣΟΦΟΣ");
    }
}
