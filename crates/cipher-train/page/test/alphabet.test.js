/** Text outside an alphabet, as cipher-data's own tests have it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Alphabet } from "../src/alphabet.js";
import { Reading } from "../src/reading.js";

function alphabet(symbols, outside, reading = {}) {
  return new Alphabet({ symbols, outside, reading });
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
  const flags = alphabet(["a", "🇩🇪"], "keep", { symbols: "graphemes" });
  assert.deepEqual(flags.encode(flags.cut("🇩🇪a")).ids, [1, 0]);
  assert.deepEqual(alphabet(LETTERS, "keep").cut("\ud800"), ["\ufffd"]);
});

test("texts are cut and written as their symbols are", () => {
  const cases = [
    ["tokens", " 11 12\t13 ", ["11", "12", "13"], "11 12 13"],
    ["tokens:,", "11,12, 13", ["11", "12", "13"], "11,12,13"],
    ["tokens::", "11:12", ["11", "12"], "11:12"],
    ["groups:2", "1112 1", ["11", "12", "1"], "11121"],
    ["hex", "0x0A fF", ["0a", "ff"], "0aff"],
    ["base64", "Cv8=", ["0a", "ff"], "Cv8="],
  ];
  for (const [symbols, text, cut, joined] of cases) {
    const read = alphabet(["11", "12"], "reject", { symbols });
    assert.deepEqual(read.cut(text), cut);
    assert.equal(read.reading.join(cut), joined);
  }
});

test("case, stand-ins and what is no letter follow the reading", () => {
  const reading = { only: "letters", fold_case: true, stand_ins: { J: "I" } };
  const letters = alphabet([..."ABCDEFGHIKLMNOPQRSTUVWXYZ"], "reject", reading);
  const { ids, places, cases, refused } = letters.encode(letters.cut("Jb, é"));
  assert.deepEqual(ids, [8, 1]);
  assert.deepEqual(places, [0, 1]);
  assert.deepEqual(refused, ["é"]);
  assert.equal(letters.inCase("C", cases[0]) + letters.inCase("D", cases[1]), "Cd");
  const dropped = alphabet([..."AB"], "reject", { only: "letters", others: "drop" });
  assert.deepEqual(dropped.cut("A, B!"), ["A", "B"]);
  assert.deepEqual(alphabet(["é"], "reject", { normalize: "nfc" }).cut("e\u0301"), ["é"]);
});

test("an unknown symbol takes up a place, and punctuation passes through where the alphabet has none", () => {
  const unknownOf = (symbols, text, reading) => {
    const read = alphabet(symbols, "mark", reading);
    const { ids, places, unknown } = read.encode(read.cut(text));
    return { ids, places, unknown };
  };
  assert.deepEqual(unknownOf([..."ABCD"], "Aé, b5!"),
    { ids: [0, 3, 1, 3], places: [0, 1, 4, 5], unknown: [false, true, false, true] });
  assert.deepEqual(unknownOf([..."AB#+"], "A= #").unknown, [false, true, false]);
  assert.deepEqual(unknownOf(["11", "12"], "12 99", { symbols: "tokens" }).unknown, [false, true]);
});

test("a symbol that no training pair had is unknown where unknown symbols are marked", () => {
  const read = (outside) => new Alphabet({ symbols: [..."AB"], reading: {}, outside, untrained: [1] });
  assert.deepEqual(read("mark").encode(["A", "B"]).unknown, [false, true]);
  assert.deepEqual(read("keep").encode(["A", "B"]).unknown, [false, false]);
});

test("wide gaps between tokens are spaces", () => {
  const read = alphabet(["1", "2", " "], "mark", { symbols: "spaced-tokens" });
  assert.deepEqual(read.cut(" 1 2   1 "), ["1", "2", " ", "1"]);
  assert.equal(read.reading.join(["1", " ", "2"]), "1   2");
  const dashed = alphabet(["8", "5", "2", " "], "mark", { symbols: "spaced-tokens:-" });
  assert.deepEqual(dashed.cut("8-5 2-8"), ["8", "5", " ", "2", "8"]);
  assert.deepEqual(dashed.cut("- 8 - 5 -"), ["8", " ", "5"]);
  assert.equal(dashed.reading.join(["8", "5", " ", "2", "8"]), "8-5 2-8");
});

test("codes that stand side by side are cut as cipher-data cuts them", () => {
  const reading = new Reading({ codes: { 1: 8, 12: 8, 2: 1, "é1": 3 } });
  assert.deepEqual(reading.cut("1122"), ["1", "12", "2"]);
  assert.deepEqual(reading.cut("7é112"), ["7", "é1", "12"]);
  assert.deepEqual(reading.cut(""), []);
  const inGroups = new Reading({ only: "no-spaces", others: "drop", codes: { 1: 8, 12: 8, 2: 1 } });
  assert.deepEqual(inGroups.cut("11 22"), ["1", "12", "2"]);
});
