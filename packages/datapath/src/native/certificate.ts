/**
 * Certificates for DTLS: self-signed ones, or whatever a file holds. Peers know them by their fingerprint, so no
 * authority is involved.
 * @module
 */
import {
  createPrivateKey as parsePrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CertificateKeyType, Fingerprint } from '@rivero/transport';
import { addressOf } from './library.ts';
import type { OpensslTls } from './openssl.ts';

const commonName = 'Rivero';
const oneDaySeconds = 24 * 3600;
const oneYearSeconds = 365 * oneDaySeconds;
/** MBSTRING_ASC, openssl/asn1.h. */
const asciiText = 0x1001;
/** EVP_MAX_MD_SIZE, openssl/evp.h. */
const largestHashBytes = 64;

/** Hash names of RFC 8122 section 5 and what OpenSSL calls them. MD2 and MD5 must not be used. */
const hashNames: ReadonlyMap<string, string> = new Map([
  ['sha-1', 'SHA1'],
  ['sha-224', 'SHA224'],
  ['sha-256', 'SHA256'],
  ['sha-384', 'SHA384'],
  ['sha-512', 'SHA512'],
]);

/** A certificate with its private key, as native `X509` and `EVP_PKEY`. */
export interface Certificate {
  /** Native address of the X509. */
  readonly x509: number;
  /** Native address of the EVP_PKEY. */
  readonly privateKey: number;
}

/**
 * A new certificate, CN=Rivero, valid from yesterday for a year: RSA with 2,048 bits or ECDSA on P-256.
 * @throws {Error} if OpenSSL refuses.
 */
export function createCertificate(openssl: OpensslTls, keyType: CertificateKeyType): Certificate {
  const privateKey = createPrivateKey(openssl, keyType);
  const x509 = openssl.X509_new();
  openssl.X509_set_version(x509, 2);
  openssl.ASN1_INTEGER_set(openssl.X509_get_serialNumber(x509), 1);
  // Clocks differ: a certificate that starts now would be refused by a peer that is a second behind.
  openssl.X509_gmtime_adj(openssl.X509_getm_notBefore(x509), -oneDaySeconds);
  openssl.X509_gmtime_adj(openssl.X509_getm_notAfter(x509), oneYearSeconds);
  const name = openssl.X509_get_subject_name(x509);
  openssl.X509_NAME_add_entry_by_txt(name, 'CN', asciiText, commonName, -1, -1, 0);
  openssl.X509_set_issuer_name(x509, name);
  openssl.X509_set_pubkey(x509, privateKey);
  if (openssl.X509_sign(x509, privateKey, openssl.EVP_sha256()) === 0) {
    throw new Error(`OpenSSL cannot sign a certificate with ${keyType}`);
  }
  return { x509, privateKey };
}

function createPrivateKey(openssl: OpensslTls, keyType: CertificateKeyType): number {
  const { privateKey } =
    keyType === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return nativeKey(openssl, privateKey);
}

/** A key as native `EVP_PKEY`. */
function nativeKey(openssl: OpensslTls, privateKey: KeyObject): number {
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  const key = openssl.d2i_AutoPrivateKey(0, pointerTo(der), der.length);
  der.fill(0);
  if (key === 0) throw new Error('OpenSSL cannot read a private key');
  return key;
}

/** A pointer to the address of some bytes, which OpenSSL advances. */
function pointerTo(bytes: Uint8Array): Uint8Array {
  const pointer = new Uint8Array(8);
  new DataView(pointer.buffer).setBigUint64(0, BigInt(addressOf(bytes)), true);
  return pointer;
}

/** What Node calls the keys of each type. */
const nodeKeyTypes: Readonly<Record<CertificateKeyType, string>> = { RSA: 'rsa', ECDSA: 'ec' };

/**
 * The certificate and the key in a PEM file. Of a chain the first one is taken.
 * @throws {Error} naming the file if it cannot be used for this type.
 */
export function readCertificate(openssl: OpensslTls, keyType: CertificateKeyType, file: string): Certificate {
  try {
    const pem = readFileSync(file);
    const certificate = new X509Certificate(pem);
    const key = parsePrivateKey(pem);
    if (key.asymmetricKeyType !== nodeKeyTypes[keyType]) throw new Error(`its key is not of type ${keyType}`);
    if (!certificate.checkPrivateKey(key)) throw new Error('its key is that of another certificate');
    const der = certificate.raw;
    const x509 = openssl.d2i_X509(0, pointerTo(der), der.length);
    if (x509 === 0) throw new Error('OpenSSL cannot read the certificate');
    return { x509, privateKey: nativeKey(openssl, key) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The ${keyType} certificate ${file} cannot be used: ${reason}`, { cause: error });
  }
}

/** Fingerprint of a native X509 by a hash of RFC 8122, or undefined if the hash is unknown. */
export function fingerprintOf(openssl: OpensslTls, x509: number, algorithm: string): Fingerprint | undefined {
  const name = hashNames.get(algorithm.toLowerCase());
  const hash = name === undefined ? 0 : openssl.EVP_get_digestbyname(name);
  if (hash === 0) return undefined;
  const digest = new Uint8Array(largestHashBytes);
  const length = new Uint32Array(1);
  openssl.X509_digest(x509, hash, digest, new Uint8Array(length.buffer));
  const bytes = [...digest.subarray(0, length[0])];
  const value = bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
  return { algorithm: algorithm.toLowerCase(), value };
}
