use std::borrow::Cow;
use std::collections::HashSet;

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

impl UnknownSymbol {
    /// Whether it stands for a character that was lost.
    pub(crate) fn is_lost(&self) -> bool {
        self.symbol == super::encode::LOST
    }
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
        // The number of symbols that passed through before it.
        let (mut n, mut end) = (0, self.passed_through.len());
        while n < end {
            let middle = n.midpoint(end);
            let is_before = |(passed, _): &(usize, _)| *passed <= place + middle;
            match self.passed_through.get(middle).is_some_and(is_before) {
                true => n = middle + 1,
                false => end = middle,
            }
        }
        place + n + 1
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
        let marked: HashSet<usize> = self.unknown.iter().map(|one| one.place).collect();
        let places = self.ids.iter().enumerate();
        let places =
            places.filter(|&(place, &id)| !marked.contains(&place) && is_unknown(place, id));
        let marked = places.map(|(place, &id)| UnknownSymbol {
            place,
            column: self.column(place),
            symbol: alphabet.symbol(id).into(),
        });
        let marked: Vec<_> = marked.collect();
        self.unknown.extend(marked);
        self.unknown.sort_by_key(|one| one.place);
    }

    /// The symbols of an answer, in order: an answer to each of [`Self::ids`], with what passed through
    /// between them and what was kept in its places. A cipher that pads gives more answers than there
    /// are ids; the others come at the end.
    ///
    /// [`Alphabet::restore`](crate::Alphabet::restore) makes a text of them.
    pub fn pieces(&self, n_answers: usize) -> Pieces<'_> {
        Pieces {
            encoded: self,
            n_answers,
            place: 0,
            n_passed: 0,
            n_cases: 0,
            n_kept: 0,
            n_unknown: 0,
        }
    }
}

/// A symbol of an answer to an encoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// The answer at a place, in a case if the text has one of its own there.
    Answer(usize, Option<Case>),
    /// A symbol of the text.
    Copied(&'a str),
    /// An unknown symbol: see [`Alphabet::UNKNOWN`].
    Unknown,
}

/// See [`Encoded::pieces`].
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    encoded: &'a Encoded<'a>,
    n_answers: usize,
    /// Among the answers.
    place: usize,
    /// How many of each list have been used.
    n_passed: usize,
    n_cases: usize,
    n_kept: usize,
    n_unknown: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    #[inline]
    fn next(&mut self) -> Option<Piece<'a>> {
        let (encoded, place) = (self.encoded, self.place);
        if let Some((at, symbol)) = encoded.passed_through.get(self.n_passed)
            && *at == place + self.n_passed
        {
            self.n_passed += 1;
            return Some(Piece::Copied(symbol));
        }
        if place >= self.n_answers {
            return None;
        }
        self.place += 1;
        let case = encoded.cases.get(self.n_cases);
        let case = case.filter(|(at, _)| *at == place).map(|(_, case)| *case);
        self.n_cases += usize::from(case.is_some());
        let kept = encoded.kept.get(self.n_kept);
        let kept = kept.filter(|(at, _)| *at == place);
        self.n_kept += usize::from(kept.is_some());
        let unknown = encoded.unknown.get(self.n_unknown);
        let is_unknown = unknown.is_some_and(|one| one.place == place);
        self.n_unknown += usize::from(is_unknown);
        Some(match kept {
            _ if is_unknown => Piece::Unknown,
            Some((_, symbol)) => Piece::Copied(symbol),
            None => Piece::Answer(place, case),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let n_answers = self.n_answers - self.place;
        let n_passed = self.encoded.passed_through.len() - self.n_passed;
        (n_answers, Some(n_answers + n_passed))
    }
}

#[cfg(test)]
mod tests {
    use super::Piece::{Answer, Copied};
    use super::UnknownSymbol;
    use crate::Case::{Lower, Upper};
    use crate::{Alphabet, Outside, Reading, SymbolUnit};

    #[test]
    fn characters_that_pass_through_come_back_at_their_places() {
        let alphabet = Alphabet::new("abc", Outside::Keep).unwrap();
        let encoded = alphabet.encode(" a, bb!c. ").unwrap();
        assert_eq!(encoded.ids, [0, 1, 1, 2]);
        assert_eq!(
            [0, 1, 2, 3].map(|place| encoded.column(place)),
            [2, 5, 6, 8]
        );
        assert_eq!(alphabet.restore(&encoded, &[2, 0, 1, 1]), " c, ab!b. ");
    }

    #[test]
    fn answers_that_pad_the_message_come_at_its_end() {
        let alphabet = Alphabet::new("abc", Outside::Keep).unwrap();
        let encoded = alphabet.encode("a b!").unwrap();
        assert_eq!(alphabet.restore(&encoded, &[0, 1, 2, 2]), "a b!cc");
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
        let pieces = [
            Answer(0, None),
            Copied("x\u{308}"),
            Answer(1, None),
            Copied("e"),
        ];
        assert!(encoded.pieces(encoded.ids.len()).eq(pieces));
    }

    #[test]
    fn answers_to_letters_in_another_case_get_that_case() {
        let alphabet = Alphabet::new("ABCd", Outside::Keep).unwrap();
        let encoded = alphabet.encode("a?BcD").unwrap();
        assert_eq!(encoded.ids, [0, 1, 2, 3]);
        assert_eq!(encoded.cases, [(0, Lower), (2, Lower), (3, Upper)]);
        let pieces = [
            Answer(0, Some(Lower)),
            Copied("?"),
            Answer(1, None),
            Answer(2, Some(Lower)),
            Answer(3, Some(Upper)),
        ];
        assert!(encoded.pieces(encoded.ids.len()).eq(pieces));
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
