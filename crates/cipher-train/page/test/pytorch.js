/** PyTorch's tensors under our names: matrices turned, the two biases as their sum. */
export function fromPyTorch(tensors, nLayers, bidirectional) {
  const turned = ({ shape: [rows, columns], values }) => ({
    shape: [columns, rows],
    values: Float32Array.from(values, (_, k) => values[(k % rows) * columns + Math.floor(k / rows)]),
  });
  const ours = {
    "embedding.weight": tensors["embedding.weight"],
    "linear.weight": turned(tensors["linear.weight"]),
    "linear.bias": tensors["linear.bias"],
  };
  const directions = [["forward", ""], ["backward", "_reverse"]].slice(0, bidirectional ? 2 : 1);
  for (let layer = 0; layer < nLayers; layer++) {
    for (const [direction, suffix] of directions) {
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
