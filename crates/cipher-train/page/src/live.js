import { byId, element } from "./dom.js";
import { count, percent, signed, visible } from "./words.js";
import { Alphabet } from "./alphabet.js";
import { Model, QUANTITIES } from "./model.js";
import { FOLLOWS, findings, observe } from "./units.js";
import { cssColorOf, heatMap } from "./heatmap.js";
import { fromBase64, readSafetensors } from "./safetensors.js";
import { mapsAsSvg, saveAs } from "./save.js";
import { bestGuesses, showSteps } from "./steps.js";

/** Characters that are read and drawn; the text itself may be of any length. */
const MOST_READ = 400;
/** Units that are named, at most. */
const MOST_NAMED = 12;

const NAMES = {
  i: "input gate i: how much of the new goes in, 0 to 1",
  f: "forget gate f: how much of the old stays, 0 to 1",
  g: "candidate g: what is new, −1 to 1",
  o: "output gate o: how much is shown, 0 to 1",
  c: "cell c: what is remembered, coloured by its tanh, −1 to 1",
  h: "hidden state h: what is shown to the next layer, −1 to 1",
};

/** The network at work on what is typed. */
export class Live {
  constructor() {
    this.picked = { layer: 0, direction: 0, unit: 0, t: 0, quantity: "h" };
    this.hasPicked = false;
    this.nextPlace = 0;
    byId("ciphertext").addEventListener("input", () => this.read());
    byId("example").addEventListener("click", () => this.nextExample());
    byId("reader").addEventListener("change", ({ target }) => {
      const [layer, direction] = target.value.split(" ").map(Number);
      this.pick({ layer, direction });
    });
    byId("unit").addEventListener("change", ({ target }) => this.pick({ unit: Number(target.value) }));
    byId("quantity").addEventListener("change", ({ target }) => this.pick({ quantity: target.value }));
    byId("save").addEventListener("click", () => saveAs("maps.svg", "image/svg+xml", this.mapsAsSvg()));
    byId("maps").addEventListener("keydown", (event) => this.walk(event));
    byId("quantity").replaceChildren(...QUANTITIES.map((name) => option(name, NAMES[name])));
    byId("quantity").value = this.picked.quantity;
  }

  /** Takes the weights of a report, and what is typed stays. */
  load({ report, weights }) {
    const isFirst = this.model === undefined;
    this.model = new Model(readSafetensors(fromBase64(weights)), report.model);
    this.alphabet = new Alphabet(report.ciphertext_alphabet);
    this.written = report.plaintext_alphabet.symbols;
    this.examples = report.examples;
    if (isFirst) this.showReaders();
    if (byId("ciphertext").value === "") this.nextExample();
    else this.read();
    // Finding out what the units do takes a moment, after the page is there.
    clearTimeout(this.naming);
    this.naming = setTimeout(() => this.nameUnits(), 50);
  }

  nextExample() {
    byId("example").hidden = this.examples.length === 0;
    if (this.examples.length === 0) return;
    const example = this.examples[this.nextPlace++ % this.examples.length];
    byId("ciphertext").value = this.alphabet.decode(example.ciphertext);
    this.read();
  }

  /** A choice for each layer and direction. */
  showReaders() {
    const readers = this.model.layers.flatMap((directions, layer) =>
      directions.map((_, direction) => option(`${layer} ${direction}`, this.readerName(layer, direction))));
    byId("reader").replaceChildren(...readers);
    byId("reader-choice").hidden = readers.length === 1;
    byId("unit").replaceChildren(...Array.from({ length: this.model.dHidden },
      (_, unit) => option(unit, `${unit + 1}`)));
  }

  readerName(layer, direction) {
    const ways = ["from the beginning", "from the end"];
    const isTwoWay = this.model.layers[0].length > 1;
    return `layer ${layer + 1}${isTwoWay ? `, read ${ways[direction]}` : ""}`;
  }

  /** Decrypts what is typed. */
  read() {
    const symbols = this.alphabet.cut(byId("ciphertext").value);
    const { ids, places, refused } = this.alphabet.encode(symbols.slice(0, MOST_READ));
    const begin = performance.now();
    const { probabilities, states } = this.model.read(ids);
    const took = performance.now() - begin;
    Object.assign(this, { ids, states, probabilities });
    this.symbols = places.map((place) => symbols[place]);
    const guesses = ids.map((_, t) => bestGuesses(probabilities, this.model.nSymbols, t));
    this.answers = guesses.map(([best]) => best);
    const steps = new Map(places.map((place, t) => [place, { t, guesses: guesses[t] }]));
    showSteps(byId("steps"), {
      symbols: symbols.slice(0, MOST_READ), steps, written: this.written, onPick: (t) => this.pick({ t }),
    });
    const text = symbols.slice(0, MOST_READ).map((symbol, place) =>
      steps.has(place) ? this.written[steps.get(place).guesses[0].id] : symbol);
    byId("plaintext").textContent = text.join("");
    byId("reading").textContent = this.sayReading(symbols.length, refused, took);
    this.picked.t = Math.min(this.picked.t, Math.max(0, ids.length - 1));
    this.draw();
  }

  sayReading(length, refused, took) {
    const said = [`${count(this.ids.length, "character")} read in ${took.toFixed(1)} ms.`];
    if (length > MOST_READ) {
      said.push(`The text has ${length.toLocaleString("en")}; the page reads the first ${MOST_READ}, and `
        + "cipher-train decrypt reads them all.");
    }
    if (refused.length > 0) {
      said.push(`Not in the alphabet, so passed over here and refused by decrypt: ${
        [...new Set(refused)].slice(0, 10).map(visible).join(" ")}`);
    }
    return said.join(" ");
  }

  /** Looks at another unit, step, quantity or layer. */
  pick(change) {
    this.hasPicked = true;
    this.lookAt(change);
  }

  lookAt(change) {
    Object.assign(this.picked, change);
    byId("reader").value = `${this.picked.layer} ${this.picked.direction}`;
    byId("unit").value = this.picked.unit;
    byId("quantity").value = this.picked.quantity;
    if ("layer" in change) this.draw();
    else this.mark();
  }

  /** Arrow keys go from step to step and from unit to unit. */
  walk(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (!move || event.target.tagName !== "CANVAS") return;
    event.preventDefault();
    const inside = (value, n) => Math.max(0, Math.min(n - 1, value));
    this.pick({
      t: inside(this.picked.t + move[0], this.ids.length),
      unit: inside(this.picked.unit + move[1], this.model.dHidden),
    });
  }

  /** The state of the layer and direction that is looked at. */
  state() {
    return this.states[this.picked.layer][this.picked.direction];
  }

  draw() {
    const [time, d] = [this.ids.length, this.model.dHidden];
    const state = this.state();
    byId("maps").style.setProperty("--time", Math.max(time, 1));
    byId("maps").style.setProperty("--height", `${Math.max(64, Math.min(8 * d, 224))}px`);
    byId("maps").replaceChildren(
      lettersOf(this.symbols),
      lettersOf(this.answers.map(({ id }) => this.written[id])),
      ...QUANTITIES.map((name) => {
        const map = heatMap({
          values: bounded(name, state[name]), time, d,
          label: `${NAMES[name]}; a column for each character, a row for each of ${d} units`,
          onPick: (t, unit) => this.pick({ t, unit, quantity: name }),
        });
        return element("div", { className: "map" },
          element("p", {}, NAMES[name]),
          element("div", { className: "pixels" }, map, element("i", { className: "row" }), element("i", { className: "column" })));
      }));
    this.mark();
  }

  mapsAsSvg() {
    const state = this.state();
    const maps = QUANTITIES.map((name) => ({ label: NAMES[name], values: bounded(name, state[name]) }));
    const answered = this.answers.map(({ id }) => this.written[id]);
    return mapsAsSvg(maps, { read: this.symbols, answered, d: this.model.dHidden });
  }

  /** Shows what is looked at, everywhere. */
  mark() {
    const { unit, t, quantity } = this.picked;
    const d = this.model.dHidden;
    const [values, colors] = [this.state()[quantity], bounded(quantity, this.state()[quantity])];
    const maps = byId("maps").style;
    maps.setProperty("--unit", unit / d);
    maps.setProperty("--unit-height", 1 / d);
    maps.setProperty("--step", t);
    for (const step of byId("steps").querySelectorAll("button")) {
      step.setAttribute("aria-pressed", Number(step.dataset.t) === t);
    }
    byId("painted").replaceChildren(...this.symbols.map((symbol, place) => {
      const made = element("span", { title: signed(values[place * d + unit]) }, visible(symbol));
      made.style.setProperty("background-color", cssColorOf(colors[place * d + unit]));
      return made;
    }));
    byId("step-words").textContent = this.ids.length === 0 ? "" : this.sayStep();
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
    return `Character ${t + 1} is ${visible(this.symbols[t])}, read as ${visible(this.written[id])}, ${percent(share)} `
      + `sure. In unit ${unit + 1} of ${this.readerName(layer, direction)}: c = f · c before + i · g = `
      + `${f} · ${signed(before)} + ${i} · ${g} = ${c}, and h = o · tanh(c) = ${o} · ${signed(Math.tanh(at("c", t)))} = ${h}.`;
  }

  sayUnit() {
    const { layer, direction, unit } = this.picked;
    const found = this.found?.units.find((other) =>
      other.layer === layer && other.direction === direction && other.unit === unit);
    return found ? `Unit ${unit + 1}: ${this.describe(found)}.` : "";
  }

  describe({ byPlace, bySymbol, order }) {
    const { period } = this.found;
    const names = (groups) => groups.map((id) => visible(this.alphabet.symbols[id])).join(" ");
    if (period && byPlace >= FOLLOWS && byPlace >= bySymbol) {
      return `keeps time: ${percent(byPlace)} of its movement repeats every ${period} characters; highest at `
        + `character ${order[0] + 1} of the period, lowest at ${order.at(-1) + 1}`;
    }
    if (bySymbol >= FOLLOWS) {
      return `follows the symbol: ${percent(bySymbol)} of its movement; highest after ${names(order.slice(0, 3))}, `
        + `lowest after ${names(order.slice(-3).reverse())}`;
    }
    const place = period ? `the place in the period explains ${percent(byPlace)} of its movement, ` : "";
    return `mixes things: ${place}the symbol just read explains ${percent(bySymbol)}`;
  }

  /** Finds out what the units follow, over the held-out messages, and lists the clearest. */
  nameUnits() {
    const section = byId("named");
    section.hidden = this.examples.length === 0;
    if (this.examples.length === 0) return;
    this.found = findings(observe(this.model, this.examples));
    const { period, units } = this.found;
    const keeping = units.filter(({ byPlace, bySymbol }) => byPlace >= FOLLOWS && byPlace >= bySymbol);
    byId("named-words").textContent = period
      ? `${count(keeping.length, "unit")} of ${units.length} keep${keeping.length === 1 ? "s" : ""} time: what `
        + `they show repeats every ${period} characters, whatever is read. That is how the network knows `
        + "which place of the key it is at."
      : "No unit keeps time: none repeats what it shows after some number of characters. With a cipher "
        + "that treats every place alike there is nothing to count.";
    const clearest = [...units].sort((a, b) =>
      Math.max(b.byPlace, b.bySymbol) - Math.max(a.byPlace, a.bySymbol));
    const first = [...keeping.sort((a, b) => b.byPlace - a.byPlace), ...clearest.filter((unit) => !keeping.includes(unit))];
    byId("units").replaceChildren(...first.slice(0, MOST_NAMED).map((found) => {
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

/** Values of a quantity from -1 to 1: a cell has no bounds of its own, and counts by its tanh. */
function bounded(quantity, values) {
  return quantity === "c" ? values.map(Math.tanh) : values;
}

function option(value, text) {
  return element("option", { value }, text);
}

/** Above the maps' columns, for the eye: the steps have the same letters to read. */
function lettersOf(symbols) {
  const letters = symbols.map((symbol) => element("span", {}, visible(symbol)));
  return element("div", { className: "letters", ariaHidden: "true" }, ...letters);
}
