import { byId } from "./dom.js";
import { showSections } from "./sections.js";
import { Live } from "./live.js";
import { startTheme } from "./theme.js";

/** Milliseconds between two questions to the server of a training. */
const ASK_EVERY = 1000;

startTheme();
const live = new Live();

function show(data) {
  byId("page").hidden = data === null;
  if (data === null) return;
  showSections(data);
  live.load(data);
}

/** Shows what a training has come to, for as long as it goes on. */
async function follow() {
  let version = 0;
  byId("following").hidden = false;
  for (;;) {
    try {
      const response = await fetch(`/data?version=${version}`);
      if (response.status === 200) {
        const newest = await response.json();
        version = newest.version;
        show(newest.data);
      }
      byId("following").textContent = version === 0
        ? "Training has begun; there is something to see after the first epoch."
        : "Training goes on, and this page with it.";
    } catch {
      byId("following").textContent = "Training has ended, and its server with it. "
        + "cipher-train explain writes this page for good.";
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
  }
}

show(JSON.parse(byId("data").textContent));
if (document.documentElement.dataset.served === "true") follow();
