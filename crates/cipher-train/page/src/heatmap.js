import { element } from "./dom.js";
import { stopsOf } from "./quantities.js";

/**
 * Below and above 0: the hues of ColorBrewer's diverging scheme PRGn, which readers with any colour
 * vision can tell apart, at a strength that shows on white and on black. Blue and orange are taken:
 * they mark confidence.
 */
const BELOW = [155, 81, 181];
const ABOVE = [46, 155, 79];

/** The colour of a value from -1 to 1, as red, green, blue and opacity. */
export function colorOf(value) {
  const [red, green, blue] = value < 0 ? BELOW : ABOVE;
  return [red, green, blue, Math.min(1, Math.abs(value))];
}

/** The colour of a value from -1 to 1 in CSS. */
export function cssColorOf(value) {
  const [red, green, blue, opacity] = colorOf(value);
  return `rgb(${red} ${green} ${blue} / ${opacity.toFixed(3)})`;
}

/**
 * A picture of values from -1 to 1, `[time, d]`: a column for each character, a row for each unit.
 * `onPick` gets the step and the unit that were clicked.
 */
export function heatMap({ values, time, d, label, onPick }) {
  const canvas = element("canvas", { width: time, height: d, tabIndex: 0 });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(Math.max(time, 1), d);
  for (let t = 0; t < time; t++) {
    for (let unit = 0; unit < d; unit++) {
      const [red, green, blue, opacity] = colorOf(values[t * d + unit]);
      pixels.data.set([red, green, blue, Math.round(255 * opacity)], 4 * (unit * time + t));
    }
  }
  context.putImageData(pixels, 0, 0);
  canvas.addEventListener("click", (event) => {
    const place = (at, size, n) => Math.max(0, Math.min(n - 1, Math.floor(at / size * n)));
    onPick(place(event.offsetX, canvas.clientWidth, time), place(event.offsetY, canvas.clientHeight, d));
  });
  return canvas;
}

/** A bar of a scale's colours above its numbers. */
export function colorScale(scale) {
  const { numbers } = scale;
  const bar = element("span", { className: "bar" });
  bar.style.setProperty("background-image", `linear-gradient(to right, ${stopsOf(scale).map(cssColorOf).join(", ")})`);
  const made = element("span", { className: "scale" }, bar,
    element("span", { className: "scale-numbers" }, ...numbers.map((number) => element("span", {}, number))));
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", `colours from ${numbers[0]} to ${numbers.at(-1)}`);
  return made;
}
