/** The gates and states of an LSTM unit as the page shows them: names, and scales of colour. */

const GATE = { low: 0, high: 1, numbers: ["0", "0.5", "1"], toColor: (value) => value };
const SIGNED = { low: -1, high: 1, numbers: ["−1", "0", "1"], toColor: (value) => value };
/** A cell state is unbounded. */
const CELL = { low: -3, high: 3, numbers: ["≤ −3", "0", "≥ 3"], toColor: Math.tanh };

/** By the names in `QUANTITIES`. A scale's `toColor` takes a value to the colours' range, -1 to 1. */
export const SHOWN = {
  i: { label: "input gate i: how much of the candidate is written", scale: GATE },
  f: { label: "forget gate f: how much of the old cell state is kept", scale: GATE },
  g: { label: "candidate g: the new value", scale: SIGNED },
  o: { label: "output gate o: how much of the cell state is passed on", scale: GATE },
  c: { label: "cell state c: what the unit remembers", scale: CELL },
  h: { label: "hidden state h: what the next layer reads", scale: SIGNED },
};

/** Parts that a scale's colours are drawn in. */
const N_STOPS = 24;

/** Values from -1 to 1 whose colours make up a scale, from its low end to its high end. */
export function stopsOf({ low, high, toColor }) {
  return Array.from({ length: N_STOPS + 1 }, (_, stop) => toColor(low + (high - low) * stop / N_STOPS));
}

/** Pixels that a line of numbers needs. */
const LINE = 12;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** The units, counted from 1, that have room for their number beside a map of `d` rows. */
export function numberedUnits(d, height) {
  const row = height / d;
  const step = STEPS.find((candidate) => candidate * row >= LINE) ?? d;
  const numbers = Array.from({ length: Math.floor(d / step) }, (_, n) => (n + 1) * step);
  return (step - 1) * row >= LINE ? [1, ...numbers] : numbers;
}
