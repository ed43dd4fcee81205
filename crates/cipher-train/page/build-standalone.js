/**
 * Writes the section in which a network learns as a page of its own, for the book:
 * `node build-standalone.js train.html`. Needs nothing but Node.
 */

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8").replaceAll("\r\n", "\n");

/** A module after those that it imports from, each once, as lines without imports and exports. */
function linesOf(name, done = new Set()) {
  if (done.has(name)) return [];
  done.add(name);
  return read(`src/${name}`).split("\n").flatMap((line) => {
    const imported = /^import .* from "\.\/(.*)";$/.exec(line);
    return imported ? linesOf(imported[1], done) : [line.replace(/^export /, "")];
  });
}

const [style, script] = [read("style.css"), linesOf("standalone.js").join("\n")];
const [section] = /<section id="learning">.*?<\/section>/s.exec(read("index.html"));
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

writeFileSync(process.argv[2], `<!DOCTYPE html>
<html lang="en" data-theme="system">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Watch a network learn</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript><p>This page needs JavaScript to train the network. It is switched off in your browser.</p></noscript>
<main id="page" hidden>
${section}
</main>
<script type="module">${script}</script>
</body>
</html>
`);
