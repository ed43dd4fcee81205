/** How a text is read, as `Reading` of cipher-data reads it. */
export class Reading {
  constructor({ symbols = "characters", only = "all", others = "pass", normalize = "none", ...rest }) {
    const [unit, detail] = [symbols.split(":")[0], symbols.slice(symbols.indexOf(":") + 1)];
    this.unit = unit;
    this.separator = unit.endsWith("tokens") && symbols !== unit ? detail : "";
    this.length = unit === "groups" ? Number(detail) : 2;
    this.only = only;
    this.dropsOthers = others === "drop";
    this.normalize = normalize;
    this.foldsCase = rest.fold_case ?? false;
    this.standIns = rest.stand_ins ?? {};
    this.codes = rest.codes && new Codes(rest.codes);
  }

  /** A text in symbols, those that the message is not of among them. */
  cut(text) {
    const prepared = this.prepare(text.toWellFormed());
    if (this.codes) return this.codes.cut([...prepared].filter((character) => this.has(character)));
    switch (this.unit) {
      case "graphemes": {
        const segments = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(prepared);
        return Array.from(segments, ({ segment }) => segment);
      }
      case "tokens":
      case "spaced-tokens":
        return this.tokens(prepared);
      case "groups":
      case "hex":
      case "base64":
        return inGroups([...prepared], this.length);
      default:
        return [...prepared];
    }
  }

  /** The text without what counts for nothing. */
  prepare(text) {
    const normal = this.normalize === "none" ? text : text.normalize(this.normalize.toUpperCase());
    switch (this.unit) {
      case "groups":
        return /[\p{Alphabetic}\p{N}]/u.test(normal) ? normal.replace(/[^\p{Alphabetic}\p{N}\p{M}]/gu, "")
          : normal.replace(/\p{White_Space}/gu, "");
      case "hex":
        return normal.replace(/0x|0X|\\x/g, " ").replace(/[\p{White_Space}:,]/gu, "").toLowerCase();
      case "base64":
        return base64ToHex(normal);
      case "spaced-tokens":
        return normal.trim();
      default:
        return normal;
    }
  }

  /** Tokens, with a space for each gap between words if the unit has them. */
  tokens(text) {
    const tokens = [];
    let between = "";
    let token = "";
    for (const character of `${text} `) {
      if (!this.separates(character)) {
        if (token === "" && tokens.length > 0 && this.isGap(between)) tokens.push(" ");
        token += character;
        between = "";
        continue;
      }
      if (token !== "") tokens.push(token);
      token = "";
      between += character;
    }
    return tokens;
  }

  isGap(between) {
    if (this.unit === "tokens") return false;
    const nSpaces = [...between].filter((character) => /\p{White_Space}/u.test(character)).length;
    return nSpaces > (this.separator === "" ? 1 : 0);
  }

  separates(character) {
    return /\p{White_Space}/u.test(character) || character === this.separator;
  }

  /** Whether a symbol belongs to a message. What it begins with decides. */
  has(symbol) {
    const [first] = symbol;
    switch (this.only) {
      case "no-spaces":
        return !/\p{White_Space}/u.test(first);
      case "words":
        return /[\p{Alphabetic}\p{N}\p{M}\p{White_Space}]/u.test(first);
      case "alphanumeric":
        return /[\p{Alphabetic}\p{N}\p{M}]/u.test(first);
      case "letters":
        return /[\p{Alphabetic}\p{M}]/u.test(first);
      default:
        return true;
    }
  }

  /** Symbols as one text. */
  join(symbols) {
    if (this.unit === "tokens") return symbols.join(this.separator || " ");
    if (this.unit === "spaced-tokens" && this.separator === "") return symbols.join(" ");
    if (this.unit === "spaced-tokens") {
      return symbols.join(this.separator).replaceAll(`${this.separator} ${this.separator}`, " ");
    }
    const text = symbols.join("");
    return this.unit === "base64" ? hexToBase64(text) : text;
  }
}

/** Codes that stand side by side, and how often each was seen. */
class Codes {
  constructor(counts) {
    this.counts = new Map(Object.entries(counts));
    this.longest = Math.max(...Object.keys(counts).map((code) => [...code].length));
    this.nSeen = Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** Cuts characters into the likeliest codes. A character that is in none stands alone. */
  cut(characters) {
    const best = [{ score: 0, length: 0 }];
    for (let end = 1; end <= characters.length; end++) {
      best.push({ score: -Infinity, length: 1 });
      for (let length = 1; length <= Math.min(this.longest, end); length++) {
        const count = this.counts.get(characters.slice(end - length, end).join(""));
        if (count === undefined && length > 1) continue;
        const share = count === undefined ? 1e-9 : count / this.nSeen;
        const score = best[end - length].score + Math.log(share);
        if (score > best[end].score) best[end] = { score, length };
      }
    }
    const codes = [];
    for (let end = characters.length; end > 0; end -= best[end].length) {
      codes.unshift(characters.slice(end - best[end].length, end).join(""));
    }
    return codes;
  }
}

function inGroups(characters, length) {
  const groups = [];
  for (let begin = 0; begin < characters.length; begin += length) {
    groups.push(characters.slice(begin, begin + length).join(""));
  }
  return groups;
}

function base64ToHex(text) {
  const compact = text.replace(/\p{White_Space}/gu, "").replace(/=+$/, "")
    .replaceAll("-", "+").replaceAll("_", "/");
  try {
    return Array.from(atob(compact), (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  } catch {
    return text;
  }
}

function hexToBase64(digits) {
  const bytes = inGroups([...digits], 2).map((byte) => Number.parseInt(byte, 16));
  return bytes.some(Number.isNaN) ? digits : btoa(String.fromCharCode(...bytes));
}
