import { Alphabet } from "./alphabet.js";

/** How a network is told the key of a message, as `InputIds` of cipher-data does it. */
export class KeyInput {
  constructor({ model, key_alphabet: keys, key_lengths: lengths, ciphertext_alphabet: ciphertext }) {
    this.how = model.key_input;
    this.nCiphertext = ciphertext.symbols.length;
    this.alphabet = new Alphabet({ ...keys, outside: "reject" });
    [this.shortest, this.longest] = lengths;
    /** The symbols of keys. */
    this.symbols = keys.symbols;
  }

  /** What is typed for an example. */
  example({ key, ciphertext }) {
    return { key: this.alphabet.decode(key), ciphertext };
  }

  /** The key's symbol at each place of an example. */
  due({ key, ciphertext }) {
    return ciphertext.map((_, t) => key[t % key.length]);
  }

  /**
   * The ids of a typed key, what is wrong with it, if anything, and whether an answer would be worthless: a network that
   * reads the key first, or one symbol for each message, knows no other lengths than those of its training.
   */
  encode(text) {
    const symbols = this.alphabet.cut(text.trim());
    const found = symbols.map((symbol) => this.alphabet.ids.get(symbol) ?? this.alphabet.inOtherCase(symbol)?.id);
    const unknown = symbols.filter((_, place) => found[place] === undefined);
    const ids = found.filter((id) => id !== undefined);
    if (unknown.length > 0) return { ids, problem: `Not a symbol of keys: ${[...new Set(unknown)].join(" ")}`, isWorthless: true };
    if (ids.length === 0) return { ids, problem: "The network needs a key.", isWorthless: true };
    const isTrained = this.shortest <= ids.length && ids.length <= this.longest;
    const lengths = this.shortest === this.longest ? "" : `${this.shortest} to `;
    const unit = this.longest === 1 ? "symbol" : "symbols";
    const problem = isTrained ? "" : `The network was trained with keys of ${lengths}${this.longest} ${unit}.`;
    return { ids, problem, isWorthless: !isTrained && (this.how === "prefix" || this.longest === 1) };
  }

  /** What the network reads, and how many ids of it come before those of the ciphertext. */
  inputs(key, ciphertext) {
    if (this.how === "prefix") {
      const separator = this.nCiphertext + this.alphabet.symbols.length;
      const before = [...key.map((id) => this.nCiphertext + id), separator];
      return { ids: [...before, ...ciphertext], nBefore: before.length };
    }
    const begins = (t) => key.length === 0 || t % key.length === 0;
    const at = (t) => (key.length === 0 ? 0 : key[t % key.length]) + (begins(t) ? this.alphabet.symbols.length : 0);
    return { ids: ciphertext.map((id, t) => at(t) * this.nCiphertext + id), nBefore: 0 };
  }
}

/** What a network reads of a ciphertext: with the key, if it is told one. */
export function inputsOf(keys, key, ciphertext) {
  return keys ? keys.inputs(key, ciphertext) : { ids: ciphertext, nBefore: 0 };
}
