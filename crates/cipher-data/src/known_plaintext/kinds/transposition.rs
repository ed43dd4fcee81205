//! Reversals, rotations and the rail fence, which have so few keys that each is tried.

use super::Candidate;
use crate::known_plaintext::sample::Sample;
use crate::{Cipher, CipherConfig, Parts};

/// The most rails that are tried.
const MAX_RAILS: usize = 64;
/// The farthest rotation.
const MAX_PLACES: i64 = 64;

pub fn find(sample: &Sample) -> Vec<Candidate> {
    let parts = [Parts::Symbols, Parts::SymbolsOfWords, Parts::Words];
    let reversals = parts.map(|of| CipherConfig::Reversal { of });
    let found = first_fitting(sample, reversals, 2.0);
    found
        .into_iter()
        .chain(parts.into_iter().filter_map(|of| rotation(sample, of)))
        .chain(rail_fence(sample))
        .collect()
}

fn rotation(sample: &Sample, of: Parts) -> Option<Candidate> {
    let most = MAX_PLACES.min(sample.longest() as i64 - 1);
    let places = (1..=most).flat_map(|places| [places, -places]);
    let ciphers = places.map(|places| CipherConfig::Rotation { places, of });
    first_fitting(sample, ciphers, (2.0 * most.max(1) as f64).log2())
}

fn rail_fence(sample: &Sample) -> Option<Candidate> {
    let most = MAX_RAILS.min(sample.longest());
    let tops = (2..most).map(|rails| CipherConfig::RailFence { rails, offset: 0 });
    let found = first_fitting(sample, tops, (most as f64).log2());
    found.or_else(|| {
        let ciphers = (2..most).flat_map(|rails| {
            let offsets = 1..2 * (rails - 1);
            offsets.map(move |offset| CipherConfig::RailFence { rails, offset })
        });
        first_fitting(sample, ciphers, 2.0 * (most as f64).log2())
    })
}

/// The first of some ciphers that encrypts all but a tenth of the messages as they are.
fn first_fitting(
    sample: &Sample,
    ciphers: impl IntoIterator<Item = CipherConfig>,
    key_bits: f64,
) -> Option<Candidate> {
    let fitting = ciphers.into_iter().find(|config| {
        let cipher = config.init(&sample.plaintext);
        cipher.is_ok_and(|cipher| fits(sample, cipher.as_ref()))
    });
    fitting.map(|cipher| Candidate::new(cipher, key_bits))
}

fn fits(sample: &Sample, cipher: &dyn Cipher) -> bool {
    let n_allowed = sample.messages.len() / 10;
    let wrong = sample.messages.iter();
    let mut wrong =
        wrong.filter(|message| cipher.encrypt(&message.plaintext) != message.ciphertext);
    wrong.nth(n_allowed).is_none()
}
