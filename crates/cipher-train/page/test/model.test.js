/** The page's model beside PyTorch's, whose weights and answers are those of cipher-model's tests. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Model } from "../src/model.js";
import { readSafetensors } from "../src/safetensors.js";
import { fromPyTorch } from "./pytorch.js";

const PYTORCH = new URL("../../../cipher-model/tests/pytorch/", import.meta.url);
const read = (name) => readFileSync(new URL(name, PYTORCH));

test("two layers in both directions answer as PyTorch's do", () => {
  const tensors = fromPyTorch(readSafetensors(read("exchange.safetensors")), 2, true);
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
  const tensors = fromPyTorch(readSafetensors(read("exchange.safetensors")), 2, true);
  const model = new Model(tensors, { d_embedding: 6, d_hidden: 4, n_layers: 2, bidirectional: true });
  assert.equal(model.read([]).probabilities.length, 0);
});
