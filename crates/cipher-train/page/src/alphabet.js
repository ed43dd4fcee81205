import { Reading } from "./reading.js";

/** Text to symbol ids, as `Alphabet::encode` of cipher-data does it. */
export class Alphabet {
  constructor({ symbols, reading, outside, untrained = [] }) {
    this.untrained = new Set(outside === "mark" ? untrained : []);
    this.symbols = symbols;
    this.outside = outside;
    this.reading = new Reading(reading);
    this.ids = new Map(symbols.map((symbol, id) => [symbol, id]));
    // A Turkic i has a dot or none in both cases.
    const locale = symbols.some((symbol) => symbol === "ı" || symbol === "İ") ? "tr" : "en";
    this.upper = (character) => character.toLocaleUpperCase(locale);
    this.lower = (character) => character.toLocaleLowerCase(locale);
    for (const [symbol, standsIn] of Object.entries(this.reading.standIns)) {
      this.ids.set(symbol, this.ids.get(standsIn));
    }
  }

  /** A text in symbols. What is left out of messages is not among them. */
  cut(text) {
    const symbols = this.reading.cut(text);
    return this.reading.dropsOthers ? symbols.filter((symbol) => this.reading.has(symbol)) : symbols;
  }

  /**
   * What a network reads of symbols: `{ ids, places, cases, unknown, kept, refused }`. `places` says where
   * among the symbols each id stands; symbols that have none are kept as they are. `cases` has for
   * each id the change of case that its answer gets, or `undefined`; `unknown` has whether it stands
   * for a symbol that the alphabet lacks, whose answer is `?`; `kept` whether the symbol itself is the
   * answer. `refused` are the symbols that the
   * alphabet's policy rejects.
   */
  encode(symbols) {
    const encoded = { ids: [], places: [], cases: [], unknown: [], kept: [], refused: [] };
    symbols.forEach((symbol, place) => {
      const found = this.find(symbol);
      if (found) {
        encoded.ids.push(found.id);
        encoded.cases.push(found.inCase);
        encoded.kept.push(found.isKept ?? false);
        encoded.unknown.push(found.isUnknown ?? this.untrained.has(found.id));
        encoded.places.push(place);
      } else if (this.outside === "reject" && this.reading.has(symbol)) {
        encoded.refused.push(symbol);
      }
    });
    return encoded;
  }

  /** The id of a symbol, and the change of case that the answer gets; nothing if there is no id. */
  find(symbol) {
    const id = this.ids.get(symbol);
    if (id !== undefined) return { id };
    if (!this.reading.has(symbol)) return undefined;
    const folded = this.reading.foldsCase || this.outside !== "reject" ? this.inOtherCase(symbol) : undefined;
    const keepsCase = this.reading.foldsCase || ["keep", "keep-place", "mark"].includes(this.outside);
    if (folded) return keepsCase ? folded : { id: folded.id };
    const last = this.symbols.length - 1;
    if (this.outside === "mark" && !this.hasNoneLike(symbol)) return { id: last, isUnknown: true };
    if (this.outside === "keep-place") return { id: last, isKept: true };
    return this.outside === "fold" ? { id: last } : undefined;
  }

  /** Whether a symbol is white space or punctuation, and the alphabet has none of that. */
  hasNoneLike(symbol) {
    const kind = kindOf(symbol);
    return kind !== "other" && this.symbols.every((own) => kindOf(own) !== kind);
  }

  inOtherCase(symbol) {
    for (const [change, inCase] of [[this.upper, this.lower], [this.lower, this.upper]]) {
      const id = this.ids.get([...symbol].map(change).join(""));
      if (id !== undefined) return { id, inCase };
    }
    return undefined;
  }

  /** A symbol in another case, unless that would be another symbol of the alphabet. */
  inCase(symbol, change) {
    if (!change) return symbol;
    const changed = [...symbol].map(change).join("");
    const isOther = !this.ids.has(changed) && this.inOtherCase(changed)?.id === this.ids.get(symbol);
    return isOther ? changed : symbol;
  }

  decode(ids) {
    return this.reading.join(ids.map((id) => this.symbols[id]));
  }
}

/** What a symbol is, by its first character. */
function kindOf([first]) {
  if (/\p{White_Space}/u.test(first)) return "space";
  return /[\p{Alphabetic}\p{N}\p{M}]/u.test(first) ? "other" : "punctuation";
}
