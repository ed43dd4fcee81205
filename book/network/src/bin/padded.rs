//! An LSTM that learns from messages of different lengths.

// ANCHOR: imports
use burn::module::Module;
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::activation::{log_softmax, sigmoid};
use burn::tensor::{Device, Int, Tensor, TensorData};
// ANCHOR_END: imports

/// `A` to `Z` are 0 to 25, and `-` is 26.
const N_SYMBOLS: usize = 27;

// ANCHOR: sizes
const D_EMBEDDING: usize = 16;
const D_HIDDEN: usize = 32;
const BATCH: usize = 32;
/// Letters of an address.
const ADDRESS: usize = 4;
/// Letters of a text, at least and at most.
const TEXT: (usize, usize) = (4, 32);
/// An id that no symbol has.
const PADDING: usize = 27;
// ANCHOR_END: sizes

/// Random numbers by SplitMix64: the same seed gives the same numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % n as u64) as usize
    }
}

// ANCHOR: cipher
/// The sign in front of a message.
const A: usize = 0;
const DASH: usize = 26;

/// Shifts the letters `B` to `Z`. Those of the address, which follows the sign, are shifted by 3.
/// Those of the text are shifted by 3 too if the sign is an `A`, and by 16 if it is a `-`.
fn encrypt(plaintext: &[usize]) -> Vec<usize> {
    let shift = |(t, &id): (usize, &usize)| {
        let is_text = t > ADDRESS;
        match id {
            A | DASH => id,
            _ if is_text && plaintext[0] == DASH => 1 + (id - 1 + 16) % 25,
            _ => 1 + (id - 1 + 3) % 25,
        }
    };
    plaintext.iter().enumerate().map(shift).collect()
}
// ANCHOR_END: cipher

// ANCHOR: batch
impl Random {
    /// Messages of a sign, an address and a text: their ciphertexts and their plaintexts.
    fn messages(&mut self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let (shortest, longest) = TEXT;
        let plaintext = |_| {
            let sign = [A, DASH][self.below(2)];
            let n_letters = ADDRESS + shortest + self.below(longest - shortest + 1);
            let letters = (0..n_letters).map(|_| 1 + self.below(25));
            std::iter::once(sign).chain(letters).collect()
        };
        let plaintexts: Vec<Vec<usize>> = (0..BATCH).map(plaintext).collect();
        let ciphertexts = plaintexts
            .iter()
            .map(|plaintext| encrypt(plaintext))
            .collect();
        (ciphertexts, plaintexts)
    }
}

/// Messages side by side, the shorter ones filled up with padding: `[batch, time]`.
fn pad(messages: &[Vec<usize>], device: &Device) -> Tensor<2, Int> {
    let time = messages.iter().map(Vec::len).max().unwrap_or(0);
    let place = |message: &[usize], t| *message.get(t).unwrap_or(&PADDING) as i32;
    let row = |message: &Vec<usize>| -> Vec<i32> { (0..time).map(|t| place(message, t)).collect() };
    let ids: Vec<i32> = messages.iter().flat_map(row).collect();
    Tensor::from_data(TensorData::new(ids, [messages.len(), time]), device)
}
// ANCHOR_END: batch

// ANCHOR: network
#[derive(Module, Debug)]
struct Network {
    embedding: Embedding,
    input: Linear,
    hidden: Linear,
    output: Linear,
}

impl Network {
    fn new(device: &Device) -> Self {
        Self {
            embedding: EmbeddingConfig::new(N_SYMBOLS + 1, D_EMBEDDING).init(device),
            input: LinearConfig::new(D_EMBEDDING, 4 * D_HIDDEN).init(device),
            hidden: LinearConfig::new(D_HIDDEN, 4 * D_HIDDEN).init(device),
            output: LinearConfig::new(D_HIDDEN, N_SYMBOLS).init(device),
        }
    }

    /// The logits of every plaintext symbol at each step.
    fn forward(&self, ciphertext: Tensor<2, Int>) -> Tensor<3> {
        let [batch, time] = ciphertext.dims();
        let x = self.embedding.forward(ciphertext); // [batch, time, d_embedding]
        let mut h = Tensor::<2>::zeros([batch, D_HIDDEN], &x.device());
        let mut c = h.clone();
        let mut states = Vec::new();
        for t in 0..time {
            let x = x.clone().narrow(1, t, 1).squeeze_dim::<2>(1); // [batch, d_embedding]
            let gates = self.input.forward(x) + self.hidden.forward(h); // [batch, 4 * d_hidden]
            let gate = |k: usize| gates.clone().narrow(1, k * D_HIDDEN, D_HIDDEN);
            let (i, f, g, o) = (gate(0), gate(1), gate(2), gate(3)); // [batch, d_hidden] each
            // The 1 keeps most of the memory before anything has been learned.
            c = sigmoid(f + 1.0) * c + sigmoid(i) * g.tanh();
            h = sigmoid(o) * c.clone().tanh();
            states.push(h.clone());
        }
        self.output.forward(Tensor::stack(states, 1)) // [batch, time, 27]
    }
}
// ANCHOR_END: network

// ANCHOR: loss
/// The mean cross-entropy of the right symbols. Padding does not count.
fn loss(logits: Tensor<3>, plaintext: Tensor<2, Int>) -> Tensor<1> {
    let mask = plaintext.clone().lower_elem(PADDING as i64).float(); // [batch, time]
    // A place of padding needs an index that exists. The mask removes what is picked there.
    let right = plaintext.clamp_max(N_SYMBOLS as i64 - 1).unsqueeze_dim(2); // [batch, time, 1]
    let log_probabilities = log_softmax(logits, 2).gather(2, right).squeeze_dim(2); // [batch, time]
    (log_probabilities * mask.clone()).sum().neg() / mask.sum()
}
// ANCHOR_END: loss

// ANCHOR: evaluate
/// The share of right answers. Answers in padding do not count.
fn accuracy(network: &Network, random: &mut Random, device: &Device) -> f64 {
    let (mut right, mut all) = (0, 0);
    for _ in 0..10 {
        let (ciphertexts, plaintexts) = random.messages();
        let answers = network.forward(pad(&ciphertexts, device)).argmax(2); // [batch, time, 1]
        let [_, time, _] = answers.dims();
        let answers: Vec<i64> = answers.into_data().iter().collect();
        for (answers, plaintext) in answers.chunks(time).zip(plaintexts) {
            let pairs = answers.iter().zip(&plaintext);
            right += pairs
                .filter(|&(&answer, &symbol)| answer as usize == symbol)
                .count();
            all += plaintext.len();
        }
    }
    right as f64 / all as f64
}
// ANCHOR_END: evaluate

// ANCHOR: main
fn main() {
    let device = Device::flex();
    device.seed(1);
    let training_device = device.clone().autodiff();
    let mut network = Network::new(&training_device);
    let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
    let mut random = Random(1);
    for update in 1..=1000 {
        let (ciphertexts, plaintexts) = random.messages();
        let logits = network.forward(pad(&ciphertexts, &training_device));
        let loss = loss(logits, pad(&plaintexts, &training_device));
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(0.01, network, gradients);
        if update % 200 == 0 {
            println!("update {update}: loss {:.3}", loss.into_scalar::<f32>());
        }
    }
    let accuracy = accuracy(&network.valid(), &mut Random(2), &device);
    println!(
        "{:.0} % of other messages' symbols are right",
        100.0 * accuracy
    );
}
// ANCHOR_END: main
