import { Alphabet } from "./alphabet.js";
import { KeyInput } from "./key.js";
import { count } from "./words.js";

/**
 * A network that is told the plaintext and asked for the key, as `KeyRecovery` of cipher-data does it: the last symbol
 * of both sides asks, and the last answer is the end of the key.
 */
export class KnownPlaintext extends KeyInput {
  constructor(report) {
    super(report);
    this.alphabet = new Alphabet(report.key_alphabet);
    this.symbols = report.plaintext_alphabet.symbols;
    this.end = this.symbols.length - 1;
    /** What follows a message: one for each symbol of the longest key, and one for its end. */
    this.asks = Array.from({ length: this.longest + 1 }, () => this.alphabet.symbols.at(-1));
  }

  example({ key, ciphertext, plaintext }) {
    const n = this.nMessage(plaintext);
    return { key: this.alphabet.decode(key.slice(0, n)), ciphertext: ciphertext.slice(0, n) };
  }

  /** While the network reads the message, the key that it will be asked for; then its answers. */
  due({ plaintext: answers }) {
    const n = this.nMessage(answers);
    const key = answers.slice(n, answers.indexOf(this.end, n));
    return answers.map((_, t) => (t < n ? key[t % key.length] : key[t - n]) ?? this.end);
  }

  /** How many symbols of an example come before the first answer. */
  nMessage(answers) {
    const first = answers.findIndex((id) => id <= this.end);
    return first < 0 ? answers.length : first;
  }

  /** The ids of a typed plaintext and of the questions after it; and what is wrong with it for `n` ids of ciphertext. */
  encode(text, n) {
    const { ids, refused } = this.alphabet.encode(this.alphabet.cut(text));
    let problem = "";
    if (refused.length > 0) problem = `Not a symbol of plaintexts: ${[...new Set(refused)].join(" ")}`;
    else if (ids.length + this.asks.length !== n) {
      problem = `The plaintext has ${count(ids.length, "symbol")}, and the ciphertext has ${n - this.asks.length}.`;
    }
    const asks = this.asks.map((symbol) => this.alphabet.ids.get(symbol));
    return { ids: [...ids, ...asks], problem, isWorthless: problem !== "" };
  }

  /** The key in the answers `{ id }`. */
  keyIn(answers) {
    const key = answers.slice(-this.asks.length).map(({ id }) => this.symbols[id]);
    const end = key.indexOf(this.symbols[this.end]);
    return key.slice(0, end < 0 ? undefined : end).join("");
  }
}
