/// The share of errors that a later symbol must avoid.
const MIN_LAMBDA: f64 = 0.5;

/// How much more than every earlier symbol it must avoid.
const MIN_LEAD: f64 = 0.25;

/// Errors of who guesses plaintext symbols without and with a symbol of the ciphertext.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Errors {
    pub(super) without: usize,
    pub(super) with: usize,
}

impl Errors {
    pub(super) fn add(&mut self, other: Self) {
        self.without += other.without;
        self.with += other.with;
    }

    /// Goodman and Kruskal's lambda, below 0 if the ciphertext misleads.
    pub(super) fn lambda(self) -> f64 {
        match self.without {
            0 => 0.0,
            without => 1.0 - self.with as f64 / without as f64,
        }
    }
}

/// Whether a later symbol explains so much, and so much more than an earlier one, that the
/// plaintext follows from it.
pub(super) fn follows_from_later(later: f64, earlier: f64) -> bool {
    later >= MIN_LAMBDA && later >= earlier + MIN_LEAD
}
