/**
 * What the tables of the API offer: modules, classes, operations and events, ready to look up.
 * @module
 */
import type { Fields, RemoteClass, EventType, Module } from './descriptor.ts';
import type { ErrorType } from './errors.ts';

/** A loaded module. */
export interface ModuleInfo {
  /** Name of the module, such as `core`. */
  readonly name: string;
  /** Name that stands in ids and qualified types, such as `kurento`. */
  readonly wireModule: string;
  /** Version of the API that the module follows. */
  readonly version: string;
  /** When the module was made, as text. */
  readonly generationTime: string;
  /** Short names of the classes that can be created, sorted. */
  readonly classes: readonly string[];
  /** The module as data. */
  readonly descriptor: Module;
}

/** Something that `invoke` can name: a method, or the getter or setter of a property. */
export interface Operation {
  /** Name on the wire, such as `addIceCandidate` or `getName`. */
  readonly name: string;
  /** What it does with the object. */
  readonly kind: 'method' | 'getter' | 'setter';
  /** Its parameters in order. A setter has one, named as the property. */
  readonly params: Fields;
  /** Type of the answer; `void` if there is none. */
  readonly returns: string;
  /** Property that a getter or setter is for. */
  readonly property?: string;
  /** Errors that it can answer with, beyond those that any call can. */
  readonly errors: readonly ErrorType[];
}

/** An event, with what it inherits. */
export interface EventInfo {
  /** Name by which clients subscribe. */
  readonly name: string;
  /** Name of the module that declares it. */
  readonly module: string;
  /** Own and inherited fields, those of the root first: source, timestampMillis, tags. */
  readonly fields: Fields;
  /** True if its data has a `type` field: it extends `Media` or `Error`. */
  readonly hasType: boolean;
  /** The event as data, without what it inherits. */
  readonly descriptor: EventType;
}

/** A remote class, with what it inherits. */
export interface ClassInfo {
  /** Short name. */
  readonly name: string;
  /** Name of the module that declares it. */
  readonly module: string;
  /** Name of that module on the wire. */
  readonly wireModule: string;
  /** Wire module and short name, joined by a dot. */
  readonly qualifiedType: string;
  /** True if it cannot be created. */
  readonly abstract: boolean;
  /** Qualified names of its ancestors, nearest first. */
  readonly hierarchy: readonly string[];
  /** Parameters of its constructor. Empty if it cannot be created. */
  readonly constructorParams: Fields;
  /** Own and inherited operations by name, getters and setters included. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** Own and inherited events by name, own ones first. */
  readonly events: ReadonlyMap<string, EventInfo>;
  /** The class as data, without what it inherits. */
  readonly descriptor: RemoteClass;
  /** Whether it is the class of that short or qualified name or adds to it. */
  isA(className: string): boolean;
}

/** What decoding must know of live objects. */
export interface DecodeContext {
  /**
   * The live object with that id.
   * @throws {KurentoError} MEDIA_OBJECT_NOT_FOUND if there is none.
   */
  resolve(id: string): object;
  /** Whether a live object is of that class or of one that adds to it. */
  isA(object: object, className: string): boolean;
}

/** What encoding must know of live objects. */
export interface EncodeContext {
  /** Id of a live object. */
  idOf(object: object): string;
}

/** The API as tables, and the translation of values from and to the wire. */
export interface Api {
  /** Every loaded module, in the order given. */
  readonly modules: readonly ModuleInfo[];
  /** Every class of every module. */
  readonly classes: readonly ClassInfo[];
  /** The class of that short or qualified name. Ambiguous short names find nothing. */
  findClass(type: string): ClassInfo | undefined;
  /** The event of that name. */
  findEvent(name: string): EventInfo | undefined;
  /** Description of a module in Kurento's format, as JSON text. */
  kmd(moduleName: string): string | undefined;
  /**
   * The arguments of a call: ids become live objects, defaults are filled in, unknown members dropped.
   * An optional argument of an operation counts only if every optional argument before it is given.
   * @throws {KurentoError} MARSHALL_ERROR for what does not fit, UNEXPECTED_ERROR for a register type that
   * nobody declared, and whatever `context.resolve` throws. Nothing else, whatever is given.
   */
  decodeParams(
    given: unknown,
    fields: Fields,
    holder: 'constructorParams' | 'operationParams',
    context: DecodeContext,
  ): Record<string, unknown>;
  /**
   * The wire value of `value`, which is of the named type: live objects become ids, registers get their type
   * names, an empty map and `void` become null. A register of a derived type names it in its `__type__`.
   * @throws {TypeError} if the value does not have that type, which is a bug of the caller.
   */
  encode(value: unknown, type: string, context: EncodeContext): unknown;
  /**
   * The `data` of an event notification. `tags` is empty unless given; the `type` of an event that extends
   * `Media` is filled in.
   * @throws {TypeError} if a field is missing or does not have its type, which is a bug of the caller.
   */
  encodeEvent(
    event: EventInfo,
    fields: Readonly<Record<string, unknown>>,
    context: EncodeContext,
  ): Record<string, unknown>;
}
