import assert from "node:assert/strict";
import { test } from "node:test";

import { mapsAsSvg } from "../src/save.js";

/** The state of one unit over two characters, or of any units and characters. */
function state(values) {
  return Object.fromEntries([..."ifgoch"].map((name) => [name, Float32Array.from(values)]));
}

test("symbols that are markup stay text in a saved picture", () => {
  const svg = mapsAsSvg(state([0.5, -0.5]), { symbols: ["<", "\u0001"], answers: ["&", "\""], d: 1 });
  assert.match(svg, />&lt;<\/text>/);
  assert.match(svg, />\ufffd<\/text>/);
  assert.match(svg, />&amp;<\/text>.*>&quot;<\/text>/);
});

test("a column is a step and a row is a unit, whose number is beside its row", () => {
  const values = [0, 0, 0, 1]; // the second unit of the second of two steps
  const svg = mapsAsSvg(state(values), { symbols: ["A", "B"], answers: ["C", "D"], d: 2 });
  const [full] = svg.split("\n").filter((line) => line.includes("fill-opacity=\"1.000\""));
  assert.match(full, /x="62" y="132\.00" width="14" height="60\.00"/);
  assert.match(svg, /<text x="42" y="165\.50"[^>]*>2<\/text>/);
});

test("each map of a saved picture has a scale with the numbers at its ends", () => {
  const svg = mapsAsSvg(state([0.5]), { symbols: ["A"], answers: ["B"], d: 1 });
  assert.equal(svg.match(/<linearGradient /g).length, 6);
  assert.equal(svg.match(/>0<\/text>.*>1<\/text>/g).length, 3);
  assert.equal(svg.match(/>−1<\/text>.*>1<\/text>/g).length, 2);
  assert.equal(svg.match(/>≤ −3<\/text>.*>≥ 3<\/text>/g).length, 1);
});
