import { element } from "./dom.js";

/** Says above each box that scrolls sideways, for as long as it does, that it has more to show. */
export function hintAtScrolling() {
  for (const box of document.querySelectorAll(".scroll")) {
    const hint = element("p", { className: "hint" }, "Scroll sideways to see all columns →");
    box.before(hint);
    const update = () => {
      hint.hidden = box.scrollWidth <= box.clientWidth + 1;
      box.classList.toggle("more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
    };
    const observer = new ResizeObserver(update);
    observer.observe(box);
    for (const content of box.children) observer.observe(content);
    box.addEventListener("scroll", update, { passive: true });
    update();
  }
}
