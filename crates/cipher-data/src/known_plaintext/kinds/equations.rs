//! Linear equations modulo a prime.

/// Equations modulo a prime, each with a pivot that no other has.
pub struct Echelon {
    prime: usize,
    len: usize,
    /// For each unknown, the equation of which it is the pivot.
    pub pivots: Vec<Option<Vec<usize>>>,
}

impl Echelon {
    pub fn new(prime: usize, len: usize) -> Self {
        Self {
            prime,
            len,
            pivots: vec![None; len],
        }
    }

    /// Adds an equation. Nothing if it contradicts the others.
    pub fn add(&mut self, mut equation: Vec<usize>) -> Option<()> {
        for unknown in 0..self.len {
            let factor = equation[unknown];
            if factor == 0 {
                continue;
            }
            if let Some(pivot) = &self.pivots[unknown] {
                subtract(&mut equation, pivot, factor, self.prime);
            }
        }
        let Some(pivot) = (0..self.len).find(|unknown| equation[*unknown] != 0) else {
            return (equation[self.len] == 0).then_some(());
        };
        let inverse =
            (1..self.prime).find(|inverse| equation[pivot] * inverse % self.prime == 1)?;
        for value in &mut equation {
            *value = *value * inverse % self.prime;
        }
        for other in self.pivots.iter_mut().flatten() {
            let factor = other[pivot];
            if factor != 0 {
                subtract(other, &equation, factor, self.prime);
            }
        }
        self.pivots[pivot] = Some(equation);
        Some(())
    }

    /// The value of an unknown, where those that are free have the given values.
    pub fn value(&self, unknown: usize, given: &[usize]) -> usize {
        let Some(equation) = &self.pivots[unknown] else {
            return given[unknown];
        };
        let terms = (0..self.len).filter(|other| *other != unknown);
        let others: usize = terms.map(|other| equation[other] * given[other]).sum();
        (equation[self.len] + (self.prime - 1) * others) % self.prime
    }
}

fn subtract(from: &mut [usize], equation: &[usize], factor: usize, prime: usize) {
    for (value, other) in from.iter_mut().zip(equation) {
        *value = (*value + (prime - factor) * other) % prime;
    }
}
