import { byId } from "./dom.js";
import { startLearning } from "./learning.js";

/** Where another page shows this one in a frame: the theme is that page's, and the frame is as high as needed. */
function fitFrame() {
  // There is no frame, or it may not be touched, as where both pages are files.
  const frame = window.frameElement;
  if (!frame) return;
  const outside = frame.ownerDocument.documentElement;
  const followTheme = () => {
    const isDark = getComputedStyle(outside).colorScheme === "dark";
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };
  new MutationObserver(followTheme).observe(outside, { attributeFilter: ["class"] });
  followTheme();
  const followHeight = () => frame.style.setProperty("height", `${Math.ceil(document.body.getBoundingClientRect().height)}px`);
  new ResizeObserver(followHeight).observe(document.body);
}

byId("page").hidden = false;
startLearning();
fitFrame();
