import { element } from "./dom.js";
import { percent, visible } from "./words.js";

/** Number of guesses under each character. */
const N_GUESSES = 5;

/** The most likely symbols of step `t`, the best first: `[{ id, share }]`. */
export function bestGuesses(probabilities, nSymbols, t, n = N_GUESSES) {
  const shares = Array.from(probabilities.subarray(t * nSymbols, (t + 1) * nSymbols));
  const guesses = shares.map((share, id) => ({ id, share }));
  return guesses.sort((a, b) => b.share - a.share).slice(0, n);
}

/**
 * A button for each symbol of a text: the symbol, the network's answer, coloured by its confidence,
 * and its best guesses; where the network is `told` a symbol, that one instead. A symbol outside the alphabet is shown
 * as it is.
 */
export function showSteps(list, { symbols, steps, written, onPick }) {
  list.replaceChildren(...symbols.map((symbol, place) => {
    const step = steps.get(place);
    return step ? button(symbol, step, written, onPick) : kept(symbol);
  }));
}

function button(symbol, { t, guesses, told }, written, onPick) {
  const [{ id, share }] = guesses;
  const answer = told ?? written[id];
  const shown = told === undefined ? guesses : [];
  const made = element("button", { type: "button", className: "step" },
    element("span", { className: "read" }, visible(symbol)),
    element("span", { className: "answer" }, visible(answer)),
    element("span", { className: "guesses" }, ...shown.map((guess) => guessLine(guess, written))));
  made.setAttribute("aria-label", `character ${t + 1}: ${visible(symbol)} ` + (told === undefined
    ? `decrypted to ${visible(answer)}, confidence ${percent(share)}` : `with the plaintext ${visible(answer)}`));
  if (told === undefined) made.style.setProperty("--sure", share);
  made.dataset.t = t;
  made.addEventListener("click", () => onPick(t));
  return made;
}

/** Marks the selected step; Tab reaches only this one, and the arrow keys reach the others. */
export function markStep(list, t) {
  for (const step of list.querySelectorAll("button")) {
    const isSelected = Number(step.dataset.t) === t;
    step.setAttribute("aria-pressed", isSelected);
    step.tabIndex = isSelected ? 0 : -1;
  }
}

function guessLine({ id, share }, written) {
  const line = element("span", { className: "guess" },
    element("span", {}, visible(written[id])), element("span", {}, `${Math.floor(share * 100 + 1e-6)}`));
  line.style.setProperty("--share", share);
  return line;
}

function kept(symbol) {
  return element("span", { className: "step kept", title: "not in the alphabet: kept as it is" },
    element("span", { className: "read" }, visible(symbol)));
}
