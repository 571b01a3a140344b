/**
 * What the SDP of a WebRtcEndpoint says about us.
 * @module
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { RouterReady } from '@rivero/datapath';
import { defaultAudioCodecs, defaultVideoCodecs, type SdpConfig } from '@rivero/rtp';
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
  limits: Pick<SdpConfig, 'maxAudioRecvKbps' | 'maxVideoRecvKbps'>,
): SdpConfig {
  const used = new Set<number>();
  return {
    ...limits,
    ...identity,
    audioCodecs: defaultAudioCodecs,
    videoCodecs: defaultVideoCodecs,
    numAudioMedias: 1,
    numVideoMedias: 1,
    direction: directionOf(options),
    useDataChannels: options.useDataChannels,
    fingerprint: router.fingerprints[keyTypeOf(options)],
    addressFamily: 'IP4',
    nextSsrc: () => freshSsrc(used),
  };
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
