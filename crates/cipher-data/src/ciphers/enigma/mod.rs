//! The Enigma: its stepping and the way of the current; [`config`] has its key, [`wiring`] its
//! parts.

mod config;
#[cfg(test)]
mod tests;
mod wiring;

pub use config::{EnigmaConfig, EnigmaModel};
pub use wiring::{ReflectorName, RotorName};

use crate::{Alphabet, Cipher, DataError, SymbolId};
use wiring::{CONTACTS, Rotor, Wiring};

/// The letters in the windows of the three rotors that turn, from left to right.
type Windows = [usize; 3];

/// The rotor machine of the German forces, 1930 to 1945.
///
/// Each key press turns the right rotor, and its neighbours when they are due, and sends a current
/// through plugboard S, rotors R from right to left, reflector U, and back:
/// `c = S⁻¹ R⁻¹ U R S (p)`. So the machine is its own inverse, and no letter becomes itself. It is
/// at its start position for every message; each symbol then turns it by one step.
///
/// A rotor at its notch takes its left neighbour along. It is itself moved by that, as the pawl
/// reaches into both: the middle rotor turns on two steps in a row when it comes to its notch,
/// which is the double step.
///
/// An Enigma I has 60 orders of its rotors, 26³ start positions, and 150,738,274,937,250 ways to
/// plug ten cables. Not all starts differ: the double step leads from two positions to the same
/// one, so that with a notch a rotor 26³ - 26 · 25 = 16,926 starts are left. The left ring does no
/// more than the left start. The other two also move the notches, which makes up to 26² times as
/// many keys.
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
    /// [`DataError::Key`] when the model does not have such a part, or a setting is not one letter
    /// for each rotor, or the plugboard's pairs do not have each letter once at most.
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

    /// The way of the current from a key to a lamp.
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

/// A reflector behind a rotor that never turns is one reflector. So an M4 has three rotors, too.
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
