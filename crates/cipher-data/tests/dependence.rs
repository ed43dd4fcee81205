//! Whether plaintext symbols follow from later ciphertext is seen for transpositions, and for
//! nothing else.

mod common;

use cipher_data::{
    Alphabet, Cipher, CipherConfig, CiphertextPlace, Dependence, Outside, Pair, PairTable, SymbolId,
};
use common::english::text;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const N_LETTERS: SymbolId = 26;
const N_MESSAGES: usize = 250;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn random(n_symbols: SymbolId, len: usize, rng: &mut ChaCha8Rng) -> Vec<SymbolId> {
    (0..len).map(|_| rng.random_range(0..n_symbols)).collect()
}

/// Plaintexts of random letters, or of English if `is_english`, of one length or of several.
fn plaintexts(is_english: bool, is_fixed: bool, seed: u64) -> Vec<Vec<SymbolId>> {
    let mut rng = rng(seed);
    let text = text();
    let mut plaintext = || {
        let length = if is_fixed {
            20
        } else {
            rng.random_range(12..=28)
        };
        if is_english {
            let begin = rng.random_range(0..text.len() - length);
            text[begin..begin + length].to_vec()
        } else {
            random(N_LETTERS, length, &mut rng)
        }
    };
    (0..N_MESSAGES).map(|_| plaintext()).collect()
}

fn dependence(
    plaintexts: &[Vec<SymbolId>],
    mut encrypt: impl FnMut(&[SymbolId]) -> Vec<SymbolId>,
) -> Dependence {
    let pairs = plaintexts
        .iter()
        .map(|p| Pair::new(encrypt(p), p.clone()).unwrap());
    Dependence::of(&PairTable::of(pairs.collect::<Vec<_>>()))
}

fn cipher(config: CipherConfig) -> Box<dyn Cipher> {
    let letters = Alphabet::new(LETTERS, Outside::Reject).unwrap();
    config.init(&letters).unwrap()
}

/// Random and English messages, of one length and of several.
fn each_kind_of_messages(seed: u64, check: impl Fn(&str, &[Vec<SymbolId>])) {
    for (is_english, is_fixed) in [(false, false), (false, true), (true, false), (true, true)] {
        let name = format!("seed {seed}, English {is_english}, one length {is_fixed}");
        check(&name, &plaintexts(is_english, is_fixed, seed));
    }
}

type Encrypt<'a> = &'a dyn Fn(&[SymbolId]) -> Vec<SymbolId>;

fn swapped(message: &[SymbolId]) -> Vec<SymbolId> {
    let pairs = message.chunks(2).map(|pair| pair.iter().rev());
    pairs.flatten().copied().collect()
}

fn reversed(message: &[SymbolId]) -> Vec<SymbolId> {
    message.iter().rev().copied().collect()
}

#[test]
fn a_transposition_depends_on_later_ciphertext() {
    let rail_fence = cipher(CipherConfig::RailFence {
        rails: 3,
        offset: 0,
    });
    let columnar = cipher(CipherConfig::ColumnarTransposition {
        key: "ZEBRA".into(),
        padding: None,
    });
    for seed in 0..5 {
        each_kind_of_messages(seed, |name, plaintexts| {
            let ciphers: [(&str, Encrypt); 4] = [
                ("swapped pairs", &swapped),
                ("reversed", &reversed),
                ("rail fence", &|message| rail_fence.encrypt(message)),
                ("columnar", &|message| columnar.encrypt(message)),
            ];
            for (cipher, encrypt) in ciphers {
                let found = dependence(plaintexts, encrypt);
                assert!(found.needs_later(), "{cipher}, {name}: {found:?}");
                let share = found.later_share();
                assert!((0.1..0.6).contains(&share), "{cipher}, {name}: {share}");
            }
        });
    }
}

#[test]
fn a_substitution_after_a_transposition_hides_nothing() {
    let affine = cipher(CipherConfig::Affine { a: 5, b: 8 });
    each_kind_of_messages(6, |name, plaintexts| {
        for encrypt in [swapped, reversed] {
            let found = dependence(plaintexts, |message| affine.encrypt(&encrypt(message)));
            assert!(found.needs_later(), "{name}");
        }
    });
}

#[test]
fn ciphers_that_keep_the_places_do_not_depend_on_later_ciphertext() {
    let enigma = "model = \"I\"\nrotors = [\"II\", \"I\", \"III\"]\nreflector = \"A\"\n\
                  rings = \"XMV\"\nstart = \"ABL\"\nplugboard = \"AM FI NV PS TU WZ\"";
    let enigma = CipherConfig::Enigma(toml::from_str(enigma).unwrap());
    let key = || "LEMON".to_string();
    let autokey = |feedback| CipherConfig::Autokey {
        key: key(),
        feedback,
    };
    let ciphers = [
        CipherConfig::Caesar { key: 13 },
        CipherConfig::Caesar { key: 0 },
        CipherConfig::Substitution {
            key: "QWERTYUIOPASDFGHJKLZXCVBNM".into(),
        },
        CipherConfig::Vigenere { key: key() },
        CipherConfig::Beaufort { key: key() },
        autokey(cipher_data::Feedback::Plaintext),
        autokey(cipher_data::Feedback::Ciphertext),
        CipherConfig::Trithemius {},
        enigma,
    ];
    for config in ciphers {
        let cipher = cipher(config);
        for seed in 0..5 {
            each_kind_of_messages(seed, |name, plaintexts| {
                let found = dependence(plaintexts, |message| cipher.encrypt(message));
                assert_eq!(found.n_later, 0, "{cipher:?}, {name}: {found:?}");
            });
        }
    }
}

#[test]
fn sides_that_have_nothing_to_do_with_each_other_give_no_false_alarm() {
    for seed in 0..30 {
        // 2 symbols are a coin; a third of random pairs of few symbols are equal by chance.
        for n_symbols in [2, 3, 26] {
            let mut rng = rng(1000 + seed);
            let plaintexts: Vec<_> = (0..N_MESSAGES)
                .map(|_| {
                    let length = rng.random_range(4..=24);
                    random(n_symbols, length, &mut rng)
                })
                .collect();
            let mut keys = self::rng(2000 + seed);
            let found = dependence(&plaintexts, |p| random(n_symbols, p.len(), &mut keys));
            assert!(!found.needs_later(), "{seed} {n_symbols} {found:?}");
        }
        // A coin that shows one side nine times of ten.
        let mut rng = rng(3000 + seed);
        let mut toss = || SymbolId::from(rng.random_range(0..10) == 0);
        let mut side = || (0..20).map(|_| toss()).collect::<Vec<_>>();
        let plaintexts: Vec<_> = (0..N_MESSAGES).map(|_| side()).collect();
        let found = dependence(&plaintexts, |_| side());
        assert!(!found.needs_later(), "{seed} {found:?}");
    }
}

#[test]
fn messages_from_a_few_templates_give_no_false_alarm() {
    let mut rng = rng(4);
    let templates: Vec<_> = (0..5).map(|_| random(N_LETTERS, 20, &mut rng)).collect();
    let mut message = || {
        let mut message = templates[rng.random_range(0..5)].clone();
        for _ in 0..6 {
            message[rng.random_range(0..20)] = rng.random_range(0..N_LETTERS);
        }
        message
    };
    let plaintexts: Vec<_> = (0..1000).map(|_| message()).collect();
    for config in [
        CipherConfig::Vigenere { key: "KEY".into() },
        CipherConfig::Autokey {
            key: "KEY".into(),
            feedback: cipher_data::Feedback::Plaintext,
        },
    ] {
        let cipher = cipher(config);
        let found = dependence(&plaintexts, |message| cipher.encrypt(message));
        assert!(!found.needs_later(), "{cipher:?} {found:?}");
    }
}

#[test]
fn long_reversed_messages_are_seen() {
    let mut rng = rng(5);
    let plaintexts: Vec<_> = (0..200).map(|_| random(N_LETTERS, 500, &mut rng)).collect();
    let found = dependence(&plaintexts, reversed);
    assert_eq!(found.n_later, found.n_symbols / 2);
    assert_eq!(found.first.unwrap().ciphertext, CiphertextPlace::FromEnd(0));
}

#[test]
fn the_first_place_is_told_in_words() {
    let found = dependence(&plaintexts(false, true, 7), swapped);
    let sentence = "plaintext symbol 1 follows from ciphertext symbol 2: the network also reads \
                    backwards";
    assert_eq!(found.to_string(), sentence);
    let none = dependence(&plaintexts(false, true, 7), <[_]>::to_vec);
    assert!(
        none.to_string()
            .ends_with("the network reads forwards only")
    );
}

#[test]
fn too_few_messages_and_empty_tables_say_nothing() {
    assert_eq!(Dependence::of(&PairTable::default()), Dependence::default());
    let found = dependence(&plaintexts(false, false, 8)[..10], reversed);
    assert!(!found.needs_later());
}
