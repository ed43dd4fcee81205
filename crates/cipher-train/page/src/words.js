/** A share in percent, never rounded up: 100 % means all. */
export function percent(share) {
  const tenths = Math.floor(share * 1000 + 1e-6);
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/** The symbol, or a sign for one that is blank, or for nothing. */
export function visible(symbol) {
  if (symbol === "") return "∅";
  return symbol.trim() === "" ? "␣" : symbol;
}

/** A number with two decimals and a typographic minus sign. */
export function signed(value) {
  return value.toFixed(2).replace("-", "−");
}

/** The name of a config's cipher, with its other fields in brackets. */
export function cipherInWords({ name, ...fields }) {
  const inWords = Object.entries(fields).map(([field, value]) =>
    `${field} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  return inWords.length === 0 ? name : `${name} (${inWords.join(", ")})`;
}

/** A number with its noun in the singular or the plural. */
export function count(number, what) {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}
