import assert from "node:assert/strict";
import { test } from "node:test";

import { mapsAsSvg } from "../src/save.js";

test("symbols that are markup stay text in a saved picture", () => {
  const svg = mapsAsSvg([{ label: "h", values: [0.5, -0.5] }], { read: ["<", "\u0001"], answered: ["&", "\""], d: 1 });
  assert.match(svg, />&lt;<\/text>/);
  assert.match(svg, />\ufffd<\/text>/);
  assert.match(svg, />&amp;<\/text>.*>&quot;<\/text>/);
});

test("a column is a step and a row is a unit", () => {
  const values = [0, 0, 0, 1]; // the second unit of the second of two steps
  const svg = mapsAsSvg([{ label: "h", values }], { read: ["A", "B"], answered: ["C", "D"], d: 2 });
  const [full] = svg.split("\n").filter((line) => line.includes("/ 0.850"));
  assert.match(full, /x="14" y="132\.00" width="14" height="60\.00"/);
});
