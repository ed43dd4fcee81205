//! A rule can be written to a file and read again, and no file makes it panic.

use std::collections::BTreeSet;

use cipher_data::{Alphabet, Outside, Pair, Rule, SymbolId, find_rules};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};

const N_SYMBOLS: SymbolId = 28;

/// Letters and two symbols that are not letters.
fn alphabet() -> Alphabet {
    Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ .", Outside::Reject).unwrap()
}

/// Rules of every kind: those that are found for some ciphers.
fn every_rule() -> Vec<Rule> {
    let alphabet = alphabet();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut message = || -> Vec<SymbolId> {
        let length = rng.random_range(5..=12);
        (0..length)
            .map(|_| rng.random_range(0..N_SYMBOLS))
            .collect()
    };
    let plaintexts: Vec<_> = (0..300).map(|_| message()).collect();
    type Encrypt = fn(&[SymbolId]) -> Vec<SymbolId>;
    let encrypt: [Encrypt; 3] = [
        |message| message.iter().map(|id| (id + 3) % N_SYMBOLS).collect(),
        |message| message.iter().rev().copied().collect(),
        |message| {
            (0..)
                .zip(message)
                .map(|(place, id): (u16, _)| (id + place % 3) % N_SYMBOLS)
                .collect()
        },
    ];
    let mut rules = Vec::new();
    for encrypt in encrypt {
        let pairs = plaintexts
            .iter()
            .map(|p| Pair::new(encrypt(p), p.clone()).unwrap());
        rules.extend(find_rules(&pairs.collect::<Vec<_>>(), &alphabet, &alphabet));
    }
    rules
}

/// The name of a rule's kind in a file.
fn kind(rule: &Value) -> String {
    match rule {
        Value::String(kind) => kind.clone(),
        Value::Object(fields) => {
            let (kind, _) = fields.iter().next().unwrap();
            kind.clone()
        }
        _ => panic!("{rule}"),
    }
}

#[test]
fn a_rule_of_every_kind_is_read_as_it_was_written() {
    let mut kinds = BTreeSet::new();
    for rule in every_rule() {
        let file = serde_json::to_string(&rule).unwrap();
        kinds.insert(kind(&serde_json::from_str(&file).unwrap()));
        let read: Rule = serde_json::from_str(&file).unwrap();
        assert_eq!(read, rule);
        // The same by way of a value, as in a file with other fields around it.
        let value = serde_json::to_value(&rule).unwrap();
        assert_eq!(serde_json::from_value::<Rule>(value).unwrap(), rule);
    }
    let expected = ["copying", "tables", "transposition"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn what_a_rule_could_not_use_is_refused() {
    let refused = [
        (json!("telepathy"), "unknown variant `telepathy`"),
        (json!({ "shift": { "key": 1 } }), "unknown variant `shift`"),
        (
            json!({ "transposition": { "orders": [[0], [0, 2]] } }),
            "2 symbols has no place 2",
        ),
        (
            json!({ "transposition": { "orders": [[0], [0]] } }),
            "two orders for 1 symbols",
        ),
        (
            json!({ "tables": { "tables": [], "otherwise": 0 } }),
            "there is no table",
        ),
    ];
    for (file, expected) in refused {
        let error = serde_json::from_value::<Rule>(file)
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// Changes the number at a place of the file, counting only numbers.
fn change(value: &mut Value, place: &mut usize, number: u64) {
    match value {
        Value::Number(_) if *place == 0 => {
            *value = number.into();
            *place = usize::MAX;
        }
        Value::Number(_) => *place -= 1,
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| change(item, place, number)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| change(field, place, number)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn a_file_with_another_number_is_refused_or_answers_every_message(
        place in 0_usize..40,
        number in prop_oneof![0..40_u64, 65_530..65_540_u64, any::<u64>()],
        message in prop::collection::vec(prop_oneof![0..30_u16, any::<SymbolId>()], 0..20),
    ) {
        thread_local!(static RULES: Vec<Rule> = every_rule());
        let alphabet = alphabet();
        for rule in RULES.with(Clone::clone) {
            let mut file = serde_json::to_value(&rule).unwrap();
            change(&mut file, &mut place.clone(), number);
            if let Ok(rule) = serde_json::from_value::<Rule>(file) {
                prop_assert_eq!(rule.answer(&message).len(), message.len());
                rule.describe(&alphabet, &alphabet);
            }
        }
    }
}
