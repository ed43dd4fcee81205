use super::case::Case;
use crate::SymbolId;

/// Text as ids, with what the ids do not show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Encoded<'a> {
    /// The ids of the symbols, in order.
    pub ids: Vec<SymbolId>,
    /// The symbols that [`Outside::Keep`](crate::Outside::Keep) passes through, each with its
    /// place in the text, counted in symbols from 0.
    pub passed_through: Vec<(usize, &'a str)>,
    /// The letters that the alphabet has in the other case only, under
    /// [`Outside::Keep`](crate::Outside::Keep): their places among the ids, in order, and the case
    /// they have in the text.
    pub cases: Vec<(usize, Case)>,
}

impl<'a> Encoded<'a> {
    /// Puts what passed through between `answers`, one for each of [`Self::ids`]. `in_case` gives
    /// an answer to one of [`Self::cases`] that case.
    ///
    /// [`Alphabet::restore`](crate::Alphabet::restore) does this for ids.
    pub fn restore<T: From<&'a str>>(
        &self,
        answers: impl IntoIterator<Item = T>,
        in_case: impl Fn(T, Case) -> T,
    ) -> Vec<T> {
        let mut cases = self.cases.iter().peekable();
        let answers = answers.into_iter().enumerate();
        let mut answers = answers.map(|(place, answer)| {
            match cases.next_if(|(of_place, _)| *of_place == place) {
                Some((_, case)) => in_case(answer, *case),
                None => answer,
            }
        });
        let mut passed_through = self.passed_through.iter().peekable();
        let mut text = Vec::with_capacity(self.ids.len() + self.passed_through.len());
        loop {
            if let Some((_, symbol)) = passed_through.next_if(|(place, _)| *place == text.len()) {
                text.push(T::from(symbol));
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
    use crate::Case::{Lower, Upper};
    use crate::{Alphabet, Outside};

    #[test]
    fn characters_that_pass_through_come_back_at_their_places() {
        let alphabet = Alphabet::new("abc", Outside::Keep).unwrap();
        let encoded = alphabet.encode(" a, bb!c. ").unwrap();
        assert_eq!(encoded.ids, [0, 1, 1, 2]);
        let answers = encoded.restore(["1", "2", "3", "4"], |answer, _| answer);
        assert_eq!(answers.concat(), " 1, 23!4. ");
    }

    #[test]
    fn graphemes_that_pass_through_come_back_at_their_places() {
        let alphabet = Alphabet::of_graphemes(["a", "e\u{301}"], Outside::Keep).unwrap();
        let encoded = alphabet.encode("e\u{301}x\u{308}ae").unwrap();
        assert_eq!(encoded.ids, [1, 0]);
        assert_eq!(encoded.passed_through, [(1, "x\u{308}"), (3, "e")]);
        let answers = encoded.restore(["1", "0"], |answer, _| answer);
        assert_eq!(answers, ["1", "x\u{308}", "0", "e"]);
    }

    #[test]
    fn answers_to_letters_in_another_case_get_that_case() {
        let alphabet = Alphabet::new("ABCd", Outside::Keep).unwrap();
        let encoded = alphabet.encode("a?BcD").unwrap();
        assert_eq!(encoded.ids, [0, 1, 2, 3]);
        assert_eq!(encoded.cases, [(0, Lower), (2, Lower), (3, Upper)]);
        let answers = ["w", "x", "y", "z"].map(String::from);
        let restored = encoded.restore(answers, |answer, case| format!("{case:?} {answer}"));
        assert_eq!(restored, ["Lower w", "?", "x", "Lower y", "Upper z"]);
    }
}
