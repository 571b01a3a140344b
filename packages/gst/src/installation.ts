/**
 * What is installed of GStreamer, found out in a process of its own.
 * @module
 */
import { decodeFactories, encodeFactories, type MediaCodec, mediaCodecs } from './codecs.ts';
import { missingPackages, usedFactories } from './factories.ts';
import { HostProcess, type HostProcessOptions } from './HostProcess.ts';
import type { FactoryDescription } from './operations.ts';

/** A codec of the table, and whether it can be used here. */
export interface CodecAvailability {
  /** Canonical name, for instance `VP8`. */
  readonly name: string;
  /** Audio or video. */
  readonly kind: 'audio' | 'video';
  /** Packets of it can be turned into raw media. */
  readonly decodes: boolean;
  /** Raw media can be turned into packets of it. */
  readonly encodes: boolean;
}

/** What this machine can do with media, for `rivero doctor`. */
export interface Installation {
  /** For instance `GStreamer 1.22.0`, or undefined if it cannot be used. */
  readonly version: string | undefined;
  /** Why it cannot be used, or undefined. */
  readonly reason: string | undefined;
  /** Elements that this server uses and that are there. */
  readonly available: readonly string[];
  /** Elements that this server uses and that are not there. */
  readonly missing: readonly string[];
  /** Debian packages that bring what is missing. */
  readonly packages: readonly string[];
  /** Codecs, in the order of the table. */
  readonly codecs: readonly CodecAvailability[];
}

/** Which of these elements are there, and their properties. @throws {Error} if GStreamer is not installed. */
export async function describeFactories(
  names: readonly string[],
): Promise<{ version: string; factories: FactoryDescription[] }> {
  const host = await HostProcess.start({}, { onEvent: () => {}, onExit: () => {} });
  try {
    return await host.request('describe', { factories: names, properties: true });
  } finally {
    await host.close();
  }
}

/**
 * What is installed. Never throws: without GStreamer everything is missing, and `reason` says why. The options are those
 * of the process that looks.
 */
export async function describeInstallation(options: HostProcessOptions = {}): Promise<Installation> {
  try {
    const host = await HostProcess.start(options, { onEvent: () => {}, onExit: () => {} });
    try {
      const reply = await host.request('describe', { factories: usedFactories, properties: false });
      const available = reply.factories.filter((each) => each.available).map(({ name }) => name);
      return summarize(reply.version, undefined, available);
    } finally {
      await host.close();
    }
  } catch (error) {
    return summarize(undefined, error instanceof Error ? error.message : String(error), []);
  }
}

function summarize(
  version: string | undefined,
  reason: string | undefined,
  available: readonly string[],
): Installation {
  const missing = usedFactories.filter((name) => !available.includes(name));
  const has = (names: readonly string[]): boolean => names.every((name) => available.includes(name));
  const describe = (codec: MediaCodec): CodecAvailability => ({
    name: codec.name,
    kind: codec.kind,
    decodes: has(decodeFactories(codec)),
    encodes: has(encodeFactories(codec)),
  });
  return {
    version,
    reason,
    available,
    missing,
    packages: missingPackages(missing),
    codecs: mediaCodecs.map(describe),
  };
}
