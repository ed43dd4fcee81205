/** The page in a real browser, as a file, with models that cipher-train trained. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { openBrowser } from "./browser.js";

const CIPHER_TRAIN = process.env.CIPHER_TRAIN
  ?? fileURLToPath(new URL("../../../../target/debug/cipher-train", import.meta.url));
const VIGENERE = fileURLToPath(new URL("../../../../configs/vigenere.toml", import.meta.url));
const STANDALONE = fileURLToPath(new URL("../build-standalone.js", import.meta.url));
/** Ends a test that hangs. */
const TIME_LIMIT = 300_000;

let browser;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "cipher-page-"));
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs cipher-train; these tests accept a training that ends below its target. */
function run(args, input = "") {
  const { status, stdout, stderr } = spawnSync(CIPHER_TRAIN, args, { cwd: folder, input, encoding: "utf8" });
  assert.ok(status === 0 || status === 1, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The path of a report on a training with these settings, made once for each name. */
function report(name, args, settings = []) {
  const path = join(folder, `${name}.html`);
  if (existsSync(path)) return path;
  run(["train", ...args, "--run", name, ...settings.flatMap((setting) => ["--set", setting])]);
  run(["explain", "--run", name, "--out", `${name}.html`]);
  return path;
}

/** Opens a file and collects errors, messages and requests, none of which should happen. */
async function open(file, options = {}) {
  const page = await browser.newPage(options);
  const troubles = [];
  page.on("console", (message) => troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { troubles.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    const isOwn = request.url() === pathToFileURL(file).href || request.url().startsWith("data:");
    if (!isOwn) troubles.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => document.querySelectorAll("#units li").length > 0);
  return { page, troubles };
}

test("the tutorial's report opens from a file, is small, and asks for nothing", { timeout: TIME_LIMIT }, async () => {
  const file = report("caesar", []);
  assert.ok(statSync(file).size < 2_000_000);
  const { page, troubles } = await open(file);
  assert.equal(await page.textContent("#plaintext"), "THIS-IS-A-SECRET");
  const isShown = await page.$$eval("section", (sections) => sections.map((section) => section.checkVisibility()));
  // The section of the key is for aligned pairs.
  assert.deepEqual(isShown, [true, true, false, true, true, true, true, true]);
  const figures = await page.$$eval("figure", (all) => all.map((figure) => [
    figure.querySelector("svg[role=img] > title")?.textContent, figure.querySelector("svg > desc")?.textContent,
  ]));
  assert.equal(figures.length, 10);
  assert.ok(figures.flat().every((text) => text?.length > 3), `${figures}`);
  const row = await page.$$eval("#cipher-table tbody tr", ([first]) => first.innerText.split(/\s+/));
  assert.deepEqual([row[0], row[1]], ["A", "O"]);
  assert.deepEqual(troubles, []);
  await page.close();
});

/** Pairs whose codes of two and three digits stand side by side, with a null for some letters. */
function mixedWidth(nMessages) {
  let state = 1;
  const below = (n) => (state = (state * 48271) % 2147483647) % n;
  return Array.from({ length: nMessages }, () => {
    const letters = Array.from({ length: 40 }, () => below(26));
    const codes = letters.map((letter) => (below(9) === 0 ? "99" : "")
      + (letter % 2 === 0 ? `${10 + letter + below(2)}` : `${600 + 7 * letter + below(2)}`));
    return [codes.join(""), letters.map((letter) => String.fromCharCode(65 + letter)).join("")];
  });
}

test("the page of aligned pairs has the key, and decrypts as the network does", { timeout: TIME_LIMIT }, async () => {
  const pairs = mixedWidth(120);
  writeFileSync(join(folder, "aligned.tsv"), pairs.map((pair) => `${pair.join("\t")}\n`).join(""));
  run(["fit", "aligned.tsv", "--run", "aligned", "--set", "training.epochs=2"]);
  run(["explain", "--run", "aligned", "--out", "aligned.html"]);
  const texts = pairs.slice(0, 20).map(([ciphertext]) => ciphertext);
  const expected = run(["decrypt", "--run", "aligned", "--network"], texts.map((text) => `${text}\n`).join(""));
  const { page, troubles } = await open(join(folder, "aligned.html"));
  const found = await page.evaluate((all) => all.map((text) => {
    const box = document.getElementById("ciphertext");
    box.value = text;
    box.dispatchEvent(new Event("input"));
    return document.getElementById("plaintext").textContent;
  }), texts);
  assert.deepEqual(found, expected.trim().split("\n"));
  const rows = await page.$$eval("#key-table tbody tr", (all) => all.map((row) => row.innerText.split(/\s+/)));
  assert.deepEqual(rows.find(([code]) => code === "10").slice(0, 2), ["10", "A"]);
  assert.deepEqual(rows.find(([code]) => code === "99").slice(0, 2), ["99", "∅"]);
  assert.deepEqual(troubles, []);
  await page.close();
});

for (const nLayers of [1, 2]) {
  for (const bidirectional of [false, true]) {
    const what = `${nLayers === 1 ? "one layer" : "two layers"} in ${bidirectional ? "both directions" : "one direction"}`;
    test(`the page decrypts as decrypt does: ${what}`, { timeout: TIME_LIMIT }, async () => {
      const name = `parity-${nLayers}-${bidirectional}`;
      const file = report(name, [VIGENERE], [`model.n_layers=${nLayers}`, `model.bidirectional=${bidirectional}`,
        "model.d_hidden=24", "messages.test=50", "messages.validation=200", "training.epochs=4"]);
      const messages = randomMessages(200);
      const output = run(["decrypt", "--run", name, "--json"], messages.map((message) => `${message}\n`).join(""));
      const expected = output.trim().split("\n").map((line) => JSON.parse(line));
      assert.equal(expected.length, 200);

      const { page, troubles } = await open(file);
      const found = await page.evaluate((texts) => texts.map((text) => {
        const box = document.getElementById("ciphertext");
        box.value = text;
        box.dispatchEvent(new Event("input"));
        const steps = [...document.querySelectorAll("#steps button")];
        return {
          plaintext: document.getElementById("plaintext").textContent,
          confidences: steps.map((step) => Number(step.style.getPropertyValue("--sure"))),
        };
      }), messages);
      let n = 0;
      found.forEach(({ plaintext, confidences }, m) => {
        assert.equal(plaintext, expected[m].plaintext, messages[m]);
        assert.equal(confidences.length, expected[m].confidences.length);
        confidences.forEach((confidence, t) => {
          const difference = Math.abs(confidence - expected[m].confidences[t]);
          assert.ok(difference < 1e-4, `${messages[m]}, character ${t + 1}: ${difference}`);
          n += 1;
        });
      });
      assert.ok(n > 5000);
      assert.deepEqual(troubles, []);
      await page.close();
    });
  }
}

for (const how of ["prefix", "aligned"]) {
  test(`the page decrypts with any key as decrypt does: ${how}`, { timeout: TIME_LIMIT }, async () => {
    const file = report(`keyed-${how}`, [VIGENERE], ["cipher.key={length=[2,4]}", `model.key_input=${how}`,
      "model.d_hidden=24", "messages.test=50", "messages.validation=200", "training.epochs=4"]);
    const messages = randomMessages(20);
    const { page, troubles } = await open(file);
    for (const key of ["KEY", "AB", "LONG"]) {
      const output = run(["decrypt", "--run", `keyed-${how}`, "--key", key, "--json"], messages.map((message) => `${message}\n`).join(""));
      const expected = output.trim().split("\n").map((line) => JSON.parse(line).plaintext);
      const found = await page.evaluate(([typed, texts]) => texts.map((text) => {
        for (const [name, value] of [["typed-key", typed], ["ciphertext", text]]) {
          const box = document.getElementById(name);
          box.value = value;
          box.dispatchEvent(new Event("input"));
        }
        return document.getElementById("plaintext").textContent;
      }), [key, messages]);
      assert.deepEqual(found, expected);
      assert.equal(await page.textContent("#key-problem"), "");
    }
    await page.fill("#typed-key", "");
    assert.equal(await page.textContent("#key-problem"), "The network needs a key.");
    await page.fill("#typed-key", "K!");
    assert.equal(await page.textContent("#key-problem"), "Not a symbol of keys: !");
    await page.fill("#typed-key", "LONGER");
    assert.equal(await page.textContent("#key-problem"), "The network was trained with keys of 2 to 4 symbols.");
    // A network that reads the key first cannot use it, as decrypt says.
    assert.equal(await page.textContent("#plaintext") === "", how === "prefix");
    assert.equal(await page.isVisible("#cipher"), false);
    assert.match(await page.textContent("#named-words"), /hold the key/);
    assert.deepEqual(troubles, []);
    await page.close();
  });
}

/** Messages of 1 to 60 symbols, most of them of the alphabet. */
function randomMessages(n) {
  let state = 7;
  const random = (below) => (state = state * 48271 % 2147483647) % below;
  const symbols = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ-ABCDEFGHIJKLMNOPQRSTUVWXYZ-az é😀"];
  return Array.from({ length: n }, () =>
    Array.from({ length: 1 + random(60) }, () => symbols[random(symbols.length)]).join(""));
}

test("typing decrypts, a click on a unit shows it, and the theme changes", { timeout: TIME_LIMIT }, async () => {
  const file = report("caesar", []);
  const { page, troubles } = await open(file, { colorScheme: "light" });
  await page.fill("#ciphertext", "");
  await page.type("#ciphertext", "fuve");
  assert.equal(await page.textContent("#plaintext"), "THIS");
  assert.equal(await page.locator("#steps button").count(), 4);
  assert.equal(await page.locator("#steps button").first().locator(".guess").count(), 5);

  // The third unit of ten at the fourth of four characters.
  const map = page.locator(".map canvas").nth(5);
  const { width, height } = await map.boundingBox();
  await map.click({ position: { x: width * 3.5 / 4, y: height * 2.5 / 10 } });
  assert.equal(await page.inputValue("#unit"), "2");
  assert.match(await page.textContent("#step-words"), /^Character 4 is e, decrypted to S/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.inputValue("#unit"), "3");
  assert.match(await page.textContent("#step-words"), /^Character 3 is v, decrypted to I/);
  const before = await page.$eval("#painted", (painted) => painted.innerHTML);
  await page.selectOption("#unit", "7");
  assert.notEqual(await page.$eval("#painted", (painted) => painted.innerHTML), before);
  await page.locator("#units button").first().click();
  assert.match(await page.textContent("#unit-words"), /^Unit \d+: follows the symbol/);

  const download = page.waitForEvent("download");
  await page.click("#save");
  const svg = readFileSync(await (await download).path(), "utf8");
  const isPicture = await page.evaluate((text) =>
    new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror").length === 0, svg);
  assert.ok(isPicture);
  // Six maps of ten units and four characters.
  assert.equal(svg.match(/<rect class="cell"/g).length, 6 * 10 * 4);

  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const themes = [await background()];
  for (let n = 0; n < 2; n++) {
    await page.click("#theme");
    themes.push(await background());
  }
  assert.equal(themes[1], themes[0]);
  assert.notEqual(themes[2], themes[1]);
  assert.deepEqual(troubles, []);
  await page.close();
});

test("the page names the key of known plaintext as recover-key does", { timeout: TIME_LIMIT }, async () => {
  writeFileSync(join(folder, "recovery.toml"), `
task = "recover-key"
[alphabet]
symbols = "ABCDEFGH"
outside = "keep"
[cipher]
name = "caesar"
key = { length = 1 }
[messages]
min_length = 1
max_length = 6
per_epoch = 2048
validation = 100
test = 100
[model]
d_embedding = 32
d_hidden = 32
[training]
epochs = 40
learning_rate = 0.01
`);
  const { page, troubles } = await open(report("recovery", ["recovery.toml"]));
  assert.match(await page.textContent("#summary"), /asked for the key.*keys as a whole right/s);
  const example = await page.inputValue("#typed-key");
  assert.match(example, /^[A-H]+$/);
  assert.equal((await page.inputValue("#ciphertext")).length, example.length);
  for (const [ciphertext, plaintext] of [["DEF", "ABC"], ["H A", "A B"], ["BB", "BB"]]) {
    const expected = run(["recover-key", "--run", "recovery", ciphertext, plaintext]).trim();
    await page.fill("#ciphertext", ciphertext);
    await page.fill("#typed-key", plaintext);
    assert.equal(await page.textContent("#plaintext"), expected);
    assert.equal(await page.textContent("#key-problem"), "");
  }
  await page.fill("#typed-key", "ABC");
  assert.equal(await page.textContent("#key-problem"), "The plaintext has 3 symbols, and the ciphertext has 2.");
  assert.equal(await page.textContent("#plaintext"), "");
  assert.match(await page.textContent("#named-words"), /hold the key/);
  assert.deepEqual(troubles, []);
  await page.close();
});

test("units that follow the position are found, with the period of the key", { timeout: TIME_LIMIT }, async () => {
  writeFileSync(join(folder, "pairs.tsv"), run(["generate", VIGENERE, "-n", "1000"]));
  run(["fit", "pairs.tsv", "--run", "period"]);
  run(["explain", "--run", "period", "--out", "period.html"]);
  const { page, troubles } = await open(join(folder, "period.html"));
  assert.match(await page.textContent("#named-words"), /follow the position: the hidden state repeats every 6 characters/);
  assert.match(await page.textContent("#units li"), /follows the position: .* repeats every 6 characters/);
  const heads = await page.$$eval("#cipher-table thead th", (cells) => cells.map((cell) => cell.textContent));
  assert.deepEqual(heads, ["symbol", "1", "2", "3", "4", "5", "6"]);
  // The first letter of the key CIPHER encrypts A to C.
  const row = await page.$$eval("#cipher-table tbody tr", (rows) => rows[2].innerText.split(/\s+/));
  assert.deepEqual(row.slice(0, 2), ["C", "A"]);
  assert.deepEqual(troubles, []);
  await page.close();
});

/** A report with other data: `change` gets what the page shows. */
function changed(file, name, change) {
  const html = readFileSync(file, "utf8");
  const [whole, text] = /id="data">(.*)<\/script>\n/.exec(html);
  const data = JSON.parse(text);
  change(data);
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const path = join(folder, name);
  writeFileSync(path, html.replace(whole, () => whole.replace(text, () => json)));
  return path;
}

/** Whether two rectangles overlap, but for rounding. */
function overlap(a, b) {
  return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
}

const rectangles = (page, selector) =>
  page.$$eval(selector, (all) => all.map((one) => one.getBoundingClientRect().toJSON()));

/** Settings of a short training with maps of 128 units. */
const LARGE = ["model.d_hidden=128", "training.epochs=1", "messages.test=20", "messages.validation=20"];

test("nothing is cut off on a phone, and what scrolls says so", { timeout: TIME_LIMIT }, async () => {
  const file = report("phone", [VIGENERE], ["model.bidirectional=true", ...LARGE]);
  const { page, troubles } = await open(file, { viewport: { width: 360, height: 740 } });
  await page.fill("#ciphertext", "ABCDEFGHIJKLMNOPQRSTUVWXYZ".repeat(3));
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(widths[0] <= widths[1], `${widths}`);
  // Nothing is wider than the page, except in a box that scrolls.
  const cut = await page.$$eval("#page *", (all) => all
    .filter((one) => !one.closest(".scroll, svg") && one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 80)));
  assert.deepEqual(cut, []);
  const scroller = page.locator("#inside .scroll");
  const hint = page.locator("#inside .hint");
  assert.ok(await hint.isVisible());
  assert.ok(await scroller.evaluate((box) => box.classList.contains("more")));
  // The last column can be reached with the keyboard, and the numbers at the side stay.
  await page.locator(".map canvas").first().focus();
  for (let n = 0; n < 80; n++) await page.keyboard.press("ArrowRight");
  assert.match(await page.textContent("#step-words"), /^Character 78 /);
  const [mark] = await rectangles(page, ".map .column-mark");
  const [side] = await rectangles(page, ".map .side");
  assert.ok(mark.left >= side.right - 1 && mark.right <= 360, JSON.stringify([mark, side]));
  assert.ok(side.left >= 0);
  await page.waitForFunction(() => !document.querySelector("#inside .scroll").classList.contains("more"));
  await page.fill("#ciphertext", "ABC");
  await hint.waitFor({ state: "hidden" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  assert.equal(await page.isVisible("#theme"), false);
  assert.ok((await page.pdf()).length > 10_000);
  assert.deepEqual(troubles, []);
  await page.close();
});

test("each map has a colour scale with its numbers, and numbers of units and columns", { timeout: TIME_LIMIT }, async () => {
  const file = report("large", [VIGENERE], LARGE);
  const { page, troubles } = await open(file);
  await page.fill("#ciphertext", "ABCDEFGHIJKL");
  const scales = await page.$$eval(".map", (maps) => maps.map((map) =>
    [...map.querySelectorAll(".scale-numbers span")].map((number) => number.textContent)));
  const [gate, signed, cell] = [["0", "0.5", "1"], ["−1", "0", "1"], ["≤ −3", "0", "≥ 3"]];
  assert.deepEqual(scales, [gate, gate, signed, gate, cell, signed]);
  // The ends and the middle of a bar have the colours of those numbers: the bar and a canvas agree.
  const bar = await page.locator(".map .bar").nth(2).evaluate((one) => getComputedStyle(one).backgroundImage);
  const colors = bar.match(/rgba?\([^)]*\)/g);
  assert.equal(colors[0], "rgb(155, 81, 181)");
  assert.equal(colors.at(-1), "rgb(46, 155, 79)");
  assert.match(colors[(colors.length - 1) / 2], /, 0\)$/);

  // A number is at the middle of its row, and no two overlap.
  const { top, height } = (await rectangles(page, ".map canvas"))[0];
  const numbers = await page.$$eval(".map:nth-of-type(4) .unit-numbers span", (all) => all.map((one) => Number(one.textContent)));
  const places = await rectangles(page, ".map:nth-of-type(4) .unit-numbers span");
  assert.ok(numbers.length > 5);
  numbers.forEach((unit, n) => {
    const middle = (places[n].top + places[n].bottom) / 2;
    assert.ok(Math.abs(middle - top - (unit - 0.5) / 128 * height) < 2, `unit ${unit} at ${middle}`);
    assert.ok(n === 0 || !overlap(places[n - 1], places[n]), `units ${numbers[n - 1]} and ${unit}`);
  });
  const columns = await page.$$eval(".row:nth-of-type(3) .letters span", (all) => all.map((one) => one.textContent));
  assert.deepEqual(columns, ["1", "", "", "", "5", "", "", "", "", "10", "", ""]);
  assert.equal(await page.locator("figure[data-picture=confusion] text").filter({ hasText: /^(1|10|50|100) %$/ }).count(), 8);
  assert.deepEqual(troubles, []);
  await page.close();
});

test("labels of embeddings cover neither labels nor points, at any width", { timeout: TIME_LIMIT }, async () => {
  const file = report("large", [VIGENERE], LARGE);
  for (const width of [360, 1000]) {
    const { page } = await open(file, { viewport: { width, height: 800 } });
    const points = await rectangles(page, "figure[data-picture=embedding] circle");
    assert.equal(points.length, 27);
    const names = await page.$$eval("figure[data-picture=embedding] circle title", (all) => all.map((one) => one.textContent));
    const isLabel = "text:not(.title):not([text-anchor=start]):not([text-anchor=end])";
    const labels = await rectangles(page, `figure[data-picture=embedding] ${isLabel}`);
    assert.ok(labels.length > 15 && labels.length <= names.length, `${labels.length} labels`);
    labels.forEach((label, n) => {
      // A line box is higher than its letters; a font has its capitals in the middle two thirds.
      const [top, bottom] = [label.top + label.height / 6, label.bottom - label.height / 6];
      const letters = { ...label, top, bottom };
      assert.ok(!labels.slice(n + 1).some((other) => overlap(letters, other)), `label ${n} at ${width}`);
      assert.ok(!points.some((point) => overlap(letters, point)), `label ${n} at ${width}`);
    });
    await page.close();
  }
});

test("a rule that explains every message and a verdict are in the headline, as text", { timeout: TIME_LIMIT }, async () => {
  const file = report("caesar", []);
  const key = "key CIPHER\n<img src=x onerror=alert(1)>";
  const ruled = changed(file, "ruled.html", ({ report }) => {
    report.cipher = null;
    report.rule = { name: "Vigenere <b>", key };
    report.verdict = "verdict: learned <i>";
  });
  const { page, troubles } = await open(ruled);
  const words = await page.innerText("#summary");
  assert.match(words, /A simple rule explains every test message: Vigenere <b>/);
  assert.match(words, /decrypt uses this rule/);
  assert.match(words, /^verdict: learned <i>$/m);
  assert.doesNotMatch(words, /not known/);
  assert.equal(await page.textContent("#rule-key"), key);
  assert.equal(await page.locator("#summary :is(img, b, i)").count(), 0);
  assert.equal(await page.textContent("#plaintext"), "THIS-IS-A-SECRET");
  assert.deepEqual(troubles, []);
  await page.close();

  const unknown = changed(file, "unknown.html", ({ report }) => Object.assign(report, { cipher: null, rule: null, verdict: null }));
  const second = await open(unknown);
  assert.match(await second.page.innerText("#summary"), /^The cipher is not known/);
  await second.page.close();
});

test("an answer that is not the truth has the truth beside it, and the sentence counts them", { timeout: TIME_LIMIT }, async () => {
  const file = report("caesar", []);
  const period = (data, n) => {
    const { recovered } = data.report.messages;
    recovered.period = n;
    recovered.cells[0].answer = 1; // B, where A is O in truth
  };
  for (const n of [1, 2]) {
    const { page } = await open(changed(file, `truth-${n}.html`, (data) => period(data, n)));
    const [first, second] = await page.$$eval("#cipher-table tbody tr", (rows) =>
      rows.map((row) => [row.cells[1].innerText, row.cells[1].className]));
    assert.match(first[0], /^B ≠ O/);
    assert.equal(first[1], "wrong");
    assert.deepEqual([second[0].slice(0, 1), second[1]], ["P", "right"]);
    assert.match(await page.textContent("#cipher-truth"), /^1 of 27 answers differs from the true plaintext/);
    await page.close();
  }
  const { page } = await open(file);
  assert.equal(await page.textContent("#cipher-truth"), "All 27 answers agree with the true plaintext.");
  await page.close();
});

test("metrics that name the split validation or held_out are both shown", { timeout: TIME_LIMIT }, async () => {
  const file = report("caesar", []);
  for (const name of ["validation", "held_out"]) {
    const renamed = changed(file, `${name}.html`, ({ report }) => {
      for (const record of report.metrics) if (record.split !== "training") record.split = name;
    });
    const { page } = await open(renamed);
    assert.match(await page.textContent("#training-words"), /^[\d,]+ epochs?, /);
    await page.close();
  }
});

test("the steps are one stop of the Tab key, and the arrow keys move between them", { timeout: TIME_LIMIT }, async () => {
  const { page } = await open(report("caesar", []));
  const stops = await page.$$eval("#steps button", (all) => all.filter((one) => one.tabIndex === 0).length);
  assert.equal(stops, 1);
  await page.locator("#steps button").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await page.textContent("#step-words"), /^Character 3 /);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.t), "2");
  await page.close();
});

/** Waits for the end of a training on the page. */
function learned(page) {
  return page.waitForFunction(() => document.getElementById("learning-stop").disabled, null, { timeout: TIME_LIMIT });
}

/** What the section of a finished training shows, checked against a Caesar cipher of 27 symbols. */
async function assertLearned(page, { key, first, secret }) {
  assert.match(await page.textContent("#learning-status"),
    new RegExp(`^Learned: .* the key ${key}\\. .* decrypts 200 new messages, 6,400 characters, without an error\\.$`));
  const answers = await page.$$eval("#learning-cipher li", (all) => all.map((one) => [one.textContent, one.className]));
  assert.equal(answers.length, 27);
  assert.deepEqual(answers[0], [first, "right"]);
  assert.ok(answers.every(([text, name]) => text.endsWith(" ✓") && name === "right"), `${answers}`);
  assert.equal(await page.textContent("#learning-ciphertext"), secret);
  assert.equal(await page.textContent("#learning-plaintext"), "THIS-IS-A-SECRET");
  assert.equal(await page.textContent("#learning-right"), "16 of 16 right");
  assert.equal(await page.textContent("#learning-accuracy"), "100 %");
  const points = await page.getAttribute("#learning-curve polyline", "points");
  assert.equal(points.split(" ").length, Number(await page.textContent("#learning-step")));
}

test("a network learns on the page while the reader watches, and can be stopped and started again", { timeout: TIME_LIMIT }, async () => {
  const { page, troubles } = await open(report("caesar", []));
  const wrong = await page.$$eval("#learning-cipher .wrong", (all) => all.map((one) => one.textContent));
  assert.ok(wrong.length > 20 && wrong.every((text) => /^\S → \S ≠ \S$/.test(text)), `${wrong}`);
  await page.focus("#learning-key");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => Number(document.getElementById("learning-step").textContent) >= 5);
  // The rest of the page answers meanwhile.
  await page.fill("#ciphertext", "FUVE");
  assert.equal(await page.textContent("#plaintext"), "THIS");
  await learned(page);
  await assertLearned(page, { key: 13, first: "A → O ✓", secret: "FUVEMVEMNMERPDRF" });
  const steps = await page.textContent("#learning-step");

  await page.fill("#learning-key", "3");
  const restarted = await page.evaluate(() => {
    document.getElementById("learning-start").click();
    return ["step", "messages", "status"].map((name) => document.getElementById(`learning-${name}`).textContent);
  });
  assert.deepEqual(restarted, ["0", "0", "Training a network of 10 hidden units and the key 3."]);
  await page.waitForFunction(() => Number(document.getElementById("learning-step").textContent) >= 5);
  await page.click("#learning-stop");
  await learned(page);
  assert.match(await page.textContent("#learning-status"), /^Stopped: .* the key 3\. After \d+ steps on \d+ messages .* % of \d+ characters of new messages are right/);
  const stopped = await page.textContent("#learning-step");
  // Pressed twice, only the second training continues.
  await page.evaluate(() => [1, 2].forEach(() => document.getElementById("learning-start").click()));
  await learned(page);
  await assertLearned(page, { key: 3, first: "A → Y ✓", secret: "WKLVCLVCDCVHFUHW" });
  assert.ok(Number(stopped) < Number(await page.textContent("#learning-step")));
  await page.fill("#learning-key", "13");
  await page.click("#learning-start");
  await learned(page);
  assert.equal(await page.textContent("#learning-step"), steps);
  assert.deepEqual(troubles, []);
  await page.close();
});

test("a key or a size that cannot be is refused with what to do", { timeout: TIME_LIMIT }, async () => {
  const { page, troubles } = await open(report("caesar", []));
  const ofKey = "Enter a whole number from 0 to 26 as the key.";
  const ofSize = "Enter a whole number from 2 to 32 as the number of hidden units.";
  for (const [key, size, problem, focused] of [
    ["99", "10", ofKey, "learning-key"], ["", "10", ofKey, "learning-key"], ["-1", "10", ofKey, "learning-key"],
    ["2.5", "10", ofKey, "learning-key"], ["13", "0", ofSize, "learning-size"], ["13", "", ofSize, "learning-size"],
    ["27", "33", `${ofKey} ${ofSize}`, "learning-key"],
  ]) {
    await page.fill("#learning-key", key);
    await page.fill("#learning-size", size);
    await page.click("#learning-start");
    assert.equal(await page.textContent("#learning-problem"), problem);
    assert.equal(await page.evaluate(() => document.activeElement.id), focused);
    assert.equal(await page.getAttribute(`#${focused}`, "aria-invalid"), "true");
    assert.ok(await page.isDisabled("#learning-stop"));
  }
  await page.fill("#learning-key", "0");
  assert.equal(await page.textContent("#learning-problem"), "");
  assert.equal(await page.getAttribute("#learning-key", "aria-invalid"), null);
  await page.fill("#learning-size", "32");
  await page.click("#learning-start");
  await learned(page);
  await assertLearned(page, { key: 0, first: "A → A ✓", secret: "THIS-IS-A-SECRET" });
  assert.deepEqual(troubles, []);
  await page.close();
});

test("the section alone fits into a frame of the book, in the book's theme", { timeout: TIME_LIMIT }, async () => {
  const file = join(folder, "train.html");
  const { status, stderr } = spawnSync(process.execPath, [STANDALONE, file], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const page = await browser.newPage({ viewport: { width: 400, height: 800 }, colorScheme: "light" });
  const troubles = [];
  page.on("console", (message) => troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  // As a file it has no frame, and asks for nothing.
  page.on("request", (request) => {
    if (!/^data:|train\.html$|book\.test\/$/.test(request.url())) troubles.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.fill("#learning-size", "24");
  await page.click("#learning-start");
  await learned(page);
  await assertLearned(page, { key: 13, first: "A → O ✓", secret: "FUVEMVEMNMERPDRF" });

  const book = "<!DOCTYPE html><style>html { color-scheme: light } html.navy { color-scheme: dark }</style>"
    + "<link rel=icon href=data:,><iframe src=train.html title=t style='width: 100%; border: 0'></iframe>";
  await page.route("http://book.test/**", (route) =>
    route.fulfill({ contentType: "text/html", body: route.request().url().endsWith("train.html") ? readFileSync(file, "utf8") : book }));
  await page.goto("http://book.test/");
  const frame = page.frames()[1];
  await frame.waitForFunction(() => document.documentElement.dataset.theme === "light");
  await frame.waitForFunction(() => document.documentElement.scrollHeight <= innerHeight && innerHeight > 300);
  await page.evaluate(() => (document.documentElement.className = "navy"));
  await frame.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  assert.deepEqual(troubles, []);
  await page.close();
});

test("a running training updates the page and keeps what was typed", { timeout: TIME_LIMIT }, async () => {
  const training = spawn(CIPHER_TRAIN, ["train", "--serve", "--run", "served", "--set", "training.epochs=1000000",
    "--set", "training.target_loss=0"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  try {
    let said = "";
    training.stderr.on("data", (bytes) => (said += bytes));
    while (!/watch it on (\S+)/.test(said)) await new Promise((resolve) => training.stderr.once("data", resolve));
    const [, address] = /watch it on (\S+)/.exec(said);
    const page = await browser.newPage();
    const troubles = [];
    page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!/^data:/.test(request.url()) && !request.url().startsWith(address)) troubles.push(request.url());
    });
    await page.goto(address);
    await page.waitForSelector("#steps button");
    await page.fill("#ciphertext", "FUVEMVEMN");
    const words = await page.textContent("#training-words");
    await page.waitForFunction((before) => document.getElementById("training-words").textContent !== before, words);
    assert.equal(await page.inputValue("#ciphertext"), "FUVEMVEMN");
    await page.waitForFunction(() => document.getElementById("plaintext").textContent === "THIS-IS-A");
    training.kill();
    await page.waitForFunction(() => document.getElementById("following").textContent.startsWith("The server has stopped"));
    assert.equal(await page.textContent("#plaintext"), "THIS-IS-A");
    assert.deepEqual(troubles, []);
    await page.close();
  } finally {
    training.kill("SIGKILL");
  }
});

test("text that would be markup or a script is shown as text", { timeout: TIME_LIMIT }, async () => {
  const hostile = ["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "<!--<script>",
    "\"'><svg onload=alert(3)>", "\u202egnihtemos", "שלום עולם", "👩‍👩‍👧🇩🇪é\u0301", "&lt;b&gt;", "\u0000\u2028\ud800"];
  // Its symbols and its run's name are hostile as well.
  const name = "a<b>&'c";
  const symbols = [..."</script>0123456789!--&\"'"];
  let state = 1;
  const draw = () => {
    state = (state * 48271) % 2147483647;
    return symbols[state % symbols.length];
  };
  const lines = Array.from({ length: 60 }, () => {
    const message = Array.from({ length: 14 }, draw).join("");
    return `${message}\t${[...message].reverse().join("")}\n`;
  });
  writeFileSync(join(folder, "hostile.tsv"), lines.join(""));
  run(["fit", "hostile.tsv", "--conflicts", "keep", "--run", name, "--set", "training.epochs=1"]);
  run(["explain", "--run", name, "--out", "hostile.html"]);
  const { page, troubles } = await open(join(folder, "hostile.html"));
  assert.equal(await page.textContent("#run"), name);
  const nElements = await page.evaluate(() => document.querySelectorAll("script, img, b, svg [onload]").length);
  assert.equal(nElements, 2);
  for (const text of [...hostile, hostile.join("").repeat(2000).slice(0, 100_000)]) {
    await page.fill("#ciphertext", text);
    const n = await page.locator("#steps > *").count();
    assert.equal(n, Math.min(400, [...text.toWellFormed()].length), text.slice(0, 40));
    assert.equal(await page.evaluate(() => document.querySelectorAll("script, img, b").length), 2);
  }
  assert.match(await page.textContent("#reading"), /The text has [\d,]+ characters\. This page reads the first 400/);
  assert.deepEqual(troubles, []);
  await page.close();
});
