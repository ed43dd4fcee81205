/** Text outside an alphabet, as cipher-data's own tests have it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Alphabet } from "../src/alphabet.js";

function alphabet(symbols, outside, isOfGraphemes = false) {
  return new Alphabet({ symbols, outside, is_of_graphemes: isOfGraphemes });
}

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ-"];

test("folding takes the other case, or else the last symbol", () => {
  const letters = alphabet(LETTERS, "fold");
  const { ids } = letters.encode(letters.cut("This is!"));
  assert.equal(letters.decode(ids), "THIS-IS-");
});

test("what becomes two symbols in another case is folded into the last one", () => {
  const letters = alphabet(LETTERS, "fold");
  assert.equal(letters.decode(letters.encode(letters.cut("ß")).ids), "-");
});

test("keeping leaves the rest at its places", () => {
  const letters = alphabet([..."abc"], "keep");
  const { ids, places } = letters.encode(letters.cut(" a, bb!c. "));
  assert.deepEqual(ids, [0, 1, 1, 2]);
  assert.deepEqual(places, [1, 4, 5, 7]);
});

test("rejecting says which", () => {
  const letters = alphabet([..."abc"], "reject");
  assert.deepEqual(letters.encode(letters.cut("a?b")).refused, ["?"]);
});

test("a grapheme is one symbol, and half a surrogate is none", () => {
  const flags = alphabet(["a", "🇩🇪"], "keep", true);
  assert.deepEqual(flags.encode(flags.cut("🇩🇪a")).ids, [1, 0]);
  assert.deepEqual(alphabet(LETTERS, "keep").cut("\ud800"), ["\ufffd"]);
});
