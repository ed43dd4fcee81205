//! Published examples of the ciphers that are longer than a letter's substitution, each with its source.
//! Those of the other ciphers stand beside them.

use cipher_data::TextCipherConfig;

const A_TO_Z: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const WITHOUT_J: &str = "ABCDEFGHIKLMNOPQRSTUVWXYZ";
const WITHOUT_K: &str = "ABCDEFGHIJLMNOPQRSTUVWXYZ";
const WITHOUT_Q: &str = "ABCDEFGHIJKLMNOPRSTUVWXYZ";
const WITHOUT_Z: &str = "ABCDEFGHIJKLMNOPQRSTUVWXY";
const WITH_PLUS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ+";
const WITH_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Checks a plaintext, after which the padding of the ciphertext may stand, in both directions.
#[track_caller]
fn check(alphabet: &str, cipher: &str, plain: &str, encrypted: &str) {
    let toml = format!("[alphabet]\nsymbols = '{alphabet}'\noutside = 'reject'\n{cipher}");
    check_config(&toml, plain, encrypted);
}

#[track_caller]
fn check_config(toml: &str, plain: &str, encrypted: &str) {
    let config: TextCipherConfig = toml::from_str(toml).unwrap();
    let cipher = config.init().unwrap();
    assert_eq!(cipher.encrypt(plain).unwrap().text, encrypted);
    let ids = cipher.plaintext.encode(plain).unwrap().ids;
    let padded = cipher.plaintext.decode(&cipher.cipher.padded(&ids));
    assert_eq!(cipher.decrypt(encrypted).unwrap().text, padded);
}

#[test]
fn progressive_key() {
    // The American Cryptogram Association (ACA), The ACA and You, Progressive Key.
    check(
        A_TO_Z,
        "[cipher]\nname = 'progressive-key'\nkey = 'GRAPEFRUIT'\nstep = 1",
        "THISCIPHERCANBEUSEDWITHANYOFTHEPERIODICS",
        "ZYIHGNGBMKJSORJAKZMQQMJRTFHBDCNJHJPWXFNO",
    );
}

#[test]
fn quagmire_of_the_four_kinds() {
    // ACA, Quagmire I to IV.
    let kind =
        |mixed: &str, key: &str| format!("[cipher]\nname = 'quagmire'\nkey = '{key}'\n{mixed}");
    check(
        A_TO_Z,
        &kind("plaintext = { keyword = 'SPRINGFEVER' }", "FLOWER"),
        "THEQUAGONEISAPERIODICCIPHERWITHAKEYEDPLAINALPHABETRUNAGAINSTASTRAIGHTCIPHERALPHABET",
        "QPMGQRBUJUYIFDMPYAIFQYYJJJHJYCJLUUTPIDVWYMFSGAESDWHIZRBLIRVCFCZPELBPZYYJJJHWLJJLPUP",
    );
    check(
        A_TO_Z,
        &kind("ciphertext = { keyword = 'SPRINGFEVER' }", "FLOWER"),
        "INTHEQUAGTWOASTRAIGHTPLAINALPHABETISRUNAGAINSTAKEYEDCIPHERALPHABET",
        "JICICOSLYKILFVCHEBDXCCORJIOEWAFMWKKTXBGWHRJIBKEDBJWZABUXWHEHUXOXCU",
    );
    let same = "{ keyword = 'AUTOMOBILE' }";
    check(
        A_TO_Z,
        &kind(
            &format!("plaintext = {same}\nciphertext = {same}"),
            "HIGHWAY",
        ),
        "THESAMEKEYEDALPHABETISUSEDFORPLAINANDCIPHERALPHABETS",
        "KRSLWMITJDVIABMRGQMTMLLIVIFUIXRHTNYONVRHHIIIRMCAOVEI",
    );
    check(
        A_TO_Z,
        &kind(
            "plaintext = { keyword = 'SENSORY' }\nciphertext = { keyword = 'PERCEPTION' }\nbelow = 'S'",
            "EXTRA",
        ),
        "THISONEEMPLOYSTHREEKEYWORDS",
        "VBMRFCYISPMPBRRHEICXRREIGDX",
    );
}

#[test]
fn gromark() {
    // ACA, Gromark.
    check(
        A_TO_Z,
        "[cipher]\nname = 'gromark'\nprimer = 23452\nkey = { keyword = 'ENIGMA', fill = 'columns' }",
        "THEREAREUPTOTENSUBSTITUTESPERLETTER",
        "NFYCKBTIJCNWZYCACJNAYNLQPWWSTWPJQFL",
    );
}

const BYTES: &str = "[alphabet]\nsymbols = { from = '00', to = 'ff' }\nreading = { symbols = 'utf-8' }\n\
                     [ciphertext]\nsymbols = 'hex'\n";

#[test]
fn exclusive_or_over_bytes() {
    // The cryptopals crypto challenges, set 1, challenge 5.
    check_config(
        &format!("{BYTES}[cipher]\nname = 'xor'\nkey = 'ICE'"),
        "Burning 'em, if you ain't quick and nimble\nI go crazy when I hear a cymbal",
        "0b3637272a2b2e63622c2e69692a23693a2a3c6324202d623d63343c2a26226324272765272a282b2f20430a652e\
         2c652a3124333a653e2b2027630c692b20283165286326302e27282f",
    );
    // CyberChef, tests/node/tests/operations.mjs.
    check_config(
        &format!("{BYTES}[cipher]\nname = 'xor'\nkey = {{ hex = '736F6D65' }}"),
        "fe023da5",
        "150a5d57400b0c50",
    );
}

#[test]
fn addition_over_bytes() {
    // CyberChef, tests/node/tests/operations.mjs.
    check_config(
        &format!("{BYTES}[cipher]\nname = 'add'\nkey = 'some key'"),
        "sample input",
        "e6d0dad58cd085e2e1dfe2d9",
    );
}

#[test]
fn playfair() {
    // Wikipedia, Playfair cipher.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'playfair'\nkey = { keyword = 'PLAYFIREXAMPLE' }",
        "HIDETHEGOLDINTHETREESTUMP",
        "BMODZBXDNABEKUDMUIXMMOUVIF",
    );
    // Simon Singh, The Code Book.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'playfair'\nkey = 'CHARLESBDFGIKMNOPQTUVWXYZ'",
        "MEETMEATHAMMERSMITHBRIDGETONIGHT",
        "GDDOGDRQARKYGDHDNKPRDAMSOGUPGKICQY",
    );
}

#[test]
fn two_squares_above_each_other_and_side_by_side() {
    // Wikipedia, Two-square cipher.
    check(
        WITHOUT_Q,
        "[cipher]\nname = 'two-square'\nfirst = { keyword = 'EXAMPLE' }\nsecond = { keyword = 'KEYWORD' }",
        "HELPMEOBIWANKENOBI",
        "HEDLXWSDJYANHOTKDG",
    );
    // ACA, Two-Square.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'two-square'\narrangement = 'horizontal'\n\
         first = { keyword = 'DIALOGUE' }\nsecond = { keyword = 'BIOGRAPHY' }",
        "ANOTHERDIGRAPHICSETUP",
        "IRRTEHMKGIMEQGRUNMMZSV",
    );
}

#[test]
fn four_squares() {
    // Wikipedia, Four-square cipher.
    check(
        WITHOUT_Q,
        "[cipher]\nname = 'four-square'\nupper_right = { keyword = 'EXAMPLE' }\n\
         lower_left = { keyword = 'KEYWORD' }",
        "HELPMEOBIWANKENOBI",
        "FYGMKYHOBXMFKKKIMD",
    );
    // ACA, Foursquare.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'four-square'\nupper_right = 'GRDLUEYFNVOAHPWMBIQXTCKSZ'\n\
         lower_left = 'LICNVOTDPWGHEQXAMFSYRBKUZ'",
        "COMEQUICKLYWENEEDHELP",
        "LEWIXAFNEXCUDXUVDPGXHZ",
    );
}

#[test]
fn hill_by_two_and_by_three() {
    // Wikipedia, Hill cipher.
    check(
        A_TO_Z,
        "[cipher]\nname = 'hill'\nkey = [[3, 3], [2, 5]]",
        "HELP",
        "HIAT",
    );
    let by_three = "[cipher]\nname = 'hill'\nkey = 'GYBNQKURP'";
    check(A_TO_Z, by_three, "ACT", "POH");
    check(A_TO_Z, by_three, "CAT", "FIN");
    // William Stallings, Cryptography and Network Security.
    check(
        A_TO_Z,
        "[cipher]\nname = 'hill'\nkey = [[17, 17, 5], [21, 18, 21], [2, 2, 19]]",
        "PAYMOREMONEY",
        "LNSHDLEWMTRW",
    );
}

#[test]
fn bifid() {
    // Wikipedia, Bifid cipher.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'bifid'\nkey = 'BGWKZQPNDSIOAXEFCLUMTHYVR'\nperiod = 0",
        "FLEEATONCE",
        "UAEOLWRINS",
    );
    // ACA, Bifid.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'bifid'\nkey = 'EXTRAKLMPOHWZQDGVUSIFCBYN'\nperiod = 7",
        "ODDPERIODSAREPOPULAR",
        "MWEINGIMGEOYYRLVEYWY",
    );
}

#[test]
fn trifid() {
    // Wikipedia, Trifid cipher.
    check(
        WITH_PLUS,
        "[cipher]\nname = 'trifid'\nkey = { keyword = 'FELIXMARIEDELASTELLE' }\nperiod = 5",
        "AIDETOILECIELTAIDERA",
        "FMJFVOISSUFTFPUFEQQC",
    );
}

#[test]
fn adfgx_and_adfgvx() {
    // Wikipedia, ADFGVX cipher.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'adfgvx'\nsquare = 'BTALPDHOZKQFVSNGICUXMREWY'\nkey = 'CARGO'",
        "ATTACKATONCE",
        "FAXDFADDDGDGFFFAFAXAFAFX",
    );
    check(
        WITH_DIGITS,
        "[cipher]\nname = 'adfgvx'\nsquare = 'NA1C3H8TB2OME5WRPD4F6G7I9J0KLQSUVXYZ'\nkey = 'PRIVACY'",
        "ATTACKAT1200AM",
        "DGDDDAGDDGAFADDFDADVDVFAADVX",
    );
}

#[test]
fn polybius_squares_and_tap_code() {
    // dcode.fr, Polybius Cipher.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'polybius'\nkey = { keyword = 'DCODE' }",
        "POLYBE",
        "351332542114",
    );
    check(
        WITHOUT_Z,
        "[cipher]\nname = 'polybius'\nkey = { keyword = '' }",
        "DCODE",
        "1413351415",
    );
    // Wikipedia, Tap code.
    let tap = "[cipher]\nname = 'polybius'\nkey = { keyword = '' }\nlabels = '. .. ... .... .....'";
    check(
        WITHOUT_K,
        tap,
        "WATER",
        "..... .. . . .... .... . ..... .... ..",
    );
}

#[test]
fn nihilist() {
    // Wikipedia, Nihilist cipher.
    check(
        WITHOUT_J,
        "[cipher]\nname = 'nihilist'\nsquare = { keyword = 'ZEBRAS' }\nkey = 'RUSSIAN'",
        "DYNAMITEWINTERPALACE",
        "37 106 62 36 67 47 86 26 104 53 62 77 27 55 57 66 55 36 54 27",
    );
}

#[test]
fn bacon_of_24_and_of_26_letters() {
    // dcode.fr, Bacon Cipher; CyberChef, tests/operations/tests/BaconCipher.mjs.
    check(
        "ABCDEFGHIKLMNOPQRSTUWXYZ",
        "[cipher]\nname = 'bacon'",
        "DCODE",
        "AAABBAAABAABBABAAABBAABAA",
    );
    check(
        A_TO_Z,
        "[cipher]\nname = 'bacon'",
        "DECODINGBACONWORKS",
        "AAABBAABAAAAABAABBBAAAABBABAAAABBABAABBAAAAABAAAAAAAABAABBBAABBABBABBAABBBABAAABABABABAABA",
    );
}

#[test]
fn morse_code() {
    // CyberChef, tests/operations/tests/MorseCode.mjs; the other is the usual first sentence.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ ";
    check(alphabet, "[cipher]\nname = 'morse'", "SOS", "... --- ...");
    check(
        alphabet,
        "[cipher]\nname = 'morse'",
        "HELLO WORLD",
        ".... . .-.. .-.. --- / .-- --- .-. .-.. -..",
    );
}

#[test]
fn letters_as_numbers() {
    // CyberChef, tests/operations/tests/Ciphers.mjs.
    check(
        A_TO_Z,
        "[cipher]\nname = 'a1z26'",
        "THISISTHETESTSENTENCE",
        "20 8 9 19 9 19 20 8 5 20 5 19 20 19 5 14 20 5 14 3 5",
    );
}

#[test]
fn myszkowski() {
    // Wikipedia, Transposition cipher.
    check(
        A_TO_Z,
        "[cipher]\nname = 'myszkowski'\nkey = 'TOMATO'",
        "WEAREDISCOVEREDFLEEATONCE",
        "ROFOACDTEDSEEEACWEIVRLENE",
    );
}

#[test]
fn double_columnar_transposition() {
    // Wikipedia, Transposition cipher.
    check(
        A_TO_Z,
        "[cipher]\nname = 'double-columnar'\nfirst = 'ZEBRAS'\nsecond = 'STRIPE'",
        "WEAREDISCOVEREDFLEEATONCE",
        "CAEENSOIAEDRLEFWEDREEVTOC",
    );
}

#[test]
fn a_rail_fence_that_begins_below_the_top() {
    // calcoolator.eu, Rail fence cipher.
    check(
        A_TO_Z,
        "[cipher]\nname = 'rail-fence'\nrails = 5\noffset = 2",
        "CALCOOLATOR",
        "LOACOTACOLR",
    );
}

#[test]
fn keyword_alphabets_that_are_filled_after_the_keyword() {
    // Wikipedia, Caesar cipher, on Julius Caesar's name as a keyword.
    check(
        A_TO_Z,
        "[cipher]\nname = 'substitution'\nkey = { keyword = 'JULIUSCAESAR', fill = 'after-keyword' }",
        "MYGREATTEXTENCRYPTEDWITHAKEYWORD",
        "XPAFSJHHSOHSYLFPBHSINRHEJVSPNZFI",
    );
}

#[test]
fn words_and_messages_are_written_backwards_and_moved() {
    // By hand.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ ";
    for (cipher, encrypted) in [
        ("'reversal'", "SECNO TA EMOC"),
        ("'reversal'\nof = 'symbols-of-words'", "EMOC TA SECNO"),
        ("'reversal'\nof = 'words'", "ONCES AT COME"),
        ("'rotation'\nplaces = 3", "E AT ONCESCOM"),
        (
            "'rotation'\nplaces = -1\nof = 'symbols-of-words'",
            "ECOM TA SONCE",
        ),
        ("'rotation'\nplaces = 1\nof = 'words'", "AT ONCES COME"),
    ] {
        let cipher = format!("[cipher]\nname = {cipher}");
        check(alphabet, &cipher, "COME AT ONCES", encrypted);
    }
}
