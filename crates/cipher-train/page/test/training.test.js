/** The page's training beside PyTorch's gradients, which cipher-model's tests have, and finite differences. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Adam } from "../src/adam.js";
import { crossEntropy, lossAndGradients } from "../src/gradients.js";
import { Model } from "../src/model.js";
import { RandomNumbers } from "../src/random.js";
import { SYMBOLS, Training, caesar } from "../src/training.js";
import { fromPyTorch } from "./pytorch.js";

const PARITY = JSON.parse(readFileSync(new URL("../../../cipher-model/tests/pytorch/parity.json", import.meta.url)));
const CONFIG = { d_embedding: 3, d_hidden: 4, n_layers: 1, bidirectional: false };
const LSTM = "lstm.layers.0.forward";
const NAMES = ["embedding.weight", `${LSTM}.input_weights`, `${LSTM}.hidden_weights`, `${LSTM}.bias`, "linear.weight", "linear.bias"];

/** PyTorch's networks of one layer that reads forwards: one of messages of different lengths, one of equal. */
const CASES = PARITY.cases.filter(({ n_layers, bidirectional }) => n_layers === 1 && !bidirectional);

/** Nested arrays of PyTorch's as tensors. */
function asTensors(arrays) {
  return Object.fromEntries(Object.entries(arrays).map(([name, rows]) => {
    const shape = Array.isArray(rows[0]) ? [rows.length, rows[0].length] : [rows.length];
    return [name, { shape, values: Float32Array.from(rows.flat()) }];
  }));
}

function batchOf({ ciphertext, plaintext, lengths }) {
  return lengths.map((length, m) => ({
    ciphertext: ciphertext[m].slice(0, length), plaintext: plaintext[m].slice(0, length),
  }));
}

function assertClose(found, expected, tolerance, what) {
  assert.equal(found.length, expected.length, what);
  found.forEach((value, k) => {
    // Written so that NaN fails.
    assert.ok(Math.abs(value - expected[k]) <= tolerance, `${what}[${k}]: ${value} instead of ${expected[k]}`);
  });
}

test("the loss and every gradient are PyTorch's, to within a millionth", () => {
  assert.equal(CASES.length, 2);
  for (const parity of CASES) {
    const tensors = fromPyTorch(asTensors(parity.weights), 1, false);
    const { loss, gradients } = lossAndGradients(tensors, CONFIG, batchOf(parity));
    assertClose([loss], [parity.loss], 1e-6, "loss");
    const expected = fromPyTorch(asTensors(parity.gradients), 1, false);
    // Each of PyTorch's two biases has the gradient of their sum.
    expected[`${LSTM}.bias`].values = Float32Array.from(parity.gradients["lstm.bias_ih_l0"]);
    assert.deepEqual(Object.keys(gradients).sort(), [...NAMES].sort());
    for (const name of NAMES) assertClose(gradients[name], expected[name].values, 1e-6, name);
  }
});

/** The loss as the page's forward pass alone has it. */
function lossOf(tensors, config, batch) {
  const model = new Model(tensors, config);
  const nCharacters = batch.reduce((n, { plaintext }) => n + plaintext.length, 0);
  return batch.reduce((sum, { ciphertext, plaintext }) =>
    sum + crossEntropy(model.read(ciphertext).probabilities, plaintext, model.nSymbols) / nCharacters, 0);
}

test("every gradient of the network that learns is the slope of its loss", () => {
  const training = new Training({ key: 5, dHidden: 3, seed: 7 });
  // After some steps no weight is as it began.
  for (let n = 0; n < 20; n++) training.step();
  const { tensors, config } = training;
  const batch = training.messages(2);
  const { gradients } = lossAndGradients(tensors, config, batch);
  // The states have 32 bits, so a smaller change would drown in rounding.
  const change = 0.01;
  for (const name of NAMES) {
    const { values } = tensors[name];
    const lossAt = (k, by) => {
      const before = values[k];
      values[k] = before + by;
      const loss = lossOf(tensors, config, batch);
      values[k] = before;
      return loss;
    };
    // Four points, whose error falls with the fourth power of the change.
    const slopes = Array.from(values, (_, k) =>
      (8 * (lossAt(k, change) - lossAt(k, -change)) - (lossAt(k, 2 * change) - lossAt(k, -2 * change))) / (12 * change));
    assertClose(gradients[name], slopes, 1e-5, name);
    assert.ok(gradients[name].some((grad) => Math.abs(grad) > 1e-3), `${name} has gradients that count`);
  }
});

test("Adam's first two steps are those of its paper", () => {
  const tensors = { weight: { shape: [1], values: Float64Array.of(1) } };
  const adam = new Adam(tensors, 0.1);
  // The corrected means of the first step are the gradient and its square: one learning rate down.
  adam.step({ weight: [4] });
  assertClose(tensors.weight.values, [0.9], 1e-8, "after one step");
  // m = (0.9 * 0.1 * 4 - 0.1 * 2) / (1 - 0.81), v = (0.999 * 0.001 * 16 + 0.001 * 4) / (1 - 0.998001)
  adam.step({ weight: [-2] });
  assertClose(tensors.weight.values, [0.9 - 0.1 * (0.16 / 0.19) / Math.sqrt(0.019984 / 0.001999)], 1e-8, "after two steps");
});

for (const [key, dHidden] of [[13, 10], [3, 10], [13, 24], [26, 24]]) {
  test(`${dHidden} hidden units learn the key ${key}, and decrypt new messages without an error`, () => {
    const training = new Training({ key, dHidden, seed: 1 });
    assert.ok(training.seen.accuracy < 0.2, `knows nothing at first: ${training.seen.accuracy}`);
    assert.ok(Math.abs(training.seen.loss - Math.log(27)) < 0.3, `${training.seen.loss}`);
    while (!training.isOver) training.advance();
    assert.ok(training.hasLearned && training.losses.length < 200, `${training.losses.length} steps`);
    assert.ok(training.losses.at(-1) < 0.15, `${training.losses.at(-1)}`);
    // Messages of another generator and another length.
    const random = new RandomNumbers(99);
    for (let m = 0; m < 100; m++) {
      const plaintext = Array.from({ length: 1 + m }, () => random.below(SYMBOLS.length));
      assert.deepEqual(training.decrypt(plaintext.map((id) => caesar(id, key))), plaintext);
    }
  });
}

test("the same settings give the same weights, and another seed gives others", () => {
  const weights = (seed) => {
    const training = new Training({ key: 13, dHidden: 5, seed });
    for (let n = 0; n < 5; n++) training.advance();
    return training.tensors["linear.weight"].values;
  };
  assert.deepEqual(weights(1), weights(1));
  assert.notDeepEqual(weights(1), weights(2));
});

test("random numbers are those of C++'s minstd_rand, and normal ones have mean 0 and variance 1", () => {
  // The standard requires this 10,000th number after the state 1.
  const random = new RandomNumbers(0);
  for (let n = 0; n < 10_000; n++) random.next();
  assert.equal(random.state, 399268537);
  const normals = Array.from({ length: 20_000 }, () => random.normal());
  const mean = normals.reduce((a, b) => a + b) / normals.length;
  const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05, `${mean}, ${variance}`);
});
