/** The size of a picture, as in the other pictures of the page, and its margins. */
const [CURVE_WIDTH, CURVE_HEIGHT] = [480, 320];
const [PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, PLOT_BOTTOM] = [44, CURVE_WIDTH - 16, 74, CURVE_HEIGHT - 56];
/** Ends of the axis of steps; each can be cut into five round parts. */
const ENDS = [50, 100, 200, 500, 1000, 2000, 3000];
const HIGHEST_LOSS = 4;

/** The curve of a training's loss, with a line for the loss of a network that knows nothing. */
export class Curve {
  constructor(figure, nSymbols) {
    this.line = svg("polyline", { class: "loss", fill: "none" });
    this.ticks = svg("g", {});
    this.description = svg("desc", {});
    const [blind, y] = [Math.log(nSymbols), yOf(Math.log(nSymbols))];
    figure.replaceChildren(svg("svg", { viewBox: `0 0 ${CURVE_WIDTH} ${CURVE_HEIGHT}`, role: "img" },
      svg("title", {}, "Loss"), this.description,
      text(PLOT_LEFT, 24, "start", "Loss", "title"),
      text(PLOT_LEFT, PLOT_TOP - 18, "start", "cross-entropy per character, in nats"),
      ...[0, 1, 2, 3, 4].flatMap((loss) => [
        rule("grid", [PLOT_LEFT, yOf(loss)], [PLOT_RIGHT, yOf(loss)]),
        text(PLOT_LEFT - 8, yOf(loss) + 4, "end", `${loss}`),
      ]),
      rule("axis", [PLOT_LEFT, PLOT_BOTTOM], [PLOT_RIGHT, PLOT_BOTTOM]),
      this.ticks,
      text((PLOT_LEFT + PLOT_RIGHT) / 2, CURVE_HEIGHT - 12, "middle", "step"),
      rule("blind", [PLOT_LEFT, y], [PLOT_RIGHT, y]),
      text(PLOT_RIGHT, y - 6, "end", `pure guessing: ln ${nSymbols} = ${blind.toFixed(2)}`),
      this.line));
    this.draw([]);
  }

  /** Draws the loss of each step. */
  draw(losses) {
    const end = ENDS.find((one) => losses.length <= one) ?? losses.length;
    const xOf = (step) => PLOT_LEFT + step / end * (PLOT_RIGHT - PLOT_LEFT);
    if (end !== this.end) {
      this.ticks.replaceChildren(...[0, 1, 2, 3, 4, 5].flatMap((part) => [
        rule("axis", [xOf(end * part / 5), PLOT_BOTTOM], [xOf(end * part / 5), PLOT_BOTTOM + 5]),
        text(xOf(end * part / 5), PLOT_BOTTOM + 20, part === 5 ? "end" : "middle", (end * part / 5).toLocaleString("en")),
      ]));
    }
    this.end = end;
    const points = losses.map((loss, step) => `${xOf(step + 1).toFixed(1)},${yOf(loss).toFixed(1)}`);
    this.line.setAttribute("points", points.join(" "));
    this.description.textContent = losses.length === 0 ? "The loss of each step, as soon as there is one."
      : `From ${losses[0].toFixed(2)} at step 1 to ${losses.at(-1).toFixed(2)} at step ${losses.length}.`;
  }
}

function yOf(loss) {
  return PLOT_BOTTOM - Math.min(loss, HIGHEST_LOSS) / HIGHEST_LOSS * (PLOT_BOTTOM - PLOT_TOP);
}

function rule(name, [x1, y1], [x2, y2]) {
  return svg("line", { class: name, x1, y1, x2, y2 });
}

function text(x, y, anchor, content, name = "") {
  return svg("text", { x, y, "text-anchor": anchor, class: name }, content);
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}
