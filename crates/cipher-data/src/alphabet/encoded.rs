use std::borrow::Cow;

use super::case::Case;
use crate::{Alphabet, SymbolId};

/// Text as ids, with what the ids do not show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Encoded<'a> {
    /// The ids of the symbols, in order.
    pub ids: Vec<SymbolId>,
    /// The symbols that pass through, each with its place in the answer, counted in symbols from 0.
    pub passed_through: Vec<(usize, Cow<'a, str>)>,
    /// The letters that the alphabet has in the other case only, and whose answer gets their case:
    /// their places among the ids, in order, and the case that they have in the text.
    pub cases: Vec<(usize, Case)>,
    /// The symbols of [`Outside::KeepPlace`](crate::Outside::KeepPlace), in order, with their places
    /// among the ids. The id there is that of the alphabet's last symbol.
    pub kept: Vec<(usize, Cow<'a, str>)>,
    /// The unknown symbols of [`Outside::Mark`](crate::Outside::Mark), in order.
    pub unknown: Vec<UnknownSymbol>,
}

/// A symbol that the alphabet lacks, under [`Outside::Mark`](crate::Outside::Mark).
///
/// The id in its place is that of the alphabet's last symbol, so that the symbols after it keep
/// their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSymbol {
    /// Its place among the ids, counted from 0.
    pub place: usize,
    /// Its place in the text, counted from 1 in symbols.
    pub column: usize,
    /// The symbol.
    pub symbol: String,
}

impl<'a> Encoded<'a> {
    /// Lets a symbol pass through at the place after all that came before.
    pub(super) fn pass(&mut self, symbol: Cow<'a, str>) {
        let place = self.ids.len() + self.passed_through.len();
        self.passed_through.push((place, symbol));
    }

    /// The place in the text of one of [`Self::ids`], counted from 1 in symbols that are not left
    /// out.
    pub fn column(&self, place: usize) -> usize {
        let mut column = place;
        for (passed, _) in &self.passed_through {
            column += usize::from(*passed <= column);
        }
        column + 1
    }

    /// Marks the answers at these places, in order, as unknown, and no others.
    pub fn mark(&mut self, places: impl IntoIterator<Item = usize>) {
        let marked = places.into_iter().map(|place| UnknownSymbol {
            place,
            column: self.column(place),
            symbol: Alphabet::UNKNOWN.into(),
        });
        self.unknown = marked.collect();
    }

    /// Marks more symbols of an alphabet as unknown, chosen by their places and ids.
    pub fn mark_where(
        &mut self,
        alphabet: &Alphabet,
        is_unknown: impl Fn(usize, SymbolId) -> bool,
    ) {
        let places = self.ids.iter().enumerate();
        let places = places.filter(|&(place, &id)| {
            let is_marked = self.unknown.iter().any(|one| one.place == place);
            !is_marked && is_unknown(place, id)
        });
        let marked = places.map(|(place, &id)| UnknownSymbol {
            place,
            column: self.column(place),
            symbol: alphabet.symbol(id).into(),
        });
        let marked: Vec<_> = marked.collect();
        self.unknown.extend(marked);
        self.unknown.sort_by_key(|one| one.place);
    }

    /// Puts what passed through between `answers`, one for each of [`Self::ids`], and what was kept in
    /// its places. `in_case` gives an answer to one of [`Self::cases`] that case, and `unknown` stands
    /// in the place of an answer to an unknown symbol.
    ///
    /// [`Alphabet::restore`](crate::Alphabet::restore) does this for ids.
    pub fn restore<T: From<Cow<'a, str>>>(
        &self,
        answers: impl IntoIterator<Item = T>,
        in_case: impl Fn(T, Case) -> T,
        unknown: impl Fn() -> T,
    ) -> Vec<T> {
        let mut cases = self.cases.iter().peekable();
        let mut unknowns = self.unknown.iter().peekable();
        let mut kept = self.kept.iter().peekable();
        let answers = answers.into_iter().enumerate();
        let mut answers = answers.map(|(place, answer)| {
            if unknowns.next_if(|one| one.place == place).is_some() {
                cases.next_if(|(of_place, _)| *of_place == place);
                kept.next_if(|(of_place, _)| *of_place == place);
                return unknown();
            }
            if let Some((_, symbol)) = kept.next_if(|(of_place, _)| *of_place == place) {
                return T::from(symbol.clone());
            }
            match cases.next_if(|(of_place, _)| *of_place == place) {
                Some((_, case)) => in_case(answer, *case),
                None => answer,
            }
        });
        let mut passed_through = self.passed_through.iter().peekable();
        let mut text = Vec::with_capacity(self.ids.len() + self.passed_through.len());
        loop {
            if let Some((_, symbol)) = passed_through.next_if(|(place, _)| *place == text.len()) {
                text.push(T::from(symbol.clone()));
            } else if let Some(answer) = answers.next() {
                text.push(answer);
            } else {
                return text;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::UnknownSymbol;
    use crate::Case::{Lower, Upper};
    use crate::{Alphabet, Outside, Reading, SymbolUnit};

    fn unexpected<T>() -> T {
        panic!("an unknown symbol")
    }

    #[test]
    fn characters_that_pass_through_come_back_at_their_places() {
        let alphabet = Alphabet::new("abc", Outside::Keep).unwrap();
        let encoded = alphabet.encode(" a, bb!c. ").unwrap();
        assert_eq!(encoded.ids, [0, 1, 1, 2]);
        assert_eq!(
            [0, 1, 2, 3].map(|place| encoded.column(place)),
            [2, 5, 6, 8]
        );
        let answers = encoded.restore(
            ["1", "2", "3", "4"].map(Cow::from),
            |answer, _| answer,
            unexpected,
        );
        assert_eq!(answers.concat(), " 1, 23!4. ");
    }

    #[test]
    fn graphemes_that_pass_through_come_back_at_their_places() {
        let alphabet = Alphabet::of_graphemes(["a", "e\u{301}"], Outside::Keep).unwrap();
        let encoded = alphabet.encode("e\u{301}x\u{308}ae").unwrap();
        assert_eq!(encoded.ids, [1, 0]);
        assert_eq!(
            encoded.passed_through,
            [(1, "x\u{308}".into()), (3, "e".into())]
        );
        let answers = encoded.restore(["1", "0"].map(Cow::from), |answer, _| answer, unexpected);
        assert_eq!(answers, ["1", "x\u{308}", "0", "e"]);
    }

    #[test]
    fn answers_to_letters_in_another_case_get_that_case() {
        let alphabet = Alphabet::new("ABCd", Outside::Keep).unwrap();
        let encoded = alphabet.encode("a?BcD").unwrap();
        assert_eq!(encoded.ids, [0, 1, 2, 3]);
        assert_eq!(encoded.cases, [(0, Lower), (2, Lower), (3, Upper)]);
        let answers = ["w", "x", "y", "z"].map(String::from);
        let in_case = |answer, case| format!("{case:?} {answer}");
        let restored = encoded.restore(answers, in_case, unexpected);
        assert_eq!(restored, ["Lower w", "?", "x", "Lower y", "Upper z"]);
    }

    #[test]
    fn a_symbol_can_take_up_a_place_and_be_kept() {
        let alphabet = Alphabet::new("ABCD", Outside::KeepPlace).unwrap();
        let encoded = alphabet.encode("a, B").unwrap();
        assert_eq!(encoded.ids, [0, 3, 3, 1]);
        assert_eq!(alphabet.restore(&encoded, &[2, 2, 2, 2]), "c, C");
    }

    #[test]
    fn an_unknown_symbol_takes_up_a_place_and_punctuation_passes_through() {
        let alphabet = Alphabet::new("ABCD", Outside::Mark).unwrap();
        let encoded = alphabet.encode("Aé, b5!").unwrap();
        assert_eq!(encoded.ids, [0, 3, 1, 3]);
        let unknown = |place, column, symbol: &str| UnknownSymbol {
            place,
            column,
            symbol: symbol.into(),
        };
        assert_eq!(encoded.unknown, [unknown(1, 2, "é"), unknown(3, 6, "5")]);
        assert_eq!(alphabet.restore(&encoded, &[2, 2, 2, 2]), "C?, c?!");
    }

    #[test]
    fn after_an_unknown_letter_the_others_keep_their_case() {
        let alphabet = Alphabet::new("ABCD", Outside::Keep).unwrap();
        let mut encoded = alphabet.encode("abcd").unwrap();
        encoded.mark([1]);
        assert_eq!(alphabet.restore(&encoded, &encoded.ids), "a?cd");
    }

    #[test]
    fn punctuation_is_unknown_where_the_alphabet_has_some() {
        let alphabet = Alphabet::new("AB#+", Outside::Mark).unwrap();
        let encoded = alphabet.encode("A= #").unwrap();
        assert_eq!(encoded.ids, [0, 3, 2]);
        assert_eq!(alphabet.restore(&encoded, &[0, 0, 1]), "A? B");
    }

    #[test]
    fn a_token_that_was_never_seen_is_unknown() {
        let reading = Reading {
            symbols: SymbolUnit::Token(None),
            ..Reading::default()
        };
        let alphabet = Alphabet::of_reading(reading, ["11", "12"], Outside::Mark).unwrap();
        let encoded = alphabet.encode("12 99  11").unwrap();
        assert_eq!(alphabet.restore(&encoded, &encoded.ids), "12 ? 11");
    }
}
