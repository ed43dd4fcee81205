//! The ciphers give what a second implementation gives, `tests/reference/ciphers.py`, which was written
//! from the definitions alone. It prints `ciphers.json`.

use std::fs;
use std::path::Path;

use cipher_data::{CipherConfig, TextCipherConfig};
use serde_json::{Value, json};

const A_TO_Z: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const WITHOUT_J: &str = "ABCDEFGHIKLMNOPQRSTUVWXYZ";
const WITH_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The alphabet of a case and its cipher as a config has it.
fn config(name: &str, key: &Value) -> (Value, Value) {
    let text = |field: &str| key[field].as_str().unwrap();
    let letters = json!(A_TO_Z);
    let fill = |fill: &str| match fill {
        "after" => "after-keyword",
        "start" => "from-start",
        _ => "columns",
    };
    let with = |alphabet: &str, cipher: Value| (json!(alphabet), cipher);
    match name {
        "keyword_substitution" => {
            let mixed = json!({ "keyword": text("keyword"), "fill": fill(text("fill")) });
            with(A_TO_Z, json!({ "name": "substitution", "key": mixed }))
        }
        "atbash" => with(A_TO_Z, json!({ "name": "atbash" })),
        "a1z26" => with(A_TO_Z, json!({ "name": "a1z26" })),
        "bacon" if key["letters"] == 24 => {
            with("ABCDEFGHIKLMNOPQRSTUWXYZ", json!({ "name": "bacon" }))
        }
        "bacon" => (letters, json!({ "name": "bacon" })),
        "morse" => with(WITH_DIGITS, json!({ "name": "morse" })),
        "progressive_key" => {
            let cipher =
                json!({ "name": "progressive-key", "key": key["key"], "step": key["step"] });
            (letters, cipher)
        }
        "quagmire_1" | "quagmire_2" | "quagmire_3" | "quagmire_4" => {
            let cipher = json!({
                "name": "quagmire",
                "plaintext": key["plaintext_alphabet"],
                "ciphertext": key["ciphertext_alphabet"],
                "key": key["key"],
                "below": key["under"],
            });
            (letters, cipher)
        }
        "gromark" => {
            let cipher =
                json!({ "name": "gromark", "primer": key["primer"], "key": key["alphabet"] });
            (letters, cipher)
        }
        "porta" => {
            let table = if key["table"] == 1 { "first" } else { "second" };
            let cipher = json!({ "name": "porta", "key": key["key"], "table": table });
            (letters, cipher)
        }
        "xor" | "add" => {
            let bytes = json!({ "from": "00", "to": "ff" });
            let hex = json!({ "hex": key["key"] });
            (
                bytes,
                json!({ "name": name, "key": hex, "offset": key["offset"] }),
            )
        }
        "polybius" => with(
            WITHOUT_J,
            json!({ "name": "polybius", "key": key["square"] }),
        ),
        "tap_code" => {
            let square = "ABCDEFGHIJLMNOPQRSTUVWXYZ";
            with(square, json!({ "name": "polybius", "key": square }))
        }
        "nihilist" => {
            let cipher = json!({ "name": name, "square": key["square"], "key": key["key"] });
            with(WITHOUT_J, cipher)
        }
        "playfair" => with(WITHOUT_J, json!({ "name": name, "key": key["square"] })),
        "two_square_vertical" => {
            let cipher =
                json!({ "name": "two-square", "first": key["top"], "second": key["bottom"] });
            with(WITHOUT_J, cipher)
        }
        "two_square_horizontal" => {
            let cipher = json!({
                "name": "two-square",
                "first": key["left"],
                "second": key["right"],
                "arrangement": "horizontal",
            });
            with(WITHOUT_J, cipher)
        }
        "four_square" => {
            let cipher = json!({
                "name": "four-square",
                "upper_right": key["upper_right"],
                "lower_left": key["lower_left"],
            });
            with(WITHOUT_J, cipher)
        }
        "bifid" => {
            let cipher = json!({ "name": name, "key": key["square"], "period": key["period"] });
            with(WITHOUT_J, cipher)
        }
        "trifid" => {
            let cipher = json!({ "name": name, "key": key["alphabet"], "period": key["period"] });
            with("ABCDEFGHIJKLMNOPQRSTUVWXYZ+", cipher)
        }
        "adfgx" | "adfgvx" => {
            let alphabet = if name == "adfgx" {
                WITHOUT_J
            } else {
                WITH_DIGITS
            };
            let cipher = json!({ "name": "adfgvx", "square": key["square"], "key": key["key"] });
            with(alphabet, cipher)
        }
        "hill_2" | "hill_3" => (letters, json!({ "name": "hill", "key": key["matrix"] })),
        "myszkowski" => (letters, json!({ "name": name, "key": key["key"] })),
        "columnar" => (
            letters,
            json!({ "name": "columnar-transposition", "key": key["key"] }),
        ),
        "double_columnar" => {
            let cipher =
                json!({ "name": "double-columnar", "first": key["key1"], "second": key["key2"] });
            (letters, cipher)
        }
        "rail_fence" => {
            let cipher =
                json!({ "name": "rail-fence", "rails": key["rails"], "offset": key["offset"] });
            (letters, cipher)
        }
        _ => panic!("{name}"),
    }
}

#[test]
fn every_case_of_the_second_implementation_comes_out_in_both_directions() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/ciphers.json");
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    assert!(cases.len() > 130);
    for case in cases {
        let name = case["cipher"].as_str().unwrap();
        let (symbols, cipher) = config(name, &case["key"]);
        let is_bytes = matches!(name, "xor" | "add");
        let mut config = json!({
            "alphabet": { "symbols": symbols, "outside": "reject" },
            "cipher": cipher,
        });
        if is_bytes {
            config["alphabet"]["reading"] = json!({ "symbols": "utf-8" });
            config["ciphertext"] = json!({ "symbols": "hex" });
        }
        if name == "a1z26" {
            config["ciphertext"] = json!({ "symbols": "tokens:-" });
        }
        let config: TextCipherConfig = serde_json::from_value(config).unwrap();
        let cipher = config.init().unwrap();
        let [plain, encrypted] =
            ["plaintext", "ciphertext"].map(|side| case[side].as_str().unwrap());
        assert_eq!(cipher.encrypt(plain).unwrap().text, encrypted, "{case}");
        let ids = cipher.plaintext.encode(plain).unwrap().ids;
        let padded = cipher.plaintext.decode(&cipher.cipher.padded(&ids));
        assert_eq!(cipher.decrypt(encrypted).unwrap().text, padded, "{case}");
        let written = toml::to_string(&config.cipher).unwrap();
        assert_eq!(
            toml::from_str::<CipherConfig>(&written).unwrap(),
            config.cipher
        );
    }
}
