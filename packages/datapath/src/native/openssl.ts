/**
 * The OpenSSL that lives inside the `node` executable, or else the system's: symmetric ciphers and DTLS.
 * @module
 */
import { bindFunctions, type NativeFunctions } from './library.ts';

const cryptoSignatures = {
  EVP_CIPHER_CTX_new: ['address'],
  EVP_CIPHER_CTX_free: ['none', 'address'],
  EVP_aes_128_gcm: ['address'],
  EVP_aes_128_ctr: ['address'],
  EVP_CipherInit_ex: ['int', 'address', 'address', 'address', 'address', 'address', 'int'],
  EVP_EncryptInit_ex: ['int', 'address', 'address', 'address', 'address', 'address'],
  EVP_DecryptInit_ex: ['int', 'address', 'address', 'address', 'address', 'address'],
  EVP_EncryptUpdate: ['int', 'address', 'address', 'address', 'address', 'int'],
  EVP_DecryptUpdate: ['int', 'address', 'address', 'address', 'address', 'int'],
  EVP_EncryptFinal_ex: ['int', 'address', 'address', 'address'],
  EVP_DecryptFinal_ex: ['int', 'address', 'address', 'address'],
  EVP_CIPHER_CTX_ctrl: ['int', 'address', 'int', 'int', 'address'],
  SHA1_Init: ['int', 'address'],
  SHA1_Update: ['int', 'address', 'address', 'size'],
  SHA1_Final: ['int', 'address', 'address'],
} as const;

const tlsSignatures = {
  DTLS_method: ['address'],
  SSL_CTX_new: ['address', 'address'],
  SSL_CTX_free: ['none', 'address'],
  SSL_CTX_ctrl: ['long', 'address', 'int', 'long', 'address'],
  SSL_CTX_set_options: ['size', 'address', 'size'],
  SSL_CTX_set_cipher_list: ['int', 'address', 'text'],
  SSL_CTX_set_tlsext_use_srtp: ['int', 'address', 'text'],
  SSL_CTX_set_verify: ['none', 'address', 'int', 'address'],
  SSL_CTX_set_cert_verify_callback: ['none', 'address', 'address', 'address'],
  SSL_CTX_use_PrivateKey: ['int', 'address', 'address'],
  SSL_CTX_check_private_key: ['int', 'address'],
  SSL_new: ['address', 'address'],
  SSL_free: ['none', 'address'],
  SSL_ctrl: ['long', 'address', 'int', 'long', 'address'],
  SSL_set_bio: ['none', 'address', 'address', 'address'],
  SSL_set_accept_state: ['none', 'address'],
  SSL_set_connect_state: ['none', 'address'],
  SSL_do_handshake: ['int', 'address'],
  SSL_read: ['int', 'address', 'address', 'int'],
  SSL_write: ['int', 'address', 'bytes', 'int'],
  SSL_shutdown: ['int', 'address'],
  SSL_get_error: ['int', 'address', 'int'],
  SSL_get_selected_srtp_profile: ['address', 'address'],
  SSL_export_keying_material: ['int', 'address', 'bytes', 'size', 'text', 'size', 'address', 'size', 'int'],
  SSL_get1_peer_certificate: ['address', 'address'],
  BIO_s_mem: ['address'],
  BIO_new: ['address', 'address'],
  BIO_read: ['int', 'address', 'bytes', 'int'],
  BIO_write: ['int', 'address', 'bytes', 'int'],
  BIO_ctrl_pending: ['size', 'address'],
  X509_new: ['address'],
  X509_free: ['none', 'address'],
  d2i_X509: ['address', 'address', 'bytes', 'long'],
  X509_set_version: ['int', 'address', 'long'],
  X509_get_serialNumber: ['address', 'address'],
  X509_getm_notBefore: ['address', 'address'],
  X509_getm_notAfter: ['address', 'address'],
  X509_gmtime_adj: ['address', 'address', 'long'],
  X509_get_subject_name: ['address', 'address'],
  X509_set_issuer_name: ['int', 'address', 'address'],
  X509_NAME_add_entry_by_txt: ['int', 'address', 'text', 'int', 'text', 'int', 'int', 'int'],
  X509_set_pubkey: ['int', 'address', 'address'],
  X509_sign: ['int', 'address', 'address', 'address'],
  X509_digest: ['int', 'address', 'address', 'bytes', 'bytes'],
  ASN1_INTEGER_set: ['int', 'address', 'long'],
  SSL_CTX_use_certificate: ['int', 'address', 'address'],
  EVP_sha256: ['address'],
  EVP_get_digestbyname: ['address', 'text'],
  EVP_PKEY_free: ['none', 'address'],
  d2i_AutoPrivateKey: ['address', 'address', 'bytes', 'long'],
  ERR_clear_error: ['none'],
} as const;

/** Ciphers and hashes. Pointers are native addresses. */
export type OpensslCrypto = NativeFunctions<typeof cryptoSignatures>;
/** DTLS, certificates and memory BIOs. Pointers are native addresses. */
export type OpensslTls = NativeFunctions<typeof tlsSignatures>;

let loadedCrypto: OpensslCrypto | undefined;
let loadedTls: OpensslTls | undefined;

/**
 * Ciphers and hashes, bound on first use.
 * @throws {Error} if neither the executable nor the system has them.
 */
export function opensslCrypto(): OpensslCrypto {
  // Distributions link node against the system's libcrypto; libssl exports nothing of it, but dlsym finds it.
  loadedCrypto ??= bindFunctions([null, 'libcrypto.so.3', 'libcrypto.dylib'], cryptoSignatures);
  return loadedCrypto;
}

/**
 * DTLS, bound on first use. A library found by `libssl` resolves libcrypto's names too, being linked to it.
 * @throws {Error} if neither the executable nor the system has it.
 */
export function opensslTls(): OpensslTls {
  loadedTls ??= bindFunctions([null, 'libssl.so.3', 'libssl.dylib'], tlsSignatures);
  return loadedTls;
}
