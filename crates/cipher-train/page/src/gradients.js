import { Model } from "./model.js";

/**
 * The mean loss of a batch in nats for each character, and its gradient by every weight, by
 * backpropagation through time. The network has one layer, which reads forwards. A batch is a list of
 * `{ ciphertext, plaintext }` in ids. Messages are read one by one, so none is padded.
 */
export function lossAndGradients(tensors, config, batch) {
  const model = new Model(tensors, config);
  const gradients = Object.fromEntries(Object.keys(tensors).map((name) =>
    [name, new Float64Array(tensors[name].values.length)]));
  const gradTable = new Float64Array(model.tables[0].length); // [n_ids + 1, 4 * d_hidden]
  const nCharacters = batch.reduce((n, { plaintext }) => n + plaintext.length, 0);
  let loss = 0;
  for (const { ciphertext, plaintext } of batch) {
    const { probabilities, states: [[state]] } = model.read(ciphertext);
    loss += crossEntropy(probabilities, plaintext, model.nSymbols) / nCharacters;
    const gradLogits = logitGradients(probabilities, plaintext, nCharacters);
    const gradHidden = linearGradients(tensors, gradLogits, state.h, gradients);
    lstmGradients(tensors, ciphertext, state, gradHidden, gradTable, gradients);
  }
  tableGradients(tensors, gradTable, config.d_embedding, gradients);
  return { loss, gradients };
}

/** The loss of a message: minus the logarithm of the probability of each right symbol, summed. */
export function crossEntropy(probabilities, plaintext, nSymbols) {
  // In 32 bits a probability can be 0, whose logarithm is infinite.
  const lossAt = (id, t) => -Math.log(Math.max(probabilities[t * nSymbols + id], 1e-38));
  return plaintext.reduce((sum, id, t) => sum + lossAt(id, t), 0);
}

/** Of softmax and cross-entropy together: the probability, less 1 at the right symbol. `[time, n_symbols]` */
function logitGradients(probabilities, plaintext, nCharacters) {
  const nSymbols = probabilities.length / plaintext.length;
  const gradLogits = Float64Array.from(probabilities);
  plaintext.forEach((id, t) => (gradLogits[t * nSymbols + id] -= 1));
  return gradLogits.map((grad) => grad / nCharacters);
}

/** Back through the linear layer: adds to its gradients, and gives those of the hidden states, `[time, d_hidden]`. */
function linearGradients(tensors, gradLogits, hidden, gradients) {
  const weight = tensors["linear.weight"].values; // [d_hidden, n_symbols]
  const [gradWeight, gradBias] = [gradients["linear.weight"], gradients["linear.bias"]];
  const nSymbols = gradBias.length;
  const d = weight.length / nSymbols;
  const gradHidden = new Float64Array(hidden.length);
  for (let t = 0; t < hidden.length / d; t++) {
    const at = t * nSymbols;
    for (let j = 0; j < nSymbols; j++) gradBias[j] += gradLogits[at + j];
    for (let k = 0; k < d; k++) {
      const value = hidden[t * d + k];
      let sum = 0;
      for (let j = 0; j < nSymbols; j++) {
        sum += gradLogits[at + j] * weight[k * nSymbols + j];
        gradWeight[k * nSymbols + j] += gradLogits[at + j] * value;
      }
      gradHidden[t * d + k] = sum;
    }
  }
  return gradHidden;
}

/**
 * Back through time, from the last character to the first: adds to the gradients of the hidden
 * weights, and to those of the row of the table that each character took.
 */
function lstmGradients(tensors, ids, state, gradHidden, gradTable, gradients) {
  const [weights, gradWeights] = [tensors, gradients].map((all) => all["lstm.layers.0.forward.hidden_weights"]);
  const d = gradHidden.length / ids.length;
  const width = 4 * d;
  const gradGates = new Float64Array(width);
  // What the step after blames on this step's hidden state and cell state.
  const [gradH, gradC] = [new Float64Array(d), new Float64Array(d)];
  for (let t = ids.length - 1; t >= 0; t--) {
    for (let unit = 0; unit < d; unit++) gradH[unit] += gradHidden[t * d + unit];
    gateGradients(state, t, gradH, gradC, gradGates);
    for (let j = 0; j < width; j++) gradTable[ids[t] * width + j] += gradGates[j];
    for (let k = 0; k < d; k++) {
      const before = t > 0 ? state.h[(t - 1) * d + k] : 0;
      let sum = 0;
      for (let j = 0; j < width; j++) {
        sum += gradGates[j] * weights.values[k * width + j];
        gradWeights[k * width + j] += gradGates[j] * before;
      }
      gradH[k] = sum;
    }
  }
}

/** Back through one step of all units. `gradC` becomes the gradient of the cell state before. */
function gateGradients({ i, f, g, o, c }, t, gradH, gradC, gradGates) {
  const d = gradH.length;
  for (let unit = 0; unit < d; unit++) {
    const place = t * d + unit;
    const [input, forget, candidate, output] = [i[place], f[place], g[place], o[place]];
    const shown = Math.tanh(c[place]);
    const before = t > 0 ? c[place - d] : 0;
    const grad = gradC[unit] + gradH[unit] * output * (1 - shown * shown);
    // A sigmoid s has the derivative s (1 - s), and a tanh t has 1 - t².
    gradGates[unit] = grad * candidate * input * (1 - input);
    gradGates[d + unit] = grad * before * forget * (1 - forget);
    gradGates[2 * d + unit] = grad * input * (1 - candidate * candidate);
    gradGates[3 * d + unit] = gradH[unit] * shown * output * (1 - output);
    gradC[unit] = grad * forget;
  }
}

/** Back through the table, which is `embedding W + b`: `[n_ids + 1, 4 * d_hidden]`. */
function tableGradients(tensors, gradTable, dEmbedding, gradients) {
  const [embedding, gradEmbedding] = [tensors, gradients].map((all) => all["embedding.weight"]);
  const [weights, gradWeights] = [tensors, gradients].map((all) => all["lstm.layers.0.forward.input_weights"]);
  const gradBias = gradients["lstm.layers.0.forward.bias"];
  const width = gradBias.length;
  for (let row = 0; row < gradTable.length / width; row++) {
    const at = row * width;
    for (let j = 0; j < width; j++) gradBias[j] += gradTable[at + j];
    for (let k = 0; k < dEmbedding; k++) {
      const value = embedding.values[row * dEmbedding + k];
      let sum = 0;
      for (let j = 0; j < width; j++) {
        sum += gradTable[at + j] * weights.values[k * width + j];
        gradWeights[k * width + j] += gradTable[at + j] * value;
      }
      gradEmbedding[row * dEmbedding + k] = sum;
    }
  }
}
