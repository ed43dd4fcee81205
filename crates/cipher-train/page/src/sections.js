import { byId, element } from "./dom.js";
import { cipherInWords, count, percent, visible } from "./words.js";

/** Fills the sections that do not change: sentences, pictures and the table of the cipher. */
export function showSections({ report, pictures }) {
  for (const figure of document.querySelectorAll("figure[data-picture]")) {
    const picture = pictures[figure.dataset.picture];
    figure.hidden = picture === undefined;
    // Drawn by cipher-train, which escapes every text in it.
    figure.innerHTML = picture ?? "";
  }
  byId("training").hidden = report.metrics.length === 0;
  byId("cipher").hidden = byId("mistakes").hidden = report.messages === null;
  for (const link of document.querySelectorAll("nav a")) {
    link.hidden = byId(link.hash.slice(1)).hidden;
  }
  showSummary(report);
  showTraining(report);
  if (report.messages) {
    showCipher(report);
    showMistakes(report.messages);
  }
}

function showSummary({ run, cipher, model, n_weights, weights, messages, ciphertext_alphabet }) {
  const layers = count(model.n_layers, "LSTM layer");
  const ways = model.bidirectional ? ", each read from both ends" : "";
  const sentences = [
    cipher
      ? `The cipher: ${cipherInWords(cipher)}, over ${count(ciphertext_alphabet.symbols.length, "symbol")}. `
        + "The network was told none of this; it only saw messages with their decryptions."
      : "The cipher is not known: the network learned it from a file of messages with their decryptions.",
    `The network: each symbol becomes ${count(model.d_embedding, "number")}, ${layers}${ways} of `
      + `${count(model.d_hidden, "unit")} ${model.n_layers === 1 ? "reads" : "read"} them one after the other, and a linear layer scores the `
      + `plaintext symbols. ${count(n_weights, "weight")} in all, from epoch ${weights.epoch}.`,
  ];
  if (messages) {
    sentences.push(`On ${count(messages.n_messages, "message")} that it never saw while training, `
      + `${percent(messages.right_characters / messages.n_characters)} of the characters and `
      + `${percent(messages.right_messages / messages.n_messages)} of the whole messages are right.`);
  }
  if (!weights.is_final) sentences.push("Its training was not over when this page was made.");
  byId("run").textContent = run;
  document.title = `What the network learned: ${run}`;
  byId("summary").replaceChildren(...sentences.map((text) => element("p", {}, text)));
}

function showTraining({ metrics }) {
  const last = metrics.filter(({ split }) => split === "held_out").at(-1);
  if (!last) return;
  byId("training-words").textContent = `${count(last.epoch, "epoch")}, ${count(last.step, "step")} and `
    + `${count(last.characters, "training character")} in ${last.seconds.toFixed(1)} seconds. `
    + "Training changes the weights; the held-out messages only tell how well that goes. Where the "
    + "two lines part, the network has learned its training messages by heart.";
}

function showCipher({ messages, ciphertext_alphabet, plaintext_alphabet }) {
  const { period, predicted, cells } = messages.recovered;
  const isWhole = period > 1 && period >= messages.positions.length;
  const place = period === 1 ? "" : ` and its ${isWhole ? "position" : "place"}`;
  byId("cipher-words").textContent = predicted >= 0.9
    ? `${percent(predicted)} of the network's answers follow from the symbol${place} alone`
      + (period === 1 ? "." : isWhole ? ": each position has a table of its own." : `: they repeat after ${period} places.`)
    : `Only ${percent(predicted)} of the network's answers follow from the symbol${place}: the rest `
      + "depends on other symbols of the message, and the table has the commonest answers only.";
  const table = period === 1 ? listOf : gridOf;
  byId("cipher-table").replaceChildren(
    table(cells, period, ciphertext_alphabet.symbols, plaintext_alphabet.symbols),
  );
}

/** A row for each symbol. */
function listOf(cells, _period, read, written) {
  const rows = cells.map((cell) => [
    element("th", { scope: "row" }, visible(read[cell.ciphertext])),
    answerCell(cell, written),
    element("td", {}, percent(cell.n_answer / cell.n)),
    element("td", {}, percent(cell.confidence)),
    element("td", {}, visible(written[cell.plaintext])),
  ]);
  return tableOf(["read", "answered", "so often", "how sure", "truth"], rows);
}

/** A row for each symbol, a column for each place. */
function gridOf(cells, period, read, written) {
  const rows = new Map();
  for (const cell of cells) {
    const row = rows.get(cell.ciphertext) ?? Array.from({ length: period }, () => element("td", {}, "–"));
    row[cell.place] = answerCell(cell, written);
    row[cell.place].append(element("small", {}, ` ${Math.floor(cell.confidence * 100 + 1e-6)}`));
    rows.set(cell.ciphertext, row);
  }
  const head = ["read", ...Array.from({ length: period }, (_, place) => `${place + 1}`)];
  return tableOf(head, Array.from(rows, ([symbol, row]) =>
    [element("th", { scope: "row" }, visible(read[symbol])), ...row]));
}

function answerCell(cell, written) {
  const isRight = cell.answer === cell.plaintext;
  const words = `${visible(written[cell.answer])}${isRight ? "" : ` ≠ ${visible(written[cell.plaintext])}`}`;
  const made = element("td", { className: isRight ? "right" : "wrong" }, words);
  made.style.setProperty("--sure", cell.confidence);
  made.title = `seen ${cell.n} times, answered so ${cell.n_answer} times, `
    + `${percent(cell.confidence)} sure; in truth ${visible(written[cell.plaintext])}`;
  return made;
}

function tableOf(head, rows) {
  return element("table", {},
    element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...rows.map((cells) => element("tr", {}, ...cells))));
}

function showMistakes({ n_characters, right_characters, calibration_error }) {
  const wrong = n_characters - right_characters;
  byId("mistakes-words").textContent = (wrong === 0
    ? `None: all ${count(n_characters, "held-out character")} are right.`
    : `${count(wrong, "character")} of ${n_characters.toLocaleString("en")} are wrong.`)
    + ` Its confidence is off by ${percent(calibration_error)} on average.`;
}
