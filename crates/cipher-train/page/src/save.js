import { element } from "./dom.js";
import { visible } from "./words.js";
import { QUANTITIES } from "./model.js";
import { SHOWN, numberedUnits, stopsOf } from "./quantities.js";
import { colorOf } from "./heatmap.js";

/** Sizes in the file, in pixels. */
const [LEFT, COLUMN, ROW, MIN_MAP, GAP, TOP] = [48, 14, 2, 120, 28, 44];
const [WIDTH, SCALE_LEFT, SCALE] = [560, 400, 72];

/**
 * Heat maps of the gates and states under their message, as SVG. `state` has the values of each
 * quantity, `[time, d]`.
 */
export function mapsAsSvg(state, { symbols, answers, d }) {
  const time = symbols.length;
  const mapHeight = Math.max(MIN_MAP, ROW * d);
  const [width, height] = [Math.max(LEFT + COLUMN * time, WIDTH), TOP + QUANTITIES.length * (mapHeight + GAP)];
  const letters = (texts, y) => texts.map((text, t) =>
    `<text x="${LEFT + COLUMN * (t + 0.5)}" y="${y}" text-anchor="middle">${escaped(visible(text))}</text>`).join("");
  const side = (text, y) => `<text x="${LEFT - 6}" y="${y}" text-anchor="end" font-size="10">${text}</text>`;
  const drawn = QUANTITIES.map((name, place) => {
    const top = TOP + place * (mapHeight + GAP) + GAP;
    const { label, scale } = SHOWN[name];
    const cells = Array.from(state[name], (value, k) => {
      const [x, y] = [LEFT + COLUMN * Math.floor(k / d), top + (k % d) * mapHeight / d];
      return `<rect class="cell" x="${x}" y="${y.toFixed(2)}" width="${COLUMN}" height="${(mapHeight / d).toFixed(2)}" `
        + `${paint("fill", scale.toColor(value))}/>`;
    });
    const numbers = numberedUnits(d, mapHeight).map((unit) => side(unit, (top + (unit - 0.5) / d * mapHeight + 3.5).toFixed(2)));
    return [`<text x="${LEFT}" y="${top - 8}">${escaped(label)}</text>`, scaleAsSvg(name, scale, top - 17), ...numbers,
      '<g shape-rendering="crispEdges">', ...cells, "</g>"].join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui,sans-serif" font-size="12">
<title>Gates, cell state and hidden state along a message</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${side("input", 14)}${letters(symbols, 14)}
${side("output", 32)}${letters(answers, 32)}
${drawn.join("\n")}
</svg>
`;
}

/** A bar of colours between the lowest and the highest number. */
function scaleAsSvg(name, scale, y) {
  const stops = stopsOf(scale);
  const colors = stops.map((value, stop) =>
    `<stop offset="${(stop / (stops.length - 1)).toFixed(3)}" ${paint("stop", value)}/>`);
  const text = (x, anchor, number) => `<text x="${x}" y="${y + 9}" text-anchor="${anchor}" font-size="10">${number}</text>`;
  return `<linearGradient id="scale-${name}">${colors.join("")}</linearGradient>`
    + `<rect x="${SCALE_LEFT}" y="${y}" width="${SCALE}" height="10" fill="url(#scale-${name})" stroke="#999" stroke-width="0.5"/>`
    + text(SCALE_LEFT - 6, "end", scale.numbers[0]) + text(SCALE_LEFT + SCALE + 6, "start", scale.numbers.at(-1));
}

/** The attributes that give a `fill` or a `stop` the colour of a value; not all programs read CSS. */
function paint(kind, value) {
  const [red, green, blue, opacity] = colorOf(value);
  const name = kind === "stop" ? "stop-color" : kind;
  return `${name}="rgb(${red},${green},${blue})" ${kind}-opacity="${opacity.toFixed(3)}"`;
}

/** Text escaped for XML, which has no control characters. */
function escaped(text) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/\p{Cc}|[\ufffe\uffff]/gu, "\ufffd").replace(/[&<>"]/g, (character) => names[character]);
}

/** Offers a text to the reader as a download. */
export function saveAs(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
