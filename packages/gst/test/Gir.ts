/**
 * Reads what the GIR, GObject's description of C libraries in XML, says about functions. Only the few elements that the
 * test of the table needs.
 * @module
 */
import { readFileSync } from 'node:fs';

/** A parameter or result. */
export interface GirType {
  /** C type, for instance `GstElement*`. */
  readonly cType: string;
  readonly transfer: string;
  readonly nullable: boolean;
  readonly isOut: boolean;
}

/** A function as C declares it: instance first, `GError **` last. */
export interface GirFunction {
  readonly result: GirType;
  readonly parameters: readonly GirType[];
}

const functionPattern =
  /<(function|method|constructor)\s([^>]*?)>((?:(?!<\/?(?:function|method|constructor)[\s>])[\s\S])*)<\/\1>/g;

function attribute(text: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1]?.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}

function readType(attributes: string, body: string): GirType {
  const withoutDoc = body.replace(/<doc[\s\S]*?<\/doc>/g, '');
  const type = /<(?:type|array)\s[^>]*?c:type="([^"]*)"/.exec(withoutDoc)?.[1] ?? 'void';
  return {
    cType: type,
    transfer: attribute(attributes, 'transfer-ownership') ?? 'none',
    nullable: attribute(attributes, 'nullable') === '1' || attribute(attributes, 'optional') === '1',
    isOut: (attribute(attributes, 'direction') ?? 'in') !== 'in',
  };
}

function readFunction(attributes: string, body: string): GirFunction {
  const result = /<return-value([^>]*)>([\s\S]*?)<\/return-value>/.exec(body);
  const parameters = [...body.matchAll(/<(instance-parameter|parameter)(\s[^>]*)>([\s\S]*?)<\/\1>/g)].map(
    ([, , own = '', inner = '']) => readType(own, inner),
  );
  if (attribute(attributes, 'throws') === '1')
    parameters.push({ cType: 'GError**', transfer: 'full', nullable: true, isOut: true });
  return { result: readType(result?.[1] ?? '', result?.[2] ?? ''), parameters };
}

/** Functions of a GIR file by their C name, and the C names of its enumerations and bit fields. */
export function readGir(path: string): { functions: Map<string, GirFunction>; enumerations: Set<string> } {
  const text = readFileSync(path, 'utf8');
  const functions = new Map<string, GirFunction>();
  for (const [, , attributes = '', body = ''] of text.matchAll(functionPattern)) {
    const name = attribute(attributes, 'c:identifier');
    if (name !== undefined) functions.set(name, readFunction(attributes, body));
  }
  const enumerations = new Set<string>();
  for (const [, attributes = ''] of text.matchAll(/<(?:enumeration|bitfield)\s([^>]*)>/g)) {
    enumerations.add(attribute(attributes, 'c:type') ?? '');
  }
  return { functions, enumerations };
}
