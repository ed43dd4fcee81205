import { byId, element } from "./dom.js";
import { count, percent } from "./words.js";
import { Curve } from "./curve.js";
import { SYMBOLS, TARGET_LOSS, Training, caesar, highest } from "./training.js";

const FIELDS = ["learning-key", "learning-size"];
const SECRET = "THIS-IS-A-SECRET";
/** Every training begins with the same random numbers. */
const SEED = 1;
/** Milliseconds between two pictures: time to see each of them, and for the page to do something else. */
const REST = 30;
/** Accuracies that the status announces when they are passed. */
const MILESTONES = [0.25, 0.5, 0.75, 0.9, 1];

/** The section in which a network learns while the reader watches. */
export function startLearning() {
  const curve = new Curve(byId("learning-curve"), SYMBOLS.length);
  let current = null;
  showProgress(trainingOf("defaultValue"), curve);

  /** Trains until it is over, or another training has begun, or none is wanted. */
  async function train(training) {
    current = training;
    byId("learning-stop").disabled = false;
    let [best, milliseconds] = [0, 0];
    while (current === training && !training.isOver) {
      showProgress(training, curve);
      best = Math.max(best, training.seen.accuracy);
      announce(sayProgress(training, best));
      await new Promise((resolve) => setTimeout(resolve, REST));
      if (current !== training) break;
      const begin = performance.now();
      training.advance();
      milliseconds += performance.now() - begin;
    }
    if (current !== training && current !== null) return;
    current = null;
    // The button is about to be switched off, and would lose the focus.
    if (document.activeElement === byId("learning-stop")) byId("learning-start").focus();
    byId("learning-stop").disabled = true;
    showProgress(training, curve);
    announce(sayEnd(training, milliseconds / 1000));
  }

  byId("learning-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const problem = checkSettings();
    if (problem === "") train(trainingOf("value"));
    byId("learning-problem").textContent = problem;
  });
  byId("learning-form").addEventListener("input", ({ target }) => {
    target.removeAttribute("aria-invalid");
    byId("learning-problem").textContent = "";
  });
  byId("learning-stop").addEventListener("click", () => (current = null));
}

/** An untrained network with the numbers that the fields have as their `value` or `defaultValue`. */
function trainingOf(property) {
  const [key, dHidden] = FIELDS.map((id) => Number(byId(id)[property]));
  return new Training({ key, dHidden, seed: SEED });
}

/** What is wrong with the settings, if anything; the first field that is wrong gets the focus. */
function checkSettings() {
  const wrong = FIELDS.map(byId).filter((field) => {
    const isWrong = !(Number.isInteger(field.valueAsNumber) && field.checkValidity());
    field.setAttribute("aria-invalid", isWrong);
    return isWrong;
  });
  wrong[0]?.focus();
  return wrong.map(({ dataset, min, max }) => `Enter a whole number from ${min} to ${max} as the ${dataset.what}.`).join(" ");
}

/** Changes the status. A screen reader reads out each change, and should not repeat itself. */
function announce(words) {
  if (byId("learning-status").textContent !== words) byId("learning-status").textContent = words;
}

function sayProgress(training, accuracy) {
  const passed = MILESTONES.filter((milestone) => milestone <= accuracy).at(-1);
  return `Training ${nameOf(training)}.`
    + (passed === undefined ? "" : ` It has reached ${percent(passed)} of the characters of new messages.`)
    + (passed === 1 ? ` It continues until its loss is below ${TARGET_LOSS}: barely right answers would soon differ.` : "");
}

function sayEnd(training, seconds) {
  const { hasLearned, isOver, losses, nMessages, seen } = training;
  const spent = `${count(losses.length, "step")} on ${count(nMessages, "message")} (${seconds.toFixed(1)} seconds)`;
  const name = nameOf(training);
  if (hasLearned) {
    return `Learned: ${name}. After ${spent}, it decrypts ${count(seen.nMessages, "new message")}, `
      + `${count(seen.nCharacters, "character")}, without an error.`;
  }
  const right = `${percent(seen.accuracy)} of ${count(seen.nCharacters, "character")} of new messages are right`;
  return isOver ? `Not fully learned: ${name}. After ${spent}, ${right}. It gives up here; try more hidden units.`
    : `Stopped: ${name}. After ${spent}, ${right}.`;
}

/** The network and what it learns. */
function nameOf({ config, key }) {
  return `a network of ${count(config.d_hidden, "hidden unit")} and the key ${key}`;
}

/** Shows where a training is. */
function showProgress(training, curve) {
  const { losses, nMessages, seen, key } = training;
  curve.draw(losses);
  byId("learning-step").textContent = losses.length.toLocaleString("en");
  byId("learning-messages").textContent = nMessages.toLocaleString("en");
  byId("learning-loss").textContent = seen.loss.toFixed(3);
  byId("learning-accuracy").textContent = percent(seen.accuracy);
  showSecret(training);
  byId("learning-cipher").replaceChildren(...SYMBOLS.map((_, ciphertext) =>
    answerItem(ciphertext, caesar(ciphertext, SYMBOLS.length - key), seen.counts[ciphertext])));
}

/** One message from the outside, as the network decrypts it at present. */
function showSecret(training) {
  const secret = [...SECRET].map((symbol) => SYMBOLS.indexOf(symbol));
  const ciphertext = secret.map((id) => caesar(id, training.key));
  const answers = training.decrypt(ciphertext);
  byId("learning-ciphertext").textContent = ciphertext.map((id) => SYMBOLS[id]).join("");
  byId("learning-plaintext").replaceChildren(...answers.map((id, t) =>
    element("span", { className: id === secret[t] ? "right" : "wrong" }, SYMBOLS[id])));
  const nRight = answers.filter((id, t) => id === secret[t]).length;
  byId("learning-right").textContent = `${nRight} of ${secret.length} right`;
}

/** What the network answers most often to a ciphertext symbol; `counts` has how often it gave each answer. */
function answerItem(ciphertext, plaintext, counts) {
  const answer = highest(counts);
  const isRight = answer === plaintext;
  const made = element("li", { className: isRight ? "right" : "wrong" },
    element("span", { className: "read" }, SYMBOLS[ciphertext]), " → ",
    element("strong", {}, SYMBOLS[answer]),
    element("small", {}, isRight ? " ✓" : ` ≠ ${SYMBOLS[plaintext]}`));
  made.style.setProperty("--sure", counts[answer] / counts.reduce((a, b) => a + b, 0));
  return made;
}
