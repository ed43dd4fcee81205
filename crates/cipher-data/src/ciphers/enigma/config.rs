//! The settings of an Enigma, as they are written in a config, and those that a model has.

use serde::{Deserialize, Serialize};

use super::wiring::{CONTACTS, ReflectorName, RotorName, Wiring};
use crate::ciphers::key::{refuse, symbols};
use crate::{Alphabet, DataError, SymbolId};

pub const CIPHER: &str = "enigma";

/// A model of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnigmaModel {
    /// The machine of the army and the air force: three rotors of I to V, a reflector A, B or C.
    I,
    /// The machine of the navy: three rotors of I to VIII, a reflector B or C.
    M3,
    /// The machine of the U-boats from 1942: Beta or Gamma, then three rotors of I to VIII, a reflector thin-B
    /// or thin-C.
    M4,
}

impl EnigmaModel {
    /// The rotors that it takes, in words and as a list for each place from left to right.
    fn rotors(self) -> (&'static str, Vec<&'static [RotorName]>) {
        use RotorName::{Beta, Gamma, I, II, III, IV, V, VI, VII, VIII};
        const ARMY: &[RotorName] = &[I, II, III, IV, V];
        const NAVY: &[RotorName] = &[I, II, III, IV, V, VI, VII, VIII];
        const GREEK: &[RotorName] = &[Beta, Gamma];
        match self {
            Self::I => ("three different rotors of I to V", vec![ARMY; 3]),
            Self::M3 => ("three different rotors of I to VIII", vec![NAVY; 3]),
            Self::M4 => (
                "four rotors: Beta or Gamma, then three different ones of I to VIII",
                vec![GREEK, NAVY, NAVY, NAVY],
            ),
        }
    }

    /// The reflectors that it takes, in words and as a list.
    fn reflectors(self) -> (&'static str, &'static [ReflectorName]) {
        use ReflectorName::{A, B, C, ThinB, ThinC};
        match self {
            Self::I => ("reflector A, B or C", &[A, B, C]),
            Self::M3 => ("reflector B or C", &[B, C]),
            Self::M4 => ("reflector thin-B or thin-C", &[ThinB, ThinC]),
        }
    }
}

/// The key of an Enigma. Rotors and their settings are listed from left to right, as seen from the
/// front. Letters are written as symbols of the alphabet, or as numbers from 1, as in the key lists of
/// the army.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnigmaConfig {
    /// The machine.
    pub model: EnigmaModel,
    /// The rotors, each at most once.
    pub rotors: Vec<RotorName>,
    /// The reflector.
    pub reflector: ReflectorName,
    /// The ring setting of each rotor, such as `XMV` or `24 13 22`.
    pub rings: String,
    /// The letter in the window of each rotor before the first symbol of every message.
    pub start: String,
    /// The pairs that the plugboard's cables exchange, such as `AB CD` or `1/2 3/4`; empty for no
    /// cable.
    pub plugboard: String,
}

impl EnigmaConfig {
    /// Checks that the model takes these rotors and this reflector.
    pub(super) fn check_parts(&self) -> Result<(), DataError> {
        let model = self.model;
        let refuse = |field, taken: &str| {
            let reason = format!("an Enigma {model:?} takes {taken}");
            Err(refuse(CIPHER, field, reason))
        };
        let (rotors, places) = model.rotors();
        let mut fit = self.rotors.iter().zip(&places);
        let as_many = self.rotors.len() == places.len();
        if !as_many || !fit.all(|(rotor, taken)| taken.contains(rotor)) || repeats(&self.rotors) {
            return refuse("rotors", rotors);
        }
        let (reflectors, taken) = model.reflectors();
        if !taken.contains(&self.reflector) {
            return refuse("reflector", reflectors);
        }
        Ok(())
    }

    /// The places of the letters of a field that has one for each rotor.
    pub(super) fn letters(
        &self,
        alphabet: &Alphabet,
        field: &'static str,
        text: &str,
    ) -> Result<Vec<usize>, DataError> {
        let ids = match numbers(text) {
            Some(ids) => ids.map_err(|reason| refuse(CIPHER, field, reason))?,
            None => symbols(CIPHER, field, alphabet, text)?,
        };
        if ids.len() != self.rotors.len() {
            let n_rotors = self.rotors.len();
            let reason = format!(
                "{text:?} is not one letter for each of the {n_rotors} rotors, nor one number from 1 to \
                 26 between spaces"
            );
            return Err(refuse(CIPHER, field, reason));
        }
        Ok(ids.into_iter().map(usize::from).collect())
    }

    /// The plugboard, which exchanges the two letters of each cable.
    pub(super) fn plugboard(&self, alphabet: &Alphabet) -> Result<Wiring, DataError> {
        let mut plugboard: Wiring = std::array::from_fn(|contact| contact);
        for pair in self.plugboard.split_whitespace() {
            let refuse = |reason: String| refuse(CIPHER, "plugboard", reason);
            let letters = match numbers(pair) {
                Some(letters) => letters.map_err(refuse)?,
                None => symbols(CIPHER, "plugboard", alphabet, pair)?,
            };
            let [one, other] = letters[..] else {
                return Err(refuse(format!(
                    "{pair:?} is not a pair; write pairs as \"AB CD\" or \"1/2 3/4\""
                )));
            };
            let (one, other) = (usize::from(one), usize::from(other));
            if one == other || plugboard[one] != one || plugboard[other] != other {
                return Err(refuse(format!(
                    "{pair:?} uses a letter twice; each letter takes one cable at most"
                )));
            }
            plugboard.swap(one, other);
        }
        Ok(plugboard)
    }
}

/// The ids of letters that are written as numbers from 1; nothing for a text without a digit.
fn numbers(text: &str) -> Option<Result<Vec<SymbolId>, String>> {
    text.starts_with(|c: char| c.is_ascii_digit()).then(|| {
        let is_between = |c: char| !c.is_alphanumeric();
        let numbers = text.split(is_between).filter(|number| !number.is_empty());
        let id = |number: &str| match number.parse::<SymbolId>() {
            Ok(number) if (1..=CONTACTS as SymbolId).contains(&number) => Ok(number - 1),
            _ => Err(format!(
                "{number:?} is no letter; numbers are from 1 for A to {CONTACTS} for Z"
            )),
        };
        numbers.map(id).collect()
    })
}

fn repeats(rotors: &[RotorName]) -> bool {
    (1..rotors.len()).any(|place| rotors[..place].contains(&rotors[place]))
}

/// Checks that there is a contact for each symbol.
pub fn check_alphabet(alphabet: &Alphabet) -> Result<(), DataError> {
    match alphabet.len() {
        CONTACTS => Ok(()),
        n_symbols => Err(DataError::CipherAlphabet {
            cipher: CIPHER,
            needed: "an alphabet of 26 symbols, one for each contact of a rotor",
            n_symbols,
        }),
    }
}
