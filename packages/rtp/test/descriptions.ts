/**
 * Building blocks of the SDP tests: a configuration, real descriptions, and a plain reader of lines.
 * @module
 */
import { readFileSync } from 'node:fs';
import { defaultAudioCodecs, defaultVideoCodecs, type SdpConfig, SdpNegotiation } from '../src/index.ts';

/** Names of the descriptions in `fixtures/`. */
export const fixtureNames = [
  'chrome',
  'firefox',
  'safari',
  'kurento-utils-recvonly',
  'kurento-utils-simulcast',
  'gstreamer-max-bundle',
  'no-mid',
  'rejected-kinds',
  'two-videos',
] as const;

/** One of `fixtureNames`. */
export type FixtureName = (typeof fixtureNames)[number];

/** Text of `fixtures/<name>.sdp`. */
export function fixture(name: FixtureName): string {
  return readFileSync(new URL(`fixtures/${name}.sdp`, import.meta.url), 'utf8');
}

/** Our side, with SSRCs counting from 5000. */
function configWith(changes: Partial<SdpConfig> = {}): SdpConfig {
  let ssrc = 5000;
  return {
    audioCodecs: defaultAudioCodecs,
    videoCodecs: defaultVideoCodecs,
    numAudioMedias: 1,
    numVideoMedias: 1,
    direction: 'sendrecv',
    useDataChannels: false,
    iceUfrag: 'ours',
    icePassword: 'our-password-of-24-bytes',
    fingerprint: { algorithm: 'sha-256', value: 'AA:BB:CC' },
    cname: 'user1@host-1',
    nextSsrc: () => ssrc++,
    sessionId: '3900000000',
    addressFamily: 'IP4',
    maxAudioRecvKbps: 0,
    maxVideoRecvKbps: 0,
    ...changes,
  };
}

/** A negotiation with `configWith(changes)`. */
export function negotiation(changes: Partial<SdpConfig> = {}): SdpNegotiation {
  return new SdpNegotiation(configWith(changes));
}

/** The lines of the session part, then of each media section. */
export function sectionsOf(sdp: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of sdp.split('\r\n')) {
    if (line.startsWith('m=')) sections.push([]);
    if (line !== '') sections.at(-1)?.push(line);
  }
  return sections;
}

/** What stands behind `prefix` in the lines that begin with it. */
export function values(lines: readonly string[] | undefined, prefix: string): string[] {
  return (lines ?? []).filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}
