/** The page as a reader has it: a file in a real browser, of models that cipher-train trained. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { openBrowser } from "./browser.js";

const CIPHER_TRAIN = process.env.CIPHER_TRAIN
  ?? fileURLToPath(new URL("../../../../target/debug/cipher-train", import.meta.url));
const VIGENERE = fileURLToPath(new URL("../../../../configs/vigenere.toml", import.meta.url));
const TIME_LIMIT = 60_000;

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

/** Runs cipher-train; a training that ends below its target is none of this test's concern. */
function run(args, input = "") {
  const { status, stdout, stderr } = spawnSync(CIPHER_TRAIN, args, { cwd: folder, input, encoding: "utf8" });
  assert.ok(status === 0 || status === 1, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The report of a training with these settings, as a file. */
function report(name, args, settings = []) {
  run(["train", ...args, "--run", name, ...settings.flatMap((setting) => ["--set", setting])]);
  run(["explain", "--run", name, "--out", `${name}.html`]);
  return join(folder, `${name}.html`);
}

/** Opens a file and notes what should not happen. */
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
  assert.deepEqual(isShown, [true, true, true, true, true, true]);
  const figures = await page.$$eval("figure", (all) => all.map((figure) => [
    figure.querySelector("svg[role=img] > title")?.textContent, figure.querySelector("svg > desc")?.textContent,
  ]));
  assert.equal(figures.length, 9);
  assert.ok(figures.flat().every((text) => text?.length > 3), `${figures}`);
  const row = await page.$$eval("#cipher-table tbody tr", ([first]) => first.innerText.split(/\s+/));
  assert.deepEqual([row[0], row[1]], ["A", "O"]);
  assert.deepEqual(troubles, []);
  await page.close();
});

for (const nLayers of [1, 2]) {
  for (const bidirectional of [false, true]) {
    const what = `${nLayers === 1 ? "one layer" : "two layers"} in ${bidirectional ? "both directions" : "one direction"}`;
    test(`the page decrypts as decrypt does: ${what}`, { timeout: TIME_LIMIT }, async () => {
      const name = `parity-${nLayers}-${bidirectional}`;
      const file = report(name, [VIGENERE], [`model.n_layers=${nLayers}`, `model.bidirectional=${bidirectional}`,
        "model.d_hidden=24", "messages.test=50", "messages.held_out=200", "training.epochs=4"]);
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

/** Messages of 1 to 60 symbols of the alphabet, and some others. */
function randomMessages(n) {
  let state = 7;
  const random = (below) => (state = state * 48271 % 2147483647) % below;
  const symbols = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ-ABCDEFGHIJKLMNOPQRSTUVWXYZ-az é😀"];
  return Array.from({ length: n }, () =>
    Array.from({ length: 1 + random(60) }, () => symbols[random(symbols.length)]).join(""));
}

test("typing decrypts, a click on a unit shows it, and the theme changes", { timeout: TIME_LIMIT }, async () => {
  const file = report("play", []);
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
  assert.match(await page.textContent("#step-words"), /^Character 4 is e, read as S/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.inputValue("#unit"), "3");
  assert.match(await page.textContent("#step-words"), /^Character 3 is v, read as I/);
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
  // Six maps of ten units and four characters, and the background.
  assert.equal(svg.match(/<rect /g).length, 6 * 10 * 4 + 1);

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

test("units that keep time are found, with the period of the key", { timeout: TIME_LIMIT }, async () => {
  writeFileSync(join(folder, "pairs.tsv"), run(["generate", VIGENERE, "-n", "1000"]));
  run(["fit", "pairs.tsv", "--run", "period"]);
  run(["explain", "--run", "period", "--out", "period.html"]);
  const { page, troubles } = await open(join(folder, "period.html"));
  assert.match(await page.textContent("#named-words"), /keep time: what they show repeats every 6 characters/);
  assert.match(await page.textContent("#units li"), /keeps time: .* repeats every 6 characters/);
  const heads = await page.$$eval("#cipher-table thead th", (cells) => cells.map((cell) => cell.textContent));
  assert.deepEqual(heads, ["read", "1", "2", "3", "4", "5", "6"]);
  // The key CIPHER moves A on by 2, so that C is A again.
  const row = await page.$$eval("#cipher-table tbody tr", (rows) => rows[2].innerText.split(/\s+/));
  assert.deepEqual(row.slice(0, 2), ["C", "A"]);
  assert.deepEqual(troubles, []);
  await page.close();
});

test("the page fits a phone and prints", { timeout: TIME_LIMIT }, async () => {
  const file = report("phone", [VIGENERE], ["model.bidirectional=true"]);
  const { page, troubles } = await open(file, { viewport: { width: 360, height: 740 } });
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(widths[0] <= widths[1], `${widths}`);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  assert.equal(await page.isVisible("#theme"), false);
  assert.ok((await page.pdf()).length > 10_000);
  assert.deepEqual(troubles, []);
  await page.close();
});

test("a training that goes on is followed, with what was typed kept", { timeout: TIME_LIMIT }, async () => {
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
    await page.waitForFunction(() => document.getElementById("following").textContent.startsWith("Training has ended"));
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
  const lines = Array.from({ length: 60 }, (_, k) => `</script>${k % 10}<!--&\t--!<>tpircs/${(k + 3) % 10}"'\n`);
  writeFileSync(join(folder, "hostile.tsv"), lines.map((line) => line.replace(/^(.{14})\t(.{14}).*/s, "$1\t$2\n")).join(""));
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
  assert.match(await page.textContent("#reading"), /The text has [\d,]+; the page reads the first 400/);
  assert.deepEqual(troubles, []);
  await page.close();
});
