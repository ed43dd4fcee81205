//! The wiring of the parts, from Wikipedia, *Enigma rotor details*.

use serde::{Deserialize, Serialize};

/// The number of contacts of every part, one for each letter.
pub const CONTACTS: usize = 26;

/// For each contact, the contact that it is connected to.
pub type Wiring = [usize; CONTACTS];

/// A rotor, by the name on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RotorName {
    /// Notch at Q. Rotors I to V are in every model.
    I,
    /// Notch at E.
    II,
    /// Notch at V.
    III,
    /// Notch at J.
    IV,
    /// Notch at Z.
    V,
    /// Notches at M and Z. This rotor and those below are in the navy's models only.
    VI,
    /// Notches at M and Z.
    VII,
    /// Notches at M and Z.
    VIII,
    /// The first of the two rotors for the fourth place of an M4, which never turn.
    Beta,
    /// The second rotor for the fourth place of an M4.
    Gamma,
}

impl RotorName {
    /// The letter that each letter becomes from right to left, with rotor and ring at A.
    fn letters(self) -> &'static str {
        match self {
            Self::I => "EKMFLGDQVZNTOWYHXUSPAIBRCJ",
            Self::II => "AJDKSIRUXBLHWTMCQGZNPYFVOE",
            Self::III => "BDFHJLCPRTXVZNYEIWGAKMUSQO",
            Self::IV => "ESOVPZJAYQUIRHXLNFTGKDCMWB",
            Self::V => "VZBRGITYUPSDNHLXAWMJQOFECK",
            Self::VI => "JPGVOUMFYQBENHZRDKASXLICTW",
            Self::VII => "NZJHGRCXMYSWBOUFAIVLPEKQDT",
            Self::VIII => "FKQHTLXOCBJSPDZRAMEWNIUYGV",
            Self::Beta => "LEYJVCNIXWPBQMDRTAKZGFUHOS",
            Self::Gamma => "FSOKANUERHMBTIYCWLQPZXVGJD",
        }
    }

    /// The letters in the window at which the rotor turns its left neighbour.
    fn notches(self) -> &'static str {
        match self {
            Self::I => "Q",
            Self::II => "E",
            Self::III => "V",
            Self::IV => "J",
            Self::V => "Z",
            Self::VI | Self::VII | Self::VIII => "MZ",
            Self::Beta | Self::Gamma => "",
        }
    }
}

/// A reflector, which sends the current back through the rotors. The thin ones leave room for a
/// fourth rotor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReflectorName {
    /// Out of use from 1937.
    A,
    /// The usual one.
    B,
    /// Used at times instead of B.
    C,
    /// Equal to B together with Beta at A.
    #[serde(rename = "thin-B")]
    ThinB,
    /// Equal to C together with Gamma at A.
    #[serde(rename = "thin-C")]
    ThinC,
}

impl ReflectorName {
    /// The pairs of connected contacts.
    pub(crate) fn wiring(self) -> Wiring {
        wiring(match self {
            Self::A => "EJMZALYXVBWFCRQUONTSPIKHGD",
            Self::B => "YRUHQSLDPXNGOKMIEBFZCWVJAT",
            Self::C => "FVPJIAOYEDRZXWGCTKUQSBNMHL",
            Self::ThinB => "ENKQAUYWJICOPBLMDXZVFTHRGS",
            Self::ThinC => "RDOBJNTKVEHMLFCWZAXGYIPSUQ",
        })
    }
}

/// A rotor in the machine, with its ring set.
#[derive(Debug, Clone)]
pub struct Rotor {
    leftward: Wiring,
    rightward: Wiring,
    notches: &'static str,
    ring: usize,
}

impl Rotor {
    pub fn new(name: RotorName, ring: usize) -> Self {
        let leftward = wiring(name.letters());
        let mut rightward = [0; CONTACTS];
        for (right, &left) in leftward.iter().enumerate() {
            rightward[left] = right;
        }
        Self {
            leftward,
            rightward,
            notches: name.notches(),
            ring,
        }
    }

    /// Whether the rotor turns its left neighbour at this letter in its window. The notch is on the
    /// ring, like the letters, so the ring setting does not matter here.
    pub fn is_at_notch(&self, window: usize) -> bool {
        self.notches.bytes().any(|letter| place(letter) == window)
    }

    /// The current from the right side to the left.
    pub fn leftward(&self, contact: usize, window: usize) -> usize {
        self.through(&self.leftward, contact, window)
    }

    /// The current from the left side to the right.
    pub fn rightward(&self, contact: usize, window: usize) -> usize {
        self.through(&self.rightward, contact, window)
    }

    /// The wires are rotated against the machine by the letter in the window minus the ring setting.
    fn through(&self, wiring: &Wiring, contact: usize, window: usize) -> usize {
        let turn = (window + CONTACTS - self.ring) % CONTACTS;
        (wiring[(contact + turn) % CONTACTS] + CONTACTS - turn) % CONTACTS
    }
}

fn wiring(letters: &str) -> Wiring {
    let mut wiring = [0; CONTACTS];
    for (contact, letter) in wiring.iter_mut().zip(letters.bytes()) {
        *contact = place(letter);
    }
    wiring
}

fn place(letter: u8) -> usize {
    usize::from(letter - b'A')
}
