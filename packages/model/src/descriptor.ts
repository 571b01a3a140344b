/**
 * Shapes of the descriptors: the API of every remote class, event and complex type as plain data.
 *
 * They follow Kurento's module descriptions (KMD) and add what those lack: units, errors and nullability.
 * `kmd.ts` drops the additions again.
 * @module
 */
import type { ErrorType } from './errors.ts';

/** What a number counts or is measured in. Every number in a descriptor names its unit. */
export type Unit =
  | 'bit/s'
  | 'kbit/s'
  | 'bytes'
  | 'KiB'
  | 'ns'
  | 'ms'
  | 's'
  | 'unix s'
  | 'unix ms'
  | 'Hz'
  | 'dB'
  | 'px'
  | 'degrees'
  | 'brightness'
  | 'frames'
  | 'frames/s'
  | 'packets'
  | 'steps'
  | 'ratio'
  | '%'
  | '1/256'
  | 'count'
  | 'index'
  | 'id'
  | 'port'
  | 'priority'
  | 'code';

/**
 * A type, by its name: `String`, `boolean`, `int`, `int64`, `float`, `double`, or the name of an enum, a register
 * or a remote class. `X[]` is a list of `X`, `X<>` a map from text to `X`.
 */
export type TypeName = string;

/** A value that a method answers with. */
export interface Result {
  /** Type of the value. */
  readonly type: TypeName;
  /** What the value is, for users. */
  readonly doc: string;
  /** Unit of a number. */
  readonly unit?: Unit;
  /** True if a reference may be null. */
  readonly nullable?: true;
}

/** A parameter, or a member of a register or event. */
export interface Field extends Result {
  /** True if it may be left out. */
  readonly optional?: true;
  /** Wire value that stands for it when it is optional and left out. */
  readonly defaultValue?: unknown;
}

/** Fields by name, in the order declared. The order matters: optional arguments are positional. */
export type Fields = Readonly<Record<string, Field>>;

/** A property of a remote class. `getName` reads property `name`; `setName` writes it unless it is read-only. */
export interface Property extends Field {
  /** True if clients can only read it. */
  readonly readOnly?: true;
  /** True if it never changes after the object was made. */
  readonly final?: true;
  /** Errors that writing it can answer with, beyond those that any call can. */
  readonly setterErrors?: readonly ErrorType[];
}

/** Something that a client can ask an object to do. */
export interface Method {
  /** What it does, for users. */
  readonly doc: string;
  /** Its arguments; none when left out. */
  readonly params?: Fields;
  /** What it answers with; nothing when left out. */
  readonly returns?: Result;
  /**
   * Errors that it can answer with, beyond those that any call can: MARSHALL_ERROR for arguments that do not fit,
   * MEDIA_OBJECT_NOT_FOUND for an id that nobody has.
   */
  readonly errors?: readonly ErrorType[];
}

/** How an object of a class is made. */
export interface Creation {
  /** What is made, for users. */
  readonly doc: string;
  /** Constructor parameters. */
  readonly params: Fields;
  /** Errors that creation can answer with, beyond those that any call can. */
  readonly errors?: readonly ErrorType[];
}

/** A class of objects that live on the server and are driven by clients. */
export interface RemoteClass {
  /** Short name, unique in its module. */
  readonly name: string;
  /** Name of the class that this one adds to. */
  readonly extends?: string;
  /** True if only classes that add to it can be created. */
  readonly abstract?: true;
  /** What it is, for users. */
  readonly doc: string;
  /** How it is made. Absent in abstract classes. */
  readonly create?: Creation;
  /** Its own properties by name. */
  readonly properties?: Readonly<Record<string, Property>>;
  /** Its own methods by name. */
  readonly methods?: Readonly<Record<string, Method>>;
  /** Names of the events that it adds to those of its ancestors. */
  readonly events?: readonly string[];
}

/** An event that objects raise. */
export interface EventType {
  /** Name by which clients subscribe. */
  readonly name: string;
  /** Name of the event that this one adds to. */
  readonly extends?: string;
  /** When it is raised, for users. */
  readonly doc: string;
  /** Its own fields. */
  readonly fields?: Fields;
  /** What stands in the `type` field of an event that extends `Media`, where that is not its name. */
  readonly wireType?: string;
}

/** A closed set of names. */
export interface EnumType {
  /** Short name. */
  readonly name: string;
  /** Tells enums from registers. */
  readonly kind: 'enum';
  /** What the names are about, for users. */
  readonly doc: string;
  /** The names, exactly as on the wire. */
  readonly values: readonly string[];
}

/** A value with named members. */
export interface RegisterType {
  /** Short name. */
  readonly name: string;
  /** Tells registers from enums. */
  readonly kind: 'register';
  /** Name of the register that this one adds to. */
  readonly extends?: string;
  /** What it holds, for users. */
  readonly doc: string;
  /** Its own members. */
  readonly fields: Fields;
  /**
   * Members that have one fixed value in this register, by which clients tell it from others of its family.
   * A register that answers as another's variant has some.
   */
  readonly literals?: Readonly<Record<string, string>>;
}

/** A set of classes, events and types that is loaded as a whole. */
export interface Module {
  /** Name of the module, such as `elements`. */
  readonly name: string;
  /** Name that stands on the wire: `kurento` for the three base modules, the module's own name otherwise. */
  readonly wireModule: string;
  /** Version of the API that the module follows. */
  readonly version: string;
  /** When the module was made, as text. */
  readonly generationTime: string;
  /** What it is about, for users. */
  readonly doc: string;
  /** Names of the modules that it builds on. */
  readonly imports: readonly string[];
  /** Name of the npm package that Kurento's JavaScript client loads for this module. */
  readonly npmName?: string;
  /** Its classes. */
  readonly classes: Readonly<Record<string, RemoteClass>>;
  /** Its events. */
  readonly events: Readonly<Record<string, EventType>>;
  /** Its enums and registers. */
  readonly types: Readonly<Record<string, EnumType | RegisterType>>;
}
