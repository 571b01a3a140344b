/**
 * Turns launch text (the language of `gst-launch-1.0`) into pipelines and bins.
 * @module
 */
import { Element } from './Element.ts';
import { missingPackages } from './factories.ts';
import { HostError } from './HostError.ts';
import { NULL, type Null, type Pointer } from './native/cTypes.ts';
import {
  type GstErrorContent,
  gst,
  isInstanceOf,
  sink,
  takeError,
  takeTextArray,
} from './native/gstreamer.ts';
import { OutCells } from './native/memory.ts';

/** `GST_PARSE_FLAG_FATAL_ERRORS` (`gstparse.h`): give nothing rather than half a pipeline. */
const fatalErrors = 1;
/** `GST_PARSE_ERROR_NO_SUCH_ELEMENT`. */
const noSuchElement = 1;

type Parse = (context: Pointer<'ParseContext'>, error: Pointer<'Out'>) => Pointer<'Element'> | Null;

/** What the parser made, what it says about it, and elements that it did not find or could not set up. */
interface Parsed {
  readonly element: Pointer<'Element'> | Null;
  readonly failure: GstErrorContent | undefined;
  readonly missing: readonly string[];
}

function runParser(parse: Parse): Parsed {
  const context = gst().gst_parse_context_new();
  if (context === NULL) throw new Error('No parse context');
  const out = new OutCells(1);
  const element = parse(context, out.at(0));
  const error = out.pointer<'Error'>(0);
  const missing = takeTextArray(gst().gst_parse_context_get_missing_elements(context));
  gst().gst_parse_context_free(context);
  return { element, failure: error === NULL ? undefined : takeError(error), missing };
}

function parseWith(text: string, parse: Parse): Pointer<'Element'> {
  if (text.includes('\0')) throw new HostError('LAUNCH_FAILED', 'Launch text has a zero byte in it');
  const { element, failure, missing } = runParser(parse);
  if (element !== NULL && failure === undefined) return sink<'Element'>(element);
  if (element !== NULL) gst().gst_object_unref(sink<'Element'>(element));
  if (failure?.code === noSuchElement && missing.length > 0) throw missingFactories(missing);
  throw new HostError('LAUNCH_FAILED', `Launch text is wrong: ${failure?.message ?? 'nothing came of it'}`);
}

/** The error that names elements which are not installed, and the package to install where we know it. */
function missingFactories(names: readonly string[]): HostError {
  const packages = missingPackages(names);
  const hint = packages.length > 0 ? `; install ${packages.join(' ')}` : '';
  return new HostError('MISSING_FACTORY', `There is no element ${names.join(', ')}${hint}`);
}

/**
 * A pipeline made of launch text, ours.
 * @throws {HostError} LAUNCH_FAILED with the parser's reason, or MISSING_FACTORY
 */
export function parsePipeline(text: string): Pointer<'Element'> & Pointer<'Bin'> {
  const parsed = parseWith(text, (context, error) =>
    gst().gst_parse_launch_full(text, context, fatalErrors, error),
  );
  // Holds because a GstPipeline is a bin.
  if (isInstanceOf(parsed, 'GstPipeline')) return parsed as Pointer<'Bin'>;
  // A single element comes without a pipeline. A new pipeline is a bin.
  const pipeline = sink<'Element'>(gst().gst_pipeline_new(null)) as Pointer<'Bin'>;
  gst().gst_bin_add(pipeline, parsed);
  gst().gst_object_unref(parsed);
  return pipeline;
}

/**
 * A bin made of launch text, named `name`. Its first pads without a partner appear as `sink` and `src` on the bin.
 * @throws {HostError} LAUNCH_FAILED with the parser's reason, or MISSING_FACTORY
 */
export function parseBin(text: string, name: string): Element {
  const bin = new Element(
    parseWith(text, (context, error) =>
      gst().gst_parse_bin_from_description_full(text, 1, context, fatalErrors, error),
    ),
  );
  bin.set('name', name);
  return bin;
}
