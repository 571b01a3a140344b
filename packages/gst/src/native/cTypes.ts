/**
 * The words with which a table of signatures describes C types, and the JavaScript types that they stand for.
 *
 * A type is a scalar (`int`), or a kind of pointer (`Element`), or a kind that may be NULL (`Element?`). A pointer is
 * followed by what happens to the reference: nothing for a parameter that is only borrowed, `full` for one that the
 * callee takes; `none`, `full`, `container` or `floating` for a result. The words are those of the GIR (`floating` is
 * a new object that nobody owns until `gst_object_ref_sink`), so that the test of the table can compare them.
 * @module
 */

/** C types that are no pointers, or that koffi converts. `text` is a UTF-8 string that stays the callee's. */
interface Scalars {
  readonly int: number;
  readonly uint: number;
  readonly ulong: number | bigint;
  readonly size: number;
  readonly int64: number | bigint;
  readonly uint64: number | bigint;
  readonly float: number;
  readonly double: number;
  /** `gboolean`: 0 is false. */
  readonly boolean: number;
  /** `GType`. */
  readonly type: number;
  readonly text: string;
  readonly none: undefined;
}

/** Kinds of pointers, each with the kinds that it also is. */
interface Kinds {
  readonly Object: 'Object';
  readonly Element: 'Object' | 'Element';
  readonly Bin: 'Object' | 'Element' | 'Bin';
  readonly Pad: 'Object' | 'Pad';
  readonly Bus: 'Object' | 'Bus';
  readonly Factory: 'Object' | 'Factory';
  readonly MiniObject: 'MiniObject';
  readonly Message: 'MiniObject' | 'Message';
  readonly Buffer: 'MiniObject' | 'Buffer';
  readonly Caps: 'MiniObject' | 'Caps';
  readonly Event: 'MiniObject' | 'Event';
  readonly Query: 'MiniObject' | 'Query';
  readonly Sample: 'MiniObject' | 'Sample';
  readonly Structure: 'Structure';
  readonly Iterator: 'Iterator';
  readonly ParseContext: 'ParseContext';
  readonly ParamSpec: 'ParamSpec';
  /** Class structure of an object, or of an enumeration. */
  readonly TypeClass: 'TypeClass';
  /** A `GValue`. */
  readonly Value: 'Value';
  readonly Error: 'Error';
  /** A string that is ours to free. */
  readonly Text: 'Text';
  /** Strings, ended by NULL, that are ours to free. */
  readonly TextArray: 'TextArray';
  /** Any other array or block of bytes. */
  readonly Memory: 'Memory';
  /** Where the callee writes a result. */
  readonly Out: 'Out';
  /** A C function; we only ever pass NULL, because callbacks would come from streaming threads. */
  readonly Callback: 'Callback';
}

/** Name of a kind of pointer. */
export type Kind = keyof Kinds;

declare const brand: unique symbol;

/**
 * A native address that points to a thing of kind `K`. An Element cannot be passed as a Buffer, but it is an Object.
 * A number holds any address of user space (47 bits) and makes a call cost some 30 ns.
 */
export type Pointer<K extends Kind> = number & { readonly [brand]: { readonly [k in Kinds[K]]: true } };

/** NULL, where a signature allows it. */
export type Null = 0;

/** The address that is nothing. */
export const NULL: Null = 0;

/** What happens to the reference of a pointer. */
export type Transfer = 'none' | 'full' | 'container' | 'floating';

type Bare = keyof Scalars | Kind | 'text?' | `${Kind}?`;

/** A type with its transfer. */
export type CType = Bare | `${Kind | `${Kind}?`} ${Transfer}`;

/** The JavaScript type of a C type. */
export type JsType<T extends string> = T extends `${infer B} ${Transfer}`
  ? JsType<B>
  : T extends 'text?'
    ? string | null
    : T extends `${infer B}?`
      ? JsType<B> | Null
      : T extends keyof Scalars
        ? Scalars[T]
        : T extends Kind
          ? Pointer<T>
          : never;

const koffiNames: Readonly<Record<keyof Scalars, string>> = {
  int: 'int',
  uint: 'unsigned int',
  ulong: 'unsigned long',
  size: 'size_t',
  int64: 'int64_t',
  uint64: 'uint64_t',
  float: 'float',
  double: 'double',
  boolean: 'int',
  type: 'size_t',
  text: 'const char *',
  none: 'void',
};

/** The parts of a C type: scalar or kind, whether NULL is allowed, and what happens to the reference. */
export function parseCType(type: CType): { name: string; nullable: boolean; transfer: Transfer } {
  const [name = '', transfer = 'none'] = type.split(' ');
  const nullable = name.endsWith('?');
  // Holds because the type of `type` allows nothing else behind the space.
  return { name: nullable ? name.slice(0, -1) : name, nullable, transfer: transfer as Transfer };
}

/** The name under which koffi knows a C type. Every pointer is an integer of its size. */
export function koffiNameOf(type: CType): string {
  const { name } = parseCType(type);
  const scalars: Readonly<Record<string, string>> = koffiNames;
  return scalars[name] ?? 'uintptr_t';
}
