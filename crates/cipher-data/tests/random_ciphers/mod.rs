//! Random keys for every cipher.

use cipher_data::{
    Alphabet, CipherConfig, EnigmaConfig, EnigmaModel, Feedback, ReflectorName, RotorName, SymbolId,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::common::{alphabet_from, alphabet_of};

/// Any cipher, over an alphabet that it is defined for.
pub fn cipher_and_alphabet() -> impl Strategy<Value = (CipherConfig, Alphabet)> {
    let any_alphabet = (2_usize..300).prop_map(alphabet_of);
    let of_any = any_alphabet.prop_flat_map(|alphabet| {
        let ciphers = Union::new(over_any_alphabet(&alphabet));
        (ciphers, Just(alphabet))
    });
    let at_least_10 = (10_usize..300).prop_map(alphabet_of);
    let gronsfeld = ("[0-9]{1,12}", at_least_10)
        .prop_map(|(key, alphabet)| (CipherConfig::Gronsfeld { key }, alphabet));
    let even = (1_usize..150).prop_map(|half| alphabet_of(2 * half));
    let porta = even.prop_flat_map(|alphabet| {
        let porta = keyword(&alphabet).prop_map(|key| CipherConfig::Porta { key });
        (porta, Just(alphabet))
    });
    let letters = alphabet_from('A', 'Z');
    let rot13 = Just((CipherConfig::Rot13 {}, letters.clone()));
    let rot47 = Just((CipherConfig::Rot47 {}, alphabet_from('!', '~')));
    prop_oneof![
        12 => of_any,
        1 => gronsfeld,
        1 => porta,
        1 => rot13,
        1 => rot47,
        3 => (enigma().prop_map(CipherConfig::Enigma), Just(letters)),
    ]
}

fn over_any_alphabet(alphabet: &Alphabet) -> Vec<BoxedStrategy<CipherConfig>> {
    use CipherConfig as Config;
    let n_symbols = alphabet.len();
    let keyword = || keyword(alphabet);
    let feedback = select(&[Feedback::Plaintext, Feedback::Ciphertext][..]);
    let permutation = Just(alphabet.symbols().to_vec()).prop_shuffle();
    let coprime = (1..n_symbols).prop_map(move |a| if divisor(a, n_symbols) == 1 { a } else { 1 });
    vec![
        (0..n_symbols)
            .prop_map(|key| Config::Caesar { key })
            .boxed(),
        Just(Config::Atbash {}).boxed(),
        (coprime, 0..n_symbols)
            .prop_map(|(a, b)| Config::Affine { a, b })
            .boxed(),
        permutation
            .prop_map(|symbols| Config::Substitution {
                key: symbols.into_iter().collect(),
            })
            .boxed(),
        keyword().prop_map(|key| Config::Vigenere { key }).boxed(),
        keyword().prop_map(|key| Config::Beaufort { key }).boxed(),
        keyword()
            .prop_map(|key| Config::VariantBeaufort { key })
            .boxed(),
        Just(Config::Trithemius {}).boxed(),
        (keyword(), feedback)
            .prop_map(|(key, feedback)| Config::Autokey { key, feedback })
            .boxed(),
        keyword().prop_map(|key| Config::RunningKey { key }).boxed(),
        (2_usize..100)
            .prop_map(|rails| Config::RailFence { rails })
            .boxed(),
        keyword()
            .prop_map(|key| Config::ColumnarTransposition { key })
            .boxed(),
    ]
}

/// The greatest common divisor of two numbers.
pub fn divisor(a: usize, b: usize) -> usize {
    match b {
        0 => a,
        _ => divisor(b, a % b),
    }
}

fn keyword(alphabet: &Alphabet) -> BoxedStrategy<String> {
    let alphabet = alphabet.clone();
    let ids = prop::collection::vec(0..alphabet.len() as SymbolId, 1..100);
    ids.prop_map(move |ids| alphabet.decode(&ids)).boxed()
}

fn enigma() -> impl Strategy<Value = EnigmaConfig> {
    use EnigmaModel::{I, M3, M4};
    let parts = |model| (Just(model), rotors(model), reflector(model));
    let parts = select(&[I, M3, M4][..]).prop_flat_map(parts);
    (parts, "[A-Z]{4}", "[A-Z]{4}", plugboard()).prop_map(
        |((model, rotors, reflector), rings, start, plugboard)| EnigmaConfig {
            model,
            reflector,
            rings: rings[..rotors.len()].into(),
            start: start[..rotors.len()].into(),
            plugboard,
            rotors,
        },
    )
}

fn rotors(model: EnigmaModel) -> impl Strategy<Value = Vec<RotorName>> {
    use RotorName::{Beta, Gamma, I, II, III, IV, V, VI, VII, VIII};
    let numbered = match model {
        EnigmaModel::I => vec![I, II, III, IV, V],
        EnigmaModel::M3 | EnigmaModel::M4 => vec![I, II, III, IV, V, VI, VII, VIII],
    };
    let greek = select(&[Beta, Gamma][..]);
    (greek, Just(numbered).prop_shuffle()).prop_map(move |(greek, numbered)| {
        let greek = (model == EnigmaModel::M4).then_some(greek);
        greek
            .into_iter()
            .chain(numbered.into_iter().take(3))
            .collect()
    })
}

fn reflector(model: EnigmaModel) -> impl Strategy<Value = ReflectorName> {
    use ReflectorName::{A, B, C, ThinB, ThinC};
    select(match model {
        EnigmaModel::I => &[A, B, C][..],
        EnigmaModel::M3 => &[B, C],
        EnigmaModel::M4 => &[ThinB, ThinC],
    })
}

/// Up to 13 pairs of different letters.
fn plugboard() -> impl Strategy<Value = String> {
    let letters: Vec<char> = ('A'..='Z').collect();
    (Just(letters).prop_shuffle(), 0_usize..=13).prop_map(|(letters, cables)| {
        let pairs = letters.chunks(2).take(cables);
        let pairs: Vec<String> = pairs.map(|pair| pair.iter().collect()).collect();
        pairs.join(" ")
    })
}
