/**
 * The libraries of GStreamer, loaded on first use, and what is needed at every turn: owned texts and errors.
 *
 * Only a media host process loads them. Control never does, so a crashing codec cannot take it along.
 * @module
 */
import { type Kind, NULL, type Null, type Pointer } from './cTypes.ts';
import { bindFunctions, type NativeFunctions } from './library.ts';
import { int32At, textAt, uint32At, wordAt } from './memory.ts';
import { appSignatures, glibSignatures, gobjectSignatures, gstSignatures } from './signatures.ts';

type Functions = NativeFunctions<typeof gstSignatures> &
  NativeFunctions<typeof appSignatures> &
  NativeFunctions<typeof gobjectSignatures> &
  NativeFunctions<typeof glibSignatures>;

let loaded: Functions | undefined;

/**
 * All functions of the table. GStreamer is initialised when they are loaded.
 * @throws {Error} if GStreamer is not installed, naming the library that is missing.
 */
export function gst(): Functions {
  loaded ??= load();
  return loaded;
}

function load(): Functions {
  const functions: Functions = {
    ...bindFunctions('libglib-2.0.so.0', glibSignatures),
    ...bindFunctions('libgobject-2.0.so.0', gobjectSignatures),
    ...bindFunctions('libgstreamer-1.0.so.0', gstSignatures),
    ...bindFunctions('libgstapp-1.0.so.0', appSignatures),
  };
  functions.gst_init(NULL, NULL);
  return functions;
}

/** A copy of a text that is ours, which is freed; empty for NULL. */
export function takeText(text: Pointer<'Text'> | Null): string {
  if (text === NULL) return '';
  const result = textAt(text);
  gst().g_free(asMemory(text));
  return result;
}

/** Copies of texts that are ours, which are freed. */
export function takeTextArray(array: Pointer<'TextArray'> | Null): string[] {
  if (array === NULL) return [];
  const result: string[] = [];
  for (let at = wordAt(array); at !== 0; at = wordAt(array, 8 * result.length)) result.push(textAt(at));
  gst().g_strfreev(array);
  return result;
}

/** Frees memory that came from GLib. */
export function freeMemory(memory: Pointer<'Memory'>): void {
  gst().g_free(memory);
}

/** Content of a `GError`. */
export interface GstErrorContent {
  /** Name of the domain, for instance `gst-resource-error-quark`. */
  readonly domain: string;
  /** Number within the domain. */
  readonly code: number;
  /** What happened, in English or the language of the process. */
  readonly message: string;
}

/** Copy of a `GError` that is ours, which is freed. */
export function takeError(error: Pointer<'Error'>): GstErrorContent {
  // struct _GError { GQuark domain; gint code; gchar *message; }
  const content = {
    domain: gst().g_quark_to_string(uint32At(error)),
    code: int32At(error, 4),
    message: textAt(wordAt(error, 8)),
  };
  gst().g_error_free(error);
  return content;
}

/** The class structure of an object: its first word. */
export function classOf(object: Pointer<'Object'>): Pointer<'TypeClass'> {
  // Holds because every GTypeInstance begins with a pointer to its class.
  return wordAt(object) as Pointer<'TypeClass'>;
}

/** The GType of an object: the first word of its class. */
function typeOf(object: Pointer<'Object'>): number {
  return wordAt(classOf(object));
}

/** Name of the type of an object, for instance `GstVP8Enc`. */
export function typeNameOf(object: Pointer<'Object'>): string {
  return gst().g_type_name(typeOf(object)) ?? '';
}

/** True when the object is of the type with this name, or of one derived from it. */
export function isInstanceOf(object: Pointer<'Object'>, typeName: string): boolean {
  return gst().g_type_is_a(typeOf(object), gst().g_type_from_name(typeName)) !== 0;
}

/** Name of an object, for instance `vp8enc0`. */
export function nameOf(object: Pointer<'Object'>): string {
  return takeText(gst().gst_object_get_name(object));
}

/** Names of an object's ancestors, the outermost first, and its own. */
export function pathOf(object: Pointer<'Object'>): string[] {
  // For instance /GstPipeline:pipeline0/GstVP8Enc:vp8enc0.
  const path = takeText(gst().gst_object_get_path_string(object));
  return path
    .split('/')
    .slice(1)
    .map((step) => step.slice(step.indexOf(':') + 1));
}

/** Name of the factory that made the element, for instance `vp8enc`; empty for bins that were made otherwise. */
export function factoryNameOf(element: Pointer<'Element'>): string {
  const factory = gst().gst_element_get_factory(element);
  return factory === NULL ? '' : nameOf(factory);
}

/** A new object that nobody owned yet becomes ours. */
export function sink<K extends Kind>(object: Pointer<K> & Pointer<'Object'>): Pointer<K> {
  gst().gst_object_ref_sink(object);
  return object;
}

function asMemory(text: Pointer<'Text'>): Pointer<'Memory'> {
  // Holds because a text is memory of GLib's allocator.
  return text as number as Pointer<'Memory'>;
}
