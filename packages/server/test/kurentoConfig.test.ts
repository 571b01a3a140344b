/**
 * Kurento's configuration files and variables, read as they are: spec 4.1, 4.2, 4.5.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readCommandLine } from '../src/config/commandLine.ts';
import type { EffectiveConfig } from '../src/config/settings.ts';
import { ConfigError } from '../src/config.ts';

const root = mkdtempSync(join(tmpdir(), 'rivero-kurento-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

/** Writes files into a folder of their own; returns its path. */
function folder(files: Readonly<Record<string, string>>): string {
  const directory = join(root, String(folders++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

function read(words: readonly string[], environment: NodeJS.ProcessEnv = {}): EffectiveConfig {
  const invocation = readCommandLine(words, environment);
  assert.ok(invocation.command !== 'help');
  return invocation.effective;
}

/** The settings of a main file of this name and text. */
function main(name: string, text: string): EffectiveConfig {
  return read(['--conf-file', join(folder({ [name]: text }), name)]);
}

const sample = `{
  "mediaServer": {
    "resources": {
      // A line comment, "with quotes".
      "//exceptionLimit": "0.1",
      "exceptionLimit": "0.9",
      "killLimit": "0.7",
      "garbageCollectorPeriod": 120
    },
    "net": {
      "websocket": {
        "port": 8889,
        "//address": "a comment",
        "//address": "the same key again",
        "path": "kurento",
        "threads": 10,
        "connqueue": 64,
        "registrar": { "address": "ws://192.0.2.1:9090", "localAddress": "media" },
        "secure": { "port": 8433, "certificate": "cert//+key.pem", "password": "s" }
      }
    }
  },
  "metadata": { "//": "gone", "room": "http://x" }
}`;

describe("Kurento's main file", () => {
  it('is read with its comments, from JSON', () => {
    const directory = folder({ 'kurento.conf.json': sample });
    const { config, notes } = read([], { KURENTO_CONF_FILE: join(directory, 'kurento.conf.json') });
    assert.deepEqual(config.resources, { exceptionLimit: 0.9, killLimit: 0.7 });
    assert.deepEqual([config.garbageCollectorPeriod, config.port, config.backlog], [120, 8889, 64]);
    assert.deepEqual(config.registrar, { address: 'ws://192.0.2.1:9090', localAddress: 'media' });
    assert.deepEqual(config.tls, {
      port: 8433,
      certificate: join(directory, 'cert//+key.pem'),
      password: 's',
    });
    assert.deepEqual([config.plain, config.host], [true, undefined]);
    assert.deepEqual(config.metadata, { room: 'http://x' });
    assert.match(notes.join('\n'), /'mediaServer\.net\.websocket\.threads' is not used/);
  });

  it('is read from .ini', () => {
    const { config } = main(
      'kurento.conf.ini',
      '; comment\n[mediaServer.net.websocket]\nport = 9000\npath=/media\n[mediaServer.resources]\ndisableRequestCache=true\n',
    );
    assert.deepEqual([config.port, config.path, config.disableRequestCache], [9000, 'media', true]);
  });

  it('is read from .info', () => {
    const { config } = main(
      'kurento.conf.info',
      'mediaServer\n{\n  net {\n    websocket { ; comment\n      port 9000\n      path "media"\n    }\n  }\n}\n',
    );
    assert.deepEqual([config.port, config.path], [9000, 'media']);
  });

  const socket = (members: object): string =>
    JSON.stringify({ mediaServer: { net: { websocket: members } } });
  const secure = { port: 8433, certificate: 'x.pem' };

  for (const port of [undefined, 0, '0']) {
    it(`listens with TLS alone when its port is ${port} and TLS has one`, () => {
      const { config } = main('k.json', socket({ port, secure }));
      assert.deepEqual([config.plain, config.tls.port, config.udpPort], [false, 8433, 8433]);
    });
  }

  it('has no TLS when the secure port is 0', () => {
    const { config } = main('k.json', socket({ port: 1, secure: { ...secure, port: 0 } }));
    assert.deepEqual([config.plain, config.tls.port], [true, undefined]);
  });

  it('listens on IPv4 alone when ipv6 is off', () => {
    assert.equal(main('k.json', socket({ ipv6: false })).config.host, '0.0.0.0');
    assert.equal(main('k.json', socket({ ipv6: false, address: '127.0.0.1' })).config.host, '127.0.0.1');
    assert.equal(main('k.json', socket({ ipv6: true })).config.host, undefined);
  });

  it('may hold what belongs to modules', () => {
    const { config } = main('k.json', '{"modules":{"kurento":{"BaseRtpEndpoint":{"mtu":1000}}}}');
    assert.equal(config.media.mtu, 1000);
  });

  const wrong: [string, string, RegExp][] = [
    ['k.json', '{', /k\.json: line 1: is no JSON/],
    ['k.json', '{\n"pin" "1234"}', /k\.json: line 2: is no JSON: A colon is missing after a name$/],
    ['k.json', '[]', /k\.json/],
    ['k.xml', '<a/>', /\.json, \.ini or \.info/],
    ['k.ini', 'nonsense', /k\.ini: line 1/],
    ['k.info', 'a { b 1', /'a' is not closed/],
    ['k.info', 'a 1 }', /stray '\}'/],
    ['k.json', socket({ port: 'x' }), /file .*k\.json: 'port'/],
  ];
  for (const [name, text, message] of wrong) {
    it(`is refused by name: ${name} with ${text}`, () => {
      assert.throws(
        () => main(name, text),
        (error: unknown) => error instanceof ConfigError && message.test(error.message),
      );
    });
  }
});

describe("Kurento's module files", () => {
  const files = {
    'modules/kurento/BaseRtpEndpoint.conf.ini': '; minPort=1\nminPort=5000\nmaxPort=5000\nmtu=1100\n',
    'modules/kurento/MediaElement.conf.ini': 'encoderBitrate=500000\nmaxEncoderBitrate=1000000\n',
    'modules/kurento/SdpEndpoint.conf.json':
      '{"numAudioMedias": 2, "audioCodecs": [{"name": "opus/48000/2"}], "//videoCodecs": [], "videoCodecs": [{"name": "H264/90000"}, {"name": "VP8/90000"}]}',
    'modules/kurento/deep/er/WebRtcEndpoint.conf.ini':
      'externalIPv4=192.0.2.7\nnetworkInterfaces=eth0,lo\nstunServerAddress=192.0.2.1\niceTcp=0\nturnURL=u:p@192.0.2.1:3478\npemCertificateRSA=rsa.pem\nqos-dscp=AUDIO_HIGH\nenable-h265=true\n',
    'modules/kurento/HttpEndpoint.conf.ini': 'serverPort=9091\n',
    'modules/kurento/Composite.conf.ini': 'width=1\n',
    'modules/kurento/UriEndpoint.conf.ini': 'defaultPath=file:///tmp/\n',
    'modules/kurento/RecorderEndpoint.conf.ini': 'gapsFix=GENPTS\n',
    'modules/kurento/Strange.conf.ini': 'x=1\n',
    'modules/kurento/readme.txt': 'not a configuration',
  };

  it('are found at any depth', () => {
    const directory = folder(files);
    const { config, notes, origins } = read(['--modules-config-path', join(directory, 'modules')]);
    const { media } = config;
    assert.deepEqual([config.udpPort, config.udpPortMax, config.routers], [5000, 5000, 1]);
    assert.deepEqual([media.mtu, media.encoderBitrate, media.maxEncoderBitrate], [1100, 500_000, 1_000_000]);
    assert.deepEqual([media.numAudioMedias, media.numVideoMedias], [2, 1]);
    assert.deepEqual([media.audioCodecs, media.videoCodecs], [['opus/48000/2'], ['H264/90000', 'VP8/90000']]);
    assert.deepEqual(
      [config.interfaces, media.externalIPv4, media.iceTcp],
      [['eth0', 'lo'], '192.0.2.7', false],
    );
    assert.equal(media.pemCertificateRsa, join(directory, 'modules/kurento/deep/er/rsa.pem'));
    assert.deepEqual([media.qosDscp, media.enableH265, media.httpPort], ['AUDIO_HIGH', true, 9091]);
    assert.deepEqual([media.defaultPath, media.gapsFix], ['file:///tmp/', 'GENPTS']);
    assert.match(origins.get('media.mtu') ?? '', /^file .*BaseRtpEndpoint\.conf\.ini$/);
    const text = notes.join('\n');
    assert.match(text, /'media\.stunServerAddress' is kept, but not used yet/);
    assert.match(text, /'Composite\.width' is not used/);
    assert.match(text, /'Strange\.x' is unknown and ignored/);
  });

  it('are looked for beside the main file', () => {
    const directory = folder({ ...files, 'kurento.conf.json': '{}' });
    assert.equal(read(['--conf-file', join(directory, 'kurento.conf.json')]).config.media.mtu, 1100);
    assert.equal(read(['-f', join(directory, 'kurento.conf.json')]).config.media.mtu, 1100);
    assert.equal(read(['-c', join(directory, 'modules')]).config.media.mtu, 1100);
  });
});

describe("the variables of Kurento's image", () => {
  it('are read', () => {
    const { config } = read([], {
      KMS_MIN_PORT: '5000',
      KMS_MAX_PORT: '5001',
      KMS_MTU: '1000',
      KMS_EXTERNAL_IPV4: '192.0.2.7',
      KMS_EXTERNAL_IPV6: '2001:db8::7',
      KMS_NETWORK_INTERFACES: 'eth0',
      KMS_ICE_TCP: '0',
      KMS_STUN_IP: '192.0.2.1',
      KMS_STUN_PORT: '3479',
      KMS_TURN_URL: 'u:p@192.0.2.1:3478',
    });
    const { media } = config;
    assert.deepEqual([config.udpPort, config.udpPortMax, config.interfaces], [5000, 5001, ['eth0']]);
    assert.deepEqual([media.mtu, media.externalIPv4, media.externalIPv6], [1000, '192.0.2.7', '2001:db8::7']);
    assert.deepEqual(
      [media.iceTcp, media.stunServerAddress, media.stunServerPort],
      [false, '192.0.2.1', 3479],
    );
    assert.equal(media.turnUrl, 'u:p@192.0.2.1:3478');
  });

  it('are named when they do nothing', () => {
    const { notes } = read([], { KMS_UID: '1000', KURENTO_LOGS_PATH: '/var/log' });
    assert.match(
      notes.join('\n'),
      /'KMS_UID' is not used: .*\n.*'KURENTO_LOGS_PATH' is not used: the log goes to/,
    );
  });

  it('want STUN address and port together, and say that auto does nothing', () => {
    const { config, notes } = read([], { KMS_STUN_IP: '192.0.2.1', KMS_EXTERNAL_IPV4: 'auto' });
    assert.deepEqual([config.media.stunServerAddress, config.media.externalIPv4], ['', '']);
    assert.match(
      notes.join('\n'),
      /KMS_STUN_IP and KMS_STUN_PORT[^]*auto is not used yet|auto is not used yet[^]*KMS_STUN/,
    );
  });
});
