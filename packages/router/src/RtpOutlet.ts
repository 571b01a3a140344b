/**
 * The way out of the router to one remote peer. The host ring implements it on top of SRTP and a socket.
 * @module
 */

/** One outgoing SSRC. Use: `reserve`, write the header there, `commit`. */
export interface OutboundStream {
  /**
   * Offset of at least 1,600 free bytes for the next datagram, or -1 while nothing can be sent
   * (no keys yet, no address yet, or the send queue is full). A reservation that is not committed costs nothing.
   */
  reserve(): number;
  /**
   * Protects and queues the packet: the rewritten header of `headerLength` bytes stands at the reserved offset,
   * the payload is read from `payload` (any place in the packet memory) and is not changed.
   */
  commit(headerLength: number, payload: number, payloadLength: number): void;
  /** Frees the keys of this SSRC. */
  close(): void;
}

/** Everything that leaves towards one remote peer. */
export interface RtpOutlet {
  /** Opens the outgoing stream of one of our SSRCs. May be called before keys exist. */
  openStream(ssrc: number): OutboundStream;
  /** Protects and queues one compound RTCP packet; dropped while there are no keys. `bytes` is copied. */
  sendRtcp(bytes: Uint8Array): void;
}
