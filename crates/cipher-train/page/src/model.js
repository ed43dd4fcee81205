/*
 * Embedding -> LSTM -> Linear, as crates/cipher-model has it:
 *
 *   i = sigmoid(x W_i + h U_i + b_i)     how much of the new goes in
 *   f = sigmoid(x W_f + h U_f + b_f)     how much of the old stays
 *   g = tanh   (x W_g + h U_g + b_g)     what is new
 *   o = sigmoid(x W_o + h U_o + b_o)     how much is shown
 *   c = f * c + i * g
 *   h = o * tanh(c)
 *
 * The four gates stand side by side in one matrix, in this order.
 */

/** What can be seen of a unit at each step. */
export const QUANTITIES = ["i", "f", "g", "o", "c", "h"];

export class Model {
  constructor(tensors, { d_embedding, d_hidden, n_layers, bidirectional }) {
    const tensor = (name) => tensors[name].values;
    this.dHidden = d_hidden;
    this.nSymbols = tensors["linear.bias"].shape[0];
    this.weight = tensor("linear.weight"); // [d_output, n_symbols]
    this.bias = tensor("linear.bias"); // [n_symbols]
    this.embedding = tensor("embedding.weight"); // [n_ids + 1, d_embedding]
    if ("key_embedding.weight" in tensors) {
      this.embedding = sums(this.embedding, tensor("key_embedding.weight"), d_embedding);
    }
    this.dEmbedding = d_embedding;
    const names = bidirectional ? ["forward", "backward"] : ["forward"];
    this.layers = Array.from({ length: n_layers }, (_, layer) => names.map((name) => {
      const of = (part) => tensor(`lstm.layers.${layer}.${name}.${part}`);
      return new Direction(of("input_weights"), of("hidden_weights"), of("bias"), d_hidden);
    }));
    // A symbol's gates before its context are always the same.
    const nRows = this.embedding.length / d_embedding;
    this.tables = this.layers[0].map((direction) => direction.inputGates(this.embedding, nRows));
  }

  /**
   * Reads a message of ids and answers to those after the first `nBefore`. `probabilities` is
   * [time, n_symbols]; `states[layer][direction]` has the gates, the cell and the hidden state, each
   * [time, d_hidden].
   */
  read(ids, nBefore = 0) {
    const time = ids.length;
    let input = null; // [time, d_input]
    const states = this.layers.map((directions, layer) => {
      const read = directions.map((direction, which) => {
        const table = layer === 0 ? this.tables[which] : direction.inputGates(input, time);
        const rows = layer === 0 ? ids : Array.from({ length: time }, (_, t) => t);
        return direction.read(table, rows, which === 1);
      });
      input = sideBySide(read.map((state) => state.h), time, this.dHidden);
      return read;
    });
    const from = (values, width) => values.subarray(nBefore * width);
    return {
      probabilities: from(this.answer(input, time), this.nSymbols),
      states: states.map((directions) => directions.map((state) =>
        Object.fromEntries(QUANTITIES.map((name) => [name, from(state[name], this.dHidden)])))),
    };
  }

  /** `[time, d_output]` to `[time, n_symbols]` */
  answer(output, time) {
    const { nSymbols, weight, bias } = this;
    const dOutput = weight.length / nSymbols;
    const probabilities = new Float32Array(time * nSymbols);
    for (let t = 0; t < time; t++) {
      const scores = new Float64Array(bias);
      for (let k = 0; k < dOutput; k++) {
        const value = output[t * dOutput + k];
        for (let j = 0; j < nSymbols; j++) scores[j] += value * weight[k * nSymbols + j];
      }
      probabilities.set(softmax(scores), t * nSymbols);
    }
    return probabilities;
  }
}

/** One direction of one layer. */
class Direction {
  constructor(inputWeights, hiddenWeights, bias, dHidden) {
    this.inputWeights = inputWeights; // [d_input, 4 * d_hidden]
    this.bias = bias; // [4 * d_hidden]
    this.dHidden = dHidden;
    this.hiddenWeights = transposed(hiddenWeights, dHidden, 4 * dHidden); // [4 * d_hidden, d_hidden]
  }

  /** `x W + b` for vectors `[n, d_input]`: `[n, 4 * d_hidden]` */
  inputGates(vectors, n) {
    const { inputWeights, bias } = this;
    const width = bias.length;
    const dInput = inputWeights.length / width;
    const gates = new Float32Array(n * width);
    for (let row = 0; row < n; row++) {
      const sums = new Float64Array(bias);
      for (let k = 0; k < dInput; k++) {
        const value = vectors[row * dInput + k];
        for (let j = 0; j < width; j++) sums[j] += value * inputWeights[k * width + j];
      }
      gates.set(sums, row * width);
    }
    return gates;
  }

  /** Runs through time, over rows of the input's gates. */
  read(inputGates, rows, isReversed) {
    const [time, d] = [rows.length, this.dHidden];
    const state = Object.fromEntries(QUANTITIES.map((name) => [name, new Float32Array(time * d)]));
    let hidden = new Float32Array(d);
    let cell = new Float32Array(d);
    for (let step = 0; step < time; step++) {
      const t = isReversed ? time - 1 - step : step;
      const { hidden: h, cell: c } = this.step(inputGates, rows[t], hidden, cell, state, t);
      [hidden, cell] = [h, c];
    }
    return state;
  }

  step(inputGates, row, hidden, cell, state, t) {
    const { dHidden: d, hiddenWeights } = this;
    const at = row * 4 * d;
    const gate = (which, unit) =>
      inputGates[at + which * d + unit] + product(hiddenWeights, (which * d + unit) * d, hidden);
    const { i, f, g, o, c, h } = state;
    for (let unit = 0; unit < d; unit++) {
      const place = t * d + unit;
      i[place] = sigmoid(gate(0, unit));
      f[place] = sigmoid(gate(1, unit));
      g[place] = Math.tanh(gate(2, unit));
      o[place] = sigmoid(gate(3, unit));
      c[place] = f[place] * cell[unit] + i[place] * g[place];
      h[place] = o[place] * Math.tanh(c[place]);
    }
    const now = (values) => values.subarray(t * d, (t + 1) * d);
    return { hidden: now(h), cell: now(c) };
  }
}

/**
 * The vector of each key symbol beside each other symbol, then those where the key begins, and last that of padding:
 * `[2 * n_key * n_symbols + 1, d]`. The last of `keys` is added where the key begins.
 */
function sums(symbols, keys, d) {
  const [width, nKeys] = [symbols.length - d, keys.length / d - 1];
  const all = new Float32Array(2 * nKeys * width + d);
  for (let row = 0; row < 2 * nKeys; row++) {
    const [key, begins] = [row % nKeys, row >= nKeys ? 1 : 0];
    for (let k = 0; k < width; k++) {
      all[row * width + k] = symbols[k] + (keys[key * d + k % d] + begins * keys[nKeys * d + k % d]);
    }
  }
  all.set(symbols.subarray(width), 2 * nKeys * width);
  return all;
}

/** The inner product of a vector and as many values from a place on. */
function product(values, from, vector) {
  let [a, b] = [0, 0];
  const n = vector.length;
  const even = n - n % 2;
  // Two sums at a time do not wait for each other.
  for (let k = 0; k < even; k += 2) {
    a += values[from + k] * vector[k];
    b += values[from + k + 1] * vector[k + 1];
  }
  return even < n ? a + b + values[from + even] * vector[even] : a + b;
}

function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

function softmax(scores) {
  const highest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function transposed(values, nRows, nColumns) {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < nRows; row++) {
    for (let column = 0; column < nColumns; column++) {
      turned[column * nRows + row] = values[row * nColumns + column];
    }
  }
  return turned;
}

/** One or two blocks `[time, d]` as one, `[time, d_output]`. */
function sideBySide(blocks, time, d) {
  if (blocks.length === 1) return blocks[0];
  const joined = new Float32Array(time * d * blocks.length);
  for (let t = 0; t < time; t++) {
    blocks.forEach((block, which) => {
      joined.set(block.subarray(t * d, (t + 1) * d), (t * blocks.length + which) * d);
    });
  }
  return joined;
}
