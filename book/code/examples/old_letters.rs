//! Invents letters as an archive has them: two-digit codes, several for each letter, one for THE, and
//! nulls that stand for nothing.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const LETTERS: [&str; 48] = [
    "THE DUKE MARCHES AT DAWN",
    "SEND POWDER AND SIX CANNON",
    "OUR ENVOY WAS TAKEN NEAR YORK",
    "BELIEVE NOTHING THE CARDINAL SAYS",
    "TWELVE SHIPS LIE OFF CALAIS",
    "BURN MY LAST LETTER",
    "THE HARBOUR IS FROZEN",
    "GOLD WILL REACH YOU BY MICHAELMAS",
    "HIS MAJESTY IS GRAVELY ILL",
    "KEEP WATCH ON THE NORTHERN ROAD",
    "WINTER QUARTERS ARE AGREED",
    "A SPY SITS AT YOUR TABLE",
    "THE BRIDGE IS DOWN",
    "OFFER PEACE BUT YIELD NO TOWN",
    "RETREAT BEFORE SUNSET",
    "THE QUEEN ASKS FOR MORE TIME",
    "PAY THE SWISS IN SILVER",
    "NO BREAD REMAINS IN THE CITADEL",
    "EXPECT A COURIER WITH A RED CLOAK",
    "THE TREATY IS A SHAM",
    "WE HAVE LOST FORTY HORSES",
    "BRIBE THE GAOLER",
    "VENICE WILL STAY NEUTRAL",
    "HER JEWELS WERE PAWNED",
    "CROSS BELOW THE MILL",
    "FEVER SPREADS THROUGH THE CAMP",
    "MY SON RIDES TO LISBON",
    "THE ADMIRAL QUARRELS WITH EVERYONE",
    "JOIN US WHEN THE MOON IS FULL",
    "SIX HUNDRED MEN DESERTED",
    "DELAY THE WEDDING",
    "THE POPE KNOWS OUR PLAN",
    "FORTIFY BOTH HILLS",
    "WHEAT IS DEAR AND SCARCE",
    "ZURICH LENDS US NOTHING",
    "HIDE THE HEIR IN A CONVENT",
    "THE ENEMY MINES THE WALL",
    "RELIEVE GHENT AT ANY COST",
    "A COMET FRIGHTENS THE TROOPS",
    "QUIETLY SELL YOUR LAND",
    "EXCHANGE THE PRISONERS",
    "OUR CIPHER MAY BE KNOWN",
    "THE FLEET PUT BACK IN A STORM",
    "TRUST ONLY JACQUES",
    "BREAK CAMP AND MOVE SOUTH",
    "THE BANKERS WANT SURETY",
    "HE CONFESSED UNDER TORTURE",
    "VICTORY AT THE FORD",
];

// ANCHOR: encipher
/// A number below 90 for each letter, of which it has three, and 90 for THE.
fn encipher(letter: &str, rng: &mut impl Rng) -> Vec<usize> {
    let mut codes = Vec::new();
    for word in letter.split(' ') {
        if word == "THE" {
            codes.push(90);
            continue;
        }
        for symbol in word.bytes() {
            let homophone = rng.random_range(0..3);
            codes.push((7 * usize::from(symbol - b'A') + 5) % 29 + 30 * homophone);
            if rng.random_bool(0.1) {
                codes.push(rng.random_range(95..99)); // a null
            }
        }
    }
    codes
}
// ANCHOR_END: encipher

fn main() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for letter in LETTERS {
        let codes = encipher(letter, &mut rng);
        let codes: Vec<String> = codes.iter().map(|code| format!("{code:02}")).collect();
        println!("{}\t{letter}", codes.join(" "));
    }
}
