/**
 * The text of `a=fmtp` lines. RFC 8866 section 6.15, in the `name=value;…` form that all our codecs use.
 * @module
 */

/** The parameters of a `name=value;…` text, names in lower case; a name without value gets an empty one. */
export function parseFormatParameters(config: string): Readonly<Record<string, string>> {
  const entries = config
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const equals = part.indexOf('=');
      return equals < 0
        ? [part.toLowerCase(), '']
        : [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()];
    });
  // `fromEntries` defines own properties, so a remote `__proto__` is only a name.
  return Object.fromEntries(entries);
}

/** `config` with only the parameters that `names` (lower case) lists, in their order and spelling. */
export function keepFormatParameters(config: string, names: readonly string[]): string {
  return config
    .split(';')
    .map((part) => part.trim())
    .filter((part) => names.includes((part.split('=')[0] ?? '').trim().toLowerCase()))
    .join(';');
}
