/*
 * What a unit follows: the position in a period, the current symbol, or the key's. Each is measured as the share
 * of the unit's variance that is between the groups (the correlation ratio, eta squared), corrected for
 * what the same number of groups would show by chance (Kelley's epsilon squared, 1935).
 */

import { inputsOf } from "./key.js";
import { percent, visible } from "./words.js";

/** Smallest share of variance at which a unit is said to follow something. */
export const FOLLOWS = 0.5;
/** Longest period that is tried. */
const MAX_PERIOD = 40;
/** The shortest period that explains this share of what the best one explains is taken. */
const NEARLY = 0.95;
/** Largest number of multiplications spent on running the network. */
const MAX_WORK = 1e8;

/** The share of variance between groups; `groups` are numbers from 0 up, one for each value. */
export function sharesBetween(values, groups) {
  const n = values.length;
  const sums = new Map();
  let [total, squares] = [0, 0];
  for (let k = 0; k < n; k++) {
    const group = sums.get(groups[k]) ?? { n: 0, sum: 0 };
    sums.set(groups[k], group);
    group.n += 1;
    group.sum += values[k];
    total += values[k];
    squares += values[k] * values[k];
  }
  const all = squares - total * total / n;
  if (!(all > 1e-9 * n) || n <= sums.size) return 0;
  let between = -total * total / n;
  for (const group of sums.values()) between += group.sum * group.sum / group.n;
  return Math.max(0, 1 - (1 - between / all) * (n - 1) / (n - sums.size));
}

/** The hidden states of every unit over example messages. `keys` says how the network is told keys, if it is. */
export function observe(model, examples, keys) {
  const perStep = model.layers.length * model.layers[0].length * 4 * model.dHidden ** 2;
  let steps = Math.max(200, Math.floor(MAX_WORK / perStep));
  const seen = { ids: [], positions: [], keys: [], longest: 0, units: [] };
  const blocks = [];
  for (const example of examples) {
    if (steps <= 0) break;
    const { ciphertext, key = [] } = example;
    const { ids, nBefore } = inputsOf(keys, key, ciphertext);
    blocks.push([ciphertext.length, model.read(ids, nBefore).states]);
    if (keys) seen.keys.push(...keys.due(example));
    seen.ids.push(...ciphertext);
    seen.positions.push(...ciphertext.keys());
    seen.longest = Math.max(seen.longest, ciphertext.length);
    steps -= ids.length;
  }
  model.layers.forEach((directions, layer) => directions.forEach((_, direction) => {
    for (let unit = 0; unit < model.dHidden; unit++) {
      const values = blocks.flatMap(([time, states]) => {
        const { h } = states[layer][direction];
        return Array.from({ length: time }, (_, t) => h[t * model.dHidden + unit]);
      });
      seen.units.push({ layer, direction, unit, values });
    }
  }));
  return seen;
}

/** The period that the units follow, or null, and what each of them follows. */
export function findings(seen) {
  const places = (period) => seen.positions.map((position) => position % period);
  const longest = Math.min(MAX_PERIOD, Math.floor(seen.longest / 2));
  let best = null;
  const tried = [];
  for (let period = 2; period <= longest; period++) {
    const groups = places(period);
    const shares = seen.units.map(({ values }) => sharesBetween(values, groups));
    const sum = shares.filter((share) => share >= FOLLOWS).reduce((a, b) => a + b, 0);
    tried.push({ period, shares, sum });
    if (sum > (best?.sum ?? 0)) best = tried.at(-1);
  }
  const shortest = best && tried.find(({ sum }) => sum >= NEARLY * best.sum);
  const units = seen.units.map(({ values, ...which }, place) => {
    const byPlace = shortest ? shortest.shares[place] : 0;
    const bySymbol = sharesBetween(values, seen.ids);
    const byKey = seen.keys.length > 0 ? sharesBetween(values, seen.keys) : 0;
    const byMessage = byPlace >= bySymbol && shortest ? places(shortest.period) : seen.ids;
    const groups = byKey >= Math.max(byPlace, bySymbol) && byKey > 0 ? seen.keys : byMessage;
    return { ...which, byPlace, bySymbol, byKey, order: fromHighest(values, groups) };
  });
  return { period: shortest?.period ?? null, units };
}

/** Whether a unit follows the key's symbol more than anything else. */
export function holdsKey({ byPlace, bySymbol, byKey }) {
  return byKey >= FOLLOWS && byKey >= Math.max(byPlace, bySymbol);
}

/** What a unit does, in words, from what was found. `symbols` are those of ciphertexts, and `keySymbols` those of keys. */
export function inWords(unit, period, symbols, keySymbols) {
  const { byPlace, bySymbol, byKey, order } = unit;
  const ends = (names) => {
    const of = (groups) => groups.map((id) => visible(names[id])).join(" ");
    return `highest at ${of(order.slice(0, 3))}, lowest at ${of(order.slice(-3).reverse())}`;
  };
  if (holdsKey(unit)) {
    return `holds the key: the key's symbol for the position explains ${percent(byKey)} of its variance; ${ends(keySymbols)}`;
  }
  if (period && byPlace >= FOLLOWS && byPlace >= bySymbol) {
    return `follows the position: ${percent(byPlace)} of its variance repeats every ${period} characters; highest `
      + `at position ${order[0] + 1} of the period, lowest at ${order.at(-1) + 1}`;
  }
  if (bySymbol >= FOLLOWS) {
    return `follows the symbol: it explains ${percent(bySymbol)} of the unit's variance; ${ends(symbols)}`;
  }
  const place = period ? `the position in the period explains ${percent(byPlace)} of its variance and ` : "";
  return `follows neither alone: ${place}the symbol explains ${percent(bySymbol)}${period ? "" : " of its variance"}`;
}

/** The groups, the one with the highest mean first. */
function fromHighest(values, groups) {
  const sums = new Map();
  values.forEach((value, k) => {
    const [n, sum] = sums.get(groups[k]) ?? [0, 0];
    sums.set(groups[k], [n + 1, sum + value]);
  });
  const means = Array.from(sums, ([group, [n, sum]]) => [group, sum / n]);
  return means.sort((a, b) => b[1] - a[1]).map(([group]) => group);
}
