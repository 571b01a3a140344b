/**
 * A typed client of Kurento's protocol for Node and pages: `connect`, then objects with promises and events.
 * @module
 */
export { type CallOptions, type ConnectionOptions, type ConnectionState } from './Connection.ts';
export { ConnectionError, type ConnectionErrorCode } from './ConnectionError.ts';
export { type EventQueueOptions } from './eventQueue.ts';
export {
  type ClientEvents,
  type ClientOptions,
  type ConnectOptions,
  KurentoClient,
  connect,
  // The name that users of kurento-client look for.
  connect as getClient,
  getSingleton,
} from './KurentoClient.ts';
export type { Listener } from './Listeners.ts';
export type {
  ClassName,
  ClientCreation,
  ConstructorArguments,
  CreatableName,
  Created,
  CreatesElements,
  CreatesPorts,
  OwnedParams,
  PipelineChildName,
  PipelineCreation,
  Remote,
  RemoteProxy,
} from './Remote.ts';
export { RemoteObject } from './RemoteObject.ts';
export type { AccessToken } from './ServerAddresses.ts';
export { Transaction } from './Transaction.ts';
export { TransactionError } from './TransactionError.ts';
export { ErrorCode, type ErrorType, KurentoError, type Module } from '@rivero/model';
export { RpcError } from '@rivero/rpc';
export type * from '@rivero/model/client';
