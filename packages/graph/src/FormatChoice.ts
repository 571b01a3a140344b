/**
 * Chooses which format each sink gets, so that as few encoders as possible serve all sinks of one source.
 * @module
 */
import type { RtpCodec } from '@rivero/rtp';
import type { HostFormat, MediaType } from './elements.ts';
import { defaultCodec, formatKey, isFormat } from './hostCodecs.ts';
import { smallestCover } from './smallestCover.ts';

/** One sink that waits for its format. */
export interface FormatWish {
  /** The formats that it takes, by `formatKey`, most wanted first. Of a host node: see `formats`. */
  readonly codecs: ReadonlyMap<string, RtpCodec>;
  /** Of a host node: codecs by name, whatever their parameters. */
  readonly formats: readonly HostFormat[];
  /** Called once with the format that the sink gets, and whether it is the one that it wants most. */
  readonly serve: (codec: RtpCodec, isFirstWish: boolean) => void;
}

/** Gathers the wishes of all sinks of one source, then serves them. */
export class FormatChoice {
  readonly #type: MediaType;
  readonly #isRunning: (formatKey: string) => boolean;
  readonly #wishes: FormatWish[] = [];

  /** Makes a choice for a source of this media type, of which some formats are made already. */
  constructor(type: MediaType, isRunning: (formatKey: string) => boolean) {
    this.#type = type;
    this.#isRunning = isRunning;
  }

  /** Adds a sink; its wish must name at least one format. */
  add(wish: FormatWish): void {
    this.#wishes.push(wish);
  }

  /** Serves every sink in the order in which they were added, each with what it prefers among the chosen formats. */
  serveAll(): void {
    const known = new Map<string, RtpCodec>();
    for (const { codecs } of this.#wishes) for (const [key, codec] of codecs) known.set(key, codec);
    const forNodes = new Map<readonly HostFormat[], string[]>();
    const wishes = this.#wishes.map(({ codecs, formats }) => {
      if (formats.length === 0) return [...codecs.keys()];
      const keys = forNodes.get(formats) ?? this.#keysOf(formats, known);
      forNodes.set(formats, keys);
      return keys;
    });
    const running = new Set([...known.keys()].filter(this.#isRunning));
    const chosen = smallestCover(wishes, running);
    for (const [index, { serve }] of this.#wishes.entries()) {
      const wish = wishes[index] ?? [];
      const key = wish.find((format) => chosen.has(format)) ?? '';
      const codec = known.get(key);
      if (codec) serve(codec, key === wish[0]);
    }
  }

  /** The formats that a node takes: what consumers ask for anyway comes before what only the node would use. */
  #keysOf(formats: readonly HostFormat[], known: Map<string, RtpCodec>): string[] {
    const asked = [...known];
    return formats.flatMap((format) => {
      const own = defaultCodec(format, this.#type);
      const keys = asked.filter(([, codec]) => isFormat(codec, format)).map(([key]) => key);
      known.set(formatKey(own), own);
      return keys.includes(formatKey(own)) ? keys : [...keys, formatKey(own)];
    });
  }
}
