/**
 * How deeply a JSON text is nested, without parsing it.
 * @module
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Index behind the string that begins at `start` with its quotation mark; the end of `text` if it has no end. */
function skipString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    // An even number of them escapes each other, an odd one the quotation mark.
    if (backslashes % 2 === 0) return end + 1;
  }
}

/**
 * Whether arrays and objects in the JSON `text` are nested deeper than `maxDepth` levels.
 *
 * A parser keeps state per level, and everything that walks a value recursively uses stack per level; so this is
 * asked before anything else looks at a stranger's text. Of text that is not JSON it says nothing useful.
 */
export function isDeeperThan(text: string, maxDepth: number): boolean {
  // Every level needs two characters.
  if (text.length <= 2 * maxDepth) return false;
  let depth = 0;
  let index = 0;
  while (index < text.length) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) {
      index = skipString(text, index);
      continue;
    }
    if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (++depth > maxDepth) return true;
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
      depth--;
    }
    index++;
  }
  return false;
}
