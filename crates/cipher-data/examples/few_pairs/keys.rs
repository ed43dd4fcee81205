//! Random keys of every kind of cipher.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const WITHOUT_J: &str = "ABCDEFGHIKLMNOPQRSTUVWXYZ";
const WITHOUT_K: &str = "ABCDEFGHIJLMNOPQRSTUVWXYZ";
const WITH_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const WITH_PLUS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ+";
const WITH_SPACE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ ";

/// The binary logarithms of 24!, 25!, 26!, 27! and 36!.
const BITS_OF_24: f64 = 79.04;
const BITS_OF_25: f64 = 83.68;
const BITS_OF_26: f64 = 88.38;
const BITS_OF_27: f64 = 93.14;
const BITS_OF_36: f64 = 138.13;
const BITS_OF_A_LETTER: f64 = 4.7004;

/// A kind of cipher.
pub struct Kind {
    pub name: &'static str,
    pub alphabet: &'static str,
    /// The bits of its key space, for keys of the sizes below.
    pub bits: f64,
    /// The table of a config with a random key.
    pub key: fn(&mut ChaCha8Rng) -> String,
}

/// A random message.
pub fn message(rng: &mut ChaCha8Rng, alphabet: &str, length: usize) -> String {
    let symbols: Vec<char> = alphabet.chars().collect();
    let symbol = |_| symbols[rng.random_range(0..symbols.len() as u32) as usize];
    let text: String = (0..length).map(symbol).collect();
    // A text that begins or ends with a space loses it in many files.
    text.replace("  ", " X").trim_matches(' ').into()
}

fn word(rng: &mut ChaCha8Rng, alphabet: &str, length: usize) -> String {
    let symbols: Vec<char> = alphabet.chars().collect();
    (0..length)
        .map(|_| symbols[rng.random_range(0..symbols.len() as u32) as usize])
        .collect()
}

fn shuffled(rng: &mut ChaCha8Rng, alphabet: &str) -> String {
    let mut symbols: Vec<char> = alphabet.chars().collect();
    symbols.shuffle(rng);
    symbols.into_iter().collect()
}

/// A keyword of different letters.
fn order(rng: &mut ChaCha8Rng, length: usize) -> String {
    shuffled(rng, LETTERS)[..length].into()
}

fn keyed(name: &str, key: &str) -> String {
    format!("[cipher]\nname = '{name}'\nkey = '{key}'\n")
}

macro_rules! kind {
    ($name:literal, $alphabet:expr, $bits:expr, $key:expr) => {
        Kind {
            name: $name,
            alphabet: $alphabet,
            bits: $bits,
            key: $key,
        }
    };
}

pub const KINDS: &[Kind] = &[
    kind!("Caesar", LETTERS, BITS_OF_A_LETTER, |rng| {
        format!(
            "[cipher]\nname = 'caesar'\nkey = {}",
            rng.random_range(1..26)
        )
    }),
    kind!("affine", LETTERS, 8.29, |rng| {
        let a = [1, 3, 5, 7, 9, 11, 15, 17, 19, 21, 23, 25][rng.random_range(0..12_u32) as usize];
        format!(
            "[cipher]\nname = 'affine'\na = {a}\nb = {}",
            rng.random_range(0..26)
        )
    }),
    kind!("Atbash", LETTERS, 0.0, |_| "[cipher]\nname = 'atbash'"
        .into()),
    kind!(
        "Vigenere, 6 letters",
        LETTERS,
        6.0 * BITS_OF_A_LETTER,
        |rng| { keyed("vigenere", &word(rng, LETTERS, 6)) }
    ),
    kind!(
        "Beaufort, 6 letters",
        LETTERS,
        6.0 * BITS_OF_A_LETTER,
        |rng| { keyed("beaufort", &word(rng, LETTERS, 6)) }
    ),
    kind!(
        "variant Beaufort, 6 letters",
        LETTERS,
        6.0 * BITS_OF_A_LETTER,
        |rng| { keyed("variant-beaufort", &word(rng, LETTERS, 6)) }
    ),
    kind!("Gronsfeld, 6 digits", LETTERS, 19.93, |rng| {
        keyed("gronsfeld", &word(rng, "0123456789", 6))
    }),
    kind!("Porta, 6 letters", LETTERS, 22.2, |rng| keyed(
        "porta",
        &word(rng, LETTERS, 6)
    )),
    kind!("Porta, second table", LETTERS, 22.2, |rng| {
        keyed("porta", &word(rng, LETTERS, 6)) + "table = 'second'"
    }),
    kind!("Trithemius", LETTERS, 0.0, |_| {
        "[cipher]\nname = 'trithemius'".into()
    }),
    kind!(
        "progressive key, 4 letters",
        LETTERS,
        5.0 * BITS_OF_A_LETTER,
        |rng| {
            let step = rng.random_range(1..26);
            format!(
                "{}step = {step}",
                keyed("progressive-key", &word(rng, LETTERS, 4))
            )
        }
    ),
    kind!(
        "autokey, 6 letters",
        LETTERS,
        6.0 * BITS_OF_A_LETTER,
        |rng| { keyed("autokey", &word(rng, LETTERS, 6)) }
    ),
    kind!(
        "ciphertext autokey, 6 letters",
        LETTERS,
        6.0 * BITS_OF_A_LETTER,
        |rng| { keyed("autokey", &word(rng, LETTERS, 6)) + "feedback = 'ciphertext'" }
    ),
    kind!("running key", LETTERS, 20.0 * BITS_OF_A_LETTER, |rng| {
        keyed("running-key", &word(rng, LETTERS, 20))
    }),
    kind!("substitution", LETTERS, BITS_OF_26, |rng| keyed(
        "substitution",
        &shuffled(rng, LETTERS)
    )),
    kind!("substitution by a keyword of 7", LETTERS, 31.6, |rng| {
        let keyword = order(rng, 7);
        format!("[cipher]\nname = 'substitution'\nkey = {{ keyword = '{keyword}' }}")
    }),
    kind!("Quagmire I, 5 letters", LETTERS, BITS_OF_26 + 23.5, |rng| {
        let mixed = shuffled(rng, LETTERS);
        keyed("quagmire", &word(rng, LETTERS, 5)) + &format!("plaintext = '{mixed}'")
    }),
    kind!(
        "Quagmire II, 5 letters",
        LETTERS,
        BITS_OF_26 + 23.5,
        |rng| {
            let mixed = shuffled(rng, LETTERS);
            keyed("quagmire", &word(rng, LETTERS, 5)) + &format!("ciphertext = '{mixed}'")
        }
    ),
    kind!(
        "Quagmire III, 5 letters",
        LETTERS,
        BITS_OF_26 + 23.5,
        |rng| {
            let mixed = shuffled(rng, LETTERS);
            let mixed = format!("plaintext = '{mixed}'\nciphertext = '{mixed}'");
            keyed("quagmire", &word(rng, LETTERS, 5)) + &mixed
        }
    ),
    kind!(
        "Quagmire IV, 5 letters",
        LETTERS,
        2.0 * BITS_OF_26 + 23.5,
        |rng| {
            let [one, other] = [shuffled(rng, LETTERS), shuffled(rng, LETTERS)];
            let mixed = format!("plaintext = '{one}'\nciphertext = '{other}'");
            keyed("quagmire", &word(rng, LETTERS, 5)) + &mixed
        }
    ),
    kind!("Gromark, 5 digits", LETTERS, BITS_OF_26 + 16.6, |rng| {
        let mixed = shuffled(rng, LETTERS);
        keyed("gromark", &mixed) + &format!("primer = '{}'", word(rng, "0123456789", 5))
    }),
    kind!("XOR, 6 bytes", LETTERS, 48.0, |rng| bytes("xor", rng)),
    kind!("addition of bytes, 6 bytes", LETTERS, 48.0, |rng| bytes(
        "add", rng
    )),
    kind!("rail fence", LETTERS, 4.2, |rng| {
        format!(
            "[cipher]\nname = 'rail-fence'\nrails = {}",
            rng.random_range(2..10)
        )
    }),
    kind!("rail fence with an offset", LETTERS, 6.2, |rng| {
        let rails = rng.random_range(2..10_u32);
        let offset = rng.random_range(0..2 * (rails - 1));
        format!("[cipher]\nname = 'rail-fence'\nrails = {rails}\noffset = {offset}")
    }),
    kind!("columnar, 7 columns", LETTERS, 12.3, |rng| keyed(
        "columnar-transposition",
        &order(rng, 7)
    )),
    kind!("Myszkowski, 7 columns", LETTERS, 15.5, |rng| keyed(
        "myszkowski",
        &word(rng, "ABCD", 7)
    )),
    kind!("double columnar, 5 and 6", LETTERS, 16.4, |rng| {
        let [first, second] = [order(rng, 5), order(rng, 6)];
        format!("[cipher]\nname = 'double-columnar'\nfirst = '{first}'\nsecond = '{second}'")
    }),
    kind!("reversal of words", WITH_SPACE, 1.6, |_| {
        "[cipher]\nname = 'reversal'\nof = 'symbols-of-words'".into()
    }),
    kind!("rotation", LETTERS, 4.2, |rng| {
        format!(
            "[cipher]\nname = 'rotation'\nplaces = {}",
            rng.random_range(1..20)
        )
    }),
    kind!("Hill, 2 by 2", LETTERS, 17.3, |rng| hill(rng, 2)),
    kind!("Hill, 3 by 3", LETTERS, 40.5, |rng| hill(rng, 3)),
    kind!("Playfair", WITHOUT_J, BITS_OF_24, |rng| keyed(
        "playfair",
        &shuffled(rng, WITHOUT_J)
    )),
    kind!("two-square", WITHOUT_J, 2.0 * BITS_OF_25, |rng| {
        let [first, second] = [shuffled(rng, WITHOUT_J), shuffled(rng, WITHOUT_J)];
        format!("[cipher]\nname = 'two-square'\nfirst = '{first}'\nsecond = '{second}'")
    }),
    kind!(
        "two-square, side by side",
        WITHOUT_J,
        2.0 * BITS_OF_25,
        |rng| {
            let [first, second] = [shuffled(rng, WITHOUT_J), shuffled(rng, WITHOUT_J)];
            format!(
                "[cipher]\nname = 'two-square'\narrangement = 'horizontal'\nfirst = '{first}'\n\
             second = '{second}'"
            )
        }
    ),
    kind!("four-square", WITHOUT_J, 2.0 * BITS_OF_25, |rng| {
        let [one, other] = [shuffled(rng, WITHOUT_J), shuffled(rng, WITHOUT_J)];
        format!("[cipher]\nname = 'four-square'\nupper_right = '{one}'\nlower_left = '{other}'")
    }),
    kind!("bifid, period 5", WITHOUT_J, BITS_OF_25, |rng| {
        keyed("bifid", &shuffled(rng, WITHOUT_J)) + "period = 5"
    }),
    kind!("bifid, whole message", WITHOUT_J, BITS_OF_25, |rng| {
        keyed("bifid", &shuffled(rng, WITHOUT_J)) + "period = 0"
    }),
    kind!("trifid, period 5", WITH_PLUS, BITS_OF_27, |rng| {
        keyed("trifid", &shuffled(rng, WITH_PLUS)) + "period = 5"
    }),
    kind!("ADFGX, 7 columns", WITHOUT_J, BITS_OF_25 + 12.3, |rng| {
        adfgvx(rng, WITHOUT_J)
    }),
    kind!("ADFGVX, 7 columns", WITH_DIGITS, BITS_OF_36 + 12.3, |rng| {
        adfgvx(rng, WITH_DIGITS)
    }),
    kind!("Polybius", WITHOUT_J, BITS_OF_25, |rng| keyed(
        "polybius",
        &shuffled(rng, WITHOUT_J)
    )),
    kind!("tap code", WITHOUT_K, 0.0, |_| {
        "[cipher]\nname = 'polybius'\nkey = { keyword = '' }\nlabels = '. .. ... .... .....'".into()
    }),
    kind!("Nihilist, 5 letters", WITHOUT_J, BITS_OF_25 + 23.2, |rng| {
        let square = shuffled(rng, WITHOUT_J);
        keyed("nihilist", &word(rng, WITHOUT_J, 5)) + &format!("square = '{square}'")
    }),
    kind!("Bacon", LETTERS, 0.0, |_| "[cipher]\nname = 'bacon'".into()),
    kind!("Morse code", LETTERS, 0.0, |_| "[cipher]\nname = 'morse'"
        .into()),
    kind!("A1Z26", LETTERS, 0.0, |_| "[cipher]\nname = 'a1z26'".into()),
    kind!("homophones, 3 a letter", LETTERS, 366.0, |rng| {
        let mut numbers: Vec<u32> = (100..178).collect();
        numbers.shuffle(rng);
        let codes = LETTERS.chars().zip(numbers.chunks(3));
        let codes = codes.map(|(letter, numbers)| {
            let numbers: Vec<String> = numbers.iter().map(|number| format!("'{number}'")).collect();
            format!("{letter} = [{}]", numbers.join(", "))
        });
        let codes: Vec<String> = codes.collect();
        format!(
            "[cipher]\nname = 'code-table'\ncodes = {{ {} }}",
            codes.join(", ")
        )
    }),
    kind!("Enigma M3 without cables", LETTERS, 33.0, |rng| {
        let mut rotors = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"];
        rotors.shuffle(rng);
        let [rings, start] = [word(rng, LETTERS, 3), word(rng, LETTERS, 3)];
        let reflector = ["B", "C"][rng.random_range(0..2_u32) as usize];
        format!(
            "[cipher]\nname = 'enigma'\nmodel = 'M3'\nrotors = ['{}', '{}', '{}']\n\
             reflector = '{reflector}'\nrings = '{rings}'\nstart = '{start}'\nplugboard = ''",
            rotors[0], rotors[1], rotors[2]
        )
    }),
];

fn bytes(name: &str, rng: &mut ChaCha8Rng) -> String {
    let key: String = (0..6)
        .map(|_| format!("{:02x}", rng.random_range(0..256_u32)))
        .collect();
    format!(
        "[alphabet]\nsymbols = {{ from = '00', to = 'ff' }}\nreading = {{ symbols = 'utf-8' }}\n\
         [ciphertext]\nsymbols = 'hex'\n[cipher]\nname = '{name}'\nkey = {{ hex = '{key}' }}"
    )
}

fn hill(rng: &mut ChaCha8Rng, side: usize) -> String {
    let alphabet =
        cipher_data::Alphabet::new(LETTERS, cipher_data::Outside::Reject).expect("letters");
    loop {
        let row = |rng: &mut ChaCha8Rng| {
            (0..side)
                .map(|_| rng.random_range(0..26_i64))
                .collect::<Vec<_>>()
        };
        let rows: Vec<Vec<i64>> = (0..side).map(|_| row(rng)).collect();
        let key = cipher_data::HillKey::Matrix(rows.clone());
        if cipher_data::Hill::new(&alphabet, &key, None).is_ok() {
            return format!("[cipher]\nname = 'hill'\nkey = {rows:?}");
        }
    }
}

fn adfgvx(rng: &mut ChaCha8Rng, alphabet: &str) -> String {
    let square = shuffled(rng, alphabet);
    let mut letters: Vec<char> = WITHOUT_J.chars().collect();
    letters.shuffle(rng);
    let key: String = letters.into_iter().take(7).collect();
    keyed("adfgvx", &key) + &format!("square = '{square}'")
}
