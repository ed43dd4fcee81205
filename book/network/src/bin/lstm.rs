//! An LSTM that remembers a sign.

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
const D_HIDDEN: usize = 16;
const BATCH: usize = 32;
/// Letters of a text.
const TEXT: usize = 8;
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
fn encrypt(plaintext: &[usize], address: usize) -> Vec<usize> {
    let shift = |(t, &id): (usize, &usize)| {
        let is_text = t > address;
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
    fn messages(&mut self, address: usize) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let plaintext = |_| {
            let sign = [A, DASH][self.below(2)];
            let letters = (0..address + TEXT).map(|_| 1 + self.below(25));
            std::iter::once(sign).chain(letters).collect()
        };
        let plaintexts: Vec<Vec<usize>> = (0..BATCH).map(plaintext).collect();
        let ciphertexts = plaintexts
            .iter()
            .map(|plaintext| encrypt(plaintext, address))
            .collect();
        (ciphertexts, plaintexts)
    }
}

/// Messages of the same length side by side: `[batch, time]`.
fn tensor(messages: &[Vec<usize>], device: &Device) -> Tensor<2, Int> {
    let ids: Vec<i32> = messages.iter().flatten().map(|&id| id as i32).collect();
    Tensor::from_data(
        TensorData::new(ids, [messages.len(), messages[0].len()]),
        device,
    )
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
            embedding: EmbeddingConfig::new(N_SYMBOLS, D_EMBEDDING).init(device),
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
/// The mean cross-entropy of the right symbols.
fn loss(logits: Tensor<3>, plaintext: Tensor<2, Int>) -> Tensor<1> {
    let log_probabilities = log_softmax(logits, 2); // [batch, time, 27]
    log_probabilities
        .gather(2, plaintext.unsqueeze_dim(2))
        .mean()
        .neg()
}
// ANCHOR_END: loss

// ANCHOR: evaluate
/// The share of right answers in the texts of new messages.
fn accuracy(network: &Network, address: usize, device: &Device) -> f64 {
    let (mut random, mut right, mut all) = (Random(2), 0, 0);
    for _ in 0..10 {
        let (ciphertexts, plaintexts) = random.messages(address);
        let answers = network.forward(tensor(&ciphertexts, device)).argmax(2); // [batch, time, 1]
        let answers: Vec<i64> = answers.into_data().iter().collect();
        for (answers, plaintext) in answers.chunks(1 + address + TEXT).zip(plaintexts) {
            let text = answers.iter().zip(&plaintext).skip(1 + address);
            right += text
                .filter(|&(&answer, &symbol)| answer as usize == symbol)
                .count();
            all += TEXT;
        }
    }
    right as f64 / all as f64
}
// ANCHOR_END: evaluate

// ANCHOR: main
fn main() {
    let device = Device::flex();
    let training_device = device.clone().autodiff();
    for address in [4, 8, 12, 16, 32] {
        device.seed(1);
        let mut network = Network::new(&training_device);
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let mut random = Random(1);
        for _update in 0..1000 {
            let (ciphertexts, plaintexts) = random.messages(address);
            let logits = network.forward(tensor(&ciphertexts, &training_device));
            let loss = loss(logits, tensor(&plaintexts, &training_device));
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = optimizer.step(0.01, network, gradients);
        }
        let accuracy = accuracy(&network.valid(), address, &device);
        println!(
            "address of {address:2}: {:.0} % of the text is right",
            100.0 * accuracy
        );
    }
}
// ANCHOR_END: main
