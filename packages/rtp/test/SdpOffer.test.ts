/**
 * Our own offers, and what answers make of them.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  defaultAudioCodecs,
  defaultVideoCodecs,
  findCodecCapability,
  type SdpConfig,
  SdpError,
  type SdpNegotiation,
} from '../src/index.ts';
import { fixture, negotiation, sectionsOf, values } from './descriptions.ts';

function pair(
  ours: Partial<SdpConfig> = {},
  theirs: Partial<SdpConfig> = {},
): { a: SdpNegotiation; b: SdpNegotiation; offer: string; answer: string } {
  const a = negotiation(ours);
  const b = negotiation({ iceUfrag: 'them', nextSsrc: () => 9000, ...theirs });
  const offer = a.createOffer();
  return { a, b, offer, answer: b.createAnswer(offer) };
}

describe('createOffer', () => {
  it('lists the codecs in configuration order from payload type 96', () => {
    const [session, audio, video] = sectionsOf(negotiation().createOffer());
    assert.deepEqual(values(session, 'a=group:'), ['BUNDLE audio0 video0']);
    assert.deepEqual(values(audio, 'm='), ['audio 1 RTP/SAVPF 96 0 8']);
    assert.deepEqual(values(audio, 'a=rtpmap:'), ['96 opus/48000/2']);
    assert.deepEqual(values(video, 'm='), ['video 1 RTP/SAVPF 97 98 99 100']);
    assert.deepEqual(values(video, 'a=rtpmap:'), [
      '97 AV1/90000',
      '98 VP9/90000',
      '99 VP8/90000',
      '100 H264/90000',
    ]);
    assert.deepEqual(values(video, 'a=fmtp:'), [
      '97 level-idx=5;profile=0;tier=0',
      '98 profile-id=0',
      '100 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    ]);
    assert.deepEqual(values(video, 'a=rtcp-fb:99 '), ['nack', 'nack pli', 'ccm fir', 'goog-remb']);
    assert.deepEqual(values(video, 'a=rtcp-fb:100 '), ['nack', 'nack pli', 'ccm fir']);
    assert.deepEqual(values(audio, 'a=rtcp-fb:'), []);
    for (const media of [audio, video]) {
      assert.deepEqual(values(media, 'a=extmap:'), [
        '3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
      ]);
      assert.deepEqual(values(media, 'a=setup:'), ['actpass']);
      assert.equal(values(media, 'a=rtcp-mux').length, 1);
      assert.ok(media?.includes('a=sendrecv'));
    }
  });

  it('omits what the options refuse', () => {
    const types = (options: Parameters<SdpNegotiation['createOffer']>[0]): string[] =>
      values(negotiation().createOffer(options).split('\r\n'), 'm=').map((line) => line.split(' ')[0] ?? '');
    assert.deepEqual(types({}), ['audio', 'video']);
    assert.deepEqual(types({ offerToReceiveAudio: false }), ['video']);
    assert.deepEqual(types({ offerToReceiveVideo: false }), ['audio']);
    assert.deepEqual(types({ offerToReceiveAudio: false, offerToReceiveVideo: false }), []);
    assert.deepEqual(types({ offerToReceiveAudio: true, offerToReceiveVideo: true }), ['audio', 'video']);
  });

  it('keeps payload types unique over sections until they run out', () => {
    const offer = negotiation({ numAudioMedias: 2, numVideoMedias: 7 }).createOffer();
    const sections = sectionsOf(offer).slice(1);
    assert.deepEqual(
      sections.map((lines) => values(lines, 'a=mid:')[0]),
      ['audio0', 'audio1', 'video0', 'video1', 'video2', 'video3', 'video4', 'video5', 'video6'],
    );
    const maps = sections.flatMap((lines) => values(lines, 'a=rtpmap:'));
    assert.equal(new Set(maps.slice(0, 30)).size, 30);
    assert.deepEqual(values(sections[8], 'm='), ['video 1 RTP/SAVPF 122 123 124 125']);
    const [, ...last] = sectionsOf(negotiation({ numVideoMedias: 9 }).createOffer());
    // 96 is Opus, so 127 is the third codec of the eighth video section and the ninth repeats the first.
    assert.deepEqual(values(last[8], 'm='), ['video 1 RTP/SAVPF 125 126 127 100']);
    assert.deepEqual(values(last[9], 'm='), ['video 1 RTP/SAVPF 97 98 99 100']);
  });

  for (const direction of ['sendonly', 'recvonly'] as const) {
    it(`is ${direction} for such an endpoint`, () => {
      const [, audio] = sectionsOf(negotiation({ direction }).createOffer());
      assert.ok(audio?.includes(`a=${direction}`));
      assert.equal(values(audio, 'a=ssrc:').length, direction === 'sendonly' ? 2 : 0);
    });
  }

  it('announces receive limits', () => {
    const [, audio, video] = sectionsOf(negotiation({ maxVideoRecvKbps: 700 }).createOffer());
    assert.deepEqual(values(audio, 'b='), []);
    assert.deepEqual(values(video, 'b='), ['AS:700']);
  });
});

describe('acceptAnswer', () => {
  it('lets two endpoints agree', () => {
    const { a, b, answer } = pair();
    const final = a.acceptAnswer(answer);
    assert.equal(final, a.localDescription());
    assert.equal(a.remoteDescription(), answer);
    assert.deepEqual([a.result?.dtlsRole, b.result?.dtlsRole], ['server', 'client']);
    assert.deepEqual([a.result?.remoteIce.ufrag, b.result?.remoteIce.ufrag], ['them', 'ours']);
    a.result?.medias.forEach((media, i) => {
      const other = b.result?.medias[i];
      assert.deepEqual(media.codecs, other?.codecs);
      assert.deepEqual(media.extensions, { absSendTime: 3 });
      assert.deepEqual(media.remoteSsrcs, [other?.localSsrc]);
      assert.deepEqual(other?.remoteSsrcs, [media.localSsrc]);
      assert.equal(media.mid, other?.mid);
    });
    assert.deepEqual(
      a.result?.medias[1]?.codecs.map((codec) => codec.name),
      ['AV1', 'VP9', 'VP8', 'H264'],
    );
  });

  it('narrows the final description to what was accepted', () => {
    const { a, answer } = pair(
      {},
      { direction: 'recvonly', numAudioMedias: 0, videoCodecs: [findCodecCapability('VP8')!] },
    );
    const [session, audio, video] = sectionsOf(a.acceptAnswer(answer));
    assert.deepEqual(values(session, 'a=group:'), ['BUNDLE video0']);
    assert.deepEqual(values(audio, 'm='), ['audio 0 RTP/SAVPF 96']);
    assert.deepEqual(values(video, 'm='), ['video 1 RTP/SAVPF 99']);
    assert.ok(video?.includes('a=sendonly'));
    assert.deepEqual(values(video, 'a=setup:'), ['passive']);
    const [first, second] = a.result?.medias ?? [];
    assert.deepEqual([first?.rejected, first?.mid, first?.direction], [true, 'audio0', 'inactive']);
    assert.deepEqual([second?.rejected, second?.direction], [false, 'sendonly']);
    const withCandidates = a.localDescription(['candidate:1 1 udp 1 10.0.0.1 4000 typ host'], true);
    const [, rejected, accepted] = sectionsOf(withCandidates);
    assert.equal(values(rejected, 'a=candidate').length, 0);
    assert.equal(values(accepted, 'a=candidate').length, 1);
  });

  const roles: readonly (readonly [string, string])[] = [
    ['active', 'server'],
    ['passive', 'client'],
    ['actpass', 'client'],
  ];
  for (const [setup, role] of roles) {
    it(`makes us the DTLS ${role} for ${setup}`, () => {
      const { a, answer } = pair();
      a.acceptAnswer(answer.replaceAll('a=setup:active', `a=setup:${setup}`));
      assert.equal(a.result?.dtlsRole, role);
    });
  }

  it('takes the codec order of the answer', () => {
    const { a, answer } = pair();
    a.acceptAnswer(answer.replace('97 98 99 100', '100 99'));
    assert.deepEqual(
      a.result?.medias[1]?.codecs.map((codec) => codec.name),
      ['H264', 'VP8'],
    );
    assert.deepEqual(a.result?.medias[1]?.codecs[0]?.feedback, ['nack', 'nack pli', 'ccm fir']);
  });

  it('does not take what the offer did not have', () => {
    const { a, answer } = pair();
    const munged = answer
      .replace('a=rtpmap:97 AV1/90000', 'a=rtpmap:97 H265/90000')
      .replace('profile-level-id=42e01f', 'profile-level-id=640028')
      .replaceAll('a=rtcp-fb:99 nack\r\n', 'a=rtcp-fb:99 transport-cc\r\n')
      .replaceAll('a=setup', 'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=setup');
    a.acceptAnswer(munged);
    const video = a.result?.medias[1];
    assert.deepEqual(
      video?.codecs.map((codec) => codec.name),
      ['VP9', 'VP8'],
    );
    assert.deepEqual(video?.codecs[1]?.feedback, ['nack pli', 'ccm fir', 'goog-remb']);
    assert.deepEqual(video?.extensions, { absSendTime: 3 });
  });

  it('keeps only the first section if the answer refuses BUNDLE', () => {
    const { a, answer } = pair();
    a.acceptAnswer(answer.replace(/a=group:.*\r\n/, ''));
    assert.deepEqual(
      a.result?.medias.map((media) => media.rejected),
      [false, true],
    );
  });

  it('refuses an answer with other sections and can then take the right one', () => {
    const { a, answer } = pair();
    const faulty = [
      answer.replace('m=audio', 'm=video'),
      answer.replace(/m=video[\s\S]*/, ''),
      answer.replace('a=mid:audio0', 'a=mid:other'),
    ];
    for (const sdp of faulty) {
      assert.throws(() => a.acceptAnswer(sdp), {
        name: 'SdpError',
        type: 'SDP_END_POINT_PROCESS_ANSWER_ERROR',
      });
    }
    a.acceptAnswer(answer);
    assert.equal(a.result?.medias.length, 2);
  });
});

describe('order of calls', () => {
  const throwsType = (call: () => unknown, type: string): void => {
    assert.throws(call, (error) => error instanceof SdpError && error.type === type);
  };

  it('needs a description before it can be read', () => {
    const fresh = negotiation();
    assert.equal(fresh.result, undefined);
    throwsType(() => fresh.localDescription(), 'SDP_END_POINT_NO_LOCAL_SDP_ERROR');
    throwsType(() => fresh.remoteDescription(), 'SDP_END_POINT_NO_REMOTE_SDP_ERROR');
    fresh.createOffer();
    throwsType(() => fresh.remoteDescription(), 'SDP_END_POINT_NO_REMOTE_SDP_ERROR');
  });

  it('negotiates once', () => {
    const offered = negotiation();
    offered.createOffer();
    throwsType(() => offered.createOffer(), 'SDP_END_POINT_ALREADY_NEGOTIATED');
    throwsType(() => offered.createAnswer(fixture('chrome')), 'SDP_END_POINT_ALREADY_NEGOTIATED');
    const answered = negotiation();
    answered.createAnswer(fixture('chrome'));
    throwsType(() => answered.createOffer(), 'SDP_END_POINT_ALREADY_NEGOTIATED');
    throwsType(() => answered.createAnswer(fixture('chrome')), 'SDP_END_POINT_ALREADY_NEGOTIATED');
    assert.equal(answered.remoteDescription(), fixture('chrome'));
  });

  it('takes an answer only to an offer, and once', () => {
    const { a, b, answer } = pair();
    throwsType(() => negotiation().acceptAnswer(answer), 'SDP_END_POINT_NOT_OFFER_GENERATED');
    throwsType(() => b.acceptAnswer(answer), 'SDP_END_POINT_NOT_OFFER_GENERATED');
    a.acceptAnswer(answer);
    throwsType(() => a.acceptAnswer(answer), 'SDP_END_POINT_ANSWER_ALREADY_PROCCESED');
  });

  it('can answer after a bad offer', () => {
    const ours = negotiation();
    throwsType(() => ours.createAnswer('nonsense'), 'SDP_PARSE_ERROR');
    assert.equal(ours.result, undefined);
    ours.createAnswer(fixture('chrome'));
    assert.ok(ours.result !== undefined);
  });
});

describe('findCodecCapability', () => {
  it('reads entries of Kurento configuration files', () => {
    assert.equal(findCodecCapability('opus/48000/2')?.name, 'opus');
    assert.equal(findCodecCapability('vp8/90000')?.name, 'VP8');
    assert.equal(findCodecCapability('H265')?.name, 'H265');
    assert.equal(findCodecCapability('VP8/8000'), undefined);
    assert.equal(findCodecCapability('opus/48000/1'), undefined);
    assert.equal(findCodecCapability('theora/90000'), undefined);
    assert.equal(findCodecCapability(''), undefined);
  });

  it('gives the default lists', () => {
    const names = (codecs: typeof defaultAudioCodecs): string[] => codecs.map((codec) => codec.name);
    assert.deepEqual(names(defaultAudioCodecs), [
      'opus',
      'PCMU',
      'PCMA',
      'telephone-event',
      'telephone-event',
    ]);
    assert.deepEqual(names(defaultVideoCodecs), ['AV1', 'VP9', 'VP8', 'H264']);
  });
});
