/**
 * DTLS 1.2 (RFC 6347) with the `use_srtp` extension (RFC 5764) by OpenSSL, over memory BIOs.
 * @module
 */
import type {
  CertificateKeyType,
  DtlsEngine,
  DtlsEngineFactory,
  Fingerprint,
  SrtpProfile,
} from '@rivero/transport';
import { createCertificate, fingerprintOf, readCertificate } from './certificate.ts';
import { addressOf, registerCallback, wordAt } from './library.ts';
import { type OpensslTls, opensslTls } from './openssl.ts';

/** Numbers of openssl/ssl.h and openssl/tls1.h that its macros hide. */
const Ssl = {
  CTRL_SET_MTU: 17,
  CTRL_SET_SESS_CACHE_MODE: 44,
  CTRL_DTLS_GET_TIMEOUT: 73,
  CTRL_DTLS_HANDLE_TIMEOUT: 74,
  CTRL_SET_MIN_PROTO_VERSION: 123,
  CTRL_SET_MAX_PROTO_VERSION: 124,
  DTLS1_2_VERSION: 0xfefd,
  OP_NO_QUERY_MTU: 1 << 12,
  OP_NO_TICKET: 1 << 14,
  OP_NO_RENEGOTIATION: 1 << 30,
  VERIFY_PEER: 1,
  VERIFY_FAIL_IF_NO_PEER_CERT: 2,
  ERROR_WANT_READ: 2,
  ERROR_WANT_WRITE: 3,
  ERROR_ZERO_RETURN: 6,
} as const;

/**
 * RFC 8827 section 6.5 asks for the first; the rest are what older stacks offer. All have forward secrecy.
 * Not ChaCha20-Poly1305, so that `isPlausible` knows how short a record can be.
 */
const cipherList = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
].join(':');

/** Profiles, most wanted first: GCM costs half of what AES-CM with HMAC-SHA1 does. */
const srtpProfiles = 'SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80';

/** Numbers of the profiles on the wire (RFC 5764 section 4.1.2, RFC 7714 section 14.2). */
const profilesById: ReadonlyMap<number, SrtpProfile> = new Map([
  [0x0001, 'SRTP_AES128_CM_SHA1_80'],
  [0x0007, 'SRTP_AEAD_AES_128_GCM'],
]);

const exporterLabel = 'EXTRACTOR-dtls_srtp';

/** Largest plaintext of a DTLS record, bytes (RFC 6347 section 4.1). */
const largestRecordBytes = 1 << 14;

/** Records of application data that wait to be taken. One datagram holds fewer, unless they are tiny. */
const maxWaitingRecords = 64;

/** PEM files with a certificate and its key; what is missing is made. */
export type CertificateFiles = Readonly<Partial<Record<CertificateKeyType, string>>>;

/** DTLS associations with one RSA and one ECDSA certificate, made or read when the factory is made. */
export class OpensslDtlsFactory implements DtlsEngineFactory {
  readonly #openssl: OpensslTls = opensslTls();
  readonly #scratch: Scratch = new Scratch();
  readonly #contexts: Readonly<Record<CertificateKeyType, number>>;
  readonly #fingerprints: Readonly<Record<CertificateKeyType, Fingerprint>>;

  /** @throws {Error} if no OpenSSL with DTLS can be called, or a file cannot be used. */
  constructor(files: CertificateFiles = {}) {
    // A self-signed certificate is all right: who the peer is, is decided by its fingerprint (RFC 8827 section 6.5).
    const acceptAny = registerCallback(() => 1);
    const rsa = this.#createContext('RSA', files.RSA, acceptAny);
    const ecdsa = this.#createContext('ECDSA', files.ECDSA, acceptAny);
    this.#contexts = { RSA: rsa.context, ECDSA: ecdsa.context };
    this.#fingerprints = { RSA: rsa.fingerprint, ECDSA: ecdsa.fingerprint };
  }

  create(role: 'client' | 'server', keyType: CertificateKeyType, mtuBytes: number): DtlsEngine {
    const ssl = this.#openssl.SSL_new(this.#contexts[keyType]);
    if (ssl === 0) throw new Error('OpenSSL cannot create a DTLS association');
    return new OpensslDtls(this.#openssl, this.#scratch, ssl, role, mtuBytes);
  }

  fingerprint(keyType: CertificateKeyType): Fingerprint {
    return this.#fingerprints[keyType];
  }

  #createContext(
    keyType: CertificateKeyType,
    file: string | undefined,
    verifyCallback: number,
  ): { context: number; fingerprint: Fingerprint } {
    const openssl = this.#openssl;
    const context = openssl.SSL_CTX_new(openssl.DTLS_method());
    const { x509, privateKey } =
      file === undefined ? createCertificate(openssl, keyType) : readCertificate(openssl, keyType, file);
    openssl.SSL_CTX_ctrl(context, Ssl.CTRL_SET_MIN_PROTO_VERSION, Ssl.DTLS1_2_VERSION, 0);
    openssl.SSL_CTX_ctrl(context, Ssl.CTRL_SET_MAX_PROTO_VERSION, Ssl.DTLS1_2_VERSION, 0);
    openssl.SSL_CTX_ctrl(context, Ssl.CTRL_SET_SESS_CACHE_MODE, 0, 0);
    openssl.SSL_CTX_set_options(context, Ssl.OP_NO_QUERY_MTU | Ssl.OP_NO_TICKET | Ssl.OP_NO_RENEGOTIATION);
    openssl.SSL_CTX_set_verify(context, Ssl.VERIFY_PEER | Ssl.VERIFY_FAIL_IF_NO_PEER_CERT, 0);
    openssl.SSL_CTX_set_cert_verify_callback(context, verifyCallback, 0);
    const usable =
      openssl.SSL_CTX_set_cipher_list(context, cipherList) === 1 &&
      openssl.SSL_CTX_set_tlsext_use_srtp(context, srtpProfiles) === 0 &&
      openssl.SSL_CTX_use_certificate(context, x509) === 1 &&
      openssl.SSL_CTX_use_PrivateKey(context, privateKey) === 1 &&
      openssl.SSL_CTX_check_private_key(context) === 1;
    const fingerprint = fingerprintOf(openssl, x509, 'sha-256');
    openssl.X509_free(x509);
    openssl.EVP_PKEY_free(privateKey);
    if (!usable || fingerprint === undefined) throw new Error(`OpenSSL refuses our ${keyType} certificate`);
    return { context, fingerprint };
  }
}

/** Memory that C writes to and that all associations share, as each call is over before the next begins. */
class Scratch {
  /** Receives a `struct timeval`. */
  readonly timeval: DataView;
  readonly timevalAddress: number;
  /** Receives application data. */
  readonly recordAddress: number;
  readonly #bytes = new Uint8Array(16 + largestRecordBytes);

  constructor() {
    this.timeval = new DataView(this.#bytes.buffer, 0, 16);
    this.timevalAddress = addressOf(this.#bytes);
    this.recordAddress = this.timevalAddress + 16;
  }

  /** A copy of the first `length` bytes of the record. */
  copyRecord(length: number): Uint8Array {
    return this.#bytes.slice(16, 16 + length);
  }
}

class OpensslDtls implements DtlsEngine {
  readonly #openssl: OpensslTls;
  readonly #scratch: Scratch;
  readonly #incoming: number;
  readonly #outgoing: number;
  readonly #records: Uint8Array[] = [];
  #ssl: number;
  #state: DtlsEngine['state'] = 'new';

  constructor(
    openssl: OpensslTls,
    scratch: Scratch,
    ssl: number,
    role: 'client' | 'server',
    mtuBytes: number,
  ) {
    this.#openssl = openssl;
    this.#scratch = scratch;
    this.#ssl = ssl;
    this.#incoming = openssl.BIO_new(openssl.BIO_s_mem());
    this.#outgoing = openssl.BIO_new(openssl.BIO_s_mem());
    openssl.SSL_set_bio(ssl, this.#incoming, this.#outgoing);
    openssl.SSL_ctrl(ssl, Ssl.CTRL_SET_MTU, mtuBytes, 0);
    if (role === 'client') openssl.SSL_set_connect_state(ssl);
    else openssl.SSL_set_accept_state(ssl);
  }

  get state(): DtlsEngine['state'] {
    return this.#state;
  }

  start(): void {
    if (this.#ssl === 0 || this.#state !== 'new') return;
    this.#state = 'handshaking';
    this.#advance();
  }

  receive(datagram: Uint8Array): void {
    if (this.#state === 'new') this.start();
    if (this.#ssl === 0 || !this.#isOpen() || !isPlausible(datagram)) return;
    this.#openssl.BIO_write(this.#incoming, datagram, datagram.length);
    this.#advance();
  }

  takeOutput(): Uint8Array | undefined {
    if (this.#ssl === 0) return undefined;
    const length = this.#openssl.BIO_ctrl_pending(this.#outgoing);
    if (length === 0) return undefined;
    const output = new Uint8Array(length);
    this.#openssl.BIO_read(this.#outgoing, output, length);
    return output;
  }

  timeoutMs(): number | undefined {
    if (this.#ssl === 0 || !this.#isOpen()) return undefined;
    const { timeval, timevalAddress } = this.#scratch;
    if (this.#openssl.SSL_ctrl(this.#ssl, Ssl.CTRL_DTLS_GET_TIMEOUT, 0, timevalAddress) !== 1)
      return undefined;
    const seconds = Number(timeval.getBigInt64(0, true));
    // Rounded up: a timer that fires early finds nothing to do.
    return seconds * 1000 + Math.ceil(Number(timeval.getBigInt64(8, true)) / 1000);
  }

  handleTimeout(): void {
    if (this.#ssl === 0 || !this.#isOpen()) return;
    this.#openssl.ERR_clear_error();
    if (this.#openssl.SSL_ctrl(this.#ssl, Ssl.CTRL_DTLS_HANDLE_TIMEOUT, 0, 0) < 0) this.#state = 'failed';
    this.#openssl.ERR_clear_error();
  }

  peerFingerprint(algorithm: string): Fingerprint | undefined {
    if (this.#ssl === 0) return undefined;
    const x509 = this.#openssl.SSL_get1_peer_certificate(this.#ssl);
    if (x509 === 0) return undefined;
    const fingerprint = fingerprintOf(this.#openssl, x509, algorithm);
    this.#openssl.X509_free(x509);
    return fingerprint;
  }

  get srtpProfile(): SrtpProfile | undefined {
    if (this.#ssl === 0 || this.#state !== 'connected') return undefined;
    const profile = this.#openssl.SSL_get_selected_srtp_profile(this.#ssl);
    // SRTP_PROTECTION_PROFILE is { const char *name; unsigned long id; }.
    return profile === 0 ? undefined : profilesById.get(wordAt(profile + 8));
  }

  exportKeyingMaterial(length: number): Uint8Array {
    if (this.#ssl === 0 || this.#state !== 'connected') throw new Error('DTLS association is not connected');
    const material = new Uint8Array(length);
    const { length: labelLength } = exporterLabel;
    const done = this.#openssl.SSL_export_keying_material(
      this.#ssl,
      material,
      length,
      exporterLabel,
      labelLength,
      0,
      0,
      0,
    );
    if (done !== 1) throw new Error(`OpenSSL cannot export ${length} bytes of keying material`);
    return material;
  }

  sendApplicationData(data: Uint8Array): boolean {
    const isSendable = data.length > 0 && data.length <= largestRecordBytes;
    if (this.#ssl === 0 || this.#state !== 'connected' || !isSendable) return false;
    this.#openssl.ERR_clear_error();
    const result = this.#openssl.SSL_write(this.#ssl, data, data.length);
    if (result <= 0) this.#note(result);
    this.#openssl.ERR_clear_error();
    return result > 0;
  }

  takeApplicationData(): Uint8Array | undefined {
    return this.#records.shift();
  }

  shutdown(): void {
    if (this.#ssl === 0) return;
    if (this.#state === 'connected') {
      this.#openssl.ERR_clear_error();
      this.#openssl.SSL_shutdown(this.#ssl);
      this.#openssl.ERR_clear_error();
    }
    if (this.#state !== 'failed') this.#state = 'closed';
  }

  close(): void {
    // Frees both BIOs, too.
    if (this.#ssl !== 0) this.#openssl.SSL_free(this.#ssl);
    this.#ssl = 0;
    this.#records.length = 0;
    if (this.#state !== 'failed') this.#state = 'closed';
  }

  #isOpen(): boolean {
    return this.#state === 'handshaking' || this.#state === 'connected';
  }

  /** Lets OpenSSL work through everything received. Its error queue is shared with `node:crypto`: leave it empty. */
  #advance(): void {
    this.#openssl.ERR_clear_error();
    if (this.#state === 'handshaking') this.#handshake();
    if (this.#state === 'connected') this.#readRecords();
    this.#openssl.ERR_clear_error();
  }

  #handshake(): void {
    const result = this.#openssl.SSL_do_handshake(this.#ssl);
    if (result === 1) this.#state = 'connected';
    else this.#note(result);
  }

  /** Reads to the end: application data is kept, alerts and retransmitted handshakes are handled inside. */
  #readRecords(): void {
    for (;;) {
      const result = this.#openssl.SSL_read(this.#ssl, this.#scratch.recordAddress, largestRecordBytes);
      if (result <= 0) {
        this.#note(result);
        return;
      }
      if (this.#records.length < maxWaitingRecords) this.#records.push(this.#scratch.copyRecord(result));
    }
  }

  #note(result: number): void {
    const error = this.#openssl.SSL_get_error(this.#ssl, result);
    if (error === Ssl.ERROR_WANT_READ || error === Ssl.ERROR_WANT_WRITE) return;
    this.#state = error === Ssl.ERROR_ZERO_RETURN ? 'closed' : 'failed';
  }
}

/** Bytes of a DTLS record header, and offsets in it (RFC 6347 section 4.1). */
const recordHeaderBytes = 13;
const epochOffset = 3;
const lengthOffset = 11;
/** Explicit nonce and tag of AES-GCM; records of the CBC suites are longer. */
const shortestEncryptedBytes = 24;

/**
 * Whether a datagram can hold records. OpenSSL 3.5 ends an association for an encrypted record that is too short to
 * be decrypted, instead of ignoring it as RFC 6347 section 4.1.2.7 wants; anybody could send one.
 */
function isPlausible(datagram: Uint8Array): boolean {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  let at = 0;
  while (at + recordHeaderBytes <= datagram.length) {
    const length = view.getUint16(at + lengthOffset);
    if (view.getUint16(at + epochOffset) > 0 && length < shortestEncryptedBytes) return false;
    at += recordHeaderBytes + length;
  }
  return at === datagram.length && at > 0;
}
