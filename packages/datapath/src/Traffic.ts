/**
 * What a router process has moved since it started, streams that ended included.
 * @module
 */
import type { SessionStats } from '@rivero/router';

/** Sums over all streams since the process started. */
export interface Traffic {
  /** RTP packets received. */
  readonly packetsReceived: number;
  /** Bytes of RTP payload received. */
  readonly bytesReceived: number;
  /** Packets that should have been received and were not. */
  readonly packetsLost: number;
  /** RTP packets sent. */
  readonly packetsSent: number;
  /** Bytes of RTP payload sent. */
  readonly bytesSent: number;
  /** Packets that the receivers report as lost. */
  readonly remotePacketsLost: number;
}

/** Nothing moved yet. */
export const noTraffic: Traffic = {
  packetsReceived: 0,
  bytesReceived: 0,
  packetsLost: 0,
  packetsSent: 0,
  bytesSent: 0,
  remotePacketsLost: 0,
};

/** `traffic` and what the streams of one session have moved. */
export function addTraffic(traffic: Traffic, { producers, consumers }: SessionStats): Traffic {
  const sum = { ...traffic };
  for (const { packetsReceived, bytesReceived, packetsLost } of producers) {
    sum.packetsReceived += packetsReceived;
    sum.bytesReceived += bytesReceived;
    sum.packetsLost += packetsLost;
  }
  for (const { packetsSent, bytesSent, packetsLost } of consumers) {
    sum.packetsSent += packetsSent;
    sum.bytesSent += bytesSent;
    sum.remotePacketsLost += packetsLost;
  }
  return sum;
}
