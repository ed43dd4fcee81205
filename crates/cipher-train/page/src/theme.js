import { byId } from "./dom.js";

const THEMES = ["system", "light", "dark"];

/** Makes the button switch between the themes. */
export function startTheme() {
  const root = document.documentElement;
  const button = byId("theme");
  let theme = 0;
  const show = () => {
    root.dataset.theme = THEMES[theme];
    button.textContent = `theme: ${THEMES[theme]}`;
  };
  button.addEventListener("click", () => {
    theme = (theme + 1) % THEMES.length;
    show();
  });
  show();
}
