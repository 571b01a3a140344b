/**
 * Translates the router's counters into the statistics of the Kurento API (spec 3.17).
 * @module
 */
import type { ConsumerStats, ProducerStats, TransportStats } from '@rivero/datapath';
import type { MediaType } from '@rivero/graph';
import type * as api from '@rivero/model/server';

/** Statistics by id, of one media type or of all. `nowMs`: milliseconds since 1970. */
export function rtpStats(
  stats: TransportStats,
  mediaType: MediaType | undefined,
  nowMs: number,
): Record<string, api.RTCRTPStreamStats> {
  const wanted = ({ kind }: { kind: string }): boolean => !mediaType || kind.toUpperCase() === mediaType;
  const all = [
    ...stats.producers.filter(wanted).map((producer) => inbound(producer, nowMs)),
    ...stats.consumers.filter(wanted).map((consumer) => outbound(consumer, nowMs)),
  ];
  return Object.fromEntries(all.map((one) => [one.id, one]));
}

/** The entry of a WebRTC session as a whole. It opens no data channels. */
export function sessionStats(endpointId: string, nowMs: number): Record<string, api.RTCPeerConnectionStats> {
  const id = `${endpointId}/session`;
  const channels = { dataChannelsOpened: 0, dataChannelsClosed: 0 };
  return {
    [id]: { __type__: 'RTCPeerConnectionStats', id, type: 'session', timestampMillis: nowMs, ...channels },
  };
}

function inbound(producer: ProducerStats, nowMs: number): api.RTCInboundRTPStreamStats {
  const { packetsReceived, bytesReceived, jitterSeconds: jitter } = producer;
  return {
    __type__: 'RTCInboundRTPStreamStats',
    ...common(producer, producer.producerId, nowMs),
    type: 'inboundrtp',
    packetsReceived,
    bytesReceived,
    jitter,
  };
}

function outbound(consumer: ConsumerStats, nowMs: number): api.RTCOutboundRTPStreamStats {
  const { packetsSent, bytesSent, targetBitrateBps: targetBitrate, roundTripTimeSeconds } = consumer;
  return {
    __type__: 'RTCOutboundRTPStreamStats',
    ...common(consumer, consumer.consumerId, nowMs),
    type: 'outboundrtp',
    packetsSent,
    bytesSent,
    targetBitrate,
    roundTripTime: roundTripTimeSeconds,
  };
}

/** The members that both directions share. Texts that Kurento leaves empty are empty. */
function common(stream: ProducerStats | ConsumerStats, id: string, nowMs: number) {
  const { nackCount, pliCount, firCount, packetsLost, fractionLost, rembBps: remb } = stream;
  return {
    id,
    timestampMillis: nowMs,
    ssrc: String(stream.ssrc),
    associateStatsId: '',
    isRemote: false,
    mediaTrackId: '',
    transportId: '',
    codecId: '',
    firCount,
    pliCount,
    nackCount,
    sliCount: 0,
    remb,
    packetsLost,
    fractionLost,
  };
}
