/**
 * Settings: defaults, precedence, and messages that name the setting.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, readCommandLine, readConfig } from '../src/config.ts';

const directory = mkdtempSync(join(tmpdir(), 'rivero-config-'));
after(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, 'config.json');
  writeFileSync(path, text);
  return path;
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    assert.deepEqual(readConfig({}), {
      port: 8888,
      host: undefined,
      path: 'kurento',
      udpPort: 8888,
      routers: availableParallelism(),
      interfaces: [],
      logLevel: 'info',
      garbageCollectorPeriod: 240,
      metadata: {},
    });
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
  it('puts the command line over the file and the file over the defaults', () => {
    const path = file('{"port": 1000, "udpPort": 1001, "interfaces": ["lo"], "metadata": [1]}');
    const config = readCommandLine(['--config', path, '--port', '2000', '--log-level', 'warn']);
    assert.deepEqual(
      [config?.port, config?.udpPort, config?.interfaces, config?.metadata, config?.logLevel],
      [2000, 1001, ['lo'], [1], 'warn'],
    );
  });

  it('reads every option', () => {
    const config = readCommandLine(
      '--port 0 --udp-port 5 --host 127.0.0.1 --routers 2 --interfaces lo,eth0'.split(' '),
    );
    assert.deepEqual(
      [config?.port, config?.udpPort, config?.host, config?.routers, config?.interfaces],
      [0, 5, '127.0.0.1', 2, ['lo', 'eth0']],
    );
  });

  it('gives nothing when help is asked for', () => {
    assert.equal(readCommandLine(['--help']), undefined);
  });

  const wrong: [string[], RegExp][] = [
    [['--prot', '1'], /--prot/],
    [['--port', 'abc'], /'port'/],
    [['--port', ''], /'port'/],
    [['--config', '/does/not/exist.json'], /--config \/does\/not\/exist\.json/],
    [['stray'], /stray/],
  ];
  for (const [words, message] of wrong) {
    it(`refuses ${words.join(' ')}`, () => {
      assert.throws(
        () => readCommandLine(words),
        (error: unknown) => error instanceof ConfigError && message.test(error.message),
      );
    });
  }

  for (const text of ['{', '[]', '5', '{"port":"x"}']) {
    it(`names the file that holds ${text}`, () => {
      const path = file(text);
      assert.throws(
        () => readCommandLine(['--config', path]),
        (error: unknown) => error instanceof ConfigError && error.message.includes(path),
      );
    });
  }
});
