/**
 * Containers of recordings and what they hold (spec 3.14).
 * @module
 */
import type { MediaType, PadTable } from '@rivero/graph';
import { launchElement } from '@rivero/gst';
import type * as api from '@rivero/model/server';

/** What a profile means. */
export interface RecordingProfile {
  /** Codec of each kind that is recorded, as `HostFormat` names it. */
  readonly codecs: Readonly<Partial<Record<MediaType, string>>>;
  /** Launch text of the element that writes the container, without a name. */
  readonly muxer: string;
  /** Elements of GStreamer that it needs beside those of codecs. */
  readonly factories: readonly string[];
}

const webm = { VIDEO: 'VP8', AUDIO: 'OPUS' } as const;
const avc = { VIDEO: 'H264', AUDIO: 'AAC' } as const;

// A matroska file can be read as far as it was written; an MP4 is written in fragments, and finished as a plain one.
const webmMuxer = launchElement(['webmmux', { 'offset-to-zero': true }], 'mux');
const matroskaMuxer = launchElement(['matroskamux', { 'offset-to-zero': true }], 'mux');
const mp4Muxer = launchElement(
  ['mp4mux', { 'fragment-duration': 1000, 'fragment-mode': 'first-moov-then-finalise' }],
  'mux',
);

const containers: Readonly<Record<string, RecordingProfile>> = {
  WEBM: { codecs: webm, muxer: webmMuxer, factories: ['webmmux', 'filesink'] },
  MKV: { codecs: avc, muxer: matroskaMuxer, factories: ['matroskamux', 'filesink'] },
  MP4: { codecs: avc, muxer: mp4Muxer, factories: ['mp4mux', 'filesink'] },
};

/** What a profile means, or undefined if it cannot be recorded yet (FLV, JPEG) or ever (KURENTO_SPLIT_RECORDER). */
export function recordingProfile(name: api.MediaProfileSpecType): RecordingProfile | undefined {
  const [, container = '', only] = /^([A-Z0-9]+?)(?:_(VIDEO|AUDIO)_ONLY)?$/.exec(name) ?? [];
  const found = containers[container];
  if (found === undefined || only === undefined) return found;
  const type = only === 'VIDEO' ? 'VIDEO' : 'AUDIO';
  return { ...found, codecs: { [type]: found.codecs[type] ?? '' } };
}

/** Pads of an element that records this profile into a node. */
export function recordingPads(nodeId: string, { codecs }: RecordingProfile): PadTable {
  const pads = Object.entries(codecs).map(([type, name]) => [
    type,
    { sink: { role: 'hostSink', nodeId, formats: [{ name }] } },
  ]);
  // Holds because the keys are those of `codecs`.
  return Object.fromEntries(pads) as PadTable;
}
