import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  { files: ["src/**"], languageOptions: { globals: globals.browser } },
  { files: ["test/**", "pictures.js", "build-standalone.js"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  { rules: { "prefer-const": "error", eqeqeq: "error", "no-var": "error" } },
];
