/**
 * What the planner may count on, from what is installed of GStreamer.
 * @module
 */
import { type HostAbilities, hostName } from '@rivero/graph';
import type { Installation } from '@rivero/gst';

/** Codecs of files, which no stream between router and host has, with their decoders. */
const fileDecoders: Readonly<Record<string, string>> = {
  MP3: 'avdec_mp3',
  VORBIS: 'vorbisdec',
  THEORA: 'theoradec',
};

/** The abilities of hosts on a machine with this installation. */
export function hostAbilities({
  codecs,
  available,
}: Pick<Installation, 'codecs' | 'available'>): HostAbilities {
  const decoding = codecs.filter(({ decodes }) => decodes).map(({ name }) => name);
  const encoding = codecs.filter(({ encodes }) => encodes).map(({ name }) => name);
  const files = Object.entries(fileDecoders).filter(([, decoder]) => available.includes(decoder));
  return {
    decodes: new Set([...decoding.map(hostName), ...files.map(([name]) => name)]),
    encodes: new Set(encoding.map(hostName)),
    // Whatever can be used at all has its payloader and depayloader.
    packetizes: new Set([...decoding, ...encoding]),
  };
}
