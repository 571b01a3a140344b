/**
 * Settings: defaults, precedence, where each comes from, and messages that name the setting.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readCommandLine, usageText, variableOf } from '../src/config/commandLine.ts';
import { describeConfig } from '../src/config/report.ts';
import { settingKeys, type EffectiveConfig } from '../src/config/settings.ts';
import { ConfigError, readConfig, type ServerConfig } from '../src/config.ts';

const directory = mkdtempSync(join(tmpdir(), 'rivero-config-'));
after(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, 'config.json');
  writeFileSync(path, text);
  return path;
}

/** The settings that a command line and an environment give. */
function read(words: readonly string[], environment: NodeJS.ProcessEnv = {}): EffectiveConfig {
  const invocation = readCommandLine(words, environment);
  assert.ok(invocation.command !== 'help');
  return invocation.effective;
}

function configOf(words: readonly string[], environment: NodeJS.ProcessEnv = {}): ServerConfig {
  return read(words, environment).config;
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    const { media, limits, events, ...config } = readConfig({});
    assert.deepEqual(config, {
      plain: true,
      port: 8888,
      host: undefined,
      path: 'kurento',
      backlog: 511,
      tls: {},
      udpPort: 8888,
      udpPortMax: 65535,
      routers: availableParallelism(),
      interfaces: [],
      logLevel: 'info',
      garbageCollectorPeriod: 240,
      disableRequestCache: false,
      resources: { exceptionLimit: 0.8 },
      registrar: { localAddress: 'localhost' },
      auth: { tokens: [], protectMetrics: true },
      audit: {},
      metrics: true,
      drainSeconds: 0,
      hosts: { mode: 'auto', spares: 1, transcoding: 'allow' },
      metadata: {},
    });
    assert.ok(limits.depth > 0 && events.queue === 0);
    assert.deepEqual([media.mtu, media.encoderBitrate, media.stunServerPort], [1200, 300_000, 3478]);
  });

  it('takes the UDP port from the TCP port, and a path with or without its slash', () => {
    assert.equal(readConfig({ port: 9000 }).udpPort, 9000);
    assert.equal(readConfig({ port: 0 }).udpPort, 0);
    assert.equal(readConfig({ port: 9000, udpPort: 1 }).udpPort, 1);
    assert.equal(readConfig({ path: '/media' }).path, 'media');
  });

  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ port: 'x' }, /'port'/],
    [{ port: -1 }, /'port'/],
    [{ port: 65536 }, /'port'/],
    [{ port: 1.5 }, /'port'/],
    [{ udpPort: null }, /'udpPort'/],
    [{ interfaces: 'lo' }, /'interfaces'/],
    [{ interfaces: [''] }, /'interfaces\.0'/],
    [{ routers: 1000 }, /'routers'/],
    [{ logLevel: 'loud' }, /'logLevel'/],
    [{ garbageCollectorPeriod: 0 }, /'garbageCollectorPeriod'/],
    [{ prot: 1 }, /'prot'/],
    [{ tls: { prot: 1 } }, /'tls\.prot'/],
    [{ tls: 5 }, /'tls'/],
    [{ tls: { port: 1 } }, /'tls\.certificate'/],
    [{ plain: false }, /'plain'/],
    [{ tls: { port: 1, certificate: 'c', clientCa: 'a' } }, /'tls\.clientCa'/],
    [{ udpPort: 5000, udpPortMax: 4999 }, /'udpPortMax'/],
    [{ auth: { tokens: ['short'] } }, /'auth\.tokens\.0': should be a text of 16/],
    [{ auth: { jwtSecret: 'short' } }, /'auth\.jwtSecret'/],
    [{ media: { externalIPv4: '1.2.3' } }, /'media\.externalIPv4'/],
    [{ media: { mtu: 0 } }, /'media\.mtu'/],
  ];
  for (const [given, message] of wrong) {
    it(`refuses ${JSON.stringify(given)}`, () => {
      assert.throws(
        () => readConfig(given),
        (error: unknown) => error instanceof ConfigError && message.test(error.message),
      );
    });
  }
});

describe('readCommandLine', () => {
  it('puts each place over the ones before: file, Docker variables, own variables, command line', () => {
    const path = file(
      '{"port": 1000, "udpPort": 1001, "media": {"mtu": 1001}, "metadata": [1], "path": "a"}',
    );
    const { config, origins } = read(['--config', path, '--port', '2000', '--log-level', 'warn'], {
      KMS_MTU: '1002',
      KMS_MIN_PORT: '1002',
      RIVERO_UDP_PORT: '1003',
      RIVERO_PORT: '1003',
    });
    const { port, udpPort, media, metadata, logLevel } = config;
    assert.deepEqual([port, udpPort, media.mtu, metadata, logLevel], [2000, 1003, 1002, [1], 'warn']);
    assert.deepEqual(Object.fromEntries(origins), {
      port: 'command line --port',
      udpPort: 'environment RIVERO_UDP_PORT',
      'media.mtu': 'environment KMS_MTU',
      metadata: `file ${path}`,
      path: `file ${path}`,
      logLevel: 'command line --log-level',
    });
  });

  it('has an option and a variable for every key', () => {
    for (const { key } of settingKeys) assert.match(variableOf(key), /^RIVERO_[A-Z0-9_]+$/);
    assert.equal(new Set(settingKeys.map(({ key }) => variableOf(key))).size, settingKeys.length);
    assert.equal(variableOf('media.externalIPv4'), 'RIVERO_MEDIA_EXTERNAL_IPV4');
    assert.equal(variableOf('tls.clientCa'), 'RIVERO_TLS_CLIENT_CA');
    assert.match(usageText(), /--tls-client-ca /);
  });

  it('reads numbers, truth, lists and JSON from text', () => {
    const config = configOf(
      '--port 0 --udp-port 5 --host 127.0.0.1 --routers 2 --interfaces lo,eth0 --metrics false'.split(' '),
      {
        RIVERO_METADATA: '{"room":1}',
        RIVERO_MEDIA_VIDEO_CODECS: '["VP8/90000"]',
        RIVERO_MEDIA_ICE_TCP: '0',
      },
    );
    const { port, udpPort, host, routers, interfaces, metrics, metadata, media } = config;
    assert.deepEqual([port, udpPort, host, routers, interfaces], [0, 5, '127.0.0.1', 2, ['lo', 'eth0']]);
    assert.deepEqual(
      [metrics, metadata, media.videoCodecs, media.iceTcp],
      [false, { room: 1 }, ['VP8/90000'], false],
    );
  });

  it('takes file names from where they are written', () => {
    const path = file(
      '{"tls": {"port": 1, "certificate": "c.pem", "key": "/k.pem"}, "auth": {"jwks": "https://x/k"}, "audit": {"file": "-"}}',
    );
    const { tls, auth, audit } = configOf(['--config', path]);
    assert.deepEqual([tls.certificate, tls.key], [join(directory, 'c.pem'), '/k.pem']);
    assert.deepEqual([auth.jwks, audit.file], ['https://x/k', '-']);
  });

  it('finds the file by RIVERO_CONFIG, and takes an empty variable for none', () => {
    assert.equal(configOf([], { RIVERO_CONFIG: file('{"port": 1000}'), RIVERO_PORT: '' }).port, 1000);
  });

  it('tells of variables that look like ours and are not', () => {
    assert.match(read([], { RIVERO_PROT: '1' }).notes.join(), /RIVERO_PROT/);
  });

  it('gives nothing but words when help is asked for', () => {
    assert.deepEqual(readCommandLine(['--help'], {}), { command: 'help' });
  });

  it('tells each option on a line, apart from what it is for', () => {
    const lines = usageText()
      .split('\n')
      .filter((line) => line.startsWith('  '));
    assert.equal(lines.length, settingKeys.length + 4);
    for (const line of lines) assert.match(line, /^ {2}(-\w, )?--[\w-]+ {2,}\S/);
    assert.match(usageText(), /-h, --help/);
  });

  const wrong: [string[], RegExp][] = [
    [['--prot', '1'], /--prot/],
    [['--port', 'abc'], /command line --port: 'port'/],
    [['--port', ''], /'port'/],
    [['--metrics', 'maybe'], /'metrics'/],
    [['--config', '/does/not/exist.json'], /\/does\/not\/exist\.json/],
    [['--conf-file', '/does/not/exist.json'], /\/does\/not\/exist\.json/],
    [['--modules-config-path', '/does/not/exist'], /\/does\/not\/exist/],
    [['stray'], /stray/],
    [['config', 'stray'], /stray/],
  ];
  for (const [words, message] of wrong) {
    it(`refuses ${words.join(' ')}`, () => {
      assert.throws(
        () => readCommandLine(words, {}),
        (error: unknown) => error instanceof ConfigError && message.test(error.message),
      );
    });
  }

  for (const text of ['{', '[]', '5', '{"port":"x"}']) {
    it(`names the file that holds ${text}`, () => {
      const path = file(text);
      assert.throws(
        () => readCommandLine(['--config', path], {}),
        (error: unknown) => error instanceof ConfigError && error.message.includes(path),
      );
    });
  }

  it('does not repeat what stands around a fault of the file', () => {
    const path = file('{"auth":{"jwtSecret":"topsecret-topsecret-topsecret-12" oops}}');
    assert.throws(
      () => readCommandLine(['--config', path], {}),
      (error: unknown) => error instanceof ConfigError && !/secret-/.test(error.message),
    );
  });
});

describe('describeConfig', () => {
  const secret = 'a-secret-of-more-than-32-characters!';

  it('tells every key with its value and its origin', () => {
    const text = describeConfig(read(['config', '--port', '7000']));
    for (const { key } of settingKeys)
      assert.match(text, new RegExp(`^${key.replace('.', '\\.')} +\\S+ +\\S`, 'm'));
    assert.match(text, /^port +7000 +command line --port$/m);
    assert.match(text, /^media\.mtu +1200 +default$/m);
  });

  it('shows no secret', () => {
    const text = describeConfig(
      read(['config', '--auth-jwt-secret', secret, '--auth-tokens', secret], {
        RIVERO_TLS_PASSWORD: secret,
        KMS_TURN_URL: `user:${secret}@192.0.2.1:3478`,
      }),
    );
    assert.ok(!text.includes(secret), text);
    assert.equal(text.match(/\*\*\*/g)?.length, 4);
  });

  it('says what is kept without effect', () => {
    const text = describeConfig(read(['config', '--media-stun-server-address', '192.0.2.1']));
    assert.match(text, /'media\.stunServerAddress' is kept, but not used yet/);
  });
});

describe('the JSON Schema', () => {
  it('is published beside the sources and knows every key', () => {
    const text = readFileSync(new URL('../rivero.config.schema.json', import.meta.url), 'utf8');
    const schema: { properties: Record<string, unknown> } = JSON.parse(text);
    for (const { key } of settingKeys) assert.ok((key.split('.')[0] ?? '') in schema.properties, key);
  });
});
