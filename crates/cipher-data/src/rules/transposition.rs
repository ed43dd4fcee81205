use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decrypt::Decrypt;
use super::period::MAX_PERIOD;
use super::training::Training;
use crate::{Alphabet, Pair, SymbolId};

/// The same symbols in another order, one order for each length of message.
///
/// Messages of a length that training never had, or longer than [`MAX_PERIOD`], are copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Orders", into = "Orders")]
pub(super) struct Transposition {
    /// For each length, the place in the ciphertext of each plaintext symbol.
    orders: BTreeMap<usize, Vec<usize>>,
}

/// The orders as they are written to a file, each for messages of its length.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Orders {
    orders: Vec<Vec<usize>>,
}

impl From<Transposition> for Orders {
    fn from(transposition: Transposition) -> Self {
        Self {
            orders: transposition.orders.into_values().collect(),
        }
    }
}

impl TryFrom<Orders> for Transposition {
    type Error = String;

    fn try_from(Orders { orders }: Orders) -> Result<Self, String> {
        let mut by_length = BTreeMap::new();
        for order in orders {
            let length = order.len();
            if let Some(place) = order.iter().find(|&&place| place >= length) {
                return Err(format!(
                    "a message of {length} symbols has no place {place}, counted from 0"
                ));
            }
            if by_length.insert(length, order).is_some() {
                return Err(format!("there are two orders for {length} symbols"));
            }
        }
        Ok(Self { orders: by_length })
    }
}

impl Transposition {
    /// Takes for each place of the plaintext the place of the ciphertext that equals it most often.
    /// Nothing keeps two places from taking the same one: with enough messages none does.
    pub(super) fn find(training: &Training) -> Option<Self> {
        let mut by_length = BTreeMap::<usize, Vec<&Pair>>::new();
        let short = |pair: &&Pair| (1..=MAX_PERIOD).contains(&pair.len());
        for pair in training.pairs().filter(short) {
            by_length.entry(pair.len()).or_default().push(pair);
        }
        let orders = by_length.into_iter();
        let orders: BTreeMap<_, _> = orders
            .map(|(length, pairs)| (length, order(length, &pairs)))
            .collect();
        (!orders.is_empty()).then_some(Self { orders })
    }
}

/// The best order for messages of one length.
#[allow(clippy::expect_used)] // a message has a place for each of its symbols
fn order(length: usize, pairs: &[&Pair]) -> Vec<usize> {
    let source = |place: usize| {
        let mut equal = vec![0_usize; length];
        for pair in pairs {
            let symbol = pair.plaintext()[place];
            for (equal, &c) in equal.iter_mut().zip(pair.ciphertext()) {
                *equal += usize::from(c == symbol);
            }
        }
        let places = 0..length;
        places.max_by_key(|&from| equal[from]).expect("a place")
    };
    (0..length).map(source).collect()
}

impl Decrypt for Transposition {
    fn name(&self) -> String {
        "transposition".into()
    }

    fn describe(&self, _: &Alphabet, _: &Alphabet) -> String {
        let line = |(length, order): (&usize, &Vec<usize>)| {
            let places = order.iter().map(|place| (place + 1).to_string());
            let places = places.collect::<Vec<_>>().join(" ");
            format!("{length} symbols are those at {places}")
        };
        self.orders.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        match self.orders.get(&ciphertext.len()) {
            Some(order) => order.iter().map(|&place| ciphertext[place]).collect(),
            None => ciphertext.to_vec(),
        }
    }
}
