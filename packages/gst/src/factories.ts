/**
 * The elements that this server uses, and the Debian package of each.
 * @module
 */

/** Elements by the package that brings them. */
const factoriesByPackage = {
  'libgstreamer1.0-0': [
    'capsfilter',
    'concat',
    'fakesink',
    'fakesrc',
    'fdsink',
    'fdsrc',
    'filesink',
    'filesrc',
    'identity',
    'queue',
    'queue2',
    'tee',
    'typefind',
    'valve',
  ],
  'gstreamer1.0-plugins-base': [
    'appsink',
    'appsrc',
    'audioconvert',
    'audiomixer',
    'audiorate',
    'audioresample',
    'audiotestsrc',
    'clocksync',
    'compositor',
    'decodebin3',
    'oggdemux',
    'oggmux',
    'opusdec',
    'opusenc',
    'parsebin',
    'theoradec',
    'uridecodebin3',
    'urisourcebin',
    'videoconvert',
    'videoconvertscale',
    'videorate',
    'videoscale',
    'videotestsrc',
    'volume',
    'vorbisdec',
    'vorbisenc',
  ],
  'gstreamer1.0-plugins-good': [
    'aacparse',
    'alawdec',
    'alawenc',
    'alpha',
    'avidemux',
    'flvdemux',
    'jpegdec',
    'jpegenc',
    'level',
    'matroskademux',
    'matroskamux',
    'mp4mux',
    'mulawdec',
    'mulawenc',
    'qtdemux',
    'rtpL16depay',
    'rtpL16pay',
    'rtpamrdepay',
    'rtpamrpay',
    'rtpbin',
    'rtpg722depay',
    'rtpg722pay',
    'rtph263depay',
    'rtph263pay',
    'rtph263pdepay',
    'rtph263ppay',
    'rtph264depay',
    'rtph264pay',
    'rtph265depay',
    'rtph265pay',
    'rtpjitterbuffer',
    'rtpmp4gdepay',
    'rtpmp4gpay',
    'rtpopusdepay',
    'rtpopuspay',
    'rtppcmadepay',
    'rtppcmapay',
    'rtppcmudepay',
    'rtppcmupay',
    'rtpspeexdepay',
    'rtpspeexpay',
    'rtpstreamdepay',
    'rtpstreampay',
    'rtpvp8depay',
    'rtpvp8pay',
    'rtpvp9depay',
    'rtpvp9pay',
    'rtspsrc',
    'souphttpsrc',
    'speexdec',
    'speexenc',
    'videobalance',
    'videobox',
    'videocrop',
    'videoflip',
    'vp8dec',
    'vp8enc',
    'vp9dec',
    'vp9enc',
    'wavenc',
    'wavparse',
    'webmmux',
  ],
  'gstreamer1.0-plugins-bad': [
    'av1parse',
    'h263parse',
    'h264parse',
    'h265parse',
    'openh264enc',
    'opusparse',
    'voaacenc',
    'voamrwbenc',
    'vp9parse',
    'x265enc',
  ],
  'gstreamer1.0-plugins-ugly': ['amrnbdec', 'amrnbenc', 'amrwbdec', 'x264enc'],
  'gstreamer1.0-libav': [
    'avdec_aac',
    'avdec_g722',
    'avdec_h263',
    'avdec_h264',
    'avdec_h265',
    'avdec_mp3',
    'avenc_aac',
    'avenc_g722',
    'avenc_h263',
    'avenc_h263p',
  ],
  'gstreamer1.0-x': ['textoverlay'],
} as const;

/** Name of a Debian package with elements. */
export type GstPackage = keyof typeof factoriesByPackage;

/** Name of an element that this server uses. */
export type FactoryName = (typeof factoriesByPackage)[GstPackage][number];

const packageOf: ReadonlyMap<string, string> = new Map(
  Object.entries(factoriesByPackage).flatMap(([name, factories]) =>
    factories.map((factory): [string, string] => [factory, name]),
  ),
);

/** Every element that this server uses. */
export const usedFactories: readonly string[] = [...packageOf.keys()];

/** The Debian packages that bring these elements, sorted; elements that we do not know bring none. */
export function missingPackages(factories: readonly string[]): string[] {
  const names = factories.map((factory) => packageOf.get(factory)).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}
