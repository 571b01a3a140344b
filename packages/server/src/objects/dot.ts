/**
 * Graphviz text of media objects and their connections, for people.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaObject } from './MediaObject.ts';

/** A line from an object to another. */
export interface DotEdge {
  /** Where the line ends. */
  readonly sink: MediaObject;
  /** Words on the line, e.g. `VIDEO` or `VIDEO forward`. */
  readonly label: string;
}

/** `text` as a quoted graphviz string. */
function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Class, and the label if somebody gave one. */
function nodeLabel(object: MediaObject): string {
  const name = object.getName();
  const own = object.id.slice(object.id.lastIndexOf('/') + 1);
  return `${object.info.name}\n${name === object.id ? own : name}`;
}

function clusterLines(object: MediaObject, indent: string): string[] {
  const node = `${indent}${quote(object.id)} [label=${quote(nodeLabel(object))}];`;
  const { children } = object;
  if (children.length === 0) return [node];
  return [
    `${indent}subgraph ${quote(`cluster_${object.id}`)} {`,
    `${indent}  label=${quote(nodeLabel(object))};`,
    ...(object.parent === undefined ? [] : [`  ${node}`]),
    ...children.flatMap((child) => clusterLines(child, `${indent}  `)),
    `${indent}}`,
  ];
}

function withDescendants(object: MediaObject): MediaObject[] {
  return [object, ...object.children.flatMap(withDescendants)];
}

/** The graphviz text of `root`, everything below it, and the connections that start there. */
export function printDot(root: MediaObject): string {
  const edges = withDescendants(root).flatMap((source) =>
    source
      .dotEdges()
      .map(({ sink, label }) => `  ${quote(source.id)} -> ${quote(sink.id)} [label=${quote(label)}];`),
  );
  return [
    'digraph pipeline {',
    '  rankdir=LR;',
    '  node [shape=box, fontname="sans"];',
    ...clusterLines(root, '  '),
    ...edges,
    '}',
    '',
  ].join('\n');
}

/**
 * Writes the graphviz text of `root` into a new file in the directory that the environment variable
 * GST_DEBUG_DUMP_DOT_DIR names; does nothing without it.
 */
export async function dumpDot(root: MediaObject, nowMs: number): Promise<void> {
  const directory = process.env['GST_DEBUG_DUMP_DOT_DIR'];
  if (directory === undefined || directory === '') return;
  const time = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
  await mkdir(directory, { recursive: true });
  const file = `${time}-${root.info.name}-${randomUUID().slice(0, 8)}.dot`;
  await writeFile(join(directory, file), printDot(root));
}
