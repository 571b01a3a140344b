/**
 * Figures of a running connection, distilled from the browser's statistics report (W3C webrtc-stats).
 * @module
 */

/** The two kinds of media. */
export type MediaKind = 'audio' | 'video';

/** One stream that this page sends. A figure the browser does not give is `undefined`. */
export interface OutgoingStats {
  /** Codec without its `audio/` or `video/`, such as `VP8`. */
  readonly codec: string | undefined;
  /** Bit/s since the previous call; 0 at the first. */
  readonly bitrateBps: number;
  /** RTP packets sent. */
  readonly packetsSent: number;
  /** Frames encoded; video only. */
  readonly framesEncoded: number | undefined;
  /** Frames per second, in the last second; video only. */
  readonly framesPerSecond: number | undefined;
  /** Width of the encoded picture, pixels. */
  readonly width: number | undefined;
  /** Height of the encoded picture, pixels. */
  readonly height: number | undefined;
  /** Packets the far end reported as lost. */
  readonly packetsLost: number | undefined;
}

/** One stream that this page receives. A figure the browser does not give is `undefined`. */
export interface IncomingStats {
  /** Codec without its `audio/` or `video/`, such as `VP8`. */
  readonly codec: string | undefined;
  /** Bit/s since the previous call; 0 at the first. */
  readonly bitrateBps: number;
  /** RTP packets received. */
  readonly packetsReceived: number;
  /** RTP packets lost; negative when duplicates outnumber losses (RFC 3550 section 6.4.1). */
  readonly packetsLost: number;
  /** Interarrival jitter, milliseconds. */
  readonly jitterMs: number | undefined;
  /** Frames decoded; video only. */
  readonly framesDecoded: number | undefined;
  /** Frames per second, in the last second; video only. */
  readonly framesPerSecond: number | undefined;
  /** Width of the decoded picture, pixels. */
  readonly width: number | undefined;
  /** Height of the decoded picture, pixels. */
  readonly height: number | undefined;
  /** Times the picture froze. */
  readonly freezeCount: number | undefined;
  /** Sound level, 0 to 1; audio only. */
  readonly audioLevel: number | undefined;
}

/** Figures of one peer at one moment. */
export interface PeerStats {
  /** When the report was made, milliseconds since 1970. */
  readonly timestampMs: number;
  /** Round trip on the selected candidate pair, milliseconds; `undefined` until one is measured. */
  readonly roundTripMs: number | undefined;
  /** All bytes sent, as bit/s since the previous call; 0 at the first. */
  readonly outgoingBitrateBps: number;
  /** All bytes received, as bit/s since the previous call; 0 at the first. */
  readonly incomingBitrateBps: number;
  /** What is sent, by kind. */
  readonly outgoing: { readonly [Kind in MediaKind]: OutgoingStats | undefined };
  /** What is received, by kind. */
  readonly incoming: { readonly [Kind in MediaKind]: IncomingStats | undefined };
}

/** One entry of a report; the browser's types are incomplete, so members are read by name. */
type Entry = Readonly<Record<string, unknown>>;

/** The part of `RTCStatsReport` that is read. */
export interface StatsReport {
  /** Calls back with every entry. */
  forEach(callback: (entry: Entry) => void): void;
}

/** Turns reports into figures; it remembers the previous byte counts, because bitrates need two reports. */
export class StatsSampler {
  #previous = new Map<string, { readonly bytes: number; readonly timestampMs: number }>();

  /** The figures of a report. */
  sample(report: StatsReport): PeerStats {
    const entries = new Map<string, Entry>();
    report.forEach((entry) => entries.set(text(entry, 'id') ?? '', entry));
    const next = new Map<string, { readonly bytes: number; readonly timestampMs: number }>();
    const bitrate = (entry: Entry | undefined, member: string): number => {
      const bytes = number(entry, member);
      const timestampMs = number(entry, 'timestamp');
      if (bytes === undefined || timestampMs === undefined) return 0;
      const key = `${text(entry, 'id')} ${member}`;
      next.set(key, { bytes, timestampMs });
      const before = this.#previous.get(key);
      if (!before || timestampMs <= before.timestampMs) return 0;
      return Math.max(0, ((bytes - before.bytes) * 8000) / (timestampMs - before.timestampMs));
    };
    const pair = selectedPair(entries);
    const stats: PeerStats = {
      timestampMs: number(pair, 'timestamp') ?? number([...entries.values()][0], 'timestamp') ?? 0,
      roundTripMs: milliseconds(number(pair, 'currentRoundTripTime')),
      outgoingBitrateBps: bitrate(pair, 'bytesSent'),
      incomingBitrateBps: bitrate(pair, 'bytesReceived'),
      outgoing: byKind((kind) => outgoingStats(entries, kind, bitrate)),
      incoming: byKind((kind) => incomingStats(entries, kind, bitrate)),
    };
    this.#previous = next;
    return stats;
  }
}

type Bitrate = (entry: Entry | undefined, member: string) => number;

function outgoingStats(
  entries: ReadonlyMap<string, Entry>,
  kind: MediaKind,
  bitrate: Bitrate,
): OutgoingStats | undefined {
  const entry = find(entries, 'outbound-rtp', kind);
  if (!entry) return undefined;
  return {
    codec: codecName(entries, entry),
    bitrateBps: bitrate(entry, 'bytesSent'),
    packetsSent: number(entry, 'packetsSent') ?? 0,
    framesEncoded: number(entry, 'framesEncoded'),
    framesPerSecond: number(entry, 'framesPerSecond'),
    width: number(entry, 'frameWidth'),
    height: number(entry, 'frameHeight'),
    packetsLost: number(entries.get(text(entry, 'remoteId') ?? ''), 'packetsLost'),
  };
}

function incomingStats(
  entries: ReadonlyMap<string, Entry>,
  kind: MediaKind,
  bitrate: Bitrate,
): IncomingStats | undefined {
  const entry = find(entries, 'inbound-rtp', kind);
  if (!entry) return undefined;
  return {
    codec: codecName(entries, entry),
    bitrateBps: bitrate(entry, 'bytesReceived'),
    packetsReceived: number(entry, 'packetsReceived') ?? 0,
    packetsLost: number(entry, 'packetsLost') ?? 0,
    jitterMs: milliseconds(number(entry, 'jitter')),
    framesDecoded: number(entry, 'framesDecoded'),
    framesPerSecond: number(entry, 'framesPerSecond'),
    width: number(entry, 'frameWidth'),
    height: number(entry, 'frameHeight'),
    freezeCount: number(entry, 'freezeCount'),
    audioLevel: number(entry, 'audioLevel'),
  };
}

function byKind<T>(of: (kind: MediaKind) => T): { audio: T; video: T } {
  return { audio: of('audio'), video: of('video') };
}

/** The pair in use: named by the transport where the browser says so, else the nominated one (Firefox). */
function selectedPair(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  let nominated: Entry | undefined;
  for (const entry of entries.values()) {
    const named = entry['type'] === 'transport' ? text(entry, 'selectedCandidatePairId') : undefined;
    if (named) return entries.get(named);
    if (entry['type'] === 'candidate-pair' && entry['nominated'] === true && entry['state'] === 'succeeded') {
      nominated ??= entry;
    }
  }
  return nominated;
}

function find(entries: ReadonlyMap<string, Entry>, type: string, kind: MediaKind): Entry | undefined {
  for (const entry of entries.values()) if (entry['type'] === type && entry['kind'] === kind) return entry;
  return undefined;
}

function codecName(entries: ReadonlyMap<string, Entry>, entry: Entry): string | undefined {
  return text(entries.get(text(entry, 'codecId') ?? ''), 'mimeType')?.replace(/^\w+\//, '');
}

function number(entry: Entry | undefined, member: string): number | undefined {
  const value = entry?.[member];
  return typeof value === 'number' ? value : undefined;
}

function text(entry: Entry | undefined, member: string): string | undefined {
  const value = entry?.[member];
  return typeof value === 'string' ? value : undefined;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
