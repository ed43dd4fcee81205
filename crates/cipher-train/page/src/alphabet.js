/** Text to symbol ids, as `Alphabet::encode` of cipher-data does it. */
export class Alphabet {
  constructor({ symbols, is_of_graphemes, outside }) {
    this.symbols = symbols;
    this.outside = outside;
    this.isOfGraphemes = is_of_graphemes;
    this.ids = new Map(symbols.map((symbol, id) => [symbol, id]));
  }

  /** A text in symbols: Unicode scalar values, or grapheme clusters. */
  cut(text) {
    const whole = text.toWellFormed();
    if (!this.isOfGraphemes) return [...whole];
    const segments = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(whole);
    return Array.from(segments, ({ segment }) => segment);
  }

  /**
   * What a network reads of symbols: `{ ids, places, refused }`. `places` says where among the
   * symbols each id stands; symbols that have none are kept as they are. `refused` are those that
   * the alphabet's policy rejects.
   */
  encode(symbols) {
    const encoded = { ids: [], places: [], refused: [] };
    symbols.forEach((symbol, place) => {
      const id = this.ids.get(symbol) ?? (this.outside === "fold" ? this.fold(symbol) : undefined);
      if (id !== undefined) {
        encoded.ids.push(id);
        encoded.places.push(place);
      } else if (this.outside === "reject") {
        encoded.refused.push(symbol);
      }
    });
    return encoded;
  }

  /** The other case of a symbol, or else the last symbol. */
  fold(symbol) {
    const inCase = (change) => this.ids.get([...symbol].map(change).join(""));
    return inCase((character) => character.toUpperCase())
      ?? inCase((character) => character.toLowerCase())
      ?? this.symbols.length - 1;
  }

  decode(ids) {
    return ids.map((id) => this.symbols[id]).join("");
  }
}
