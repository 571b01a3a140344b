/**
 * Files that clients may name.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filePath } from '../src/media/fileUris.ts';

const anywhere = { defaultPath: 'file:///var/lib/kurento/', directories: [] };
const inMedia = { defaultPath: 'file:///srv/media', directories: ['/srv/media/', '/data'] };

describe('The path of a file URI', () => {
  for (const [uri, path] of [
    ['file:///tmp/a.webm', '/tmp/a.webm'],
    ['FILE:///tmp//deep///a.webm', '/tmp/deep/a.webm'],
    ['file:/tmp/a.webm', '/tmp/a.webm'],
    ['file:///tmp/a%20b.webm', '/tmp/a b.webm'],
    ['a.webm', '/var/lib/kurento/a.webm'],
    ['/a.webm', '/var/lib/kurento/a.webm'],
    ['file:///tmp/../etc/passwd', '/etc/passwd'],
  ] as const) {
    it(`of ${uri} is ${path}`, () => assert.equal(filePath(uri, anywhere), path));
  }

  for (const uri of ['http://host/a.webm', 'gopher:a', 'file:///tmp/%2fa', 'file:///tmp/%00']) {
    it(`is refused for ${uri}`, () => assert.throws(() => filePath(uri, anywhere), { code: 40107 }));
  }

  for (const uri of ['a.webm', 'file:///srv/media/x/a.webm', 'file:///data/a', 'x/../a.webm']) {
    it(`is allowed inside of the directories: ${uri}`, () => assert.ok(filePath(uri, inMedia)));
  }

  for (const uri of [
    'file:///tmp/a.webm',
    'file:///srv/media/../a.webm',
    'file:///srv/mediaother/a',
    '../a.webm',
    '%2e%2e/a.webm',
    'file:///data',
  ]) {
    it(`is refused outside of the directories: ${uri}`, () =>
      assert.throws(() => filePath(uri, inMedia), { code: 40107 }));
  }
});
