//! What a file of pairs holds, in words.

use std::io::{self, Write};

use cipher_data::{Duplicates, Encoding, SymbolUnit};

use super::Pairs;
use crate::numbers::{count, symbols};
use crate::symbols::{list, shortened, shown};

/// Characters of each side of an example.
const MAX_EXAMPLE: usize = 50;

impl Pairs {
    /// Writes what the file holds: a few lines for a reader.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn describe(&self, out: &mut impl Write) -> io::Result<()> {
        self.describe_reading(out)?;
        self.describe_lengths(out)?;
        for (side, alphabet, unseen) in [
            ("ciphertext", &self.ciphertext_alphabet, &self.unseen[0]),
            ("plaintext", &self.plaintext_alphabet, &self.unseen[1]),
        ] {
            writeln!(
                out,
                "{side:10}  {}: {}",
                count(alphabet.len(), "symbol"),
                list(alphabet.symbols())
            )?;
            let is_of_tokens = matches!(
                alphabet.unit(),
                SymbolUnit::Token(_) | SymbolUnit::SpacedToken(_)
            );
            if is_of_tokens && 2 * alphabet.len() > self.table.n_symbols() {
                writeln!(
                    out,
                    "warning: most {side} symbols occur once, so little can be learned; if they are \
                     not words but of letters, have the sides aligned with --unequal align"
                )?;
            }
            let invisible = alphabet.symbols().iter();
            let invisible = invisible.filter(|symbol| shown(symbol).starts_with("\\u{"));
            let invisible: Vec<String> = invisible.cloned().collect();
            if !invisible.is_empty() {
                writeln!(
                    out,
                    "warning: {side} symbols that cannot be seen, or not be told from a space: {}",
                    list(&invisible)
                )?;
            }
            if !unseen.is_empty() {
                writeln!(
                    out,
                    "warning: {side} symbols of the alphabet that are never seen: {}",
                    list(unseen)
                )?;
            }
        }
        if let (Some(keys), Some(lengths)) = (&self.keys, self.table.key_lengths()) {
            let sets = match self.table.holds_keys_out() {
                true => "no key is in two of the sets",
                false if self.table.n_keys() == self.table.len() => "each is of one message only",
                false => "with fewer than 1,000, the sets share keys",
            };
            writeln!(
                out,
                "key         {}, {}; {sets}",
                count(self.table.n_keys(), "key"),
                symbols(lengths),
            )?;
            writeln!(
                out,
                "            {} in keys: {}",
                count(keys.len(), "symbol"),
                list(keys.symbols())
            )?;
            writeln!(out, "            keys are {}", keys.reading())?;
        }
        if let Some(reason) = self.why_untold() {
            writeln!(out, "{reason}: the network is told none")?;
        }
        if self.is_copied {
            writeln!(
                out,
                "warning: the two sides of every pair are the same text"
            )?;
        }
        let Duplicates {
            identical,
            n_conflicts,
            ..
        } = self.duplicates;
        if identical > 0 {
            writeln!(
                out,
                "{} repeated; each was read once",
                count(identical, "pair")
            )?;
        }
        if self.n_unequal > 0 {
            writeln!(
                out,
                "{} left out because the sides are not equally long",
                count(self.n_unequal, "pair")
            )?;
        }
        if n_conflicts > 0 {
            writeln!(
                out,
                "warning: {} with the ciphertext of another pair and another plaintext",
                count(n_conflicts, "pair")
            )?;
        }
        Ok(())
    }

    fn describe_lengths(&self, out: &mut impl Write) -> io::Result<()> {
        let table = &self.table;
        let range = |length: &dyn Fn(usize) -> usize| {
            let lengths = (0..table.len()).map(length);
            let (min, max) = (lengths.clone().min(), lengths.max());
            format!("{} to {}", min.unwrap_or(0), max.unwrap_or(0))
        };
        let plaintexts = range(&|index| table.plaintext(index).len());
        let n_pairs = count(table.len(), "pair");
        if self.alignment.is_none() {
            return writeln!(
                out,
                "{n_pairs} of {plaintexts} symbols, {} in all on each side",
                table.n_symbols()
            );
        }
        let ciphertexts = range(&|index| table.ciphertext(index).len());
        writeln!(
            out,
            "{n_pairs} of {ciphertexts} ciphertext symbols and {plaintexts} plaintext symbols, {} and \
             {} in all: the sides have different lengths and are aligned",
            table.n_symbols(),
            table.n_plaintext_symbols()
        )
    }

    /// Writes what other reading was found, and how well it does.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn describe_runner_up(&self, out: &mut impl Write) -> io::Result<()> {
        let Some(found) = &self.found else {
            return Ok(());
        };
        match &found.runner_up {
            Some(other) => writeln!(
                out,
                "next best: {} (equally long: {} of {} pairs)",
                other.readings, other.n_equal, found.n_pairs
            ),
            None => writeln!(out, "no other reading was found"),
        }
    }

    /// Writes the first pair, so that a reader sees which side is which.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn describe_example(&self, out: &mut impl Write) -> io::Result<()> {
        if self.table.is_empty() {
            return Ok(());
        }
        let ciphertext = self.ciphertext_alphabet.decode(self.table.ciphertext(0));
        let plaintext = self.plaintext_alphabet.decode(self.table.plaintext(0));
        let key = self
            .keys
            .as_ref()
            .map(|keys| keys.decode(self.table.key(0)));
        let key = key.map_or(String::new(), |key| {
            format!("key {}: ", shortened(&key, MAX_EXAMPLE))
        });
        writeln!(
            out,
            "example     {key}{} -> {}",
            shortened(&ciphertext, MAX_EXAMPLE),
            shortened(&plaintext, MAX_EXAMPLE)
        )
    }

    fn describe_reading(&self, out: &mut impl Write) -> io::Result<()> {
        if let Some((encoding, layout)) = &self.origin {
            let encoding = if *encoding == Encoding::UTF_8 {
                String::new()
            } else {
                format!(", {encoding}")
            };
            writeln!(out, "file: {layout}{encoding}")?;
        }
        if let Some(length) = self.message_length {
            writeln!(out, "long texts are cut into messages of {length} symbols")?;
        }
        let Some(found) = &self.found else {
            return writeln!(out, "reading: {}", self.readings());
        };
        writeln!(out, "reading: {found}")?;
        match &found.runner_up {
            Some(other) if other.is_as_good => writeln!(
                out,
                "warning: another reading is as good: {}; say which is right, with \
                 --ciphertext-symbols and --plaintext-symbols",
                other.readings
            ),
            _ => Ok(()),
        }
    }
}
