import { Adam } from "./adam.js";
import { crossEntropy, lossAndGradients } from "./gradients.js";
import { Model } from "./model.js";
import { RandomNumbers } from "./random.js";

/** The tutorial's symbols and sizes. */
export const SYMBOLS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ-"];
const [D_EMBEDDING, MESSAGE_LENGTH] = [20, 32];
/** The tutorial's ten hidden units need fewer than a hundred, four may need two thousand, and two do not get there. */
const MAX_STEPS = 3000;
const [BATCH_SIZE, LEARNING_RATE] = [16, 0.02];
/** A network is tested once its loss, in nats, is as low as this: answers that are barely right differ again soon. */
export const TARGET_LOSS = 0.1;
/** Messages of a look at how well the network does, and of the test that ends a training. */
const [N_VALIDATION, N_TEST] = [16, 200];

/** The symbol that a Caesar cipher writes for another: `key` places further on, around the end. */
export function caesar(id, key) {
  return (id + key) % SYMBOLS.length;
}

/** A network that learns a Caesar cipher from random messages. The same settings give the same run. */
export class Training {
  constructor({ key, dHidden, seed }) {
    this.key = key;
    this.random = new RandomNumbers(seed);
    this.config = { d_embedding: D_EMBEDDING, d_hidden: dHidden, n_layers: 1, bidirectional: false };
    this.tensors = initialWeights(this.config, this.random);
    this.adam = new Adam(this.tensors, LEARNING_RATE);
    this.losses = []; // of each step
    this.hasLearned = false;
    this.look(N_VALIDATION);
  }

  /** Takes some steps, more and more as progress slows down, and looks at how well the network does. */
  advance() {
    const nSteps = Math.min(1 + Math.floor(this.losses.length / 100), MAX_STEPS - this.losses.length);
    for (let n = 0; n < nSteps; n++) this.step();
    this.look(N_VALIDATION);
    const isSure = this.seen.accuracy === 1 && this.seen.loss <= TARGET_LOSS;
    if (!isSure && !this.isOver) return;
    // A rare error is not in every few messages.
    this.look(N_TEST);
    this.hasLearned = isSure && this.seen.accuracy === 1;
  }

  get isOver() {
    return this.hasLearned || this.losses.length >= MAX_STEPS;
  }

  get nMessages() {
    return BATCH_SIZE * this.losses.length;
  }

  step() {
    const { loss, gradients } = lossAndGradients(this.tensors, this.config, this.messages(BATCH_SIZE));
    this.adam.step(gradients);
    this.losses.push(loss);
  }

  /** New random messages: `[{ ciphertext, plaintext }]` in ids. */
  messages(n) {
    return Array.from({ length: n }, () => {
      const plaintext = Array.from({ length: MESSAGE_LENGTH }, () => this.random.below(SYMBOLS.length));
      return { plaintext, ciphertext: plaintext.map((id) => caesar(id, this.key)) };
    });
  }

  decrypt(ciphertext) {
    return mostLikely(new Model(this.tensors, this.config).read(ciphertext).probabilities);
  }

  /**
   * Decrypts new messages. `seen` has how many, the mean loss, the share of characters that are right,
   * and how often each ciphertext symbol got each answer, `[n_symbols, n_symbols]`.
   */
  look(nMessages) {
    const model = new Model(this.tensors, this.config);
    const counts = SYMBOLS.map(() => SYMBOLS.map(() => 0));
    const nCharacters = nMessages * MESSAGE_LENGTH;
    let [loss, nRight] = [0, 0];
    for (const { ciphertext, plaintext } of this.messages(nMessages)) {
      const { probabilities } = model.read(ciphertext);
      loss += crossEntropy(probabilities, plaintext, SYMBOLS.length);
      mostLikely(probabilities).forEach((id, t) => {
        counts[ciphertext[t]][id] += 1;
        nRight += id === plaintext[t] ? 1 : 0;
      });
    }
    this.seen = { nMessages, nCharacters, loss: loss / nCharacters, accuracy: nRight / nCharacters, counts };
  }
}

/** Weights from the distributions that PyTorch draws them from. */
function initialWeights({ d_embedding, d_hidden }, random) {
  const bound = 1 / Math.sqrt(d_hidden);
  const tensor = (shape, draw) => {
    const length = shape.reduce((a, b) => a * b);
    return { shape, values: Float32Array.from({ length }, draw) };
  };
  const even = (...shape) => tensor(shape, () => random.between(bound));
  return {
    "embedding.weight": tensor([SYMBOLS.length + 1, d_embedding], () => random.normal()),
    "lstm.layers.0.forward.input_weights": even(d_embedding, 4 * d_hidden),
    "lstm.layers.0.forward.hidden_weights": even(d_hidden, 4 * d_hidden),
    // PyTorch has two biases, which act as their sum.
    "lstm.layers.0.forward.bias": tensor([4 * d_hidden], () => random.between(bound) + random.between(bound)),
    "linear.weight": even(d_hidden, SYMBOLS.length),
    "linear.bias": even(SYMBOLS.length),
  };
}

/** The most likely symbol at each step of `[time, n_symbols]`. */
function mostLikely(probabilities) {
  return Array.from({ length: probabilities.length / SYMBOLS.length }, (_, t) =>
    highest(probabilities.subarray(t * SYMBOLS.length, (t + 1) * SYMBOLS.length)));
}

/** The place of the highest value. */
export function highest(values) {
  let best = 0;
  for (let place = 1; place < values.length; place++) if (values[place] > values[best]) best = place;
  return best;
}
