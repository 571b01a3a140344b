/**
 * Takes secrets out of texts that go to the log.
 * @module
 */

const MASK = '***';

/** What may stand in a message and must not stand in a log; the first group stays. */
const patterns: readonly RegExp[] = [
  // SDP: RFC 8839 section 5.4, RFC 4568 section 9.1. Line ends are escaped in JSON.
  /(a=ice-pwd:)[^\s\\"]+/g,
  /(a=crypto:\d{1,9} \w{1,64} inline:)[^\s\\"|]+/g,
  // Members of JSON, escaped once more inside another JSON text.
  /(\\?"(?:password|passphrase|secret|token|access_token|keyBase64|key|turnUrl|authorization)\\?"\s*:\s*\\?")[^"\\]+/gi,
  // Parts of URLs and headers.
  /([?&]access_token=)[^&\s"\\]+/gi,
  /(\bBearer\s+)[\w.~+/-]+=*/gi,
  // `user:password@host` with or without a scheme.
  /((?:^|[\s"'/])[\w.+-]{1,256}:)[^\s:@"'/\\]{1,256}(?=@[\w[])/g,
];

/** `text` with `***` in place of passwords, keys and tokens. */
export function maskSecrets(text: string): string {
  return patterns.reduce((masked, pattern) => masked.replace(pattern, `$1${MASK}`), text);
}
