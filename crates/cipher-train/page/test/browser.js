/** A headless Chromium of the system's packages. */

import { chromium } from "playwright-core";

/** Chromium's own traffic is off, so that every request seen is the page's. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}
