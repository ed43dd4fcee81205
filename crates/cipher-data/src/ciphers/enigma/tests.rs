//! Messages of the war and other published examples.

use super::*;
use crate::ciphers::testing::{assert_encrypts, letters};

/// An Enigma I with rotors I, II and III, reflector B, everything at A, and no cable.
fn plain() -> EnigmaConfig {
    use RotorName::{I, II, III};
    EnigmaConfig {
        model: EnigmaModel::I,
        rotors: vec![I, II, III],
        reflector: ReflectorName::B,
        rings: "AAA".into(),
        start: "AAA".into(),
        plugboard: String::new(),
    }
}

/// The key of "Schlüsselanleitung zur Chiffriermaschine Enigma I", at cryptocellar.org.
fn manual_of_1930() -> EnigmaConfig {
    use RotorName::{I, II, III};
    EnigmaConfig {
        rotors: vec![II, I, III],
        reflector: ReflectorName::A,
        rings: "XMV".into(),
        start: "ABL".into(),
        plugboard: "AM FI NV PS TU WZ".into(),
        ..plain()
    }
}

#[track_caller]
fn check(config: &EnigmaConfig, plain: &str, encrypted: &str) {
    let enigma = Enigma::new(&letters(), config).unwrap();
    assert_encrypts(&enigma, &letters(), plain, encrypted);
}

#[test]
fn five_times_a_is_bdzgo_and_with_rings_at_b_ewtyx() {
    // Wikipedia, Enigma rotor details.
    check(&plain(), "AAAAA", "BDZGO");
    let rings = "BBB".into();
    check(&EnigmaConfig { rings, ..plain() }, "AAAAA", "EWTYX");
}

#[test]
fn the_middle_rotor_steps_twice_at_its_notch() {
    // Wikipedia, Enigma rotor details, and Rijmenants, Technical Details of the Enigma Machine.
    use RotorName::{I, II, III};
    for (rotors, windows) in [
        (vec![I, II, III], "AAU AAV ABW ABX"),
        (vec![I, II, III], "ADU ADV AEW BFX BFY"),
        (vec![III, II, I], "KDO KDP KDQ KER LFS LFT LFU"),
    ] {
        let enigma = Enigma::new(&letters(), &EnigmaConfig { rotors, ..plain() }).unwrap();
        let windows = windows.split(' ').map(|letter| {
            let ids = letters().encode(letter).unwrap().ids;
            [ids[0].into(), ids[1].into(), ids[2].into()]
        });
        let windows: Vec<Windows> = windows.collect();
        for pair in windows.windows(2) {
            assert_eq!(enigma.step(pair[0]), pair[1]);
        }
    }
}

#[test]
fn the_message_of_the_manual_of_1930_comes_out() {
    check(
        &manual_of_1930(),
        "FEINDLIQEINFANTERIEKOLONNEBEOBAQTETXANFANGSUEDAUSGANGBAERWALDEXENDEDREIKMOSTWAERTS\
         NEUSTADT",
        "GCDSEAHUGWTQGRKVLFGXUCALXVYMIGMMNMFDXTGNVHVRMMEVOUYFZSLRHDRRXFJWCFHUHMUNZEFRDISIKB\
         GPMYVXUZ",
    );
}

#[test]
fn the_message_on_barbarossa_of_7_july_1941_comes_out() {
    // Franklin Heath, Enigma Sample Messages; both parts.
    use RotorName::{II, IV, V};
    let part = |start: &str| EnigmaConfig {
        rotors: vec![II, IV, V],
        rings: "BUL".into(),
        start: start.into(),
        plugboard: "AV BS CG DL FU HZ IN KM OW RX".into(),
        ..plain()
    };
    check(
        &part("BLA"),
        "AUFKLXABTEILUNGXVONXKURTINOWAXKURTINOWAXNORDWESTLXSEBEZXSEBEZXUAFFLIEGERSTRASZERIQ\
         TUNGXDUBROWKIXDUBROWKIXOPOTSCHKAXOPOTSCHKAXUMXEINSAQTDREINULLXUHRANGETRETENXANGRIF\
         FXINFXRGTX",
        "EDPUDNRGYSZRCXNUYTPOMRMBOFKTBZREZKMLXLVEFGUEYSIOZVEQMIKUBPMMYLKLTTDEISMDICAGYKUACT\
         CDOMOHWXMUUIAUBSTSLRNBZSZWNRFXWFYSSXJZVIJHIDISHPRKLKAYUPADTXQSPINQMATLPIFSVKDASCTA\
         CDPBOPVHJK",
    );
    check(
        &part("LSD"),
        "DREIGEHTLANGSAMABERSIQERVORWAERTSXEINSSIEBENNULLSEQSXUHRXROEMXEINSXINFRGTXDREIXAUF\
         FLIEGERSTRASZEMITANFANGXEINSSEQSXKMXKMXOSTWXKAMENECXK",
        "SFBWDNJUSEGQOBHKRTAREEZMWKPPRBXOHDROEQGBBGTQVPGVKBVVGBIMHUSZYDAJQIROAXSSSNREHYGGRP\
         ISEZBOVMQIEMMZCYSGQDGRERVBILEKXYQIRGIRQNRDNVRXCYYTNJR",
    );
}

#[test]
fn the_last_message_on_the_scharnhorst_of_1943_comes_out() {
    // Franklin Heath, Enigma Sample Messages: an M3 with rotors of two notches.
    use RotorName::{III, VI, VIII};
    let config = EnigmaConfig {
        model: EnigmaModel::M3,
        rotors: vec![III, VI, VIII],
        rings: "AHM".into(),
        start: "UZV".into(),
        plugboard: "AN EZ HK IJ LR MQ OT PV SW UX".into(),
        ..plain()
    };
    check(
        &config,
        "STEUEREJTANAFJORDJANSTANDORTQUAAACCCVIERNEUNNEUNZWOFAHRTZWONULSMXXSCHARNHORSTHCO",
        "YKAENZAPMSCHZBFOCUVMRMDPYCOFHADZIZMEFXTHFLOLPZLFGGBOTGOXGRETDWTJIQHLMXVJWKZUASTR",
    );
}

#[test]
fn the_message_of_the_u_264_of_1942_comes_out() {
    // Franklin Heath, Enigma Sample Messages; the M4 Message Breaking Project, 2006.
    use RotorName::{Beta, I, II, IV};
    let config = EnigmaConfig {
        model: EnigmaModel::M4,
        rotors: vec![Beta, II, IV, I],
        reflector: ReflectorName::ThinB,
        rings: "AAAV".into(),
        start: "VJNA".into(),
        plugboard: "AT BL DF GJ HM NW OP QY RZ VX".into(),
    };
    check(
        &config,
        "VONVONJLOOKSJHFFTTTEINSEINSDREIZWOYYQNNSNEUNINHALTXXBEIANGRIFFUNTERWASSERGEDRUECKT\
         YWABOSXLETZTERGEGNERSTANDNULACHTDREINULUHRMARQUANTONJOTANEUNACHTSEYHSDREIYZWOZWONU\
         LGRADYACHTSMYSTOSSENACHXEKNSVIERMBFAELLTYNNNNNNOOOVIERYSICHTEINSNULL",
        "NCZWVUSXPNYMINHZXMQXSFWXWLKJAHSHNMCOCCAKUQPMKCSMHKSEINJUSBLKIOSXCKUBHMLLXCSJUSRRDV\
         KOHULXWCCBGVLIYXEOAHXRHKKFVDREWEZLXOBAFGYUJQUKGRTVUKAMEURBVEKSUHHVOYHABCJWMAKLFKLM\
         YFVNRIZRVVRTKOFDANJMOLBGFFLEOPRGTFLVRHOWOPBEKVWMUQFMPWPARMFHAGKXIIBG",
    );
}

#[test]
fn beta_and_gamma_at_a_make_an_m3_of_an_m4() {
    // Wikipedia, Enigma machine: with Beta and thin-B, or Gamma and thin-C, at A, the M4 could
    // read the M3's messages.
    use ReflectorName::{B, C, ThinB, ThinC};
    use RotorName::{Beta, Gamma, I, II, III};
    let message: Vec<SymbolId> = (0..500).map(|place| place * 7 % 26).collect();
    for (greek, thin, thick) in [(Beta, ThinB, B), (Gamma, ThinC, C)] {
        let m3 = EnigmaConfig {
            model: EnigmaModel::M3,
            reflector: thick,
            ..plain()
        };
        let m4 = EnigmaConfig {
            model: EnigmaModel::M4,
            rotors: vec![greek, I, II, III],
            reflector: thin,
            rings: "AAAA".into(),
            start: "AAAA".into(),
            ..plain()
        };
        let encrypt = |config| Enigma::new(&letters(), config).unwrap().encrypt(&message);
        assert_eq!(encrypt(&m3), encrypt(&m4));
    }
}

#[test]
fn small_letters_are_encrypted_where_the_alphabet_keeps_other_symbols() {
    // The ciphertext of ANGRIFFUM under this key, in the case of the plaintext.
    let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", crate::Outside::Keep).unwrap();
    let enigma = Enigma::new(&alphabet, &manual_of_1930()).unwrap();
    let message = alphabet.encode("Angriff um").unwrap();
    let ciphertext = alphabet.restore(&message, &enigma.encrypt(&message.ids));
    assert_eq!(ciphertext, "Uvcokxu qq");
}
