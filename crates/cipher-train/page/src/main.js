import { byId } from "./dom.js";
import { hintAtScrolling } from "./scroll.js";
import { showSections } from "./sections.js";
import { Live } from "./live.js";
import { startLearning } from "./learning.js";
import { startTheme } from "./theme.js";

/** Milliseconds between two requests to the server of a training. */
const POLL_INTERVAL = 1000;

startTheme();
hintAtScrolling();
startLearning();
const live = new Live();

function show(data) {
  byId("page").hidden = data === null;
  if (data === null) return;
  showSections(data);
  live.load(data);
}

/** Shows the newest state of a training until its server stops. */
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
        ? "Training has started. There is something to see after the first epoch."
        : "This page is updated while training runs.";
    } catch {
      byId("following").textContent = "The server has stopped, so this page is no longer updated. "
        + "cipher-train explain writes it to a file.";
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
  }
}

show(JSON.parse(byId("data").textContent));
if (document.documentElement.dataset.served === "true") follow();
