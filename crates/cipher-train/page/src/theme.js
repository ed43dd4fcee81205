import { byId } from "./dom.js";

const THEMES = ["as the system", "light", "dark"];

/** A button that goes from theme to theme. */
export function startTheme() {
  const root = document.documentElement;
  const button = byId("theme");
  let theme = 0;
  const show = () => {
    root.dataset.theme = theme === 0 ? "system" : THEMES[theme];
    button.textContent = `theme: ${THEMES[theme]}`;
  };
  button.addEventListener("click", () => {
    theme = (theme + 1) % THEMES.length;
    show();
  });
  show();
}
