import { element } from "./dom.js";
import { visible } from "./words.js";
import { QUANTITIES } from "./model.js";
import { SHOWN, numberedUnits } from "./quantities.js";
import { colorScale, heatMap } from "./heatmap.js";

/** Every how many columns one is numbered. */
const NUMBERED_COLUMNS = 5;

/**
 * Heat maps of all gates and states of one layer and direction, below the message. `state` has the
 * values of each quantity, `[time, d]`; `onPick` gets `{ t, unit, quantity }`.
 */
export function showMaps(box, { state, symbols, answers, d, onPick }) {
  const time = symbols.length;
  const height = Math.max(64, Math.min(8 * d, 224));
  box.style.setProperty("--time", Math.max(time, 1));
  box.style.setProperty("--height", `${height}px`);
  box.replaceChildren(
    row("input", lettersOf(symbols.map(visible))),
    row("output", lettersOf(answers.map(visible))),
    row("place", lettersOf(symbols.map((_, t) => isNumbered(t) ? `${t + 1}` : ""))),
    ...QUANTITIES.map((name) => {
      const { label, scale } = SHOWN[name];
      const map = heatMap({
        values: state[name].map(scale.toColor), time, d,
        label: `${label}; a column for each character, a row for each of ${d} units`,
        onPick: (t, unit) => onPick({ t, unit, quantity: name }),
      });
      const pixels = element("div", { className: "pixels" }, map,
        element("i", { className: "row-mark" }), element("i", { className: "column-mark" }));
      return element("div", { className: "map" },
        element("p", {}, `${label} `, colorScale(scale)),
        row(unitNumbers(d, height), pixels));
    }));
}

function isNumbered(t) {
  return t === 0 || (t + 1) % NUMBERED_COLUMNS === 0;
}

/** What is beside the columns stays in sight when they are scrolled. */
function row(side, content) {
  return element("div", { className: "row" }, element("span", { className: "side" }, side), content);
}

/** For the eye only: the steps have the same letters to read. */
function lettersOf(texts) {
  const letters = texts.map((text) => element("span", {}, text));
  return element("div", { className: "letters", ariaHidden: "true" }, ...letters);
}

function unitNumbers(d, height) {
  return element("span", { className: "unit-numbers", ariaHidden: "true" }, ...numberedUnits(d, height).map((unit) => {
    const number = element("span", {}, `${unit}`);
    number.style.setProperty("top", `${(unit - 0.5) / d * 100}%`);
    return number;
  }));
}

/** Marks a unit and a step in all maps. */
export function markInMaps(box, { unit, t, d }) {
  box.style.setProperty("--unit", unit / d);
  box.style.setProperty("--unit-height", 1 / d);
  box.style.setProperty("--step", t);
}

/** Scrolls the marked column into sight. */
export function revealColumn(box) {
  const scroller = box.parentElement;
  const [column, side] = [box.querySelector(".column-mark"), box.querySelector(".side")];
  if (!column) return;
  const { left, right } = column.getBoundingClientRect();
  const least = side.getBoundingClientRect().right;
  const most = scroller.getBoundingClientRect().right - 2 * (right - left);
  if (left < least) scroller.scrollLeft -= least - left;
  else if (right > most) scroller.scrollLeft += right - most;
}
