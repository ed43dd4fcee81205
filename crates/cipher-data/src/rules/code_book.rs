use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::decrypt::Decrypt;
use super::legible::legible;
use crate::segmentation::likeliest_cut;
use crate::{Alphabet, SymbolId};

/// Codes with what they stand for that are side by side in a description ..
const CELLS: usize = 12;
/// .. and lines of them, at most.
const MAX_LINES: usize = 20;
/// What is written where a code stands for nothing.
const NOTHING: &str = "∅";
/// A code is known if what it stands for is certain in this share of its occurrences.
const MIN_CERTAIN: f64 = 0.2;

/// What each code of one or several ciphertext symbols stands for, and how often.
///
/// As a rule it cuts a ciphertext into the likeliest codes, and answers with each code's commonest
/// chunk at its last symbol and with the empty chunk, symbol 0, at those before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<CodeEntry>", into = "Vec<CodeEntry>")]
pub struct CodeBook {
    entries: BTreeMap<Vec<SymbolId>, CodeEntry>,
}

/// A code, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEntry {
    /// The ciphertext symbols of the code.
    pub code: Vec<SymbolId>,
    /// The chunks that it stands for and how often, the commonest first.
    pub chunks: Vec<(SymbolId, usize)>,
    /// How often what it stands for is doubtful.
    pub n_doubtful: usize,
}

impl CodeEntry {
    /// How often the code was seen.
    pub fn n_seen(&self) -> usize {
        self.chunks.iter().map(|(_, n)| n).sum::<usize>() + self.n_doubtful
    }

    /// The chunk that the code most often stands for, and in what share of its occurrences. `None`
    /// where it is always doubtful.
    pub fn commonest(&self) -> Option<(SymbolId, f64)> {
        let (chunk, n) = self.chunks.first()?;
        Some((*chunk, *n as f64 / self.n_seen() as f64))
    }

    /// Whether the pairs say what the code stands for: it stands for one chunk more often than for all others
    /// together, and that is not nearly always doubtful.
    fn is_clear(&self) -> bool {
        let n_certain = self.n_seen() - self.n_doubtful;
        let n = self.chunks.first().map_or(0, |(_, n)| *n);
        2 * n > n_certain && n as f64 >= MIN_CERTAIN * self.n_seen() as f64
    }
}

impl CodeBook {
    /// A book of codes of one symbol, from each place's symbol and what it stands for there, if that is
    /// known.
    pub fn of_symbols(places: impl IntoIterator<Item = (SymbolId, Option<SymbolId>)>) -> Self {
        let mut book = Self::default();
        for (code, chunk) in places {
            book.count(&[code], chunk);
        }
        book.finish();
        book
    }

    /// Counts one occurrence of a code; without a chunk where it is doubtful what the code stands for.
    /// After the last, [`Self::finish`] brings the chunks into order.
    pub(crate) fn count(&mut self, code: &[SymbolId], chunk: Option<SymbolId>) {
        if !self.entries.contains_key(code) {
            let entry = CodeEntry {
                code: code.to_vec(),
                ..CodeEntry::default()
            };
            self.entries.insert(code.to_vec(), entry);
        }
        let Some(entry) = self.entries.get_mut(code) else {
            return;
        };
        let Some(chunk) = chunk else {
            entry.n_doubtful += 1;
            return;
        };
        match entry.chunks.iter_mut().find(|(other, _)| *other == chunk) {
            Some((_, n)) => *n += 1,
            None => entry.chunks.push((chunk, 1)),
        }
    }

    pub(crate) fn finish(&mut self) {
        for entry in self.entries.values_mut() {
            entry
                .chunks
                .sort_by_key(|(chunk, n)| (usize::MAX - n, *chunk));
        }
    }

    /// The codes with what they stand for, in the order of their symbols.
    pub fn entries(&self) -> impl Iterator<Item = &CodeEntry> {
        self.entries.values()
    }

    /// The plaintext of a ciphertext, with [`Alphabet::UNKNOWN`] for each symbol that is in no code.
    pub fn decrypt(&self, ciphertext: &[SymbolId], chunks: &Alphabet) -> String {
        let codes = self.cut(ciphertext).into_iter();
        codes
            .map(|(_, entry)| match entry.and_then(CodeEntry::commonest) {
                Some((chunk, _)) => chunks.symbol(chunk),
                None => Alphabet::UNKNOWN,
            })
            .collect()
    }

    fn max_code(&self) -> usize {
        self.entries.keys().map(Vec::len).max().unwrap_or(1)
    }

    /// The likeliest codes that a ciphertext can be cut into. A code is as likely as the occurrences of
    /// its commonest chunk; a symbol that is in none stands alone, without an entry.
    fn cut(&self, ciphertext: &[SymbolId]) -> Vec<(usize, Option<&CodeEntry>)> {
        let n_seen: usize = self.entries().map(CodeEntry::n_seen).sum();
        let entry = |places: Range<usize>| {
            let entry = self.entries.get(&ciphertext[places])?;
            Some(entry).filter(|entry| entry.is_clear())
        };
        let share = |places| Some(entry(places)?.chunks[0].1 as f64 / n_seen as f64);
        let cut = likeliest_cut(ciphertext.len(), self.max_code(), share);
        let codes = cut.into_iter();
        codes.map(|places| (places.len(), entry(places))).collect()
    }
}

impl Decrypt for CodeBook {
    fn name(&self) -> String {
        "code book".into()
    }

    fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String {
        let clear = self.entries().filter(|entry| entry.is_clear());
        let cells = clear.filter_map(|entry| {
            let (chunk, _) = entry.commonest()?;
            let code = legible(ciphertext, &entry.code);
            let chunk = Some(legible(plaintext, &[chunk])).filter(|chunk| !chunk.is_empty());
            Some(format!("{code}={}", chunk.as_deref().unwrap_or(NOTHING)))
        });
        let cells: Vec<String> = cells.collect();
        let lines = cells.chunks(CELLS).take(MAX_LINES);
        let mut lines: Vec<String> = lines.map(|cells| cells.join(" ")).collect();
        if cells.len() > CELLS * MAX_LINES {
            lines.push(format!("and {} more", cells.len() - CELLS * MAX_LINES));
        }
        lines.join("\n")
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let mut answer = Vec::with_capacity(ciphertext.len());
        for (length, entry) in self.cut(ciphertext) {
            answer.resize(answer.len() + length - 1, 0);
            let commonest = entry.and_then(CodeEntry::commonest);
            answer.push(commonest.map_or(0, |(chunk, _)| chunk));
        }
        answer
    }

    fn knows(&self, ciphertext: &[SymbolId]) -> Vec<bool> {
        let codes = self.cut(ciphertext).into_iter();
        codes
            .flat_map(|(length, entry)| vec![entry.is_some(); length])
            .collect()
    }
}

impl From<CodeBook> for Vec<CodeEntry> {
    fn from(book: CodeBook) -> Self {
        book.entries.into_values().collect()
    }
}

impl TryFrom<Vec<CodeEntry>> for CodeBook {
    type Error = &'static str;

    fn try_from(entries: Vec<CodeEntry>) -> Result<Self, &'static str> {
        if entries.iter().any(|entry| entry.code.is_empty()) {
            return Err("a code has no symbol");
        }
        let entries = entries.into_iter().map(|entry| (entry.code.clone(), entry));
        Ok(Self {
            entries: entries.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 stands for chunk 3, 1 2 for chunk 4, and 2 for nothing; 5 was always doubtful.
    fn book() -> CodeBook {
        let mut book = CodeBook::default();
        for _ in 0..8 {
            book.count(&[1], Some(3));
            book.count(&[1, 2], Some(4));
        }
        book.count(&[1], Some(9));
        book.count(&[2], Some(0));
        book.count(&[5], None);
        book.finish();
        book
    }

    #[test]
    fn a_text_is_cut_into_the_likeliest_codes() {
        assert_eq!(book().answer(&[1, 1, 2, 2]), [3, 0, 4, 0]);
        assert_eq!(book().knows(&[1, 1, 2, 2]), [true; 4]);
    }

    #[test]
    fn a_symbol_that_no_code_explains_is_not_known_and_those_after_it_are() {
        assert_eq!(book().answer(&[7, 1, 5, 1, 2]), [0, 3, 0, 0, 4]);
        assert_eq!(
            book().knows(&[7, 1, 5, 1, 2]),
            [false, true, false, true, true]
        );
    }

    #[test]
    fn a_code_has_its_commonest_chunk_first() {
        let book = book();
        let entry = book.entries().next().unwrap();
        assert_eq!(entry.chunks, [(3, 8), (9, 1)]);
        assert_eq!(entry.commonest(), Some((3, 8.0 / 9.0)));
    }

    #[test]
    fn a_code_that_is_nearly_always_doubtful_or_stands_for_several_chunks_alike_is_not_known() {
        let mut book = CodeBook::default();
        for (code, chunk, n) in [
            (1, Some(3), 1),
            (1, None, 32),
            (2, Some(4), 2),
            (2, Some(5), 2),
        ] {
            for _ in 0..n {
                book.count(&[code], chunk);
            }
        }
        book.count(&[3], Some(6));
        book.count(&[3], None);
        book.finish();
        assert_eq!(book.knows(&[1, 2, 3]), [false, false, true]);
    }

    #[test]
    fn a_description_has_a_sign_for_nothing_and_an_end() {
        let letters = Alphabet::letters_and_dash();
        let nothing = crate::Reading {
            symbols: crate::SymbolUnit::Chunk,
            ..Default::default()
        };
        let chunks = ["", "A", "B", "THE"];
        let chunks = Alphabet::of_reading(nothing, chunks, crate::Outside::Mark).unwrap();
        let book = CodeBook::of_symbols([(0, Some(3)), (1, Some(0)), (2, None)]);
        assert_eq!(book.describe(&letters, &chunks), "A=THE B=∅");
        let book = CodeBook::of_symbols((0..300).map(|code| (code, Some(1))));
        assert!(book.describe(&letters, &chunks).ends_with("\nand 60 more"));
    }

    #[test]
    fn it_is_the_same_after_being_written_and_read() {
        let json = serde_json::to_string(&book()).unwrap();
        assert_eq!(serde_json::from_str::<CodeBook>(&json).unwrap(), book());
        assert!(
            serde_json::from_str::<CodeBook>(r#"[{"code":[],"chunks":[],"n_doubtful":0}]"#)
                .is_err()
        );
    }
}
