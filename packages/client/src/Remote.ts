/**
 * Types of the proxies: the generated interface of each class and what the client adds to all of them.
 * @module
 */
import type { RemoteClasses } from '@rivero/model/client';
import type { CallOptions } from './Connection.ts';
import type { EventQueueOptions } from './eventQueue.ts';

/** Short name of a remote class. Modules of others add theirs by augmenting `RemoteClasses`. */
export type ClassName = keyof RemoteClasses;

/** Short name of a class that can be created. */
export type CreatableName = {
  [Name in ClassName]: [RemoteClasses[Name]['params']] extends [never] ? never : Name;
}[ClassName];

/** Short name of a class whose objects belong to a pipeline: elements and hubs. */
export type PipelineChildName = {
  [Name in CreatableName]: 'mediaPipeline' extends keyof RemoteClasses[Name]['params'] ? Name : never;
}[CreatableName];

/** The proxy of a class: what the class can do, and what every proxy can. */
export type Remote<Name extends ClassName = 'MediaObject'> = RemoteClasses[Name]['instance'] &
  RemoteProxy<RemoteClasses[Name]['events']> &
  (RemoteClasses[Name]['instance'] extends RemoteClasses['MediaPipeline']['instance']
    ? CreatesElements
    : unknown) &
  (RemoteClasses[Name]['instance'] extends RemoteClasses['Hub']['instance'] ? CreatesPorts : unknown);

/** What every proxy has beside the operations of its class; see `RemoteObject` for each. */
export interface RemoteProxy<Events> {
  /** Short name of the object's class, such as `WebRtcEndpoint`. */
  readonly type: string;
  /** Whether the object is known to be gone: released here, told so by the server, or lost with the session. */
  readonly released: boolean;
  /** Resolves when the object is gone, whoever ended it. From the first call on, the server tells of all endings. */
  whenReleased(): Promise<void>;
  /** The same object with limits for the calls made through it: `await endpoint.with({ signal }).getStats()`. */
  with(options: CallOptions): this;
  /** Calls an operation by name, for those that the descriptors do not have. */
  invoke(operation: string, params?: object): Promise<unknown>;
  /** The events of a name, from the first step of the loop on, until the object is gone or the signal aborts. */
  events<Name extends keyof Events>(
    event: Name,
    options?: EventQueueOptions,
  ): AsyncGenerator<Events[Name], void, undefined>;
  /** Releases at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Parameters of a constructor, as one argument that may be left out if none is needed. */
export type ConstructorArguments<Params> =
  Record<never, never> extends Params ? [params?: Params] : [params: Params];

/** Constructor parameters with the owner, which only `pipeline.create` and `hub.create` add by themselves. */
export type OwnedParams<Params> = Params &
  Required<Pick<Params, Extract<keyof Params, 'mediaPipeline' | 'hub'>>>;

/** Parameters as the member `params`, which may be left out if none is needed. */
type ParamsMember<Params> =
  Record<never, never> extends Params ? { readonly params?: Params } : { readonly params: Params };

/** One of several objects that `client.create` makes. */
export type ClientCreation = {
  [Name in CreatableName]: { readonly type: Name } & ParamsMember<OwnedParams<RemoteClasses[Name]['params']>>;
}[CreatableName];

/** One of several objects that `pipeline.create` makes. */
export type PipelineCreation = {
  [Name in PipelineChildName]: { readonly type: Name } & ParamsMember<RemoteClasses[Name]['params']>;
}[PipelineChildName];

/** The proxies of several creations, in their order. */
export type Created<Creations extends readonly { readonly type: ClassName }[]> = {
  -readonly [Index in keyof Creations]: Remote<Creations[Index]['type']>;
};

/** What a pipeline adds: it makes the elements and hubs that live in it. */
export interface CreatesElements {
  /**
   * Makes an element or hub in this pipeline.
   * @throws {KurentoError} `MEDIA_OBJECT_NOT_AVAILABLE` when the server has no such class, and what the class refuses.
   */
  create<Name extends PipelineChildName>(
    type: Name,
    ...params: ConstructorArguments<RemoteClasses[Name]['params']>
  ): Promise<Remote<Name>>;
  /** Makes several elements or hubs in this pipeline: all of them or, if one fails, none. */
  create<const Creations extends readonly PipelineCreation[]>(
    creations: Creations,
  ): Promise<Created<Creations>>;
}

/** What a hub adds: it makes the ports that elements connect to. */
export interface CreatesPorts {
  /** Makes a port of this hub. */
  create(type: 'HubPort'): Promise<Remote<'HubPort'>>;
  /** Makes several ports of this hub: all of them or, if one fails, none. */
  create<const Creations extends readonly { readonly type: 'HubPort' }[]>(
    creations: Creations,
  ): Promise<Created<Creations>>;
  /** Makes a port of this hub. */
  createHubPort(): Promise<Remote<'HubPort'>>;
}
