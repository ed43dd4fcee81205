//! The rotors, their order and their start positions in an Enigma without cables.
//!
//! Every order, reflector and position of the rotors is tried on the first symbols of the longest
//! message. The rings only say when the middle and the left rotor turn, so at each symbol the middle one
//! may have turned; the machine itself then decides which rings and start positions fit.

use super::Candidate;
use crate::ciphers::enigma::{CONTACTS, Rotor};
use crate::known_plaintext::sample::{Message, Sample};
use crate::{CipherConfig, EnigmaConfig, EnigmaModel, ReflectorName, RotorName};

/// Symbols that a search needs: fewer fit by chance.
const MIN_SYMBOLS: usize = 12;
/// Symbols that a search looks at.
const MAX_SYMBOLS: usize = 24;
/// The smallest distance between two notches of a rotor.
const BETWEEN_NOTCHES: usize = 13;

const ARMY: [RotorName; 5] = {
    use RotorName::{I, II, III, IV, V};
    [I, II, III, IV, V]
};
const NAVY: [RotorName; 8] = {
    use RotorName::{I, II, III, IV, V, VI, VII, VIII};
    [I, II, III, IV, V, VI, VII, VIII]
};

pub fn find(sample: &Sample) -> Option<Candidate> {
    if sample.n_symbols() != CONTACTS || sample.symbols().any(|(_, c, p)| c == p) {
        return None;
    }
    let crib = sample
        .messages
        .iter()
        .max_by_key(|message| message.ciphertext.len())?;
    if crib.ciphertext.len() < MIN_SYMBOLS {
        return None;
    }
    let machines = machines();
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = machines.chunks(machines.len().div_ceil(n_threads));
    let found: Vec<Positions> = std::thread::scope(|scope| {
        let threads: Vec<_> = parts
            .map(|part| scope.spawn(|| search(part, crib)))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_default())
            .collect()
    });
    let keys = found
        .into_iter()
        .filter_map(|positions| settings(sample, &positions));
    let (_, config) = keys.max_by_key(|(score, _)| *score)?;
    let bits = ((machines.len() * CONTACTS.pow(5)) as f64).log2();
    Some(Candidate::new(CipherConfig::Enigma(config), bits))
}

/// Three rotors from left to right, and a reflector.
type Machine = ([RotorName; 3], ReflectorName);

fn machines() -> Vec<Machine> {
    let orders = |names: &'static [RotorName]| {
        let all = names.iter().flat_map(move |left| {
            let middles = names.iter();
            middles.flat_map(move |middle| names.iter().map(move |right| [*left, *middle, *right]))
        });
        all.filter(|[left, middle, right]| left != middle && middle != right && left != right)
    };
    let navy = orders(&NAVY).flat_map(|rotors| {
        [ReflectorName::B, ReflectorName::C].map(|reflector| (rotors, reflector))
    });
    navy.chain(orders(&ARMY).map(|rotors| (rotors, ReflectorName::A)))
        .collect()
}

/// A machine with the positions of its rotors, less their rings, at the first symbol.
struct Positions {
    machine: Machine,
    positions: [usize; 3],
}

/// Contacts after each contact.
type Table = [u8; CONTACTS];

fn search(machines: &[Machine], crib: &Message) -> Vec<Positions> {
    let pairs = crib
        .plaintext
        .iter()
        .zip(&crib.ciphertext)
        .take(MAX_SYMBOLS);
    let pairs: Vec<(u8, u8)> = pairs.map(|(p, c)| (*p as u8, *c as u8)).collect();
    machines
        .iter()
        .flat_map(|machine| Tables::new(*machine).search(&pairs))
        .collect()
}

/// The parts of a machine as tables.
struct Tables {
    machine: Machine,
    /// The right rotor at each position, from right to left and back.
    leftward: Vec<Table>,
    rightward: Vec<Table>,
    /// The rest of the machine at each position of the left and the middle rotor.
    inner: Vec<Table>,
}

impl Tables {
    fn new(machine: Machine) -> Self {
        let (names, reflector) = machine;
        let [left, middle, right] = names.map(|name| Rotor::new(name, 0));
        let reflector = reflector.wiring();
        let table = |of: &dyn Fn(usize) -> usize| std::array::from_fn(|contact| of(contact) as u8);
        let inner = |at_left: usize, at_middle: usize| {
            table(&|contact| {
                let contact = left.leftward(middle.leftward(contact, at_middle), at_left);
                middle.rightward(left.rightward(reflector[contact], at_left), at_middle)
            })
        };
        let positions = 0..CONTACTS;
        Self {
            machine,
            leftward: positions
                .clone()
                .map(|at| table(&|one| right.leftward(one, at)))
                .collect(),
            rightward: positions
                .clone()
                .map(|at| table(&|one| right.rightward(one, at)))
                .collect(),
            inner: positions
                .clone()
                .flat_map(|at_left| positions.clone().map(move |at_middle| (at_left, at_middle)))
                .map(|(at_left, at_middle)| inner(at_left, at_middle))
                .collect(),
        }
    }

    fn search(&self, pairs: &[(u8, u8)]) -> Vec<Positions> {
        let mut found = Vec::new();
        for left in 0..CONTACTS {
            for middle in 0..CONTACTS {
                for right in 0..CONTACTS {
                    let rotors = Turning {
                        left,
                        middle,
                        right,
                        last_turn: None,
                    };
                    if self.continues(pairs, 0, rotors) {
                        found.push(Positions {
                            machine: self.machine,
                            positions: [left, middle, right],
                        });
                    }
                }
            }
        }
        found
    }

    /// Whether the pairs from a place on are encrypted, wherever the middle rotor turns.
    fn continues(&self, pairs: &[(u8, u8)], place: usize, rotors: Turning) -> bool {
        let Some(&(p, c)) = pairs.get(place) else {
            return true;
        };
        let at = (rotors.right + place) % CONTACTS;
        let inner = &self.inner[rotors.left * CONTACTS + rotors.middle];
        let contact = inner[usize::from(self.leftward[at][usize::from(p)])];
        if self.rightward[at][usize::from(contact)] != c {
            return false;
        }
        rotors
            .next(place)
            .any(|rotors| self.continues(pairs, place + 1, rotors))
    }
}

/// The rotors along a message.
#[derive(Clone, Copy)]
struct Turning {
    left: usize,
    middle: usize,
    right: usize,
    /// The place at which the middle rotor last turned.
    last_turn: Option<usize>,
}

impl Turning {
    /// How the rotors may be at the next place: as before, with the middle one turned, or after that with
    /// it and the left one turned by the double step.
    fn next(self, place: usize) -> impl Iterator<Item = Self> {
        let turned = |from: usize| (from + 1) % CONTACTS;
        let may_turn = self
            .last_turn
            .is_none_or(|last| place + 1 >= last + BETWEEN_NOTCHES);
        let may_double = self.last_turn == Some(place) || (place == 0 && self.last_turn.is_none());
        let middle = may_turn.then_some(Self {
            middle: turned(self.middle),
            last_turn: Some(place + 1),
            ..self
        });
        let double = may_double.then_some(Self {
            middle: turned(self.middle),
            left: turned(self.left),
            last_turn: self.last_turn.or(Some(place)).map(|last| last.min(place)),
            ..self
        });
        [Some(self), middle, double].into_iter().flatten()
    }
}

/// The rings and start positions that explain the most, and how many symbols they do.
fn settings(sample: &Sample, found: &Positions) -> Option<(usize, EnigmaConfig)> {
    let (rotors, reflector) = found.machine;
    let [left, middle, right] = found.positions;
    let is_army = rotors.iter().all(|rotor| ARMY.contains(rotor));
    let letters = |positions: [usize; 3]| -> String {
        let letters = positions.map(|at| sample.plaintext.symbol((at % CONTACTS) as u16));
        letters.concat()
    };
    let mut best: Option<(usize, EnigmaConfig)> = None;
    for rings in (0..CONTACTS * CONTACTS).map(|rings| [0, rings / CONTACTS, rings % CONTACTS]) {
        // Before the first symbol the right rotor turned, and the others may have.
        for [left_turns, middle_turns] in [[0, 0], [0, 1], [1, 1]] {
            let config = EnigmaConfig {
                model: if is_army {
                    EnigmaModel::I
                } else {
                    EnigmaModel::M3
                },
                rotors: rotors.to_vec(),
                reflector,
                rings: letters(rings),
                start: letters([
                    left + CONTACTS - left_turns,
                    middle + rings[1] + CONTACTS - middle_turns,
                    right + rings[2] + CONTACTS - 1,
                ]),
                plugboard: String::new(),
            };
            let score = score(sample, &config)?;
            if score > best.as_ref().map_or(0, |(best, _)| *best) {
                best = Some((score, config));
            }
        }
    }
    best
}

/// The symbols that a key explains.
fn score(sample: &Sample, config: &EnigmaConfig) -> Option<usize> {
    let cipher = CipherConfig::Enigma(config.clone())
        .init(&sample.plaintext)
        .ok()?;
    let right = sample.messages.iter().map(|message| {
        let answer = cipher.encrypt(&message.plaintext);
        let both = answer.iter().zip(&message.ciphertext);
        both.filter(|(one, other)| one == other).count()
    });
    Some(right.sum())
}
