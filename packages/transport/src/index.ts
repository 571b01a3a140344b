/**
 * Public API of `@rivero/transport`: ICE, DTLS, SRTP, SCTP and data channels as state machines; the host hands in sockets, clock and ciphers.
 * @module
 */
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
export { classifyDatagram, DatagramKind, type DatagramKindValue, isRtcpPacketType } from './demultiplex.ts';
export { AeadProtection } from './srtp/AeadProtection.ts';
export { CounterProtection } from './srtp/CounterProtection.ts';
export {
  deriveSessionKeys,
  type SrtpKeys,
  type SrtpMasterKey,
  type SrtpSessionKeys,
  splitKeyingMaterial,
  srtpKeyingMaterialLength,
  srtpSaltLength,
} from './srtp/keyDerivation.ts';
export type { PacketProtection } from './srtp/PacketProtection.ts';
export { ReplayWindow } from './srtp/ReplayWindow.ts';
export { SequenceIndex } from './srtp/SequenceIndex.ts';
export { SrtpError } from './srtp/SrtpError.ts';
export { SrtpScratch } from './srtp/SrtpScratch.ts';
export {
  DEFAULT_MAX_REMOTE_SSRCS,
  SrtpSender,
  SrtpSession,
  type SrtpSessionOptions,
} from './srtp/SrtpSession.ts';
export {
  type Candidate,
  type CandidateType,
  candidateFoundation,
  candidatePriority,
  hostCandidate,
  type UnusableReason,
  unusableReason,
} from './ice/Candidate.ts';
export { parseCandidate, serializeCandidate } from './ice/candidateText.ts';
export { TransportAddress } from './ice/TransportAddress.ts';
export { parseStun, type StunMessage, verifyStunIntegrity } from './stun/parseStun.ts';
export { type StunFields, serializeStun } from './stun/serializeStun.ts';
export { readDestinationUfrag, readTransactionPrefix } from './stun/stunDestination.ts';
export { StunErrorCode, StunType } from './stun/stunFormat.ts';
export type { BindingIdentity, RemoteCredentials } from './ice/BindingMessages.ts';
export { IceAgent, type IceAgentOptions } from './ice/IceAgent.ts';
export type { IceListener, IceState, SelectedPair } from './ice/IceListener.ts';
export {
  type DtlsListener,
  type DtlsState,
  DtlsTransport,
  type DtlsTransportOptions,
} from './dtls/DtlsTransport.ts';
export { splitRecords } from './dtls/splitRecords.ts';
export { SctpAssociation } from './sctp/SctpAssociation.ts';
export type {
  SctpAssociationOptions,
  SctpStatistics,
  SendOptions,
  SendResult,
} from './sctp/SctpAssociationOptions.ts';
export type { SctpListener, SctpState } from './sctp/SctpListener.ts';
export type {
  DataChannel,
  DataChannelInit,
  DataChannelState,
  DataChannelStatistics,
  DataChannelsListener,
} from './datachannel/DataChannel.ts';
export {
  type ChannelSendResult,
  DataChannels,
  type DataChannelsOptions,
} from './datachannel/DataChannels.ts';
export type { ChannelParameters } from './datachannel/dcep.ts';
