/**
 * A typed client of Kurento's protocol for Node and pages: `connect`, then objects with promises and events.
 * @module
 */
export { type CallOptions, type ConnectionOptions } from './Connection.ts';
export { ConnectionError, type ConnectionErrorCode } from './ConnectionError.ts';
export { type EventQueueOptions } from './eventQueue.ts';
export { type ClientEvents, type ClientOptions, KurentoClient, connect } from './KurentoClient.ts';
export type { Listener } from './Listeners.ts';
export type {
  ClassName,
  ConstructorArguments,
  CreatableName,
  CreatesElements,
  CreatesPorts,
  OwnedParams,
  PipelineChildName,
  Remote,
  RemoteProxy,
} from './Remote.ts';
export { RemoteObject } from './RemoteObject.ts';
export { ErrorCode, type ErrorType, KurentoError } from '@rivero/model';
export { RpcError } from '@rivero/rpc';
export type * from '@rivero/model/client';
