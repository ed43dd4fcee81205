//! The Enigma's stepping and the path of the current. Its key is in [`config`], its parts in
//! [`wiring`].

mod config;
#[cfg(test)]
mod tests;
mod wiring;

pub use config::{EnigmaConfig, EnigmaModel};
pub use wiring::{ReflectorName, RotorName};

use crate::{Alphabet, Cipher, DataError, SymbolId};
use wiring::Wiring;
pub(crate) use wiring::{CONTACTS, Rotor};

/// The letters in the windows of the three rotors that turn, from left to right.
type Windows = [usize; 3];

/// The rotor machine of the German forces, 1930 to 1945.
///
/// Each key press turns the right rotor, and its neighbours at certain positions, and sends a
/// current through plugboard S, rotors R from right to left, reflector U, and back:
/// `c = S⁻¹ R⁻¹ U R S (p)`. So the machine is its own inverse, and no letter becomes itself. Every
/// message begins at the start position, and each symbol turns the machine by one step.
///
/// A rotor at its notch turns its left neighbour at the next step, and is turned itself, since the
/// pawl engages both. So when the middle rotor reaches its notch, it turns at two steps in a row:
/// the double step.
///
/// An Enigma I has 60 orders of its rotors, 26³ start positions, and 150,738,274,937,250 ways to
/// plug ten cables. Not all start positions differ: because of the double step some lead to the same
/// next position, which leaves 26³ - 26 · 25 = 16,926 of them for rotors with one notch. The left
/// ring adds nothing to the left start position. The other two rings also move the notches, which
/// makes up to 26² times as many keys.
#[derive(Debug, Clone)]
pub struct Enigma {
    plugboard: Wiring,
    rotors: [Rotor; 3],
    reflector: Wiring,
    start: Windows,
}

impl Enigma {
    /// The machine with its key set.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not have 26 symbols;
    /// [`DataError::Key`] when the model does not have such a part, when a setting does not have one
    /// letter for each rotor, or when the plugboard's pairs use a letter twice.
    pub fn new(alphabet: &Alphabet, config: &EnigmaConfig) -> Result<Self, DataError> {
        config::check_alphabet(alphabet)?;
        config.check_parts()?;
        let rings = config.letters(alphabet, "rings", &config.rings)?;
        let start = config.letters(alphabet, "start", &config.start)?;

        let rotor = |place: usize| Rotor::new(config.rotors[place], rings[place]);
        let turning = config.rotors.len() - 3;
        let fixed = (0..turning).map(|place| (rotor(place), start[place]));
        Ok(Self {
            plugboard: config.plugboard(alphabet)?,
            rotors: std::array::from_fn(|place| rotor(turning + place)),
            reflector: fixed.fold(config.reflector.wiring(), behind),
            start: std::array::from_fn(|place| start[turning + place]),
        })
    }

    /// Turns the rotors by one key press.
    fn step(&self, [left, middle, right]: Windows) -> Windows {
        let [_, middle_rotor, right_rotor] = &self.rotors;
        let middle_at_notch = middle_rotor.is_at_notch(middle);
        let right_at_notch = right_rotor.is_at_notch(right);
        [
            turned(left, middle_at_notch),
            turned(middle, right_at_notch || middle_at_notch),
            turned(right, true),
        ]
    }

    /// The lamp that the current from a key reaches.
    fn lamp(&self, key: usize, windows: Windows) -> usize {
        let rotors = self.rotors.iter().zip(windows);
        let mut contact = self.plugboard[key];
        for (rotor, window) in rotors.clone().rev() {
            contact = rotor.leftward(contact, window);
        }
        contact = self.reflector[contact];
        for (rotor, window) in rotors {
            contact = rotor.rightward(contact, window);
        }
        self.plugboard[contact]
    }
}

/// A reflector and a rotor that never turns act as one reflector, so an M4 needs three rotors here
/// as well.
fn behind(reflector: Wiring, (rotor, window): (Rotor, usize)) -> Wiring {
    std::array::from_fn(|contact| {
        let back = reflector[rotor.leftward(contact, window)];
        rotor.rightward(back, window)
    })
}

fn turned(window: usize, turns: bool) -> usize {
    (window + usize::from(turns)) % CONTACTS
}

impl Cipher for Enigma {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let mut windows = self.start;
        let press = |&key: &SymbolId| {
            windows = self.step(windows);
            self.lamp(key.into(), windows) as SymbolId
        };
        message.iter().map(press).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.encrypt(message)
    }
}
