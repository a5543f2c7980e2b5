// Serials of like instruments usually follow each other: the last number in one counts on, its width stays.
/** "QC-10-2291" -> "QC-10-2292", "A099" -> "A100", "0915077/B" -> "0915078/B"; a text without a number comes back. */
export function nextSerial(serial) {
  const found = /^(.*?)(\d+)(\D*)$/.exec(serial);
  if (!found) return serial;
  const [, before, number, after] = found;
  return before + String(BigInt(number) + 1n).padStart(number.length, "0") + after;
}
