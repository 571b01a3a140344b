/**
 * UTF-8 (RFC 3629), which the language itself has no words for.
 * @module
 */

const REPLACEMENT = 0xfffd;

/** The bytes of a text. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const point = character.codePointAt(0) ?? REPLACEMENT;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(bytes);
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

/** The text that these bytes are. What is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at++] ?? 0;
    const length = tailLength(lead);
    if (length === 0) {
      text += String.fromCodePoint(lead < 0x80 ? lead : REPLACEMENT);
      continue;
    }
    let point = lead & (0x3f >> length);
    let count = 0;
    while (count < length && ((bytes[at] ?? 0) & 0xc0) === 0x80) {
      point = (point << 6) | ((bytes[at++] ?? 0) & 0x3f);
      count++;
    }
    text += String.fromCodePoint(count === length && isShortest(point, length) ? point : REPLACEMENT);
  }
  return text;
}

/** How many bytes follow this first one; 0 for ASCII and for what cannot be a first one. */
function tailLength(lead: number): number {
  if (lead >= 0xf0 && lead < 0xf8) return 3;
  if (lead >= 0xe0 && lead < 0xf0) return 2;
  return lead >= 0xc0 && lead < 0xe0 ? 1 : 0;
}

function isShortest(point: number, length: number): boolean {
  const least = [0, 0x80, 0x800, 0x10000][length] ?? 0;
  return point >= least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}
