const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8];

/** Adam (Kingma and Ba, 2015) with its usual constants. */
export class Adam {
  constructor(tensors, learningRate) {
    this.tensors = tensors;
    this.learningRate = learningRate;
    this.nSteps = 0;
    this.moments = Object.fromEntries(Object.entries(tensors).map(([name, { values }]) =>
      [name, [new Float64Array(values.length), new Float64Array(values.length)]]));
  }

  /** Changes all weights by one step against their gradients. */
  step(gradients) {
    this.nSteps += 1;
    // Both means begin at 0, and are too small at first.
    const rate = this.learningRate / (1 - BETA_1 ** this.nSteps);
    const correction = 1 - BETA_2 ** this.nSteps;
    for (const [name, grad] of Object.entries(gradients)) {
      const [mean, square] = this.moments[name];
      const { values } = this.tensors[name];
      for (let k = 0; k < grad.length; k++) {
        mean[k] += (1 - BETA_1) * (grad[k] - mean[k]);
        square[k] += (1 - BETA_2) * (grad[k] * grad[k] - square[k]);
        values[k] -= rate * mean[k] / (Math.sqrt(square[k] / correction) + EPSILON);
      }
    }
  }
}
