/**
 * Answers to real offers.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCodecCapability, type NegotiatedSession, type SdpConfig } from '../src/index.ts';
import { type FixtureName, fixture, fixtureNames, negotiation, sectionsOf, values } from './descriptions.ts';

function answer(
  offer: string,
  changes: Partial<SdpConfig> = {},
): { sdp: string; session: string[]; medias: string[][]; result: NegotiatedSession } {
  const ours = negotiation(changes);
  const sdp = ours.createAnswer(offer);
  const [session = [], ...medias] = sectionsOf(sdp);
  assert.ok(ours.result !== undefined);
  return { sdp, session, medias, result: ours.result };
}

function answerTo(name: FixtureName, changes: Partial<SdpConfig> = {}): ReturnType<typeof answer> {
  return answer(fixture(name), changes);
}

const everyVideo = ['H265', 'AV1', 'VP9', 'VP8', 'H264'].flatMap((name) => findCodecCapability(name) ?? []);

describe('createAnswer', () => {
  for (const name of fixtureNames) {
    it(`mirrors the sections of ${name} and describes accepted ones completely`, () => {
      const { medias, result } = answerTo(name);
      const [, ...offered] = sectionsOf(fixture(name));
      assert.equal(medias.length, offered.length);
      assert.equal(result.medias.length, offered.length);
      medias.forEach((lines, i) => {
        const [type, port, protocol, ...formats] = values(lines, 'm=')[0]?.split(' ') ?? [];
        const theirs = values(offered[i], 'm=')[0]?.split(' ') ?? [];
        assert.equal(type, theirs[0]);
        assert.equal(protocol, theirs[2]);
        assert.deepEqual(values(lines, 'a=mid:'), values(offered[i], 'a=mid:'));
        const media = result.medias[i];
        assert.equal(media?.rejected, port === '0');
        assert.equal(media?.index, i);
        assert.equal(lines.filter((line) => line.startsWith('c=IN IP')).length, 1);
        if (media?.rejected === true) {
          assert.deepEqual(formats, [theirs[3] ?? '0']);
          return;
        }
        assert.deepEqual(
          formats,
          theirs.slice(3).filter((format) => formats.includes(format)),
        );
        assert.deepEqual(
          formats.map(Number),
          media?.codecs.map((codec) => codec.payloadType),
        );
        assert.deepEqual(values(lines, 'a=ice-ufrag:'), ['ours']);
        assert.deepEqual(values(lines, 'a=ice-pwd:'), ['our-password-of-24-bytes']);
        assert.deepEqual(values(lines, 'a=fingerprint:'), ['sha-256 AA:BB:CC']);
        assert.equal(values(lines, 'a=setup:').length, 1);
        assert.equal(values(lines, 'a=rtcp-mux').length, 1);
        for (const never of ['a=bundle-only', 'a=rid', 'a=simulcast', 'a=candidate']) {
          assert.deepEqual(values(lines, never), []);
        }
        assert.doesNotMatch(lines.join('\n'), /transport-cc|rtx|ulpfec|red\/|CN\//i);
      });
    });
  }

  it('prints the session lines', () => {
    assert.deepEqual(answerTo('chrome').session, [
      'v=0',
      'o=- 3900000000 0 IN IP4 0.0.0.0',
      's=Kurento Media Server',
      't=0 0',
      'a=ice-options:trickle',
      'a=group:BUNDLE 0 1',
    ]);
  });

  it('keeps the codecs of Chrome in its order and rejects the data channel', () => {
    const { medias, result } = answerTo('chrome');
    assert.deepEqual(values(medias[0], 'm='), ['audio 1 UDP/TLS/RTP/SAVPF 111 0 8 110 126']);
    assert.deepEqual(values(medias[1], 'm='), ['video 1 UDP/TLS/RTP/SAVPF 96 103 107 109 115 39 45 98 100']);
    assert.deepEqual(values(medias[2], 'm='), ['application 0 UDP/DTLS/SCTP webrtc-datachannel']);
    assert.deepEqual(values(medias[0], 'a=fmtp:'), ['111 minptime=10;useinbandfec=1']);
    assert.ok(
      values(medias[1], 'a=fmtp:').includes(
        '107 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f',
      ),
    );
    assert.deepEqual(values(medias[1], 'a=rtcp-fb:96 '), ['goog-remb', 'ccm fir', 'nack', 'nack pli']);
    assert.deepEqual(values(medias[0], 'a=rtcp-fb:'), []);
    assert.deepEqual(result.medias[2], {
      kind: 'application',
      mid: '2',
      index: 2,
      rejected: true,
      direction: 'inactive',
      codecs: [],
      localSsrc: 0,
      cname: 'user1@host-1',
      remoteSsrcs: [],
      remoteCname: '',
      extensions: {},
      remoteMaxKbps: 0,
    });
  });

  it('gives what Chrome offered as a session', () => {
    const { result } = answerTo('chrome');
    assert.deepEqual(result.remoteIce, { ufrag: 'EsAw', password: 'bP+XJMM09aR8AiX1jdukzR6Y', lite: false });
    assert.equal(result.dtlsRole, 'client');
    assert.equal(result.remoteFingerprints.length, 1);
    assert.equal(result.remoteFingerprints[0]?.algorithm, 'sha-256');
    const [audio, video] = result.medias;
    assert.deepEqual(audio?.codecs[0], {
      payloadType: 111,
      name: 'OPUS',
      clockRate: 48_000,
      channels: 2,
      parameters: { minptime: '10', useinbandfec: '1' },
      feedback: [],
    });
    assert.deepEqual(audio?.extensions, { audioLevel: 1, absSendTime: 2, mid: 4 });
    assert.deepEqual(video?.extensions, { absSendTime: 2, mid: 4 });
    assert.deepEqual(audio?.remoteSsrcs, [3570614608]);
    assert.deepEqual(video?.remoteSsrcs, [2231627014]);
    assert.equal(video?.remoteCname, '4TOk42mSjXCkVIa6');
    assert.deepEqual([audio?.localSsrc, video?.localSsrc], [5000, 5001]);
    assert.deepEqual(
      video?.codecs.map((codec) => codec.name),
      ['VP8', 'H264', 'H264', 'H264', 'H264', 'H264', 'AV1', 'VP9', 'VP9'],
    );
    assert.equal(result.remoteCandidates.length, 2);
    assert.deepEqual(result.remoteCandidates[0], {
      candidate:
        'candidate:2999745851 1 udp 2122260223 192.168.1.20 54321 typ host generation 0 network-id 1 network-cost 10',
      mid: '0',
      index: 0,
    });
  });

  it('reads ICE credentials that look like numbers (Safari)', () => {
    const { medias, result } = answerTo('safari');
    assert.equal(result.remoteIce.ufrag, '1234');
    assert.equal(result.remoteIce.password, '123456789012345678901234');
    assert.deepEqual(values(medias[1], 'm='), ['video 1 UDP/TLS/RTP/SAVPF 96 98 102 104']);
  });

  it('accepts H.265 if it is configured', () => {
    const { medias } = answerTo('safari', { videoCodecs: everyVideo });
    assert.deepEqual(values(medias[1], 'm='), ['video 1 UDP/TLS/RTP/SAVPF 96 98 100 102 104']);
    assert.deepEqual(values(medias[1], 'a=rtcp-fb:100 '), ['goog-remb', 'ccm fir', 'nack', 'nack pli']);
  });

  it('answers the Opus wishes of Firefox, not its limits, and turns extension directions round', () => {
    const { medias, result } = answerTo('firefox');
    assert.deepEqual(values(medias[0], 'a=fmtp:'), ['109 stereo=1;useinbandfec=1', '101 0-15']);
    assert.deepEqual(values(medias[0], 'a=extmap:'), [
      '1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      '3 urn:ietf:params:rtp-hdrext:sdes:mid',
    ]);
    assert.deepEqual(values(medias[1], 'a=rtpmap:'), [
      '120 VP8/90000',
      '121 VP9/90000',
      '126 H264/90000',
      '97 H264/90000',
    ]);
    assert.deepEqual(result.medias[1]?.remoteSsrcs, [3366490151]);
    const [withDirection] = answer(
      fixture('firefox').replace('extmap:4 http://www.webrtc', 'extmap:4/sendonly http://www.webrtc'),
    ).medias.slice(1);
    assert.ok(
      values(withDirection, 'a=extmap:').includes(
        '4/recvonly http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
      ),
    );
  });

  it('sends only to a viewer of kurento-utils and respects its limit', () => {
    const { medias, result } = answerTo('kurento-utils-recvonly');
    assert.deepEqual(
      result.medias.map((media) => media.direction),
      ['sendonly', 'sendonly'],
    );
    assert.ok(medias[1]?.includes('a=sendonly'));
    assert.deepEqual(values(medias[1], 'a=ssrc:'), [
      '5001 cname:user1@host-1',
      '5001 msid:stream-3900000000 video-5001',
    ]);
    assert.deepEqual(values(medias[1], 'a=msid:'), ['stream-3900000000 video-5001']);
    assert.equal(result.medias[1]?.remoteMaxKbps, 1500);
    assert.equal(result.medias[0]?.remoteMaxKbps, 0);
  });

  it('takes the first stream of an old simulcast group', () => {
    const { result, medias } = answerTo('kurento-utils-simulcast');
    assert.deepEqual(result.medias[1]?.remoteSsrcs, [1001]);
    assert.equal(result.medias[1]?.direction, 'recvonly');
    assert.deepEqual(values(medias[1], 'a=ssrc:'), []);
    assert.equal(result.medias[1]?.localSsrc, 5001);
  });

  it('accepts the bundle-only section of GStreamer and keeps the spelling OPUS', () => {
    const { session, medias, result } = answerTo('gstreamer-max-bundle');
    assert.deepEqual(values(session, 'a=group:'), ['BUNDLE video0 audio1']);
    assert.deepEqual(values(medias[1], 'm='), ['audio 1 UDP/TLS/RTP/SAVPF 98']);
    assert.deepEqual(values(medias[1], 'a=rtpmap:'), ['98 OPUS/48000/2']);
    assert.deepEqual(
      result.medias.map((media) => media.rejected),
      [false, false],
    );
  });

  it('rejects a bundle-only section outside every group', () => {
    const { result } = answer(
      fixture('gstreamer-max-bundle').replace('a=group:BUNDLE video0 audio1\r\n', ''),
    );
    assert.deepEqual(
      result.medias.map((media) => media.rejected),
      [false, true],
    );
  });

  it('accepts the first section of an offer without mids and BUNDLE, and only that', () => {
    const { session, medias, result } = answerTo('no-mid');
    assert.deepEqual(values(session, 'a=group:'), []);
    assert.deepEqual(values(medias[0], 'm='), ['audio 1 RTP/SAVPF 0 96']);
    assert.deepEqual(values(medias[0], 'a=rtpmap:'), ['96 OPUS/48000/2']);
    assert.deepEqual(values(medias[1], 'm='), ['video 0 RTP/SAVPF 97']);
    assert.deepEqual(
      result.medias.map((media) => [media.mid, media.rejected]),
      [
        ['', false],
        ['', true],
      ],
    );
    assert.equal(result.dtlsRole, 'client');
    assert.deepEqual(
      result.remoteFingerprints.map(({ algorithm }) => algorithm),
      ['sha-1', 'sha-256'],
    );
    assert.equal(
      result.remoteFingerprints[0]?.value,
      '42:89:C5:C6:55:9D:6E:C8:E8:83:55:2A:39:F9:B6:EB:E9:A3:A9:E7',
    );
    assert.deepEqual(
      result.remoteCandidates.map(({ mid, index }) => [mid, index]),
      [
        ['', 0],
        ['', 0],
      ],
    );
  });

  it('rejects what it cannot carry, one line at a time', () => {
    const { session, medias, result } = answerTo('rejected-kinds');
    assert.deepEqual(
      medias.map((lines) => values(lines, 'm=')[0]),
      [
        'text 0 UDP/TLS/RTP/SAVPF 99',
        'audio 1 UDP/TLS/RTP/SAVPF 111',
        'video 0 UDP/TLS/RTP/SAVPF 96',
        'video 1 UDP/TLS/RTP/SAVPF 97',
        'video 0 RTP/AVP 31',
        'image 0 udptl t38',
      ],
    );
    assert.deepEqual(values(session, 'a=group:'), ['BUNDLE a v']);
    assert.deepEqual(
      result.medias.map((media) => media.direction),
      ['inactive', 'inactive', 'inactive', 'recvonly', 'inactive', 'inactive'],
    );
    assert.equal(result.remoteIce.lite, true);
    assert.equal(result.dtlsRole, 'server');
    assert.deepEqual(values(medias[3], 'a=setup:'), ['passive']);
    assert.equal(result.medias[3]?.remoteMaxKbps, 900);
    assert.deepEqual(result.medias[3]?.codecs[0]?.feedback, ['nack pli']);
    assert.equal(result.remoteCandidates[0]?.index, 3);
  });

  it('accepts as many sections of a kind as configured', () => {
    assert.deepEqual(
      answerTo('two-videos').result.medias.map((media) => media.rejected),
      [false, false, true],
    );
    const { session, result } = answerTo('two-videos', { numVideoMedias: 2 });
    assert.deepEqual(
      result.medias.map((media) => media.rejected),
      [false, false, false],
    );
    assert.deepEqual(values(session, 'a=group:'), ['BUNDLE 0 1 2']);
    assert.deepEqual(
      answerTo('two-videos', { numAudioMedias: 0 }).result.medias.map((media) => media.rejected),
      [true, false, true],
    );
  });

  it('needs no transport if every section is rejected', () => {
    const { session, result } = answerTo('chrome', { numAudioMedias: 0, numVideoMedias: 0 });
    assert.deepEqual(values(session, 'a=group:'), []);
    assert.deepEqual(result.remoteFingerprints, []);
    assert.deepEqual(result.remoteIce, { ufrag: '', password: '', lite: false });
  });

  it('rejects a section that has telephone events only', () => {
    const { result } = answer(
      fixture('chrome').replace(/^m=audio .*$/m, 'm=audio 9 UDP/TLS/RTP/SAVPF 110 126\r'),
    );
    assert.equal(result.medias[0]?.rejected, true);
  });

  it('rejects a section without rtcp-mux', () => {
    const { result } = answer(fixture('chrome').replace('a=rtcp-mux\r\n', ''));
    assert.deepEqual(
      result.medias.map((media) => media.rejected),
      [true, false, true],
    );
  });

  it('rejects interleaved and nameless H.264', () => {
    const only = (config: string): boolean | undefined =>
      answer(
        fixture('no-mid')
          .replace(/m=audio[\s\S]*?(?=m=video)/, '')
          .replace('97 98', '97')
          .replace('profile-level-id=4d0028;packetization-mode=1', config),
      ).result.medias[0]?.rejected;
    assert.equal(only('profile-level-id=4d0028;packetization-mode=1'), false);
    assert.equal(only('profile-level-id=4d0028'), false);
    assert.equal(only('profile-level-id=4d0028;packetization-mode=2'), true);
    assert.equal(only('profile-level-id=nonsense;packetization-mode=1'), true);
  });

  it('announces our receive limits and the address family', () => {
    const { session, medias } = answerTo('chrome', {
      maxAudioRecvKbps: 40,
      maxVideoRecvKbps: 900,
      addressFamily: 'IP6',
    });
    assert.deepEqual(values(medias[0], 'b='), ['AS:40']);
    assert.deepEqual(values(medias[1], 'b='), ['AS:900']);
    assert.deepEqual(values(session, 'o='), ['- 3900000000 0 IN IP6 ::']);
    assert.deepEqual(values(medias[2], 'c='), ['IN IP6 ::']);
    assert.deepEqual(values(answerTo('chrome').medias[0], 'b='), []);
  });
});

describe('direction of the answer', () => {
  const cases = [
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendrecv', 'sendonly', 'recvonly'],
    ['sendrecv', 'recvonly', 'sendonly'],
    ['sendrecv', 'inactive', 'inactive'],
    ['sendonly', 'sendrecv', 'sendonly'],
    ['sendonly', 'sendonly', 'inactive'],
    ['sendonly', 'recvonly', 'sendonly'],
    ['recvonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'sendonly', 'recvonly'],
    ['recvonly', 'recvonly', 'inactive'],
  ] as const;
  for (const [ours, theirs, expected] of cases) {
    it(`of a ${ours} endpoint to ${theirs} is ${expected}`, () => {
      const offer = fixture('chrome').replaceAll('a=sendrecv', `a=${theirs}`);
      const { medias, result } = answer(offer, { direction: ours });
      assert.equal(result.medias[0]?.direction, expected);
      assert.ok(medias[0]?.includes(`a=${expected}`));
      assert.equal(result.medias[0]?.rejected, false);
    });
  }
});

describe('DTLS role of the answerer', () => {
  const cases: readonly (readonly [string | undefined, string, string])[] = [
    ['actpass', 'client', 'active'],
    ['passive', 'client', 'active'],
    ['active', 'server', 'passive'],
    [undefined, 'server', 'passive'],
  ];
  for (const [setup, role, printed] of cases) {
    it(`to ${setup ?? 'no setup line'} is ${role}`, () => {
      const line = setup === undefined ? '' : `a=setup:${setup}\r\n`;
      const { medias, result } = answer(fixture('safari').replaceAll('a=setup:actpass\r\n', line));
      assert.equal(result.dtlsRole, role);
      assert.deepEqual(values(medias[0], 'a=setup:'), [printed]);
    });
  }
});
