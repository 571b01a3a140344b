/**
 * The plan of a server without hosts, worked out edge by edge in the plainest way, to compare the planner with.
 * @module
 */
import type { Connection, ElementPads, PadTable, ProducerPad } from '@rivero/graph';
import { codecsMatch } from '@rivero/rtp';

type Origin = { pad: ProducerPad } | { why: string };
type Reason = Record<string, string>;

/** Forwards, and the reason of each edge without its `cause`. Knows producers, consumers and relays only. */
export function forwardOnlyPlan(
  pads: ReadonlyMap<string, PadTable>,
  connections: readonly Connection[],
): { forwards: Map<string, string>; reasons: Reason[] } {
  const padsOf = ({ type }: Connection, id: string): ElementPads => pads.get(id)?.[type] ?? {};
  const into = (id: string, { type }: Connection): Connection | undefined =>
    connections.find((one) => one.sinkId === id && one.type === type && one.sinkDescription === 'default');

  function originOf(connection: Connection): Origin {
    const seen = new Set<string>();
    let edge: Connection | undefined = connection;
    while (edge) {
      const { source } = padsOf(edge, edge.sourceId);
      if (source?.role === 'producer') return { pad: source };
      if (source?.role !== 'relay') return { why: 'the source has not negotiated this media' };
      if (seen.has(edge.sourceId)) return { why: 'the elements are connected in a circle without a source' };
      seen.add(edge.sourceId);
      edge = into(edge.sourceId, edge);
    }
    return { why: 'nothing is connected to the source' };
  }

  function reasonOf(connection: Connection): Reason {
    if (connection.type === 'DATA') return { state: 'nothing', why: 'data channels are not routed yet' };
    const origin = originOf(connection);
    if ('why' in origin) return { state: 'nothing', ...origin };
    const { sink } = padsOf(connection, connection.sinkId);
    if (!sink) return { state: 'nothing', why: 'the sink has not negotiated this media' };
    const { producerId, codecs } = origin.pad;
    if (sink.role !== 'consumer') return { state: 'relay', producerId };
    const [sent] = codecs;
    const [wanted] = sink.codecs;
    if (!sent || !wanted) return { state: 'nothing', why: 'no codec was negotiated' };
    if (sink.codecs.some((codec) => codecsMatch(sent, codec)))
      return { state: 'forward', codec: sent.name, producerId };
    const why = `the source sends ${sent.name}, the sink takes ${sink.codecs.map(({ name }) => name).join(', ')}`;
    return { state: 'transcode', from: sent.name, to: wanted.name, why };
  }

  const forwards = new Map<string, string>();
  const reasons = connections.map((connection) => {
    const reason = reasonOf(connection);
    const { sink } = padsOf(connection, connection.sinkId);
    const { producerId } = reason;
    if (reason['state'] === 'forward' && sink?.role === 'consumer' && producerId) {
      forwards.set(sink.consumerId, producerId);
    }
    return reason;
  });
  return { forwards, reasons };
}
