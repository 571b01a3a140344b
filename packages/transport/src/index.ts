export type {
  AeadCipher,
  Authenticator,
  CounterCipher,
  HmacSha1,
  PacketCrypto,
  RandomBytes,
} from './crypto.ts';
export type {
  CertificateKeyType,
  DtlsEngine,
  DtlsEngineFactory,
  Fingerprint,
  SrtpProfile,
} from './dtls/DtlsEngine.ts';
