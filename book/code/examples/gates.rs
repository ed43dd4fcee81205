//! Opens a trained LSTM over a message: the unit that remembers the lock.

use book::{Result, gates, locked, units_by_telling};
use cipher_data::Alphabet;
use cipher_model::{Backend, Bundle};

fn main() -> Result<()> {
    let bundle = Bundle::load("book/shift-lock", &Backend::default().open()?)?;
    let alphabet = Alphabet::letters_and_dash();
    let ids = alphabet.encode("KHOOR-XUCCF-XUCCF-AOO-XUCCF")?.ids;
    let steps = gates(&bundle.model, &ids);

    let unit = units_by_telling(&steps, &locked(&ids))[0];
    println!("unit {unit}       i      f      g      o      c");
    for (id, step) in ids.iter().zip(&steps).skip(14).take(11) {
        let [i, f, g, o] = step.gates.each_ref().map(|gate| gate[unit]);
        let (symbol, c) = (alphabet.symbol(*id), step.cell[unit]);
        println!("{symbol}         {i:6.2} {f:6.2} {g:6.2} {o:6.2} {c:6.2}");
    }
    Ok(())
}
