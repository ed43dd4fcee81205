import { element } from "./dom.js";
import { percent, visible } from "./words.js";

/** Guesses shown under each character. */
const N_GUESSES = 5;

/** The likeliest symbols of one step, the best first: `[{ id, share }]`. */
export function bestGuesses(probabilities, nSymbols, t, n = N_GUESSES) {
  const shares = Array.from(probabilities.subarray(t * nSymbols, (t + 1) * nSymbols));
  const guesses = shares.map((share, id) => ({ id, share }));
  return guesses.sort((a, b) => b.share - a.share).slice(0, n);
}

/**
 * A button for each symbol of a text: what was read, what it is answered with, coloured by how sure
 * the network is, and its best guesses. A symbol that the network did not read stands as it is.
 */
export function showSteps(list, { symbols, steps, written, onPick }) {
  list.replaceChildren(...symbols.map((symbol, place) => {
    const step = steps.get(place);
    return step ? button(symbol, step, written, onPick) : kept(symbol);
  }));
}

function button(symbol, { t, guesses }, written, onPick) {
  const [{ id, share }] = guesses;
  const answer = written[id];
  const made = element("button", { type: "button", className: "step" },
    element("span", { className: "read" }, visible(symbol)),
    element("span", { className: "answer" }, visible(answer)),
    element("span", { className: "guesses" }, ...guesses.map((guess) => guessLine(guess, written))));
  made.setAttribute("aria-label",
    `character ${t + 1}: ${visible(symbol)} read as ${visible(answer)}, ${percent(share)} sure`);
  made.style.setProperty("--sure", share);
  made.dataset.t = t;
  made.addEventListener("click", () => onPick(t));
  return made;
}

function guessLine({ id, share }, written) {
  const line = element("span", { className: "guess" },
    element("span", {}, visible(written[id])), element("span", {}, `${Math.floor(share * 100 + 1e-6)}`));
  line.style.setProperty("--share", share);
  return line;
}

function kept(symbol) {
  return element("span", { className: "step kept", title: "not in the alphabet: left as it is" },
    element("span", { className: "read" }, visible(symbol)));
}
