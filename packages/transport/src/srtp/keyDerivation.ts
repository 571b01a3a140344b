/**
 * Keys of an SRTP session: from the DTLS keying material to master keys, and from these to session keys.
 * @module
 */
import type { SrtpProfile } from '../dtls/DtlsEngine.ts';
import type { SrtpScratch } from './SrtpScratch.ts';

/** Master key and salt of one direction. */
export interface SrtpMasterKey {
  /** 16 bytes. */
  readonly key: Uint8Array;
  /** 14 bytes for counter mode, 12 bytes for GCM. */
  readonly salt: Uint8Array;
}

/** What both sides of a DTLS association agree on. */
export interface SrtpKeys {
  /** The negotiated profile. */
  readonly profile: SrtpProfile;
  /** Protects what we send. */
  readonly local: SrtpMasterKey;
  /** Protects what we receive. */
  readonly remote: SrtpMasterKey;
}

/** Keys that ciphers are made of (RFC 3711 section 4.3). */
export interface SrtpSessionKeys {
  /** 16 bytes. */
  readonly encryption: Uint8Array;
  /** 20 bytes; empty for GCM. */
  readonly authentication: Uint8Array;
  /** 14 bytes for counter mode, 12 bytes for GCM. */
  readonly salt: Uint8Array;
}

/** Key derivation labels of RTP; those of RTCP are 3 higher (RFC 3711 section 4.3.2). */
const LABEL_ENCRYPTION = 0;
const LABEL_AUTHENTICATION = 1;
const LABEL_SALT = 2;
const LABEL_RTCP_OFFSET = 3;

const KEY_BYTES = 16;
const AUTHENTICATION_KEY_BYTES = 20;
/** The label is the first of the 7 bytes of `key_id`, which is right-aligned with the 14 bytes of the salt. */
const LABEL_OFFSET = 7;

/** Length of a profile's master salt, bytes: 112 bits (RFC 5764 section 4.1.2) or 96 bits (RFC 7714 section 12). */
export function srtpSaltLength(profile: SrtpProfile): number {
  return profile === 'SRTP_AEAD_AES_128_GCM' ? 12 : 14;
}

/** Bytes of keying material that a profile needs: two keys and two salts. */
export function srtpKeyingMaterialLength(profile: SrtpProfile): number {
  return 2 * (KEY_BYTES + srtpSaltLength(profile));
}

/**
 * Master keys from exported keying material, which is in the order client key, server key, client salt,
 * server salt (RFC 5764 section 4.2).
 *
 * @throws {RangeError} if `material` is shorter than `srtpKeyingMaterialLength(profile)`.
 */
export function splitKeyingMaterial(
  profile: SrtpProfile,
  localRole: 'client' | 'server',
  material: Uint8Array,
): SrtpKeys {
  if (material.length < srtpKeyingMaterialLength(profile)) {
    throw new RangeError(`Keying material of ${material.length} bytes is too short for ${profile}`);
  }
  const saltLength = srtpSaltLength(profile);
  const saltStart = 2 * KEY_BYTES;
  const client: SrtpMasterKey = {
    key: material.slice(0, KEY_BYTES),
    salt: material.slice(saltStart, saltStart + saltLength),
  };
  const server: SrtpMasterKey = {
    key: material.slice(KEY_BYTES, saltStart),
    salt: material.slice(saltStart + saltLength, saltStart + 2 * saltLength),
  };
  return localRole === 'client'
    ? { profile, local: client, remote: server }
    : { profile, local: server, remote: client };
}

/**
 * Session keys of one direction for RTP or RTCP. The key derivation rate is 0, so they hold for the whole session.
 *
 * For GCM the 96-bit salt is used as if zeros followed it (RFC 7714 section 11).
 * @throws {RangeError} if a key or salt has the wrong length.
 */
export function deriveSessionKeys(
  scratch: SrtpScratch,
  profile: SrtpProfile,
  master: SrtpMasterKey,
  protocol: 'rtp' | 'rtcp',
): SrtpSessionKeys {
  const saltLength = srtpSaltLength(profile);
  if (master.key.length !== KEY_BYTES || master.salt.length !== saltLength) {
    throw new RangeError(
      `A master key of ${master.key.length} and a salt of ${master.salt.length} bytes do not fit ${profile}`,
    );
  }
  const offset = protocol === 'rtp' ? 0 : LABEL_RTCP_OFFSET;
  const authenticationLength = profile === 'SRTP_AEAD_AES_128_GCM' ? 0 : AUTHENTICATION_KEY_BYTES;
  return {
    encryption: deriveKey(scratch, master, LABEL_ENCRYPTION + offset, KEY_BYTES),
    authentication: deriveKey(scratch, master, LABEL_AUTHENTICATION + offset, authenticationLength),
    salt: deriveKey(scratch, master, LABEL_SALT + offset, saltLength),
  };
}

/** `length` bytes (at most 32) of the AES-CM key stream that belongs to `label` (RFC 3711 section 4.3.3). */
function deriveKey(scratch: SrtpScratch, master: SrtpMasterKey, label: number, length: number): Uint8Array {
  const bytes = scratch.memory.bytes;
  bytes.fill(0, scratch.nonce, scratch.nonce + 16);
  bytes.set(master.salt, scratch.nonce);
  bytes[scratch.nonce + LABEL_OFFSET] = (bytes[scratch.nonce + LABEL_OFFSET] ?? 0) ^ label;
  bytes.fill(0, scratch.code, scratch.code + 32);
  if (length > 0) {
    const cipher = scratch.crypto.createCounter(master.key);
    cipher.crypt(scratch.nonce, scratch.code, scratch.code, length);
    cipher.close();
  }
  const key = bytes.slice(scratch.code, scratch.code + length);
  bytes.fill(0, scratch.code, scratch.code + 32);
  return key;
}
