/**
 * JSON-RPC 2.0 over any message pipe, in the dialect of the Kurento protocol.
 * @module
 */
export {
  failureReply,
  parseMessage,
  printNotification,
  printReply,
  printRequest,
  readMessage,
  successReply,
  type RpcId,
  type RpcInvalid,
  type RpcMessage,
  type RpcReply,
  type RpcRequest,
} from './envelope.ts';
export { printJson } from './json.ts';
export { RpcClosedError, RpcError, RpcErrorCode, RpcTimeoutError } from './RpcError.ts';
export {
  RpcPeer,
  type RpcAnswer,
  type RpcPeerOptions,
  type RpcRequestOptions,
  type RpcSignal,
  type RpcTimer,
} from './RpcPeer.ts';
