/**
 * Descriptions that are no descriptions: refused with a reason, and never anything but an SdpError.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SdpError, sdpLimits } from '../src/index.ts';
import { fixture, fixtureNames, negotiation } from './descriptions.ts';

const chrome = fixture('chrome');

describe('a bad description', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'Empty offer not valid'],
    ['blanks', ' \r\n ', 'Empty offer not valid'],
    ['text', 'this is not an SDP', 'Invalid SDP'],
    ['no version line', chrome.replace('v=0\r\n', ''), 'Invalid SDP'],
    ['another version', chrome.replace('v=0', 'v=1'), 'Invalid SDP'],
    ['a line of another kind', chrome.replace('s=-', 'hello'), 'Invalid SDP'],
    ['an m-line without protocol', chrome.replace(/m=audio .*/, 'm=audio 9'), 'Invalid SDP'],
    ['an m-line with a strange port', chrome.replace('m=audio 54321', 'm=audio x'), 'Invalid SDP'],
    ['a port beyond 65535', chrome.replace('m=audio 54321', 'm=audio 65536'), 'Invalid SDP'],
    ['a mid twice', chrome.replace('a=mid:1', 'a=mid:0'), "Invalid SDP: mid '0' is used twice"],
    [
      'no fingerprint',
      chrome.replaceAll(/a=fingerprint.*\r\n/g, ''),
      'Invalid SDP: certificate fingerprint is missing',
    ],
    [
      'a fingerprint that is none',
      chrome.replaceAll(/a=fingerprint.*\r\n/g, 'a=fingerprint:sha-256 xyz\r\n'),
      'Invalid SDP: certificate fingerprint is missing',
    ],
    [
      'no ICE password',
      chrome.replaceAll(/a=ice-pwd.*\r\n/g, ''),
      'Invalid SDP: ICE credentials (ice-ufrag, ice-pwd) are missing',
    ],
    [
      'an endless ICE password',
      chrome.replaceAll('a=ice-pwd:', `a=ice-pwd:${'x'.repeat(256)}`),
      'Invalid SDP: ICE credentials have more than 256 characters',
    ],
    [
      'too many characters',
      chrome + 'a=x\r\n'.repeat(60_000),
      `SDP has ${chrome.length + 300_000} characters, at most 262144 are allowed`,
    ],
    [
      'a long line',
      `${chrome}a=${'x'.repeat(8191)}\r\n`,
      'SDP line has 8193 characters, at most 8192 are allowed',
    ],
    [
      'too many sections',
      `v=0\r\n${'m=audio 9 RTP/SAVPF 0\r\n'.repeat(65)}`,
      'SDP has 65 media sections, at most 64 are allowed',
    ],
    [
      'too many formats',
      `v=0\r\nm=audio 9 RTP/SAVPF${' 0'.repeat(129)}\r\n`,
      'SDP media section has 129 formats, at most 128 are allowed',
    ],
  ];
  for (const [what, sdp, message] of cases) {
    it(`with ${what} is refused`, () => {
      assert.throws(() => negotiation().createAnswer(sdp), {
        name: 'SdpError',
        type: 'SDP_PARSE_ERROR',
        message,
      });
    });
  }

  it('names the answer if that is empty', () => {
    const ours = negotiation();
    ours.createOffer();
    assert.throws(() => ours.acceptAnswer(''), {
      type: 'SDP_PARSE_ERROR',
      message: 'Empty answer not valid',
    });
  });

  it('at every limit is still taken', () => {
    const line = `a=${'x'.repeat(sdpLimits.lineSize - 2)}\r\n`;
    const sections = `v=0\r\n${`m=audio 9 RTP/AVP${' 0'.repeat(128)}\r\n`.repeat(64)}${line}`;
    assert.equal(negotiation().createAnswer(sections).match(/^m=/gm)?.length, 64);
  });
});

describe('a description that is as large as allowed', () => {
  const words = 'x '.repeat(4000);
  for (const line of [
    'a=rtpmap:96 VP8/90000',
    'a=fmtp:96 a=1',
    'a=rtcp-fb:* nack pli',
    'a=ssrc:1 cname:x',
    'a=mid:7',
    'b=AS:1',
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    `a=extmap:4 ${words}`,
    `a=group:BUNDLE ${words}`,
    `a=ssrc-group:SIM ${words}`,
    `a=fmtp:96 ${words}`,
    `a=candidate:${words}`,
    `a=fingerprint:sha-256 ${'AA:'.repeat(2500)}AA`,
  ]) {
    it(`of lines like ${line.slice(0, 30)} keeps nobody busy`, () => {
      const room = sdpLimits.size - chrome.length;
      const startMs = performance.now();
      onlySdpErrors(() =>
        negotiation().createAnswer(`${chrome}${`${line}\r\n`.repeat(Math.floor(room / (line.length + 2)))}`),
      );
      // Measured: at most 100 ms. The bound only catches what is not linear.
      assert.ok(performance.now() - startMs < 2000);
    });
  }

  it('may name one codec in every format of every section', () => {
    const numbers = Array.from({ length: sdpLimits.formats }, (_, i) => i);
    const section = (mid: number): string =>
      `m=video 9 RTP/SAVPF ${numbers.join(' ')}\r\na=mid:${mid}\r\na=rtcp-mux\r\n` +
      numbers.map((i) => `a=rtpmap:${i} VP8/90000\r\n`).join('');
    const secrets =
      chrome
        .match(/^a=(ice-ufrag|ice-pwd|fingerprint):.*\r\n/gm)
        ?.slice(0, 3)
        .join('') ?? '';
    const mids = numbers.slice(0, sdpLimits.sections);
    const offer = `v=0\r\na=group:BUNDLE ${mids.join(' ')}\r\n${secrets}${mids.map(section).join('')}`;
    const ours = negotiation();
    ours.createAnswer(offer);
    const accepted = ours.result?.medias.filter(({ rejected }) => !rejected) ?? [];
    assert.deepEqual(
      accepted.map(({ codecs }) => codecs.length),
      [sdpLimits.formats],
    );
  });
});

describe('unusual but good descriptions', () => {
  it('may have bare line feeds, blank lines and no final line end', () => {
    const answer = negotiation().createAnswer(chrome);
    assert.equal(negotiation().createAnswer(chrome.replaceAll('\r\n', '\n')), answer);
    assert.equal(negotiation().createAnswer(`\r\n${chrome.replaceAll('\r\n', '\r\n\r\n').trim()}`), answer);
  });

  it('may have no media sections', () => {
    const ours = negotiation();
    ours.createAnswer('v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n');
    assert.deepEqual(ours.result?.medias, []);
  });

  it('bounds what it keeps of repeated lines', () => {
    const many = chrome.replace(
      'a=candidate:2999745851',
      `${'a=candidate:1 1 udp 1 10.0.0.1 1 typ host\r\n'.repeat(1000)}a=candidate:2999745851`,
    );
    const ours = negotiation();
    ours.createAnswer(many);
    assert.equal(ours.result?.remoteCandidates.length, sdpLimits.entries);
  });

  it('treats __proto__ as a name like any other', () => {
    const ours = negotiation();
    ours.createAnswer(chrome.replace('minptime=10', '__proto__=1;constructor=2'));
    const parameters = ours.result?.medias[0]?.codecs[0]?.parameters ?? {};
    assert.equal(Object.getPrototypeOf(parameters), Object.prototype);
    assert.deepEqual(Object.keys(parameters).toSorted(), ['__proto__', 'constructor', 'useinbandfec']);
  });
});

/** Runs `call`; anything but success or an SdpError fails the property. */
function onlySdpErrors(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof SdpError)) throw error;
  }
}

const mutation = fc.record({
  line: fc.nat(),
  kind: fc.constantFrom('drop', 'double', 'swap', 'cut', 'insert', 'replace', 'other'),
  position: fc.nat(),
  text: fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      '0',
      '-1',
      '99999999999999999999',
      '\0',
      '*',
      'NaN',
      'Infinity',
      '__proto__',
      'm=',
      'a=mid:',
    ),
  ),
});

function mutate(
  lines: string[],
  { line, kind, position, text }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
): void {
  const at = line % Math.max(1, lines.length);
  const old = lines[at] ?? '';
  const cut = position % (old.length + 1);
  if (kind === 'drop') lines.splice(at, 1);
  else if (kind === 'double') lines.splice(at, 0, old);
  else if (kind === 'swap')
    [lines[at], lines[position % lines.length]] = [lines[position % lines.length] ?? '', old];
  else if (kind === 'cut') lines[at] = old.slice(0, cut);
  else if (kind === 'insert') lines[at] = old.slice(0, cut) + text + old.slice(cut);
  else if (kind === 'replace') lines[at] = old.slice(0, cut) + text;
  else lines.splice(at, 0, `a=${text}:${position} ${text}`);
}

describe('any mutation of a real description', () => {
  it('as an offer gives an answer or an SdpError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtureNames),
        fc.array(mutation, { minLength: 1, maxLength: 8 }),
        (name, mutations) => {
          const lines = fixture(name).split('\r\n');
          for (const each of mutations) mutate(lines, each);
          const ours = negotiation({ numVideoMedias: 2 });
          onlySdpErrors(() => {
            const answer = ours.createAnswer(lines.join('\r\n'));
            // What we print is itself a description that the other side could read.
            for (const line of answer.trimEnd().split('\r\n')) assert.match(line, /^[a-z]=/);
            negotiation().createAnswer(answer);
          });
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('as an answer gives a session or an SdpError', () => {
    const answer = negotiation().createAnswer(negotiation().createOffer());
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), (mutations) => {
        const lines = answer.split('\r\n');
        for (const each of mutations) mutate(lines, each);
        const ours = negotiation();
        ours.createOffer();
        onlySdpErrors(() => ours.acceptAnswer(lines.join('\r\n')));
      }),
      { numRuns: 1000 },
    );
  });

  it('cut at any character gives an answer or an SdpError', () => {
    for (const name of fixtureNames) {
      const text = fixture(name);
      for (let end = 0; end < text.length; end += 7) {
        onlySdpErrors(() => negotiation().createAnswer(text.slice(0, end)));
      }
    }
  });

  it('any text gives an SdpError or an answer', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) =>
        onlySdpErrors(() => negotiation().createAnswer(text)),
      ),
    );
  });
});
