import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EdgeReason, type PlannerOptions, standardHost } from '@rivero/graph';
import { edge, planner, short } from './planNotation.ts';

const hosts: PlannerOptions = { hosts: true };
const forbid: PlannerOptions = { hosts: true, transcoding: 'forbid' };
const noHosts: PlannerOptions = { hosts: false };

/** The reason of an edge that exists. */
function reason(text: string, of: string, options: PlannerOptions): EdgeReason {
  const wanted = edge(of);
  const { edges } = planner(text, options).plan();
  const found = edges.find(({ connection }) => JSON.stringify(connection) === JSON.stringify(wanted));
  assert.ok(found, `${of} has an edge`);
  return found.reason;
}

const cases: readonly [string, string, PlannerOptions, string, RegExp?][] = [
  // With hosts: elements, edge, state with its data, text.
  ['a=cam(VP8) b=view(VP8) a>b', 'a>b', hosts, 'forward VP8 by a'],
  ['a=cam(VP8) p=pass a>p', 'a>p', hosts, 'relay by a'],
  [
    'a=cam(VP8) b=view(H264) a>b',
    'a>b',
    hosts,
    'transcode VP8→H264 by a~H264',
    /^the source sends VP8, the sink takes H264$/,
  ],
  ['a=cam(VP8) b=view(AV1,H264) a>b', 'a>b', hosts, 'transcode VP8→H264 by a~H264', /takes AV1, H264/],
  ['a=cam(VP8) r=rec(H264,H265) a>r', 'a>r', hosts, 'transcode VP8→H264 by a', /the sink takes H264, H265/],
  ['a=cam(VP8) r=rec(VP8) a>r', 'a>r', hosts, 'remux VP8 by a', /takes VP8 as it is/],
  ['a=cam(VP8) f=filter a>f', 'a>f', hosts, 'transcode VP8→RAW by a', /sends VP8, the sink takes RAW/],
  ['a=cam(VP8) f=filter g=filter a>f f>g', 'f>g', hosts, 'raw by a', /decoded media/],
  [
    'a=cam(VP8) f=filter b=view(VP8) a>f f>b',
    'f>b',
    hosts,
    'transcode RAW→VP8 by f~VP8',
    /gives decoded media, the sink takes VP8/,
  ],
  ['p=player(RAW) b=view(VP8) p>b', 'p>b', hosts, 'transcode RAW→VP8 by p~VP8', /gives decoded media/],
  ['p=player(H264) b=view(H264) p>b', 'p>b', hosts, 'remux H264 by p:H264', /takes H264 as it is/],
  ['p=player(RAW) m=mix(hub) p>m', 'p>m', hosts, 'raw by p', /decoded media/],
  ['p=player(RAW) q=pass p>q', 'p>q', hosts, 'relay by p'],
  ['A:a>r a=cam(OPUS) r=rec(AAC)', 'A:a>r', hosts, 'transcode OPUS→AAC by a', /takes AAC/],
  [
    'a=cam(VP9) b=view(VP8,H264) c=view(H264) a>b a>c',
    'a>b',
    hosts,
    'transcode VP9→H264 by a~H264',
    /takes VP8, H264; one encoder for H264 serves this and other sinks$/,
  ],
  [
    'a=cam(VP9) b=view(VP8,H264) c=view(H264) a>b a>c',
    'a>c',
    hosts,
    'transcode VP9→H264 by a~H264',
    /takes H264$/,
  ],
  // Pinned.
  [
    'a=cam(VP8) b=view(VP8,H264) a*H264 a>b',
    'a>b',
    hosts,
    'transcode VP8→H264 by a~H264',
    /^the output of a is pinned to H264; /,
  ],
  [
    'a=cam(VP8) p=pass b=view(H264) a*H264 a>p p>b',
    'p>b',
    hosts,
    'transcode VP8→H264 by a~H264',
    /output of a is pinned/,
  ],
  [
    'a=cam(VP8) b=view(VP9) a*H264 a>b',
    'a>b',
    hosts,
    'transcode VP8→VP9 by a~VP9',
    /pinned to H264; .* takes VP9/,
  ],
  ['a=cam(VP8) b=view(VP8) a*RAW a>b', 'a>b', hosts, 'transcode VP8→VP8 by a~VP8', /pinned to RAW/],
  ['a=cam(VP8) b=view(VP8) a*VP8 a>b', 'a>b', hosts, 'forward VP8 by a'],
  // What waits, and what will never be.
  ['a=none b=view(VP8) a>b', 'a>b', hosts, 'nothing sourceNotNegotiated', /source has not negotiated/],
  ['a=cam(VP8) b=none a>b', 'a>b', hosts, 'nothing sinkNotNegotiated', /sink has not negotiated/],
  ['p=player b=view(VP8) p>b', 'p>b', hosts, 'nothing sourceNotNegotiated', /source has not negotiated/],
  ['p=pass b=view(VP8) p>b', 'p>b', hosts, 'nothing noSource', /nothing is connected/],
  ['f=filter b=view(VP8) f>b', 'f>b', hosts, 'nothing noSource', /nothing is connected/],
  ['p=pass q=pass p>q q>p', 'p>q', hosts, 'nothing circle', /circle without a source/],
  ['f=filter g=filter f>g g>f', 'f>g', hosts, 'nothing circle', /circle without a source/],
  ['f=filter p=pass b=view(VP8) f>p p>f p>b', 'p>b', hosts, 'nothing circle', /circle without a source/],
  ['m=mix(hub) m>m', 'm>m', hosts, 'nothing circle', /come back to the filter or hub/],
  ['m=mix(h) n=mix(i) m>n n>m', 'm>n', hosts, 'raw by h', /decoded/],
  ['m=mix(h) n=mix(i) m>n n>m', 'n>m', hosts, 'nothing circle', /come back to the filter or hub/],
  ['a=cam b=view(VP8) a>b', 'a>b', hosts, 'nothing noCodec', /no codec/],
  ['a=cam(VP8) b=view a>b', 'a>b', hosts, 'nothing noCodec', /no codec/],
  ['a=web(VP8) D:a>a', 'D:a>a', hosts, 'nothing data', /data channels/],
  [
    'a=cam(AV1) b=view(VP8) a>b',
    'a>b',
    hosts,
    'nothing unsupported',
    /no host can decode AV1: the source sends AV1, the sink takes VP8/,
  ],
  ['a=cam(AV1) r=rec(AV1) a>r', 'a>r', hosts, 'nothing unsupported', /no host can decode AV1/],
  ['a=cam(AV1) f=filter a>f', 'a>f', hosts, 'nothing unsupported', /no host can decode AV1/],
  ['a=cam(AV1) f=filter b=view(VP8) a>f f>b', 'f>b', hosts, 'nothing filterWithoutMedia', /filter before/],
  ['a=cam(AV1) f=filter g=filter a>f f>g', 'f>g', hosts, 'nothing filterWithoutMedia', /filter before/],
  ['a=cam(VP8) b=view(AV1) a>b', 'a>b', hosts, 'nothing unsupported', /no host can encode AV1/],
  ['a=cam(VP8) r=rec(AV1) a>r', 'a>r', hosts, 'nothing unsupported', /no host can encode AV1/],
  ['p=player(AV1) b=view(AV1) p>b', 'p>b', hosts, 'nothing unsupported', /no host can decode AV1/],
  // Forbidden.
  ['a=cam(VP8) b=view(VP8) a>b', 'a>b', forbid, 'forward VP8 by a'],
  ['a=cam(VP8) p=pass a>p', 'a>p', forbid, 'relay by a'],
  ['a=cam(VP8) r=rec(VP8) a>r', 'a>r', forbid, 'remux VP8 by a', /as it is/],
  ['p=player(H264) b=view(H264) p>b', 'p>b', forbid, 'remux H264 by p:H264', /as it is/],
  ['p=player(RAW) f=filter p>f', 'p>f', forbid, 'raw by p', /decoded media/],
  ['p=player(RAW) f=filter r=rec(RAW) p>f f>r', 'f>r', forbid, 'raw by p', /decoded media/],
  [
    'a=cam(VP8) b=view(H264) a>b',
    'a>b',
    forbid,
    'forbidden VP8→H264',
    /^transcoding is forbidden in this pipeline: the source sends VP8, the sink takes H264$/,
  ],
  ['a=cam(VP8) r=rec(H264) a>r', 'a>r', forbid, 'forbidden VP8→H264', /forbidden/],
  ['a=cam(VP8) f=filter a>f', 'a>f', forbid, 'forbidden VP8→RAW', /forbidden/],
  ['a=cam(VP8) f=filter b=view(VP8) a>f f>b', 'f>b', forbid, 'nothing filterWithoutMedia', /filter before/],
  ['p=player(RAW) b=view(VP8) p>b', 'p>b', forbid, 'forbidden RAW→VP8', /forbidden/],
  ['a=cam(VP8) b=view(VP8,H264) a*H264 a>b', 'a>b', forbid, 'forbidden VP8→H264', /pinned to H264/],
  ['a=cam(AV1) b=view(VP8) a>b', 'a>b', forbid, 'nothing unsupported', /no host can decode/],
  // Without hosts.
  ['a=cam(VP8) b=view(VP8) a>b', 'a>b', noHosts, 'forward VP8 by a'],
  [
    'a=cam(VP8) b=view(H264,VP9) a>b',
    'a>b',
    noHosts,
    'transcode VP8→H264',
    /^the source sends VP8, the sink takes H264, VP9$/,
  ],
  ['a=cam(VP8) b=view(AV1) a>b', 'a>b', noHosts, 'transcode VP8→AV1', /takes AV1$/],
  ['a=cam(VP8) b=view(VP8) a*H264 a>b', 'a>b', noHosts, 'transcode VP8→VP8', /pinned to H264/],
  ['a=cam(VP8) r=rec(H264) a>r', 'a>r', noHosts, 'transcode VP8→H264', /takes H264/],
  ['a=cam(VP8) f=filter a>f', 'a>f', noHosts, 'transcode VP8→RAW', /takes RAW/],
  ['p=player(RAW) m=mix(hub) p>m', 'p>m', noHosts, 'transcode RAW→RAW', /takes RAW/],
  ['p=player(H264) b=view(H264) p>b', 'p>b', noHosts, 'transcode H264→H264', /takes H264/],
  ['a=cam(VP8) f=filter b=view(VP8) a>f f>b', 'f>b', noHosts, 'nothing filterWithoutMedia', /filter before/],
];

function summary(found: EdgeReason): string {
  const by = 'producerId' in found && found.producerId ? ` by ${short(found.producerId)}` : '';
  if (found.state === 'forward' || found.state === 'remux') return `${found.state} ${found.codec}${by}`;
  if (found.state === 'nothing') return `nothing ${found.cause}`;
  return `${found.state}${'from' in found ? ` ${found.from}→${found.to}` : ''}${by}`;
}

describe('Planner.plan().edges', () => {
  for (const [text, of, options, expected, why] of cases) {
    const policy = options === hosts ? '' : options === forbid ? ', transcoding forbidden' : ', no host';
    it(`${of} of ${text}${policy}: ${expected}`, () => {
      const found = reason(text, of, options);
      assert.equal(summary(found), expected);
      if (why) assert.match('why' in found ? found.why : '', why);
    });
  }

  it('names the branches on the way, from source to sink', () => {
    const found = reason('a=cam(VP8) b=view(H264) a>b', 'a>b', hosts);
    assert.deepEqual('branches' in found && found.branches?.map(short), ['a:VP8', 'a~', 'a~H264', 'a~H264']);
    const last = 'branches' in found ? (found.branches ?? []) : [];
    assert.match(last.join(' '), /^tap\(.*\) dec\(.*\) enc\(.*\) feed\(.*\)$/);
  });

  it('names the element whose output is transcoded', () => {
    const pinned = reason('a=cam(VP8) p=pass b=view(H264) a*H264 a>p p>b', 'p>b', hosts);
    assert.equal('by' in pinned && pinned.by, 'a');
    const free = reason('a=cam(VP8) p=pass b=view(H264) a>p p>b', 'p>b', hosts);
    assert.equal('by' in free && free.by, 'p');
  });

  it('goes by what the hosts can do', () => {
    const text = 'a=cam(VP8) b=view(H264,VP9) a>b';
    const without = { ...standardHost, encodes: new Set(['VP9']) };
    assert.equal(summary(reason(text, 'a>b', { hosts: without })), 'transcode VP8→VP9 by a~VP9');
    const blind = { ...standardHost, decodes: new Set<string>() };
    assert.equal(summary(reason(text, 'a>b', { hosts: blind })), 'nothing unsupported');
    const mute = { ...standardHost, packetizes: new Set<string>() };
    assert.equal(summary(reason(text, 'a>b', { hosts: mute })), 'nothing unsupported');
  });

  it('follows a change of policy', () => {
    const made = planner('a=cam(VP8) b=view(H264) a>b');
    made.configure({ hosts: true, transcoding: 'forbid' });
    assert.equal(made.plan().edges[0]?.reason.state, 'forbidden');
    assert.equal(made.plan().taps.size, 0);
    made.configure({ hosts: true });
    assert.equal(made.plan().edges[0]?.reason.state, 'transcode');
  });
});

const wouldBe: readonly [string, string, PlannerOptions, string][] = [
  ['a=cam(VP8) b=view(VP8)', 'a>b', forbid, 'forward VP8 by a'],
  ['a=cam(VP8) b=view(H264)', 'a>b', forbid, 'forbidden VP8→H264'],
  ['a=cam(VP8) b=view(H264) a>b', 'a>b', forbid, 'forbidden VP8→H264'],
  ['a=cam(VP8) b=view(H264)', 'a>b', hosts, 'transcode VP8→H264 by a~H264'],
  ['a=cam(VP8) b=view(H264)', 'a>b', noHosts, 'transcode VP8→H264'],
  ['a=cam(VP8) c=cam(H264) b=view(H264) a>b', 'c>b', forbid, 'forward H264 by c'],
  ['a=cam(VP8) p=pass b=view(VP8) p>b', 'a>p', forbid, 'relay by a'],
  ['a=cam(VP8) p=pass b=view(H264) p>b', 'a>p', forbid, 'forbidden VP8→H264'],
  ['a=cam(VP8) p=pass q=pass b=view(H264) p>q q>b', 'a>p', forbid, 'forbidden VP8→H264'],
  ['a=cam(VP8) c=cam(VP9) p=pass b=view(H264) c>p p>b', 'a>p', forbid, 'relay by a'],
  ['p=player(RAW) f=filter b=view(VP8) f>b', 'p>f', forbid, 'forbidden RAW→VP8'],
  ['a=cam(VP8) b=none', 'a>b', forbid, 'nothing sinkNotNegotiated'],
  ['f=filter g=filter f>g', 'g>f', hosts, 'nothing circle'],
  ['p=pass q=pass p>q', 'q>p', hosts, 'nothing circle'],
  ['m=mix(h) n=mix(i) m>n', 'n>m', hosts, 'nothing circle'],
  ['m=mix(h) n=mix(i) m>n n>m', 'm>n', hosts, 'raw by h'],
];

describe('Planner.wouldBe()', () => {
  for (const [text, of, options, expected] of wouldBe) {
    it(`${of} beside ${text}${options === forbid ? ', transcoding forbidden' : ''}: ${expected}`, () => {
      const made = planner(text, options);
      const before = made.plan();
      assert.equal(summary(made.wouldBe(edge(of))), expected);
      assert.deepEqual(made.plan(), before);
    });
  }

  it('sees what begins further on, through filters', () => {
    const made = planner('a=cam(VP8) f=filter p=pass b=view(VP8) a>f f>p p>b');
    assert.equal(made.producerInto('b', 'VIDEO'), 'a.in');
    assert.equal(made.producerInto('f', 'AUDIO'), undefined);
  });

  it('says where it would be forbidden', () => {
    const made = planner('a=cam(VP8) p=pass b=view(H264) p>b', forbid);
    const found = made.wouldBe(edge('a>p'));
    assert.match('why' in found ? found.why : '', /^behind it, from p to b: transcoding is forbidden/);
  });

  it('is explained as it runs, when the plan that runs is given', () => {
    const made = planner('a=cam(VP9) b=view(VP8,H264) c=view(H264) a>b a>c');
    const running = made.plan();
    made.removeElement('c');
    assert.equal(summary(made.explain(edge('a>b'), running)), 'transcode VP9→H264 by a~H264');
    assert.equal(summary(made.explain(edge('a>b'))), 'transcode VP9→VP8 by a~VP8');
  });

  it('is what explain says, and the plan after the connection was made', () => {
    const made = planner('a=cam(VP8) b=view(H264) c=view(VP8) a>c');
    const before = made.wouldBe(edge('a>b'));
    assert.deepEqual(made.explain(edge('a>b')), before);
    made.connections.add(edge('a>b'));
    assert.deepEqual(made.explain(edge('a>b')), before);
    assert.deepEqual(made.plan().edges.at(-1)?.reason, before);
  });
});
