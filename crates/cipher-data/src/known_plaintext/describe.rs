//! A key that was found, in words.

use std::fmt;

use super::FoundKey;
use crate::{Only, Others, Outside, PairTexts, TextCipherConfig};

/// What happens to symbols that the alphabet lacks, in words.
fn convention(texts: &TextCipherConfig) -> Option<&'static str> {
    let alphabet = &texts.alphabet;
    let is_dropped = alphabet.reading.only != Only::All && alphabet.reading.others == Others::Drop;
    match alphabet.outside {
        _ if is_dropped => Some("letters only; all else is left out"),
        Outside::Keep if texts.cipher.has_key_along_text() => {
            Some("letters keep their case; other symbols stay and do not advance the key")
        }
        Outside::Keep if !alphabet.reading.fold_case => {
            Some("letters keep their case; other symbols stay where they are")
        }
        Outside::Fold if alphabet.reading.only != Only::Letters => None,
        Outside::Keep | Outside::Fold => {
            Some("letters of either case are alike; other symbols stay where they are")
        }
        Outside::KeepPlace => {
            Some("letters keep their case; other symbols stay and advance the key")
        }
        _ => None,
    }
}

/// A probability of 2^-bits in words.
fn chance(bits: f64) -> String {
    let power = bits * 2_f64.log10();
    if bits < 1.0 {
        "as often as not".into()
    } else if power < 3.0 {
        format!("once in {:.0}", 2_f64.powf(bits))
    } else {
        format!("once in 10^{}", power.floor())
    }
}

impl FoundKey {
    /// Names the first lines of a file that the key does not explain; `None` where it explains all.
    pub fn wrong_lines(&self, texts: &PairTexts) -> Option<String> {
        let lines = self.wrong_pairs.iter();
        let lines: Vec<String> = lines.map(|&index| texts.line(index).to_string()).collect();
        let more = match (self.n_pairs - self.n_right_pairs).saturating_sub(lines.len()) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        (!lines.is_empty()).then(|| {
            format!(
                "  it does not explain all of line {}{more}",
                lines.join(", ")
            )
        })
    }

    /// What happens to case and to symbols that the alphabet lacks, in words.
    pub fn convention(&self) -> Option<&'static str> {
        convention(&self.texts)
    }
}

/// The kind, the key, what it explains, and how likely such a fit is by chance.
impl fmt::Display for FoundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.name())?;
        writeln!(
            f,
            "  explains {} of {} pairs, {} of {} symbols",
            self.n_right_pairs, self.n_pairs, self.n_right, self.n_symbols
        )?;
        write!(f, "  ")?;
        match self.n_confirming {
            0 => write!(f, "no symbol is left to confirm it")?,
            1 => write!(
                f,
                "1 symbol confirms it; random texts would do so {}",
                chance(self.bits)
            )?,
            n => write!(
                f,
                "{n} symbols confirm it; random texts would do so {}",
                chance(self.bits)
            )?,
        }
        if !self.is_certain() {
            write!(
                f,
                ", so it is not certain: about {} more would decide",
                self.n_missing
            )?;
        }
        for also in &self.also {
            write!(f, "\n  the same cipher: {also}")?;
        }
        if let Some(place) = self.place {
            write!(
                f,
                "\n  the plaintext is a part of the text, from byte {place} on"
            )?;
        }
        if let Some(convention) = self.convention() {
            write!(f, "\n  {convention}")?;
        }
        if !self.unseen.is_empty() {
            write!(f, "\n  the pairs leave open: {}", self.unseen.join(", "))?;
        }
        Ok(())
    }
}
