/**
 * The table of signatures against the GIR of the installed libraries: a wrong entry would corrupt memory.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type CType, parseCType } from '../src/native/cTypes.ts';
import type { Signature } from '../src/native/library.ts';
import { appSignatures, glibSignatures, gobjectSignatures, gstSignatures } from '../src/native/signatures.ts';
import { type GirType, readGir } from './Gir.ts';

/** The C types that each word of the table may stand for. Enumerations count as `int`, anything written to as `Out`. */
const cTypes: Readonly<Record<string, readonly string[]>> = {
  int: ['gint', 'int'],
  uint: ['guint', 'GQuark', 'guint32'],
  ulong: ['gulong'],
  size: ['gsize'],
  int64: ['gint64', 'glong'],
  uint64: ['guint64', 'GstClockTime'],
  float: ['gfloat'],
  double: ['gdouble'],
  boolean: ['gboolean'],
  type: ['GType'],
  text: ['const gchar*', 'const char*'],
  none: ['void'],
  Object: ['GstObject*', 'GObject*', 'gpointer'],
  Element: ['GstElement*'],
  Bin: ['GstBin*'],
  Pad: ['GstPad*'],
  Bus: ['GstBus*'],
  Factory: ['GstElementFactory*'],
  MiniObject: ['GstMiniObject*'],
  Message: ['GstMessage*'],
  Buffer: ['GstBuffer*'],
  Caps: ['GstCaps*', 'const GstCaps*'],
  Event: ['GstEvent*'],
  Query: ['GstQuery*'],
  Sample: ['GstSample*'],
  Structure: ['GstStructure*', 'const GstStructure*'],
  Iterator: ['GstIterator*'],
  ParseContext: ['GstParseContext*'],
  ParamSpec: ['GParamSpec*'],
  TypeClass: ['GObjectClass*', 'gpointer', 'GTypeClass*'],
  Value: ['GValue*', 'const GValue*'],
  Error: ['GError*'],
  Text: ['gchar*', 'char*'],
  TextArray: ['gchar**'],
  Memory: ['gpointer', 'gconstpointer', 'GParamSpec**', 'const guint8*'],
  Callback: ['GstPadProbeCallback', 'GDestroyNotify'],
};

/** Derived classes whose functions take the base pointer all the same in C. */
const alsoElement = ['GstAppSrc*', 'GstAppSink*', 'GstPipeline*'];

function describeType(type: GirType): string {
  return `${type.cType} ${type.transfer}${type.nullable ? ' nullable' : ''}${type.isOut ? ' out' : ''}`;
}

function fits(name: string, theirs: GirType, enumerations: ReadonlySet<string>): boolean {
  if (name === 'Out') return theirs.isOut || theirs.cType.endsWith('*');
  const allowed = [
    ...(cTypes[name] ?? []),
    ...(name === 'int' ? enumerations : []),
    ...(name === 'Element' ? alsoElement : []),
  ];
  return allowed.includes(theirs.cType);
}

/** Faults of one place of a signature. */
function compare(
  ours: CType,
  theirs: GirType,
  enumerations: ReadonlySet<string>,
  isResult: boolean,
): string[] {
  const { name, nullable, transfer } = parseCType(ours);
  const faults = fits(name, theirs, enumerations) ? [] : [`is ${theirs.cType}, not ${ours}`];
  if (/^[A-Z]/.test(name) && name !== 'Out') {
    const expected = transfer === 'floating' ? 'none' : transfer;
    if (theirs.transfer !== expected) faults.push(`transfers ${theirs.transfer}, not ${transfer}`);
    // A result that may be NULL must say so here too; a parameter that may not be NULL must not.
    const [careful, daring] = isResult ? [theirs.nullable, nullable] : [nullable, theirs.nullable];
    if (careful && !daring) faults.push(isResult ? 'may be NULL' : 'must not be NULL');
  }
  return faults.map((fault) => `${fault} (${describeType(theirs)})`);
}

/** Places where the GIR says less than the C documentation does, and why we differ. */
const exceptions: Readonly<Record<string, string>> = {
  'gst_iterator_free parameter 1 transfers none, not full': 'it frees what it is given',
  'gst_mini_object_unref parameter 1 transfers none, not full': 'it takes the reference that it is given',
  'gst_object_unref parameter 1 transfers none, not full': 'it takes the reference that it is given',
  'gst_pad_add_probe parameter 3 must not be NULL': 'a probe without callback blocks, which is what we use',
  'gst_pad_add_probe parameter 5 must not be NULL': 'without data there is nothing to free',
  'g_value_reset result transfers full, not none': 'it returns its argument',
};

const folder = '/usr/share/gir-1.0';
const libraries: readonly [string, Readonly<Record<string, Signature>>][] = [
  ['Gst-1.0', gstSignatures],
  ['GstApp-1.0', appSignatures],
  ['GObject-2.0', gobjectSignatures],
  ['GLib-2.0', glibSignatures],
];

describe('signatures', () => {
  for (const [library, table] of libraries) {
    const path = `${folder}/${library}.gir`;
    const missing = existsSync(path) ? false : `${path} is not installed`;
    it(`agree with ${library}.gir in count, types, NULL and transfer`, { skip: missing }, () => {
      const { functions, enumerations } = readGir(path);
      // Enumerations of GStreamer's core are used by its other libraries.
      const all = new Set([...enumerations, ...readGir(`${folder}/Gst-1.0.gir`).enumerations]);
      const faults: string[] = [];
      for (const [symbol, [result, ...parameters]] of Object.entries(table)) {
        const theirs = functions.get(symbol);
        if (theirs === undefined) {
          faults.push(`${symbol} is not there`);
          continue;
        }
        if (theirs.parameters.length !== parameters.length) {
          faults.push(`${symbol} takes ${theirs.parameters.length} parameters, not ${parameters.length}`);
          continue;
        }
        for (const fault of compare(result, theirs.result, all, true))
          faults.push(`${symbol} result ${fault}`);
        for (const [i, parameter] of parameters.entries()) {
          const found = compare(parameter, theirs.parameters[i]!, all, false);
          for (const fault of found) faults.push(`${symbol} parameter ${i + 1} ${fault}`);
        }
      }
      const unexplained = faults.filter((fault) => exceptions[fault.split(' (')[0] ?? ''] === undefined);
      assert.deepEqual(unexplained, []);
    });
  }
});
