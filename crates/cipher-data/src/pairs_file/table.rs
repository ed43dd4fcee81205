use std::collections::HashSet;
use std::ops::Range;

use super::PairTexts;
use crate::{Alphabet, DataError, LengthRange, Pair, SymbolId, UnknownSymbol, key_ids};

/// Pairs as ids, each with its line in the file, and with its key if the network is to be told keys.
/// Their sides may have different lengths.
///
/// The ids of a side stand in one list: beside them a pair takes 24 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PairTable {
    ciphertexts: Vec<SymbolId>,
    plaintexts: Vec<SymbolId>,
    /// Where in the two lists each pair ends.
    ends: Vec<[usize; 2]>,
    lines: Vec<u64>,
    /// The key of each pair; nothing if there are no keys.
    keys: Vec<Box<[SymbolId]>>,
}

#[allow(clippy::indexing_slicing)] // documented: an index below `len`
impl PairTable {
    /// Turns texts into ids, in their order. A pair that
    /// [`Outside::Keep`](crate::Outside::Keep) leaves without a symbol is left out. Where
    /// [`Outside::Mark`](crate::Outside::Mark) finds an unknown symbol on either side, the
    /// plaintext has padding: nobody can be asked for that answer.
    ///
    /// # Errors
    ///
    /// [`DataError::AtLine`] with [`DataError::OutsideAlphabet`] for a symbol that is refused, or
    /// with [`DataError::UnequalLengths`] when the sides of a pair have different lengths.
    pub fn new(
        texts: &PairTexts,
        ciphertext: &Alphabet,
        plaintext: &Alphabet,
    ) -> Result<Self, DataError> {
        Self::encoded(texts, None, equally_long(ciphertext, plaintext))
    }

    /// As [`Self::new`], for pairs with keys.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new`], and [`DataError::AtLine`] with [`DataError::Key`] for a key that is missing or has
    /// a symbol that is not in the alphabet.
    pub fn keyed(
        texts: &PairTexts,
        ciphertext: &Alphabet,
        plaintext: &Alphabet,
        keys: &Alphabet,
    ) -> Result<Self, DataError> {
        Self::encoded(texts, Some(keys), equally_long(ciphertext, plaintext))
    }

    /// As [`Self::new`], for pairs whose sides may have different lengths. A pair with an empty side is
    /// left out, and an unknown symbol is padding on its own side.
    ///
    /// # Errors
    ///
    /// [`DataError::AtLine`] with [`DataError::OutsideAlphabet`] for a symbol that is refused.
    pub fn of_unequal(
        texts: &PairTexts,
        ciphertext: &Alphabet,
        plaintext: &Alphabet,
    ) -> Result<Self, DataError> {
        Self::encoded(texts, None, |sides| {
            let [one, other] = sides;
            Ok([
                with_padding(ciphertext, one)?,
                with_padding(plaintext, other)?,
            ])
        })
    }

    /// The ids of texts, by what `encode` makes of the two sides of each pair, and those of their keys if
    /// there is an alphabet of keys.
    fn encoded(
        texts: &PairTexts,
        keys: Option<&Alphabet>,
        encode: impl Fn([&str; 2]) -> Result<[Vec<SymbolId>; 2], DataError>,
    ) -> Result<Self, DataError> {
        // No text has more symbols than bytes, and what is not used takes no memory.
        let half = texts.n_bytes().div_ceil(2);
        let mut table = Self {
            ciphertexts: Vec::with_capacity(half),
            plaintexts: Vec::with_capacity(half),
            ends: Vec::with_capacity(texts.len()),
            lines: Vec::with_capacity(texts.len()),
            keys: Vec::new(),
        };
        for index in 0..texts.len() {
            let line = texts.line(index);
            let sides = encode([texts.ciphertext(index), texts.plaintext(index)]);
            let read = sides.and_then(|sides| {
                let key = texts.key(index).unwrap_or_default();
                let key = keys
                    .map(|keys| key_ids("the network", keys, key))
                    .transpose()?;
                let length = key.as_ref().map_or(0, Vec::len);
                let max = LengthRange::MAX;
                if length > max {
                    return Err(DataError::KeyLength { length, max });
                }
                Ok((sides, key))
            });
            let ([ciphertext, plaintext], key) = read.map_err(|error| {
                let error = Box::new(error);
                DataError::AtLine { line, error }
            })?;
            if table.push(&ciphertext, &plaintext, line) {
                table.keys.extend(key.map(Vec::into_boxed_slice));
            }
        }
        Ok(table)
    }

    /// A table of pairs that are at hand, as if each stood on a line of its own.
    pub fn of(pairs: impl IntoIterator<Item = Pair>) -> Self {
        let mut table = Self::default();
        for (line, pair) in (1..).zip(pairs) {
            table.push(pair.ciphertext(), pair.plaintext(), line);
        }
        table
    }

    /// Appends the two sides of a pair, unless one is empty; says whether it did.
    pub fn push(&mut self, ciphertext: &[SymbolId], plaintext: &[SymbolId], line: u64) -> bool {
        if ciphertext.is_empty() || plaintext.is_empty() {
            return false;
        }
        self.ciphertexts.extend_from_slice(ciphertext);
        self.plaintexts.extend_from_slice(plaintext);
        self.ends
            .push([self.ciphertexts.len(), self.plaintexts.len()]);
        self.lines.push(line);
        true
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many symbols the ciphertexts have.
    pub fn n_symbols(&self) -> usize {
        self.ciphertexts.len()
    }

    /// How many symbols the plaintexts have.
    pub fn n_plaintext_symbols(&self) -> usize {
        self.plaintexts.len()
    }

    /// Whether the two sides of every pair have the same length.
    pub fn is_equally_long(&self) -> bool {
        self.ends
            .iter()
            .all(|[ciphertext, plaintext]| ciphertext == plaintext)
    }

    /// The pair at `index`, or nothing if there are no more than that or if its sides have different
    /// lengths.
    pub fn get(&self, index: usize) -> Option<Pair> {
        if index >= self.len() {
            return None;
        }
        let [ciphertext, plaintext] = [self.ciphertext(index), self.plaintext(index)];
        let pair = Pair::new(ciphertext.to_vec(), plaintext.to_vec()).ok()?;
        Some(pair.with_key(self.key(index).to_vec()))
    }

    /// The ciphertext of the pair at `index`.
    ///
    /// # Panics
    ///
    /// When there are no more than `index` pairs; so do the two methods below.
    pub fn ciphertext(&self, index: usize) -> &[SymbolId] {
        &self.ciphertexts[self.range(index, 0)]
    }

    /// The plaintext of the pair at `index`.
    pub fn plaintext(&self, index: usize) -> &[SymbolId] {
        &self.plaintexts[self.range(index, 1)]
    }

    /// The key of the pair at `index`; empty if there are no keys.
    pub fn key(&self, index: usize) -> &[SymbolId] {
        self.keys.get(index).map_or(&[], |key| key)
    }

    /// The number of different keys; 0 if there are none.
    pub fn n_keys(&self) -> usize {
        self.keys.iter().collect::<HashSet<_>>().len()
    }

    /// The lengths of the shortest and the longest key; `None` if there are no keys.
    pub fn key_lengths(&self) -> Option<LengthRange> {
        let lengths = || self.keys.iter().map(|key| key.len());
        LengthRange::new(lengths().min()?, lengths().max()?).ok()
    }

    /// The line of the file where the pair at `index` begins, counted from 1.
    pub fn line(&self, index: usize) -> u64 {
        self.lines[index]
    }

    /// How many places of the pair at `index` have an unknown symbol, where the plaintext's alphabet
    /// has `n_symbols`.
    pub fn n_unknown(&self, index: usize, n_symbols: usize) -> usize {
        let ids = self.plaintext(index).iter();
        ids.filter(|id| usize::from(**id) == n_symbols).count()
    }

    fn range(&self, index: usize, side: usize) -> Range<usize> {
        let start = index
            .checked_sub(1)
            .map_or(0, |before| self.ends[before][side]);
        start..self.ends[index][side]
    }
}

/// The two sides of a pair, where one must be as long as the other.
fn equally_long(
    ciphertext: &Alphabet,
    plaintext: &Alphabet,
) -> impl Fn([&str; 2]) -> Result<[Vec<SymbolId>; 2], DataError> {
    move |[one, other]| {
        let one = ciphertext.encode(one)?;
        let mut other = plaintext.encode(other)?;
        pad(&mut other.ids, &one.unknown, plaintext);
        pad(&mut other.ids, &other.unknown, plaintext);
        Ok(Pair::new(one.ids, other.ids)?.into_sides())
    }
}

fn with_padding(alphabet: &Alphabet, text: &str) -> Result<Vec<SymbolId>, DataError> {
    let mut encoded = alphabet.encode(text)?;
    pad(&mut encoded.ids, &encoded.unknown, alphabet);
    Ok(encoded.ids)
}

/// Puts padding in the places of unknown symbols: nobody can be asked for those.
fn pad(ids: &mut [SymbolId], unknown: &[UnknownSymbol], alphabet: &Alphabet) {
    for unknown in unknown {
        if let Some(id) = ids.get_mut(unknown.place) {
            *id = alphabet.len() as SymbolId;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileHints, Outside, find_key_alphabet, read_pairs};

    fn texts() -> PairTexts {
        let mut texts = PairTexts::default();
        texts.push("BA", "ab", 2);
        texts.push("A-B", "ba!", 5);
        texts.push("--", "!!", 6);
        texts
    }

    fn table(outside: Outside) -> Result<PairTable, DataError> {
        let [ciphertext, plaintext] =
            ["AB", "ab"].map(|symbols| Alphabet::new(symbols, outside).unwrap());
        PairTable::new(&texts(), &ciphertext, &plaintext)
    }

    #[test]
    fn a_table_gives_the_pairs_and_their_lines_in_order() {
        let table = table(Outside::Fold).unwrap();
        assert_eq!(table.len(), 3);
        let pair = Pair::new(vec![0, 1, 1], vec![1, 0, 1]).unwrap();
        assert_eq!(table.get(1), Some(pair));
        assert_eq!(table.line(1), 5);
        assert_eq!(table.get(3), None);
    }

    #[test]
    fn each_pair_has_its_own_key() {
        let file = "ciphertext\tplaintext\tkey\nA\tb\tK\n--\t!!\tL\nAB\tba\tLK\n";
        let texts = read_pairs(file.as_bytes(), &FileHints::default(), 9).unwrap();
        let alphabet = |symbols| Alphabet::new(symbols, Outside::Keep).unwrap();
        let [ciphertext, plaintext, keys] = ["AB", "ab", "KL"].map(alphabet);
        let keyed = |keys| PairTable::keyed(&texts, &ciphertext, &plaintext, keys);
        let table = keyed(&keys).unwrap();
        assert_eq!([table.key(0), table.key(1)], [&[0][..], &[1, 0]]);
        let expected = Pair::new(vec![0, 1], vec![1, 0]).unwrap();
        assert_eq!(table.get(1), Some(expected.with_key(vec![1, 0])));
        let error = keyed(&alphabet("KM")).unwrap_err().to_string();
        assert!(error.starts_with("line 3:"), "{error}");
    }

    #[test]
    fn pairs_of_one_line_have_their_own_keys_too() {
        let file = r#"[{"ciphertext":"AB","plaintext":"ab","key":7},
            {"ciphertext":"AB","plaintext":"ba","key":" \"12\" "},{"ciphertext":"BA","plaintext":"ba","key":"7"}]"#;
        let texts =
            read_pairs(file.replace('\n', "").as_bytes(), &FileHints::default(), 9).unwrap();
        assert_eq!(texts.problems(), []);
        let keys: Vec<_> = (0..3).filter_map(|index| texts.key(index)).collect();
        assert_eq!(keys, ["7", "12", "7"]);
        assert_eq!(texts.duplicates(9).n_conflicts, 0);
        let alphabet = |symbols| Alphabet::new(symbols, Outside::Keep).unwrap();
        let [ciphertext, plaintext] = ["AB", "ab"].map(alphabet);
        let table = PairTable::new(&texts, &ciphertext, &plaintext).unwrap();
        let keys = find_key_alphabet(&texts, &table, &alphabet("ABCDEFGHIJKLMN"));
        let keys = keys.unwrap().unwrap();
        // Numbers that a shift over 14 letters can have are symbols as a whole.
        assert_eq!(keys.symbols(), ["12", "7"]);
        let table = PairTable::keyed(&texts, &ciphertext, &plaintext, &keys).unwrap();
        let found: Vec<_> = (0..3).map(|index| table.key(index)).collect();
        assert_eq!(found, [[1], [0], [1]]);
    }

    #[test]
    fn a_place_with_an_unknown_symbol_on_either_side_is_padding() {
        let [ciphertext, plaintext] =
            ["AB", "ab"].map(|symbols| Alphabet::new(symbols, Outside::Mark).unwrap());
        let mut texts = PairTexts::default();
        texts.push("AXB", "abc", 1);
        let table = PairTable::new(&texts, &ciphertext, &plaintext).unwrap();
        assert_eq!(table.plaintext(0), [0, 2, 2]);
        assert_eq!(table.n_unknown(0, plaintext.len()), 2);
    }

    #[test]
    fn a_symbol_that_is_refused_is_named_with_its_line() {
        let error = table(Outside::Reject).unwrap_err().to_string();
        assert!(error.starts_with("line 5: \"-\" at column 2 "), "{error}");
    }

    #[test]
    fn a_pair_without_a_symbol_of_the_alphabets_is_left_out() {
        let table = table(Outside::Keep).unwrap();
        assert_eq!(table.len(), 2);
        assert_eq!(table.get(1), Pair::new(vec![0, 1], vec![1, 0]).ok());
    }
}
