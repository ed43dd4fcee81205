use std::fmt;

/// Whether plaintext symbols follow from ciphertext symbols that come later in the message.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Dependence {
    /// The number of plaintext symbols that were looked at, over all messages.
    pub n_symbols: usize,
    /// The number of those that are at a place whose symbol follows from later ciphertext.
    pub n_later: usize,
    /// The first such place.
    pub first: Option<LaterPlace>,
}

/// A plaintext symbol that follows from a later ciphertext symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaterPlace {
    /// The place in the plaintext, counted from 0.
    pub plaintext: usize,
    /// The place in the ciphertext.
    pub ciphertext: CiphertextPlace,
}

/// A place in the ciphertext, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CiphertextPlace {
    /// From the beginning of every message.
    FromStart(usize),
    /// From the end of every message.
    FromEnd(usize),
    /// From the beginning of the messages of one length.
    OfLength {
        /// The length.
        length: usize,
        /// The place.
        place: usize,
    },
}

impl Dependence {
    /// Whether a network must also read backwards to decrypt these messages.
    pub fn needs_later(&self) -> bool {
        self.n_later > 0
    }

    /// The share of plaintext symbols that follow from later ciphertext, from 0 to 1. It is a lower
    /// bound: where few messages reach a place, nothing can be seen there.
    pub fn later_share(&self) -> f64 {
        self.n_later as f64 / self.n_symbols.max(1) as f64
    }

    /// Adds `n` symbols at one place.
    pub(super) fn add(&mut self, place: LaterPlace, n: usize) {
        self.n_later += n;
        self.first = Some(self.first.map_or(place, |first| first.min(place)));
    }
}

impl fmt::Display for Dependence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.first {
            Some(place) => write!(f, "{place}: the network also reads backwards"),
            None => write!(
                f,
                "no plaintext symbol was seen to follow from a later ciphertext symbol: the network \
                 reads forwards only"
            ),
        }
    }
}

impl fmt::Display for LaterPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plaintext = self.plaintext + 1;
        write!(f, "plaintext symbol {plaintext} follows from ")?;
        match self.ciphertext {
            CiphertextPlace::FromStart(place) => write!(f, "ciphertext symbol {}", place + 1),
            CiphertextPlace::FromEnd(0) => write!(f, "the last ciphertext symbol"),
            CiphertextPlace::FromEnd(place) => {
                write!(f, "ciphertext symbol {} from the end", place + 1)
            }
            CiphertextPlace::OfLength { length, place } => {
                let place = place + 1;
                write!(
                    f,
                    "ciphertext symbol {place} in messages of {length} symbols"
                )
            }
        }
    }
}
