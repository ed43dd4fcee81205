use cipher_data::Alphabet;

use super::svg::{BLUE, ORANGE, Svg};
use crate::Result;

const CELL: f64 = 30.0;
const TOP: f64 = 48.0;
const LEFT: f64 = 16.0;

/// Three messages side by side, and which of their places count.
pub fn draw() -> Result<String> {
    let alphabet = Alphabet::letters_and_dash();
    let messages = ["MEET-ME", "AT", "NOON"];
    let time = 7;
    let mask = LEFT + time as f64 * CELL + 48.0; // where the mask begins
    let lengths = mask + time as f64 * CELL + 40.0;
    let mut svg = Svg::new(
        "A padded batch of three messages, its mask and its lengths",
        (lengths + 40.0, TOP + 3.0 * CELL + 40.0),
    );
    let middle = |begin: f64| begin + time as f64 * CELL / 2.0;
    svg.text("", (middle(LEFT), 32.0), "ids, [batch, time]");
    svg.text("", (middle(mask), 32.0), "mask");
    svg.text("", (lengths, 32.0), "length");
    for (row, message) in messages.into_iter().enumerate() {
        let y = TOP + row as f64 * CELL;
        let ids = alphabet.encode(message)?.ids;
        for place in 0..time {
            let at = |begin: f64| (begin + place as f64 * CELL, y);
            let text = |begin: f64| (begin + (place as f64 + 0.5) * CELL, y + 20.0);
            let (color, id, counts) = match ids.get(place) {
                Some(id) => (BLUE, *id, "1"),
                None => (ORANGE, alphabet.len() as u16, "0"),
            };
            let strength = if counts == "1" { 0.25 } else { 0.45 };
            svg.square(at(LEFT), CELL, color, strength);
            svg.text("mono", text(LEFT), &id.to_string());
            svg.square(
                at(mask),
                CELL,
                color,
                if counts == "1" { 0.25 } else { 0.0 },
            );
            svg.text("mono", text(mask), counts);
        }
        svg.text("mono", (lengths, y + 20.0), &ids.len().to_string());
    }
    let note = "27 is padding: no symbol has this id";
    svg.text("small left", (LEFT, TOP + 3.0 * CELL + 24.0), note);
    Ok(svg.finish())
}
