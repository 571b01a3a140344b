import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PlannerOptions, TranscodingTracker } from '@rivero/graph';
import { change, planner } from './planNotation.ts';

const hosts: PlannerOptions = { hosts: true };

/** What a tracker says at first, and after each further change. */
function said(text: string, changes: readonly string[] = [], options = hosts): string[] {
  const made = planner(text, options);
  const tracker = new TranscodingTracker();
  const update = (): string =>
    tracker
      .update(made.plan())
      .map(
        ({ elementId, type, state }) =>
          `${type === 'AUDIO' ? 'A:' : ''}${elementId} ${state === 'TRANSCODING' ? 'yes' : 'no'}`,
      )
      .join(', ');
  const first = update();
  return [first, ...changes.map((one) => (change(made, one), update()))];
}

const cases: readonly [string, string, string[], string[]][] = [
  ['says nothing of a pipeline where nothing flows', 'a=cam(VP8) b=none a>b', [], ['']],
  ['says that the first sink needs no transcoder', 'a=cam(VP8) b=view(VP8) a>b', [], ['a no']],
  ['says so once', 'a=cam(VP8) b=view(VP8) c=view(VP8) a>b', ['a>c', '-a>b'], ['a no', '', '']],
  ['says that the first sink needs one', 'a=cam(VP8) b=view(H264) a>b', [], ['a yes']],
  [
    'changes to transcoding with the first sink that needs it',
    'a=cam(VP8) b=view(VP8) c=view(H264) a>b',
    ['a>c'],
    ['a no', 'a yes'],
  ],
  ['goes by the order of connections', 'a=cam(VP8) b=view(VP8) c=view(H264) a>b a>c', [], ['a no, a yes']],
  [
    'never says no after yes',
    'a=cam(VP8) b=view(VP8) c=view(H264) a>c a>b',
    ['-a>c', '-a>b', 'a>b'],
    ['a yes', '', '', ''],
  ],
  [
    'does not repeat itself when the codec changes',
    'a=cam(VP8) c=view(H264) a>c',
    ['a=cam(VP9)', 'a=cam(H264)'],
    ['a yes', '', ''],
  ],
  [
    'keeps audio and video apart',
    'a=cam(VP8) b=view(H264) c=cam(OPUS) d=view(OPUS) a>b A:c>d',
    [],
    ['a yes, A:c no'],
  ],
  [
    'counts a PassThrough as a sink that needs none',
    'a=cam(VP8) p=pass b=view(H264) a>p p>b',
    [],
    ['a no, p yes'],
  ],
  [
    'counts decoding for a filter and encoding after it',
    'a=cam(VP8) f=filter b=view(VP8) a>f f>b',
    [],
    ['a yes, f yes'],
  ],
  ['counts raw media as no transcoding', 'p=player(RAW) f=filter p>f', [], ['p no']],
  ['counts a remux as no transcoding', 'a=cam(VP8) r=rec(VP8) a>r', [], ['a no']],
  [
    'blames the element whose format is pinned',
    'a=cam(VP8) p=pass b=view(H264) a*H264 a>p p>b',
    [],
    ['a yes'],
  ],
];

describe('TranscodingTracker', () => {
  for (const [claim, text, changes, expected] of cases) {
    it(claim, () => assert.deepEqual(said(text, changes), expected));
  }

  it('says nothing of a transcoder that does not exist', () => {
    assert.deepEqual(said('a=cam(VP8) b=view(H264) a>b', [], { hosts: false }), ['']);
    assert.deepEqual(said('a=cam(VP8) b=view(H264) a>b', [], { hosts: true, transcoding: 'forbid' }), ['']);
  });

  it('answers for an element until that is forgotten', () => {
    const tracker = new TranscodingTracker();
    tracker.update(planner('a=cam(VP8) b=view(H264) a>b').plan());
    assert.equal(tracker.isTranscoding('a', 'VIDEO'), true);
    assert.equal(tracker.isTranscoding('a', 'AUDIO'), false);
    tracker.forget('a');
    assert.equal(tracker.isTranscoding('a', 'VIDEO'), false);
  });
});
