/**
 * What is installed, as `rivero doctor` tells it; and launch text of elements.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decodeFactories, encodeFactories, mediaCodecs } from '../src/codecs.ts';
import { missingPackages, usedFactories } from '../src/factories.ts';
import { describeInstallation } from '../src/installation.ts';
import { launchElement } from '../src/launchElement.ts';

describe('describeInstallation', () => {
  it('finds every element and codec on a machine that was set up', async () => {
    const found = await describeInstallation();
    assert.match(found.version ?? '', /^GStreamer 1\.\d+/);
    assert.equal(found.reason, undefined);
    assert.deepEqual(found.missing, []);
    assert.deepEqual(found.packages, []);
    assert.equal(found.available.length, usedFactories.length);
    assert.deepEqual(
      found.codecs.filter(({ decodes, encodes }) => !decodes || !encodes),
      [],
    );
  });
});

describe('describeInstallation without GStreamer', () => {
  it('names what is missing, and the packages to install, when there are no plugins', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rivero-gst-'));
    const environment = { GST_PLUGIN_SYSTEM_PATH_1_0: folder, GST_REGISTRY_1_0: join(folder, 'registry') };
    const found = await describeInstallation({ environment });
    rmSync(folder, { recursive: true });
    assert.match(found.version ?? '', /^GStreamer 1/);
    assert.deepEqual(found.available, []);
    assert.ok(found.packages.includes('gstreamer1.0-plugins-good'));
    assert.ok(found.codecs.every(({ decodes, encodes }) => !decodes && !encodes));
  });

  it('says why no process comes up', async () => {
    const found = await describeInstallation({ environment: { NODE_OPTIONS: '--no-such-option' } });
    assert.equal(found.version, undefined);
    assert.match(found.reason ?? '', /did not start/);
    assert.equal(found.missing.length, usedFactories.length);
  });
});

describe('missingPackages', () => {
  it('names the package of each element once', () => {
    assert.deepEqual(missingPackages(['vp8enc', 'vp8dec', 'x264enc', 'no-such-element']), [
      'gstreamer1.0-plugins-good',
      'gstreamer1.0-plugins-ugly',
    ]);
  });

  it('knows every element of the codec table', () => {
    const named = mediaCodecs.flatMap((codec) => [...decodeFactories(codec), ...encodeFactories(codec)]);
    assert.deepEqual(
      named.filter((name) => !usedFactories.includes(name)),
      [],
    );
  });
});

describe('launchElement', () => {
  it('writes texts so that the parser of launch text reads them back', () => {
    assert.equal(
      launchElement(['queue', { leaky: 'downstream', 'max-size-time': 0n }], 'q'),
      'queue name=q leaky="downstream" max-size-time=0',
    );
    assert.equal(
      launchElement(['filesrc', { location: 'a "b" \\c ! d' }]),
      'filesrc location="a \\"b\\" \\\\c ! d"',
    );
  });
});
