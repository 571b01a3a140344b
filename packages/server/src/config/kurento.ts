/**
 * Kurento's configuration files and the variables of its Docker image, in our keys.
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { isJsonObject } from '@rivero/model';
import { anchored, readKurentoFile, type FileTree } from './files.ts';
import { ConfigError } from './ServerConfig.ts';
import { findSettingKey, valueOf, type Layer, type Setting } from './settings.ts';

/** Our key for a key of Kurento, or why there is none. */
type Target = string | { readonly ignored: string };

const logsElsewhere = { ignored: 'the log goes to standard error' };
const noThreads = { ignored: 'requests need no threads here' };
const composite = { ignored: 'has no effect in Kurento either' };

/** Keys of the main file and of the module files, each of which is a level of its own. */
const keys: Readonly<Record<string, Target>> = {
  'mediaServer.resources.exceptionLimit': 'resources.exceptionLimit',
  'mediaServer.resources.killLimit': 'resources.killLimit',
  'mediaServer.resources.garbageCollectorPeriod': 'garbageCollectorPeriod',
  'mediaServer.resources.disableRequestCache': 'disableRequestCache',
  'mediaServer.net.websocket.address': 'host',
  'mediaServer.net.websocket.port': 'port',
  'mediaServer.net.websocket.path': 'path',
  'mediaServer.net.websocket.threads': noThreads,
  'mediaServer.net.websocket.connqueue': 'backlog',
  'mediaServer.net.websocket.secure.port': 'tls.port',
  'mediaServer.net.websocket.secure.certificate': 'tls.certificate',
  'mediaServer.net.websocket.secure.password': 'tls.password',
  'mediaServer.net.websocket.registrar.address': 'registrar.address',
  'mediaServer.net.websocket.registrar.localAddress': 'registrar.localAddress',
  'BaseRtpEndpoint.minPort': 'udpPort',
  'BaseRtpEndpoint.maxPort': 'udpPortMax',
  'BaseRtpEndpoint.mtu': 'media.mtu',
  'MediaElement.encoderBitrate': 'media.encoderBitrate',
  'MediaElement.minEncoderBitrate': 'media.minEncoderBitrate',
  'MediaElement.maxEncoderBitrate': 'media.maxEncoderBitrate',
  'SdpEndpoint.numAudioMedias': 'media.numAudioMedias',
  'SdpEndpoint.numVideoMedias': 'media.numVideoMedias',
  'SdpEndpoint.audioCodecs': 'media.audioCodecs',
  'SdpEndpoint.videoCodecs': 'media.videoCodecs',
  'UriEndpoint.defaultPath': 'media.defaultPath',
  'WebRtcEndpoint.networkInterfaces': 'interfaces',
  'WebRtcEndpoint.stunServerAddress': 'media.stunServerAddress',
  'WebRtcEndpoint.stunServerPort': 'media.stunServerPort',
  'WebRtcEndpoint.turnURL': 'media.turnUrl',
  'WebRtcEndpoint.pemCertificateRSA': 'media.pemCertificateRsa',
  'WebRtcEndpoint.pemCertificateECDSA': 'media.pemCertificateEcdsa',
  'WebRtcEndpoint.externalIPv4': 'media.externalIPv4',
  'WebRtcEndpoint.externalIPv6': 'media.externalIPv6',
  'WebRtcEndpoint.iceTcp': 'media.iceTcp',
  'WebRtcEndpoint.qos-dscp': 'media.qosDscp',
  'WebRtcEndpoint.enable-h265': 'media.enableH265',
  'HttpEndpoint.port': 'media.httpPort',
  'HttpEndpoint.serverPort': 'media.httpPort',
  'HttpEndpoint.serverAddress': 'media.httpAddress',
  'HttpEndpoint.announcedAddress': 'media.httpAnnouncedAddress',
  'PlayerEndpoint.rtspClientPortRange': 'media.rtspClientPortRange',
  'RecorderEndpoint.gapsFix': 'media.gapsFix',
  'Composite.width': composite,
  'Composite.height': composite,
  'Composite.framerate': composite,
};

/** Variables of the Docker image. */
const variables: Readonly<Record<string, Target>> = {
  KMS_MIN_PORT: 'udpPort',
  KMS_MAX_PORT: 'udpPortMax',
  KMS_MTU: 'media.mtu',
  KMS_EXTERNAL_IPV4: 'media.externalIPv4',
  KMS_EXTERNAL_IPV6: 'media.externalIPv6',
  KMS_NETWORK_INTERFACES: 'interfaces',
  KMS_ICE_TCP: 'media.iceTcp',
  KMS_STUN_IP: 'media.stunServerAddress',
  KMS_STUN_PORT: 'media.stunServerPort',
  KMS_TURN_URL: 'media.turnUrl',
  KMS_PEM_CERTIFICATE_RSA: 'media.pemCertificateRsa',
  KMS_PEM_CERTIFICATE_ECDSA: 'media.pemCertificateEcdsa',
  KMS_UID: { ignored: 'start the process as the user that it should be' },
  KURENTO_LOGS_PATH: logsElsewhere,
  KURENTO_LOG_FILE_SIZE: logsElsewhere,
  KURENTO_NUMBER_LOG_FILES: logsElsewhere,
  KURENTO_MODULES_PATH: { ignored: "plugins of Kurento's own are no use here" },
};

/** What Kurento calls the setting `key`: names of its files and variables of its image. */
export function kurentoNamesOf(key: string): readonly string[] {
  return [...Object.entries(keys), ...Object.entries(variables)]
    .filter(([, target]) => target === key)
    .map(([name]) => name);
}

/** Folders below the one with the module files that are searched. */
const MAX_DEPTH = 8;

/** One value of Kurento under our key, or a note if it has none. */
function translate(target: Target | undefined, name: string, raw: unknown, origin: string): Layer {
  if (target === undefined) return { settings: [], notes: [`${origin}: '${name}' is unknown and ignored`] };
  if (typeof target !== 'string') {
    return { settings: [], notes: [`${origin}: '${name}' is not used: ${target.ignored}`] };
  }
  const value = plainValue(target, raw);
  if (value === 'auto') {
    const note = `${origin}: '${name}' = auto is not used yet: our own addresses are announced`;
    return { settings: [], notes: [note] };
  }
  return { settings: [{ key: target, value, origin }], notes: [] };
}

/** A value as our keys want it: numbers from text, codec names from objects, a list from text. */
function plainValue(target: string, raw: unknown): unknown {
  const key = findSettingKey(target);
  if (key === undefined) return raw;
  if (typeof raw === 'string') return valueOf(key, raw);
  if (typeof raw === 'number' && key.types.has('boolean')) return raw !== 0;
  if (typeof raw === 'number' && key.types.has('string')) return String(raw);
  if (!Array.isArray(raw)) return raw;
  return raw.map((item: unknown) => (isJsonObject(item) ? item['name'] : item));
}

function merged(layers: readonly Layer[]): Layer {
  return {
    settings: layers.flatMap(({ settings }) => settings),
    notes: layers.flatMap(({ notes }) => notes),
  };
}

/** All values below a node; what the table knows as a value is not taken apart. */
function leaves(tree: FileTree, prefix: string, origin: string): Layer[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const key = prefix + name;
    if (isJsonObject(value) && !Object.hasOwn(keys, key)) return leaves(value, `${key}.`, origin);
    return [translate(Object.hasOwn(keys, key) ? keys[key] : undefined, key, value, origin)];
  });
}

function at(tree: unknown, ...names: string[]): FileTree {
  let node = tree;
  for (const name of names) node = isJsonObject(node) ? node[name] : undefined;
  return isJsonObject(node) ? node : {};
}

/** The rules of Kurento that are not a matter of names: port 0 or none means off, `ipv6` chooses the address. */
function listenerRules(tree: FileTree, origin: string): Setting[] {
  const socket = at(tree, 'mediaServer', 'net', 'websocket');
  const settings: Setting[] = [];
  const isOff = socket['port'] === undefined || Number(socket['port']) === 0;
  if (isOff && Number(at(socket, 'secure')['port'] ?? 0) > 0)
    settings.push({ key: 'plain', value: false, origin });
  const noIpv6 = socket['ipv6'] === false || socket['ipv6'] === 'false';
  if (noIpv6 && socket['address'] === undefined) {
    settings.push({ key: 'host', value: '0.0.0.0', origin });
  }
  return settings;
}

/** `tree` without what `listenerRules` has dealt with. */
function withoutListenerRules(tree: FileTree): FileTree {
  const mediaServer = at(tree, 'mediaServer');
  const net = at(mediaServer, 'net');
  if (!isJsonObject(net['websocket'])) return tree;
  const { ipv6: _, port, secure, ...websocket } = net['websocket'];
  const kept = {
    ...websocket,
    ...(Number(port ?? 0) !== 0 && { port }),
    // TLS without a port, or with port 0, is off; then its certificate means nothing.
    ...(isJsonObject(secure) && Number(secure['port'] ?? 0) !== 0 && { secure }),
  };
  return { ...tree, mediaServer: { ...mediaServer, net: { ...net, websocket: kept } } };
}

/** The main file. Modules may stand in it too, below `modules.<folder>`. */
function readMain(file: string): Layer {
  const origin = `file ${file}`;
  const { metadata, modules, ...tree } = readKurentoFile(file, origin);
  const layers = leaves(withoutListenerRules(tree), '', origin);
  for (const folder of Object.values(at(modules)))
    if (isJsonObject(folder)) layers.push(...leaves(folder, '', origin));
  const own = listenerRules(tree, origin);
  if (metadata !== undefined) own.push({ key: 'metadata', value: metadata, origin });
  const all = merged([...layers, { settings: own, notes: [] }]);
  return { ...all, settings: all.settings.map((setting) => anchored(setting, file)) };
}

/** One file of a module: its name is the class, its keys are the settings. */
function readModule(file: string): Layer {
  const origin = `file ${file}`;
  const [className = ''] = file.slice(file.lastIndexOf(sep) + 1).split('.');
  const layer = merged(leaves(readKurentoFile(file, origin), `${className}.`, origin));
  return { ...layer, settings: layer.settings.map((setting) => anchored(setting, file)) };
}

/** Files of modules below a folder, in the order of their names. */
function moduleFiles(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`modules-config-path: ${reason}`, { cause: error });
  }
  return names
    .filter((name) => /\.conf\.(json|ini|info)$/.test(name) && name.split(sep).length <= MAX_DEPTH)
    .toSorted()
    .map((name) => join(directory, name));
}

/**
 * The settings in Kurento's files.
 *
 * @param confFile the main file; undefined for none
 * @param modulesConfigPath folder with the files of modules, at any depth; by default `modules` beside the main file
 * @throws {ConfigError} naming the file that cannot be read
 */
export function readKurentoFiles(confFile: string | undefined, modulesConfigPath: string | undefined): Layer {
  const layers: Layer[] = confFile === undefined ? [] : [readMain(confFile)];
  const beside = confFile === undefined ? undefined : join(dirname(confFile), 'modules');
  const directory = modulesConfigPath ?? (beside !== undefined && existsSync(beside) ? beside : undefined);
  if (directory !== undefined) layers.push(...moduleFiles(directory).map(readModule));
  return merged(layers);
}

/** The settings in the variables of Kurento's Docker image. An empty variable is none. */
export function readKurentoEnvironment(environment: NodeJS.ProcessEnv): Layer {
  const layers = Object.entries(variables).flatMap(([name, target]) => {
    const value = environment[name];
    return value === undefined || value === '' ? [] : [translate(target, name, value, `environment ${name}`)];
  });
  const layer = merged(layers);
  const isStun = ({ key }: Setting): boolean => key.startsWith('media.stunServer');
  if (layer.settings.filter(isStun).length !== 1) return layer;
  // As in the image: an address without a port, or a port without an address, is nothing.
  const note = 'environment: KMS_STUN_IP and KMS_STUN_PORT are used only together';
  return { settings: layer.settings.filter((setting) => !isStun(setting)), notes: [...layer.notes, note] };
}
