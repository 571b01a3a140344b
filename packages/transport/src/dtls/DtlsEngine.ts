/**
 * The DTLS implementation that the host hands in: it knows records and keys, not sockets, ICE or timers.
 * @module
 */

/** SRTP protection profiles that we negotiate, by their DTLS names (RFC 5764, RFC 7714). */
export type SrtpProfile = 'SRTP_AEAD_AES_128_GCM' | 'SRTP_AES128_CM_SHA1_80';

/** Which of the process's certificates an association uses. */
export type CertificateKeyType = 'RSA' | 'ECDSA';

/** A certificate hash, as in `a=fingerprint` (RFC 8122). */
export interface Fingerprint {
  /** Hash name in lower case, for instance `sha-256`. */
  readonly algorithm: string;
  /** Upper-case hexadecimal bytes joined by colons. */
  readonly value: string;
}

/** One DTLS association. Every call may produce output; take it with `takeOutput` afterwards. */
export interface DtlsEngine {
  /** Starts the handshake; a client's first flight becomes output. */
  start(): void;
  /** Feeds one received datagram. Never throws on bad input. */
  receive(datagram: Uint8Array): void;
  /** All records waiting to be sent, whole and in order, or undefined. The caller splits them into datagrams. */
  takeOutput(): Uint8Array | undefined;
  /** Milliseconds until `handleTimeout` is due, or undefined when no timer runs. */
  timeoutMs(): number | undefined;
  /** Retransmits the last flight. */
  handleTimeout(): void;
  /** `failed` after a fatal alert or error, `closed` after close_notify. */
  readonly state: 'new' | 'handshaking' | 'connected' | 'failed' | 'closed';
  /** Hash of the peer's certificate with an algorithm of RFC 8122, or undefined while there is none or the hash is unknown. */
  peerFingerprint(algorithm: string): Fingerprint | undefined;
  /** The negotiated profile, or undefined if the peer offered none of ours. Only when connected. */
  readonly srtpProfile: SrtpProfile | undefined;
  /** `length` bytes of keying material with the label `EXTRACTOR-dtls_srtp` (RFC 5764 section 4.2). Only when connected. */
  exportKeyingMaterial(length: number): Uint8Array;
  /**
   * Writes one record of application data, at most 16,384 bytes, into the output. False, and nothing is written, if
   * the association is not connected or the data is empty or too long.
   */
  sendApplicationData(data: Uint8Array): boolean;
  /**
   * The application data of the next received record, in the caller's own memory, or undefined if none is waiting.
   * A bounded number of records waits; further ones are dropped, as on the network.
   */
  takeApplicationData(): Uint8Array | undefined;
  /** Sends close_notify (into the output) and refuses everything further. */
  shutdown(): void;
  /** Frees the native state; the object must not be used any more. */
  close(): void;
}

/** Makes DTLS associations with the process's certificates. */
export interface DtlsEngineFactory {
  /** `mtuBytes` limits handshake fragments. */
  create(role: 'client' | 'server', keyType: CertificateKeyType, mtuBytes: number): DtlsEngine;
  /** SHA-256 fingerprint of our own certificate. */
  fingerprint(keyType: CertificateKeyType): Fingerprint;
}
