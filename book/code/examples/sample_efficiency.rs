//! Characters needed to learn a substitution: the limit, a table, and a network.

use std::sync::Arc;

use book::{N_SYMBOLS, Result, batches, train};
use burn::module::Module;
use burn::tensor::Device;
use cipher_data::{
    Alphabet, BucketLoader, LengthRange, MessageDataset, Pair, PairBatcher, Split, Substitution,
    explain, find_rules,
};
use cipher_model::{AdamW, Backend, CipherModelConfig};

const KEY: &str = "QWERTYUIOP-ASDFGHJKLZXCVBNM";

fn main() -> Result<()> {
    let device = Backend::default().open()?;
    let alphabet = Alphabet::letters_and_dash();
    let cipher = Substitution::new(&alphabet, &KEY.into())?;
    let lengths = LengthRange::new(32, 32)?;
    let held_out = batches(cipher.clone(), (32, 32), Split::HeldOut, 320, &device)?;
    let all = MessageDataset::new(Arc::new(cipher), N_SYMBOLS, lengths, 1, Split::HeldOut, 320)?;
    let held_out_pairs = all.pairs(0..320)?;

    println!("pairs   characters   symbols seen, expected   table   network");
    for n_pairs in [1, 2, 4, 8, 16] {
        let n_characters = 32 * n_pairs;
        // A symbol is missed by all of n random characters with a chance of (26/27)^n.
        let seen = 1.0 - (26.0_f64 / 27.0).powi(n_characters);
        let cipher = Substitution::new(&alphabet, &KEY.into())?;
        let messages = MessageDataset::new(
            Arc::new(cipher),
            N_SYMBOLS,
            lengths,
            1,
            Split::Training,
            n_pairs as usize,
        )?;
        let pairs = messages.pairs(0..n_pairs as usize)?;
        let rules = find_rules(&pairs, &alphabet, &alphabet);
        let table = rules.last().expect("a table");
        let table = explain(table, &held_out_pairs).character_accuracy();
        let network = network(messages, &held_out, &device)?;
        println!(
            "{n_pairs:5} {n_characters:12} {:22.0} % {:5.0} % {:7.0} %",
            100.0 * seen,
            100.0 * table,
            100.0 * network
        );
    }
    Ok(())
}

/// The share of right answers on other messages, after 300 times through the few there are.
fn network(messages: MessageDataset, held_out: &BucketLoader, device: &Device) -> Result<f64> {
    let device = device.clone().autodiff();
    let source: Arc<dyn cipher_data::Dataset<Pair>> = Arc::new(messages); // the same every epoch
    let batcher = PairBatcher::new(N_SYMBOLS, N_SYMBOLS);
    let training = BucketLoader::new(Arc::new(source), batcher, 32, 1, &device);
    let mut model = CipherModelConfig::default().init(N_SYMBOLS, N_SYMBOLS, 1, &device)?;
    let mut optimizer = AdamW::new(0.1).into();
    for _ in 0..300 {
        model = train(model, &mut optimizer, &training, 0.01)?;
    }
    Ok(model.valid().evaluate(held_out)?.character_accuracy())
}
