/** A share in percent, never rounded up: 100 % means all. */
export function percent(share) {
  const tenths = Math.floor(share * 1000 + 1e-6);
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/** A symbol that can be seen where it stands alone. */
export function visible(symbol) {
  return symbol.trim() === "" ? "␣" : symbol;
}

/** A number from about -10 to 10, with its sign as typography has it. */
export function signed(value) {
  return value.toFixed(2).replace("-", "−");
}

/** A cipher as the config has it: its name, and the rest in brackets. */
export function cipherInWords({ name, ...fields }) {
  const inWords = Object.entries(fields).map(([field, value]) =>
    `${field} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  return inWords.length === 0 ? name : `${name} (${inWords.join(", ")})`;
}

/** What a number counts, in the singular or the plural. */
export function count(number, what) {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}
