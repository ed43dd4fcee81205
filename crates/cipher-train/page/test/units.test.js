/** What units follow, found in values that were made to follow it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { findings, sharesBetween } from "../src/units.js";

/** Numbers from 0 to below 1, the same every time: Lehmer's generator of 1951. */
function numbers() {
  let state = 1;
  return () => (state = state * 48271 % 2147483647) / 2147483647;
}

/** What units show over 40 messages of 30 symbols out of 10 with random keys, by rules of (position, symbol, key). */
function seen(...rules) {
  const random = numbers();
  const positions = Array.from({ length: 1200 }, (_, k) => k % 30);
  const ids = positions.map(() => Math.floor(10 * random()));
  const keys = positions.map(() => Math.floor(10 * random()));
  const units = rules.map((rule, unit) => ({
    layer: 0, direction: 0, unit,
    values: ids.map((id, k) => rule(positions[k], id, keys[k]) + 0.1 * random()),
  }));
  return { positions, ids, keys, longest: 30, units };
}

test("all of the variance is between groups that differ, and none between groups that do not", () => {
  assert.equal(sharesBetween([1, 1, 5, 5], [0, 0, 1, 1]), 1);
  assert.equal(sharesBetween([1, 5, 1, 5], [0, 0, 1, 1]), 0);
  assert.equal(sharesBetween([2, 2, 2], [0, 0, 1]), 0);
});

test("a unit that repeats every six places keeps time with a period of six, not of twelve", () => {
  const { period, units } = findings(seen((position) => Math.sin(position * Math.PI / 3), (_, id) => id));
  assert.equal(period, 6);
  assert.ok(units[0].byPlace > 0.95 && units[0].bySymbol < 0.05);
  assert.ok(units[1].bySymbol > 0.95 && units[1].byPlace < 0.05);
  assert.deepEqual(units[1].order, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test("a unit that holds the key follows the key's symbol and nothing else", () => {
  const { units: [unit] } = findings(seen((_position, _id, key) => -key));
  assert.ok(unit.byKey > 0.95 && unit.bySymbol < 0.05 && unit.byPlace < 0.05);
  assert.deepEqual(unit.order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("units that only fade, or follow nothing, have no period", () => {
  const random = numbers();
  const { period } = findings(seen((position) => -position, () => random()));
  assert.equal(period, null);
});
