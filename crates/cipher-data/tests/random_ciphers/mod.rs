//! Random keys for every cipher.

use cipher_data::{
    Alphabet, Arrangement, ByteKey, CipherConfig, EnigmaConfig, EnigmaModel, Feedback, Fill,
    HillKey, MixedAlphabet, Parts, PortaTable, ReflectorName, RotorName, SymbolId,
};
use proptest::option;
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
        let table = select(&[PortaTable::First, PortaTable::Second][..]);
        let porta =
            (keyword(&alphabet), table).prop_map(|(key, table)| CipherConfig::Porta { key, table });
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
        12 => over_special_alphabets(),
        3 => (enigma().prop_map(CipherConfig::Enigma), Just(letters)),
    ]
}

fn over_any_alphabet(alphabet: &Alphabet) -> Vec<BoxedStrategy<CipherConfig>> {
    use CipherConfig as Config;
    let n_symbols = alphabet.len();
    let keyword = || keyword(alphabet);
    let below = option::of(select(alphabet.symbols().to_vec()));
    let feedback = select(&[Feedback::Plaintext, Feedback::Ciphertext][..]);
    let coprime = (1..n_symbols).prop_map(move |a| if divisor(a, n_symbols) == 1 { a } else { 1 });
    vec![
        any::<i64>().prop_map(|key| Config::Caesar { key }).boxed(),
        Just(Config::Atbash {}).boxed(),
        (coprime, 0..n_symbols)
            .prop_map(|(a, b)| Config::Affine {
                a: a as i64,
                b: -(b as i64),
            })
            .boxed(),
        mixed(alphabet)
            .prop_map(|key| Config::Substitution { key })
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
        (2_usize..100, 0_usize..300)
            .prop_map(|(rails, offset)| Config::RailFence { rails, offset })
            .boxed(),
        keyword()
            .prop_map(|key| Config::ColumnarTransposition { key, padding: None })
            .boxed(),
        keyword().prop_map(|key| Config::Myszkowski { key }).boxed(),
        (keyword(), keyword())
            .prop_map(|(first, second)| Config::DoubleColumnar { first, second })
            .boxed(),
        Just(Config::Reversal { of: Parts::Symbols }).boxed(),
        any::<i64>()
            .prop_map(|places| Config::Rotation {
                places,
                of: Parts::Symbols,
            })
            .boxed(),
        (keyword(), any::<i64>())
            .prop_map(|(key, step)| Config::ProgressiveKey { key, step })
            .boxed(),
        (
            option::of(mixed(alphabet)),
            option::of(mixed(alphabet)),
            keyword(),
            below,
        )
            .prop_map(|(plaintext, ciphertext, key, below)| Config::Quagmire {
                plaintext,
                ciphertext,
                key,
                below,
            })
            .boxed(),
        any::<i64>()
            .prop_map(|first| Config::A1z26 { first: first / 2 })
            .boxed(),
    ]
}

/// Ciphers over words, and over the alphabets of squares and cubes.
fn over_special_alphabets() -> impl Strategy<Value = (CipherConfig, Alphabet)> {
    use CipherConfig as Config;
    let of_squares = select(&[4_usize, 5, 6][..]).prop_flat_map(|side| {
        let alphabet = alphabet_of(side * side);
        let square = || mixed(&alphabet);
        let arrangement = select(&[Arrangement::Vertical, Arrangement::Horizontal][..]);
        let padding = None::<String>;
        let mut ciphers = vec![
            square()
                .prop_map(|key| Config::Playfair { key, padding: None })
                .boxed(),
            (square(), square(), arrangement)
                .prop_map(move |(first, second, arrangement)| Config::TwoSquare {
                    first,
                    second,
                    arrangement,
                    padding: padding.clone(),
                })
                .boxed(),
            (square(), square())
                .prop_map(|(upper_right, lower_left)| Config::FourSquare {
                    upper_right,
                    lower_left,
                    padding: None,
                })
                .boxed(),
            (square(), 0_usize..20)
                .prop_map(|(key, period)| Config::Bifid { key, period })
                .boxed(),
            square()
                .prop_map(|key| Config::Polybius { key, labels: None })
                .boxed(),
            (square(), keyword(&alphabet))
                .prop_map(|(square, key)| Config::Nihilist { square, key })
                .boxed(),
        ];
        if side > 4 {
            let adfgvx = (square(), keyword(&alphabet))
                .prop_map(|(square, key)| Config::Adfgvx { square, key });
            ciphers.push(adfgvx.boxed());
        }
        (Union::new(ciphers), Just(alphabet))
    });
    let cube = alphabet_of(27);
    let of_cubes =
        (mixed(&cube), 0_usize..20).prop_map(|(key, period)| Config::Trifid { key, period });
    let bytes = alphabet_of(256);
    let key = prop::collection::vec(0..256_u16, 1..20);
    let xor = (key, any::<bool>(), 0_usize..40).prop_map(|(key, is_xor, offset)| {
        let key = ByteKey::Text(alphabet_of(256).decode(&key));
        match is_xor {
            true => Config::Xor { key, offset },
            false => Config::Add { key, offset },
        }
    });
    let words = alphabet_from(' ', 'Z');
    let parts = select(&[Parts::Symbols, Parts::SymbolsOfWords, Parts::Words][..]);
    let moved =
        (parts, any::<bool>(), any::<i64>()).prop_map(
            |(of, is_reversed, places)| match is_reversed {
                true => Config::Reversal { of },
                false => Config::Rotation { places, of },
            },
        );
    let hill = (2_usize..=3).prop_flat_map(|side| {
        let row = move || prop::collection::vec(-100_i64..100, side);
        prop::collection::vec(row(), side).prop_map(|key| Config::Hill {
            key: HillKey::Matrix(key),
            padding: None,
        })
    });
    let letters = alphabet_from('A', 'Z');
    let has_inverse = |config: &CipherConfig| config.init(&alphabet_from('A', 'Z')).is_ok();
    let gromark =
        ("[0-9]{2,9}", mixed(&letters)).prop_map(|(primer, key)| Config::Gromark { primer, key });
    let bacon = Just((Config::Bacon { letters: None }, alphabet_of(24)));
    prop_oneof![
        7 => of_squares,
        1 => (of_cubes, Just(cube)),
        1 => (xor, Just(bytes)),
        2 => (moved, Just(words)),
        1 => (hill.prop_filter("a determinant without an inverse", has_inverse), Just(letters.clone())),
        1 => (gromark, Just(letters.clone())),
        1 => bacon,
        1 => Just((Config::Morse {}, letters)),
    ]
}

/// An alphabet in another order, or the keyword of one.
fn mixed(alphabet: &Alphabet) -> BoxedStrategy<MixedAlphabet> {
    let whole = Just(alphabet.symbols().to_vec()).prop_shuffle();
    let fill = select(&[Fill::FromStart, Fill::AfterKeyword, Fill::Columns][..]);
    prop_oneof![
        whole.prop_map(|symbols| MixedAlphabet::Whole(symbols.concat())),
        (keyword(alphabet), fill)
            .prop_map(|(keyword, fill)| MixedAlphabet::of_keyword(keyword, fill)),
    ]
    .boxed()
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
