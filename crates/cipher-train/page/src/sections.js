import { byId, element } from "./dom.js";
import { cipherInWords, count, percent, visible } from "./words.js";

/** Fills the sections that are not interactive: sentences, pictures and the table of the cipher. */
export function showSections({ report, pictures }) {
  for (const figure of document.querySelectorAll("figure[data-picture]")) {
    const picture = pictures[figure.dataset.picture];
    figure.hidden = picture === undefined;
    // cipher-train drew the picture and escaped all text in it.
    figure.innerHTML = picture ?? "";
  }
  byId("training").hidden = report.metrics.length === 0;
  byId("mistakes").hidden = report.messages === null;
  byId("cipher").hidden = !report.messages?.recovered;
  byId("key").hidden = !report.key;
  for (const link of document.querySelectorAll("nav a")) {
    link.hidden = byId(link.hash.slice(1)).hidden;
  }
  showSummary(report);
  showTraining(report);
  if (report.key) showKey(report.key);
  if (report.messages) {
    if (report.messages.recovered) showCipher(report);
    showMistakes(report.messages);
  }
}

function showSummary(report) {
  const { run, cipher, rule, verdict, model, n_weights, weights, messages, edits, ciphertext_alphabet } = report;
  const layers = count(model.n_layers, "LSTM layer");
  const ways = model.bidirectional ? ", each reading in both directions" : "";
  const parts = [
    ...rule ? ruleParts(rule, edits) : [cipher
      ? `Cipher: ${cipherInWords(cipher)}, over ${count(ciphertext_alphabet.symbols.length, "symbol")}. `
        + toldOfCipher(report)
      : "The cipher is not known: the network learned it from a file of messages with their decryptions."],
    `Network: an embedding of ${count(model.d_embedding, "number")} per symbol, ${layers}${ways} with `
      + `${count(model.d_hidden, "hidden unit")}, and a linear layer that gives the logits of the answers. `
      + `It has ${count(n_weights, "weight")}; these are from epoch ${weights.epoch}.`,
  ];
  if (messages) {
    const [characters, whole] = report.task === "recover-key" ? ["symbols of keys", "keys as a whole"] : ["characters", "messages"];
    const right = edits
      ? `${percent(1 - edits.wrong_symbols / edits.n_symbols)} of the characters (by edit distance) and `
        + `${percent(1 - edits.wrong_messages / edits.n_messages)}`
      : `${percent(messages.right_characters / messages.n_characters)} of the ${characters} and `
        + `${percent(messages.right_messages / messages.n_messages)}`;
    parts.push(`Test set: ${count(messages.n_messages, "message")} that the network never saw during training. `
      + `It gets ${right} of the ${whole} right.`);
  }
  if (verdict) parts.push(verdict);
  if (!weights.is_final) parts.push("Training had not finished when this page was made.");
  byId("run").textContent = run;
  document.title = `What the network learned: ${run}`;
  byId("summary").replaceChildren(...parts.map((part) =>
    typeof part === "string" ? element("p", {}, part) : part));
}

function toldOfCipher({ task, key_alphabet }) {
  if (task === "recover-key") return "The network is told each message with its plaintext, and asked for the key.";
  return key_alphabet ? "The network is told the key of each message and nothing else of the cipher."
    : "The network was told none of this; it only saw messages with their decryptions.";
}

/** What is known of the cipher where a rule without a network explains it. */
function ruleParts({ name, key }, edits) {
  const explains = edits ? "A simple rule is as good as the network" : "A simple rule explains every test message";
  return [
    element("p", {}, element("strong", {}, `${explains}: ${name}`), ", with this key:"),
    element("pre", { id: "rule-key", tabIndex: 0 }, key),
    "cipher-train decrypt uses this rule instead of the network. The rest of this page shows the network, which "
      + "learned from a file of messages with their decryptions.",
  ];
}

function showTraining({ metrics }) {
  // Runs of earlier versions call the validation set "held_out".
  const last = metrics.filter(({ split }) => split === "validation" || split === "held_out").at(-1);
  if (!last) return;
  byId("training-words").textContent = `${count(last.epoch, "epoch")}, ${count(last.step, "step")} and `
    + `${count(last.characters, "training character")} in ${last.seconds.toFixed(1)} seconds. `
    + "Only the training set changes the weights; the validation set measures how well they do on messages that "
    + "training does not see. Where training improves and validation does not, the network is overfitting.";
}

/** What each code stands for, where the sides of the pairs have different lengths. */
function showKey({ codes, unseen, explained }) {
  const nulls = codes.filter(({ stands_for }) => stands_for === "").map(({ code }) => code);
  const said = [`The table explains ${percent(explained)} of all places.`];
  if (nulls.length > 0) said.push(`Nulls, which stand for nothing (∅): ${nulls.join(" ")}.`);
  if (unseen.length > 0) said.push(`In the range of these codes, but in no pair: ${unseen.join(" ")}.`);
  byId("key-words").textContent = said.join(" ");
  const rows = codes.map(({ code, stands_for, seen, share, rivals, doubtful }) => {
    const others = rivals.map(([chunk, n]) => `${visible(chunk)} ${n}`);
    if (doubtful > 0) others.push(`doubtful ${doubtful}`);
    return [
      element("th", { scope: "row" }, visible(code)),
      element("td", {}, stands_for === null ? "?" : visible(stands_for)),
      element("td", {}, seen.toLocaleString("en")),
      element("td", {}, percent(share)),
      element("td", {}, others.join(", ")),
    ];
  });
  byId("key-table").replaceChildren(tableOf(["code", "stands for", "seen", "share", "else"], rows));
}

function showCipher({ messages, ciphertext_alphabet, plaintext_alphabet }) {
  const { period, predicted, cells } = messages.recovered;
  const isWhole = period > 1 && period >= messages.positions.length;
  const place = period === 1 ? "" : " and its position";
  byId("cipher-words").textContent = predicted >= 0.9
    ? `${percent(predicted)} of the network's answers follow from the symbol${place} alone`
      + (period === 1 ? "." : isWhole ? ". Each position has its own column." : `. They repeat every ${period} positions, which are the columns.`)
    : `Only ${percent(predicted)} of the network's answers follow from the symbol${place}. The rest `
      + "depends on other symbols of the message, so the table has only the most frequent answers.";
  byId("cipher-truth").textContent = sayTruth(cells);
  const table = period === 1 ? listOf : gridOf;
  byId("cipher-table").replaceChildren(
    table(cells, period, ciphertext_alphabet.symbols, plaintext_alphabet.symbols),
  );
}

function sayTruth(cells) {
  const wrong = cells.filter(({ answer, plaintext }) => answer !== plaintext).length;
  if (wrong === 0) return `All ${count(cells.length, "answer")} agree with the true plaintext.`;
  return `${wrong} of ${count(cells.length, "answer")} differ${wrong === 1 ? "s" : ""} from the true plaintext. `
    + "There the truth is behind the sign ≠; everywhere else the answer is the truth.";
}

/** A row for each symbol. */
function listOf(cells, _period, read, written) {
  const rows = cells.map((cell) => [
    element("th", { scope: "row" }, visible(read[cell.ciphertext])),
    answerCell(cell, written),
    element("td", {}, visible(written[cell.plaintext])),
    element("td", {}, percent(cell.n_answer / cell.n)),
    element("td", {}, percent(cell.confidence)),
  ]);
  return tableOf(["symbol", "answer", "truth", "frequency", "confidence"], rows);
}

/** A row for each symbol, a column for each position in the period. */
function gridOf(cells, period, read, written) {
  const rows = new Map();
  for (const cell of cells) {
    const row = rows.get(cell.ciphertext) ?? Array.from({ length: period }, () => element("td", {}, "–"));
    row[cell.place] = answerCell(cell, written);
    row[cell.place].append(element("small", {}, ` ${Math.floor(cell.confidence * 100 + 1e-6)}`));
    rows.set(cell.ciphertext, row);
  }
  const head = ["symbol", ...Array.from({ length: period }, (_, place) => `${place + 1}`)];
  return tableOf(head, Array.from(rows, ([symbol, row]) =>
    [element("th", { scope: "row" }, visible(read[symbol])), ...row]));
}

function answerCell(cell, written) {
  const [answer, truth] = [cell.answer, cell.plaintext].map((id) => visible(written[id]));
  const isRight = cell.answer === cell.plaintext;
  const made = element("td", { className: isRight ? "right" : "wrong" }, isRight ? answer : `${answer} ≠ ${truth}`);
  made.style.setProperty("--sure", cell.confidence);
  made.title = `answered ${answer} in ${cell.n_answer} of ${count(cell.n, "case")}, mean confidence `
    + `${percent(cell.confidence)}; the truth is ${truth}`;
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
    ? `None: all ${count(n_characters, "character")} of the test set are right.`
    : `${wrong.toLocaleString("en")} of ${count(n_characters, "character")} of the test set are wrong.`)
    + ` Confidence and accuracy differ by ${percent(calibration_error)} on average (the expected calibration error).`;
}
