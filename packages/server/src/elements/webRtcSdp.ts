/**
 * What the SDP of a WebRtcEndpoint says about us.
 * @module
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { RouterReady } from '@rivero/datapath';
import {
  type CodecCapability,
  codecCapabilities,
  defaultAudioCodecs,
  defaultVideoCodecs,
  findCodecCapability,
  type SdpConfig,
} from '@rivero/rtp';
import type { MediaConfig } from '../config/ServerConfig.ts';
import type { WebRtcEndpointOptions } from './WebRtcSettings.ts';

/** Names and secrets that an endpoint chooses once. */
export interface LocalIdentity {
  /** RFC 8445 section 5.3: at least 24 bits of randomness. */
  readonly iceUfrag: string;
  /** RFC 8445 section 5.3: at least 128 bits of randomness. */
  readonly icePassword: string;
  /** RTCP canonical name, in Kurento's form. */
  readonly cname: string;
  /** Session id of the `o=` line, decimal. */
  readonly sessionId: string;
}

/** A fresh identity. */
export function localIdentity(): LocalIdentity {
  return {
    iceUfrag: randomBytes(6).toString('hex'),
    icePassword: randomBytes(18).toString('base64url'),
    cname: `user${randomInt(2 ** 31)}@host-${randomBytes(4).toString('hex')}`,
    sessionId: String(randomInt(2 ** 47)),
  };
}

/** The SDP configuration of an endpoint on a router process. */
export function webRtcSdpConfig(
  identity: LocalIdentity,
  options: WebRtcEndpointOptions,
  router: RouterReady,
  defaults: MediaConfig,
  limits: Pick<SdpConfig, 'maxAudioRecvKbps' | 'maxVideoRecvKbps'>,
): SdpConfig {
  const used = new Set<number>();
  return {
    ...limits,
    ...identity,
    audioCodecs: audioCodecsOf(defaults),
    videoCodecs: videoCodecsOf(defaults),
    numAudioMedias: defaults.numAudioMedias,
    numVideoMedias: defaults.numVideoMedias,
    direction: directionOf(options),
    useDataChannels: options.useDataChannels,
    fingerprint: router.fingerprints[keyTypeOf(options)],
    addressFamily: 'IP4',
    nextSsrc: () => freshSsrc(used),
  };
}

/** The codecs of this kind that a configuration names, in its order; names that we do not know are left out. */
function namedCodecs(names: readonly string[], kind: CodecCapability['kind']): readonly CodecCapability[] {
  return names.flatMap((name) => findCodecCapability(name) ?? []).filter((codec) => codec.kind === kind);
}

function audioCodecsOf({ audioCodecs }: MediaConfig): readonly CodecCapability[] {
  return audioCodecs.length === 0 ? defaultAudioCodecs : namedCodecs(audioCodecs, 'audio');
}

function videoCodecsOf({ videoCodecs, enableH265 }: MediaConfig): readonly CodecCapability[] {
  if (videoCodecs.length > 0) return namedCodecs(videoCodecs, 'video');
  if (!enableH265) return defaultVideoCodecs;
  return [...defaultVideoCodecs, ...codecCapabilities.filter(({ name }) => name === 'H265')];
}

/** Which certificate an endpoint uses. */
export function keyTypeOf(options: WebRtcEndpointOptions): keyof RouterReady['fingerprints'] {
  return options.certificateKeyType;
}

function directionOf({ recvonly, sendonly }: WebRtcEndpointOptions): SdpConfig['direction'] {
  if (recvonly) return 'recvonly';
  return sendonly ? 'sendonly' : 'sendrecv';
}

/** A random SSRC that this endpoint does not use yet; never 0. */
function freshSsrc(used: Set<number>): number {
  const ssrc = randomInt(1, 2 ** 32);
  if (used.has(ssrc)) return freshSsrc(used);
  used.add(ssrc);
  return ssrc;
}
