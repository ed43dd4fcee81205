import { element } from "./dom.js";
import { cssColorOf } from "./heatmap.js";
import { visible } from "./words.js";

/** Sizes in the file, in pixels. */
const [COLUMN, MAP, GAP, TOP] = [14, 120, 28, 44];

/** Maps `[{ label, values }]` of values from -1 to 1, `[time, d]`, under their letters, as SVG. */
export function mapsAsSvg(maps, { read, answered, d }) {
  const time = read.length;
  const [width, height] = [Math.max(COLUMN * time, 480), TOP + maps.length * (MAP + GAP)];
  const letters = (symbols, y) => symbols.map((symbol, t) =>
    `<text x="${COLUMN * (t + 0.5)}" y="${y}" text-anchor="middle">${escaped(visible(symbol))}</text>`).join("");
  const drawn = maps.map(({ label, values }, place) => {
    const top = TOP + place * (MAP + GAP);
    const cells = Array.from(values, (value, k) => {
      const [x, y] = [COLUMN * Math.floor(k / d), top + GAP + (k % d) * MAP / d];
      return `<rect x="${x}" y="${y.toFixed(2)}" width="${COLUMN}" height="${(MAP / d).toFixed(2)}" fill="${cssColorOf(value)}"/>`;
    });
    return `<text x="0" y="${top + GAP - 8}">${escaped(label)}</text>\n${cells.join("\n")}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui,sans-serif" font-size="12">
<title>Gates, cell and hidden state along a message</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${letters(read, 14)}
${letters(answered, 32)}
${drawn.join("\n")}
</svg>
`;
}

/** Text that stands for itself in XML, which has no place for control characters. */
function escaped(text) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/\p{Cc}|[\ufffe\uffff]/gu, "\ufffd").replace(/[&<>"]/g, (character) => names[character]);
}

/** Gives the reader a text as a file. */
export function saveAs(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
