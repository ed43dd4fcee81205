/** The page's model beside PyTorch's, whose weights and answers are those of cipher-model's tests. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Model } from "../src/model.js";
import { readSafetensors } from "../src/safetensors.js";

const PYTORCH = new URL("../../../cipher-model/tests/pytorch/", import.meta.url);
const read = (name) => readFileSync(new URL(name, PYTORCH));

/** PyTorch's tensors under our names: matrices turned, the two biases as their sum. */
function fromPyTorch(tensors, nLayers) {
  const turned = ({ shape: [rows, columns], values }) => ({
    shape: [columns, rows],
    values: Float32Array.from(values, (_, k) => values[(k % rows) * columns + Math.floor(k / rows)]),
  });
  const ours = {
    "embedding.weight": tensors["embedding.weight"],
    "linear.weight": turned(tensors["linear.weight"]),
    "linear.bias": tensors["linear.bias"],
  };
  for (let layer = 0; layer < nLayers; layer++) {
    for (const [direction, suffix] of [["forward", ""], ["backward", "_reverse"]]) {
      const of = (name) => tensors[`lstm.${name}_l${layer}${suffix}`];
      const name = `lstm.layers.${layer}.${direction}`;
      ours[`${name}.input_weights`] = turned(of("weight_ih"));
      ours[`${name}.hidden_weights`] = turned(of("weight_hh"));
      const biases = [of("bias_ih"), of("bias_hh")];
      ours[`${name}.bias`] = { values: biases[0].values.map((bias, k) => bias + biases[1].values[k]) };
    }
  }
  return ours;
}

test("two layers in both directions answer as PyTorch's do", () => {
  const tensors = fromPyTorch(readSafetensors(read("exchange.safetensors")), 2);
  const { ids, logits } = JSON.parse(read("exchange.json"));
  const model = new Model(tensors, { d_embedding: 6, d_hidden: 4, n_layers: 2, bidirectional: true });
  ids.forEach((message, m) => {
    const { probabilities } = model.read(message);
    logits[m].forEach((ofStep, t) => {
      const powers = ofStep.map(Math.exp);
      const sum = powers.reduce((a, b) => a + b);
      powers.forEach((power, j) => {
        const found = probabilities[t * model.nSymbols + j];
        assert.ok(Math.abs(found - power / sum) < 1e-5, `message ${m}, step ${t}, symbol ${j}: ${found}`);
      });
    });
  });
});

test("an empty message has no answers", () => {
  const tensors = fromPyTorch(readSafetensors(read("exchange.safetensors")), 2);
  const model = new Model(tensors, { d_embedding: 6, d_hidden: 4, n_layers: 2, bidirectional: true });
  assert.equal(model.read([]).probabilities.length, 0);
});
