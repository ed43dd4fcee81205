import { element } from "./dom.js";

/** From below 0 through nothing to above it: blue and orange, told apart by any colour vision. */
const BELOW = [0, 114, 178];
const ABOVE = [213, 94, 0];

/** The colour of a value from -1 to 1, as red, green, blue and opacity. */
export function colorOf(value) {
  const [red, green, blue] = value < 0 ? BELOW : ABOVE;
  return [red, green, blue, Math.min(1, Math.abs(value))];
}

/** The same for a style sheet. */
export function cssColorOf(value) {
  const [red, green, blue, opacity] = colorOf(value);
  return `rgb(${red} ${green} ${blue} / ${(opacity * 0.85).toFixed(3)})`;
}

/**
 * A picture of values from -1 to 1, `[time, d]`, a column for each step and a row for each unit. `onPick` is told
 * the step and the unit that was clicked or gone to with the arrow keys.
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
