use std::path::Path;

use cipher_data::{Alphabet, Cipher};
use cipher_model::{Backend, Bundle};

use super::svg::{ABOVE, BELOW, Svg};
use crate::{Result, ShiftLock, gates, locked, units_by_telling};

const CELL: f64 = 26.0;
const LEFT: f64 = 152.0;
const TOP: f64 = 84.0;

/// The gates and the cell of one unit over a message: green above 0, purple below.
pub fn draw() -> Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shift-lock");
    let bundle = Bundle::load(folder, &Backend::default().open()?)?;
    let alphabet = Alphabet::letters_and_dash();
    let ids = alphabet.encode("KHOOR-XUCCF-XUCCF-AOO-XUCCF")?.ids;
    let plaintext = ShiftLock.decrypt(&ids);
    let is_locked = locked(&ids);
    let steps = gates(&bundle.model, &ids);
    let unit = units_by_telling(&steps, &is_locked)[0];

    let width = LEFT + ids.len() as f64 * CELL + 16.0;
    let mut svg = Svg::new(
        "The gates of the unit that remembers the lock",
        (width, 256.0),
    );
    for (label, y) in [("ciphertext", 24.0), ("plaintext", 46.0), ("lock", 68.0)] {
        svg.text("left", (12.0, y), label);
    }
    let rows = [
        "i  lets in",
        "f  keeps",
        "g  what comes in",
        "o  shows",
        "c  the cell",
    ];
    for (row, label) in rows.into_iter().enumerate() {
        svg.text("left", (12.0, TOP + row as f64 * CELL + 18.0), label);
    }
    for (place, step) in steps.iter().enumerate() {
        let x = LEFT + place as f64 * CELL;
        let middle = x + CELL / 2.0;
        svg.text("mono", (middle, 24.0), alphabet.symbol(ids[place]));
        svg.text("mono", (middle, 46.0), alphabet.symbol(plaintext[place]));
        svg.text(
            "small",
            (middle, 68.0),
            if is_locked[place] { "on" } else { "" },
        );
        let [i, f, g, o] = step.gates.each_ref().map(|gate| gate[unit]);
        let cell = step.cell[unit].clamp(-2.0, 2.0) / 2.0;
        for (row, value) in [i, f, g, o, cell].into_iter().enumerate() {
            let color = if value < 0.0 { BELOW } else { ABOVE };
            svg.square((x, TOP + row as f64 * CELL), CELL, color, value.abs());
        }
    }
    let note = "Green is above 0, purple below; the full colour is 1, for the cell 2 or more.";
    svg.text("small left", (12.0, TOP + 5.0 * CELL + 28.0), note);
    Ok(svg.finish())
}
