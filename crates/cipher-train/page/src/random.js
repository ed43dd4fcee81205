/**
 * Random numbers that follow from a seed: Lehmer's generator with the modulus 2^31 - 1 and Park and
 * Miller's multiplier of 1993.
 */
export class RandomNumbers {
  constructor(seed) {
    this.state = seed % (MODULUS - 1) + 1;
  }

  /** Evenly from 0 to below 1. */
  next() {
    // The product stays below 2^53, so it is exact.
    this.state = this.state * 48271 % MODULUS;
    return this.state / MODULUS;
  }

  /** A whole number from 0 to below `n`. */
  below(n) {
    return Math.floor(this.next() * n);
  }

  /** Evenly between `-bound` and `bound`. */
  between(bound) {
    return (2 * this.next() - 1) * bound;
  }

  /** From the standard normal distribution, by Box and Muller. */
  normal() {
    const radius = Math.sqrt(-2 * Math.log(this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }
}

const MODULUS = 2 ** 31 - 1;
