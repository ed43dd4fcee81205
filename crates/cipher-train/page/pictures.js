/** Makes the README's pictures of the page: docs/report-*.png. `npm run pictures`, after a build. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { openBrowser } from "./test/browser.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CIPHER_TRAIN = process.env.CIPHER_TRAIN ?? join(ROOT, "target/debug/cipher-train");

const folder = mkdtempSync(join(tmpdir(), "cipher-pictures-"));
const run = (...args) => execFileSync(CIPHER_TRAIN, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/** Takes a picture of a report, from the start of one element to the end of another. */
async function picture(browser, report, name, from, to) {
  const page = await browser.newPage({ viewport: { width: 900, height: 1000 }, colorScheme: "light" });
  await page.goto(pathToFileURL(join(folder, report)).href);
  await page.waitForFunction(() => document.querySelectorAll("#units li").length > 0);
  const [first, last] = [await page.locator(from).boundingBox(), await page.locator(to).boundingBox()];
  const clip = { x: 0, y: first.y - 8, width: 900, height: last.y + last.height - first.y + 20 };
  const file = join(ROOT, "docs", `${name}.png`);
  await page.screenshot({ path: file, clip, fullPage: true });
  console.log(file);
  await page.close();
}

const browser = await openBrowser();
try {
  run("train");
  run("explain", "--out", "caesar.html");
  await picture(browser, "caesar.html", "report-try", "#live h2", "#steps");

  writeFileSync(join(folder, "pairs.tsv"), run("generate", join(ROOT, "configs/vigenere.toml"), "-n", "1000"));
  spawnSync(CIPHER_TRAIN, ["fit", "pairs.tsv"], { cwd: folder });
  run("explain", "--out", "vigenere.html");
  await picture(browser, "vigenere.html", "report-inside", "#inside h2", "#maps .map:nth-of-type(5)");
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
