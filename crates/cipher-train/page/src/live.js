import { byId, element } from "./dom.js";
import { count, percent, signed, visible } from "./words.js";
import { Alphabet } from "./alphabet.js";
import { KeyInput, inputsOf } from "./key.js";
import { KnownPlaintext } from "./known-plaintext.js";
import { Model, QUANTITIES } from "./model.js";
import { FOLLOWS, findings, holdsKey, inWords, observe } from "./units.js";
import { SHOWN } from "./quantities.js";
import { colorScale, cssColorOf } from "./heatmap.js";
import { fromBase64, readSafetensors } from "./safetensors.js";
import { mapsAsSvg, saveAs } from "./save.js";
import { markInMaps, revealColumn, showMaps } from "./maps.js";
import { bestGuesses, markStep, showSteps } from "./steps.js";

/** Largest number of characters that are decrypted and drawn; the text itself may be longer. */
const MAX_READ = 400;
/** Largest number of units in the list of what the units do. */
const MAX_LISTED = 12;
/** What stands in the place of a symbol that the alphabet lacks. */
const UNKNOWN = "?";

/** The interactive part: the network runs on what the reader types. */
export class Live {
  constructor() {
    this.picked = { layer: 0, direction: 0, unit: 0, t: 0, quantity: "h" };
    this.hasPicked = false;
    this.nextPlace = 0;
    byId("ciphertext").addEventListener("input", () => this.read());
    byId("typed-key").addEventListener("input", () => this.read());
    byId("example").addEventListener("click", () => this.nextExample());
    byId("reader").addEventListener("change", ({ target }) => {
      const [layer, direction] = target.value.split(" ").map(Number);
      this.pick({ layer, direction });
    });
    byId("unit").addEventListener("change", ({ target }) => this.pick({ unit: Number(target.value) }));
    byId("quantity").addEventListener("change", ({ target }) => this.pick({ quantity: target.value }));
    byId("save").addEventListener("click", () =>
      saveAs("maps.svg", "image/svg+xml", mapsAsSvg(this.state(), this.shown())));
    byId("maps").addEventListener("keydown", (event) => this.walk(event));
    byId("steps").addEventListener("keydown", (event) => this.walk(event));
    byId("quantity").replaceChildren(...QUANTITIES.map((name) => option(name, SHOWN[name].label)));
    byId("quantity").value = this.picked.quantity;
  }

  /** Loads the weights of a report and keeps what was typed. */
  load({ report, weights }) {
    const isFirst = this.model === undefined;
    this.model = new Model(readSafetensors(fromBase64(weights)), report.model);
    this.alphabet = new Alphabet(report.ciphertext_alphabet);
    this.plaintext = new Alphabet(report.plaintext_alphabet);
    this.findsKeys = report.task === "recover-key";
    if (this.findsKeys) this.keys = new KnownPlaintext(report);
    else this.keys = report.key_alphabet ? new KeyInput(report) : null;
    byId("key-choice").hidden = this.keys === null;
    if (this.findsKeys) {
      byId("invitation").textContent = "Type or paste a ciphertext, and its plaintext below. The network names the key "
        + `on this page: where it reads ${this.keys.asks[0]}, it is asked for a symbol of the key, and with `
        + `${this.keys.symbols.at(-1)} it answers that the key has ended. cipher-train recover-key also tries the key with the cipher.`;
      byId("told").textContent = "plaintext";
      byId("answered").textContent = "key";
    }
    this.examples = report.examples;
    if (isFirst) this.showReaders();
    if (byId("ciphertext").value === "") this.nextExample();
    else this.read();
    // Finding out what the units do takes a moment; the page is shown first.
    clearTimeout(this.naming);
    this.naming = setTimeout(() => this.nameUnits(), 50);
  }

  nextExample() {
    byId("example").hidden = this.examples.length === 0;
    if (this.examples.length === 0) return;
    const example = this.examples[this.nextPlace++ % this.examples.length];
    const { ciphertext, key } = this.keys?.example(example) ?? example;
    byId("ciphertext").value = this.alphabet.decode(ciphertext);
    if (this.keys) byId("typed-key").value = key;
    this.read();
  }

  /** Fills the choices of layer, direction and unit. */
  showReaders() {
    const readers = this.model.layers.flatMap((directions, layer) =>
      directions.map((_, direction) => option(`${layer} ${direction}`, this.readerName(layer, direction))));
    byId("reader").replaceChildren(...readers);
    byId("reader-choice").hidden = readers.length === 1;
    byId("unit").replaceChildren(...Array.from({ length: this.model.dHidden },
      (_, unit) => option(unit, `${unit + 1}`)));
  }

  readerName(layer, direction) {
    const ways = ["forwards", "backwards"];
    const isTwoWay = this.model.layers[0].length > 1;
    return `layer ${layer + 1}${isTwoWay ? `, read ${ways[direction]}` : ""}`;
  }

  /** Decrypts what is typed. */
  read() {
    const typed = this.alphabet.cut(byId("ciphertext").value);
    const symbols = [...typed.slice(0, MAX_READ), ...(this.keys?.asks ?? [])];
    const { ids, places, cases, unknown, kept, refused } = this.alphabet.encode(symbols);
    const { key, inputs, problem, isWorthless } = this.inputs(ids);
    byId("key-problem").textContent = problem;
    const begin = performance.now();
    const { probabilities, states } = this.model.read(inputs.ids, inputs.nBefore);
    const took = performance.now() - begin;
    Object.assign(this, { ids, states, probabilities, unknown });
    this.symbols = places.map((place) => symbols[place]);
    const guesses = ids.map((_, t) => bestGuesses(probabilities, this.model.nSymbols, t));
    this.answers = guesses.map(([best]) => best);
    // Of known plaintext, what the network is told; it is asked for the key after it.
    const nTold = this.findsKeys ? ids.length - this.keys.asks.length : 0;
    this.told = ids.slice(0, nTold).map((_, t) => this.keys.alphabet.symbols[key[t]] ?? UNKNOWN);
    const steps = new Map();
    const text = [...symbols];
    places.forEach((place, t) => {
      if (unknown[t]) text[place] = UNKNOWN;
      else if (!kept[t]) {
        steps.set(place, { t, guesses: guesses[t], told: this.told[t] });
        text[place] = this.plaintext.inCase(this.plaintext.symbols[this.answers[t].id], cases[t]);
      }
    });
    showSteps(byId("steps"), { symbols, steps, written: this.plaintext.symbols, onPick: (t) => this.pick({ t }) });
    const found = this.findsKeys ? () => this.keys.keyIn(this.answers) : () => this.plaintext.reading.join(text);
    byId("plaintext").textContent = isWorthless ? "" : found();
    byId("reading").textContent = this.sayReading(typed.length, refused, took);
    this.picked.t = Math.min(this.picked.t, Math.max(0, ids.length - 1));
    this.draw();
  }

  /** What `encode` of the keys says of the typed key, with what the network then reads of ids. */
  inputs(ids) {
    const typed = this.keys?.encode(byId("typed-key").value, ids.length) ?? { ids: [], problem: "", isWorthless: false };
    return { ...typed, key: typed.ids, inputs: inputsOf(this.keys, typed.ids, ids) };
  }

  sayReading(length, refused, took) {
    const [done, command] = this.findsKeys ? ["read", "recover-key"] : ["decrypted", "decrypt"];
    const n = this.ids.length - (this.keys?.asks ?? []).length;
    const said = [`${count(n, "character")} ${done} in ${took.toFixed(1)} ms.`];
    if (length > MAX_READ) {
      said.push(`The text has ${count(length, "character")}. This page reads the first ${MAX_READ}; `
        + `cipher-train ${command} reads all of them.`);
    }
    const list = (some) => [...new Set(some)].slice(0, 10).map(visible).join(" ");
    if (refused.length > 0) {
      said.push(`Not in the alphabet, skipped here and rejected by cipher-train ${command}: ${list(refused)}`);
    }
    const marked = this.symbols.filter((_, t) => this.unknown[t]);
    if (marked.length > 0) said.push(`Not in the alphabet, so ${UNKNOWN} stands in their place: ${list(marked)}`);
    return said.join(" ");
  }

  /** Selects another unit, step, quantity or layer on the reader's behalf. */
  pick(change) {
    this.hasPicked = true;
    this.lookAt(change);
    revealColumn(byId("maps"));
  }

  lookAt(change) {
    Object.assign(this.picked, change);
    byId("reader").value = `${this.picked.layer} ${this.picked.direction}`;
    byId("unit").value = this.picked.unit;
    byId("quantity").value = this.picked.quantity;
    if ("layer" in change) this.draw();
    else this.mark();
  }

  /** Arrow keys move to the next step, and in the maps to the next unit. */
  walk(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    const isInSteps = event.currentTarget === byId("steps");
    if (!move || (isInSteps ? move[0] === 0 : event.target.tagName !== "CANVAS")) return;
    event.preventDefault();
    const inside = (value, n) => Math.max(0, Math.min(n - 1, value));
    this.pick({
      t: inside(this.picked.t + move[0], this.ids.length),
      unit: inside(this.picked.unit + move[1], this.model.dHidden),
    });
    if (isInSteps) byId("steps").querySelector("[aria-pressed=true]").focus();
  }

  /** The state of the selected layer and direction. */
  state() {
    return this.states[this.picked.layer][this.picked.direction];
  }

  /** The message that the maps are of, and their number of units. */
  shown() {
    const answers = this.answers.map(({ id }, t) =>
      this.unknown[t] ? UNKNOWN : this.told[t] ?? this.plaintext.symbols[id]);
    return { symbols: this.symbols, answers, d: this.model.dHidden };
  }

  draw() {
    showMaps(byId("maps"), { state: this.state(), ...this.shown(), onPick: (change) => this.pick(change) });
    this.mark();
  }

  /** Shows the selection everywhere. */
  mark() {
    const { unit, t, quantity } = this.picked;
    const d = this.model.dHidden;
    const [values, { toColor }] = [this.state()[quantity], SHOWN[quantity].scale];
    markInMaps(byId("maps"), { unit, t, d });
    markStep(byId("steps"), t);
    byId("painted").replaceChildren(...this.symbols.map((symbol, place) => {
      const value = values[place * d + unit];
      const made = element("span", { title: signed(value) }, visible(symbol));
      made.style.setProperty("--color", cssColorOf(toColor(value)));
      return made;
    }));
    byId("painted-scale").replaceChildren(colorScale(SHOWN[quantity].scale));
    const words = this.ids.length === 0 ? "" : this.sayStep();
    // A screen reader reads out each change of this text, and should not repeat itself.
    if (byId("step-words").textContent !== words) byId("step-words").textContent = words;
    byId("unit-words").textContent = this.sayUnit();
  }

  /** One step of one unit, in numbers. */
  sayStep() {
    const { layer, direction, unit, t } = this.picked;
    const d = this.model.dHidden;
    const state = this.state();
    const at = (name, step) => step >= 0 && step < this.ids.length ? state[name][step * d + unit] : 0;
    const before = at("c", direction === 1 ? t + 1 : t - 1);
    const [i, f, g, o, c, h] = QUANTITIES.map((name) => signed(at(name, t)));
    const { id, share } = this.answers[t];
    let answer = `decrypted to ${visible(this.plaintext.symbols[id])} with a confidence of ${percent(share)}`;
    if (this.unknown[t]) answer = "not in the alphabet, and read as its last symbol";
    else if (this.told[t]) answer = `with the plaintext ${visible(this.told[t])}`;
    return `Character ${t + 1} is ${visible(this.symbols[t])}, ${answer}. `
      + `In unit ${unit + 1} of ${this.readerName(layer, direction)}: `
      + "c = f · previous c + i · g = "
      + `${f} · ${signed(before)} + ${i} · ${g} = ${c}, and h = o · tanh(c) = ${o} · ${signed(Math.tanh(at("c", t)))} = ${h}.`;
  }

  sayUnit() {
    const { layer, direction, unit } = this.picked;
    const found = this.found?.units.find((other) =>
      other.layer === layer && other.direction === direction && other.unit === unit);
    return found ? `Unit ${unit + 1}: ${this.describe(found)}.` : "";
  }

  describe(unit) {
    return inWords(unit, this.found.period, this.alphabet.symbols, this.keys?.symbols);
  }

  /** Finds out on the examples what the units follow, and lists the clearest. */
  nameUnits() {
    const section = byId("named");
    section.hidden = this.examples.length === 0;
    if (this.examples.length === 0) return;
    this.found = findings(observe(this.model, this.examples, this.keys));
    const { period, units } = this.found;
    const holding = units.filter(holdsKey);
    const keeping = units.filter(({ byPlace, bySymbol }) => byPlace >= FOLLOWS && byPlace >= bySymbol);
    byId("named-words").textContent = period
      ? `${keeping.length} of ${count(units.length, "unit")} follow${keeping.length === 1 ? "s" : ""} the position: `
        + `the hidden state repeats every ${period} characters, whatever the input is. These units carry the `
        + "position in the key."
      : "No unit follows the position: no hidden state repeats after a fixed number of characters. A cipher "
        + "that treats all positions alike needs no such unit.";
    if (this.keys) {
      byId("named-words").textContent += ` ${holding.length} of ${count(units.length, "unit")} `
        + `hold${holding.length === 1 ? "s" : ""} the key: the hidden state follows the symbol of the key that is due.`;
    }
    const clearest = [...units].sort((a, b) =>
      Math.max(b.byPlace, b.bySymbol, b.byKey) - Math.max(a.byPlace, a.bySymbol, a.byKey));
    const first = this.keys ? clearest : [...keeping.sort((a, b) => b.byPlace - a.byPlace), ...clearest.filter((unit) => !keeping.includes(unit))];
    byId("units").replaceChildren(...first.slice(0, MAX_LISTED).map((found) => {
      const { layer, direction, unit } = found;
      const where = this.model.layers.flat().length > 1 ? ` of ${this.readerName(layer, direction)}` : "";
      const button = element("button", { type: "button" }, `unit ${unit + 1}${where}`);
      button.addEventListener("click", () => this.pick({ layer, direction, unit, quantity: "h" }));
      return element("li", {}, button, ` ${this.describe(found)}`);
    }));
    const [{ layer, direction, unit }] = first;
    this.lookAt(this.hasPicked ? {} : { layer, direction, unit });
  }
}

function option(value, text) {
  return element("option", { value }, text);
}
