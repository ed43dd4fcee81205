/** The bytes that a text in base64 stands for. */
export function fromBase64(text) {
  const binary = atob(text);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/**
 * The tensors of a safetensors file of little-endian f32, by name: `{ shape, values }`. The file is
 * the length of its header as 8 bytes, the header as JSON, and the values.
 */
export function readSafetensors(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const begin = 8 + headerLength;
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, begin)));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (dtype !== "F32") throw new Error(`${name} is ${dtype} instead of F32`);
    const [from, to] = data_offsets;
    const values = new Float32Array((to - from) / 4);
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(begin + from + 4 * i, true);
    tensors[name] = { shape, values };
  }
  return tensors;
}
