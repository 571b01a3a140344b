/**
 * Launch text of elements with typed properties.
 * @module
 */
import type { ElementProperties } from './generated/elementProperties.ts';

/** Name of an element that the table of properties knows. */
export type KnownFactory = keyof ElementProperties;

/** An element and what is set on it. */
export type ElementSpec = {
  [F in KnownFactory]: readonly [factory: F, properties?: ElementProperties[F]];
}[KnownFactory];

/** A property value as a word of launch text. */
function valueText(value: boolean | number | bigint | string): string {
  if (typeof value !== 'string') return String(value);
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** Launch text of one element, with a name if it needs one: `vp8enc name=e deadline=1`. */
export function launchElement(
  [factory, properties = {}]: ElementSpec,
  name?: string,
  more: Readonly<Record<string, boolean | number | string>> = {},
): string {
  const words = Object.entries({ ...properties, ...more }).map(
    ([key, value]) => `${key}=${valueText(value)}`,
  );
  return [factory, ...(name === undefined ? [] : [`name=${name}`]), ...words].join(' ');
}

/** Launch text of elements that follow each other. */
export function launchChain(...pieces: readonly (string | undefined)[]): string {
  return pieces.filter((piece) => piece !== undefined && piece !== '').join(' ! ');
}
