/**
 * What the golden transcripts leave out: operations of classes, sections of the specification.
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { api } from '@rivero/model';
import { ServerProcess } from './ServerProcess.ts';
import { expandRequest, parseCases, type TranscriptCase } from './TranscriptCase.ts';
import { TranscriptSocket } from './TranscriptSocket.ts';

const directory = new URL('transcripts/', import.meta.url);

const cases: readonly TranscriptCase[] = readdirSync(directory).flatMap((file) =>
  parseCases(readFileSync(new URL(file, directory), 'utf8')),
);

/** Class of the object that the text of an id stands for. */
function classOf(id: string): string | undefined {
  if (id === 'manager_ServerManager') return 'ServerManager';
  return /^<([A-Z]\w*):\w+>$/.exec(id)?.[1] ?? /_\w+\.(\w+)$/.exec(id)?.[1];
}

/** Puts every `Class.operation` that is invoked anywhere in `value` into `found`. */
function collectInvocations(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) collectInvocations(member, found);
  if (!('object' in value) || !('operation' in value)) return;
  const { object, operation } = value;
  if (typeof object !== 'string' || typeof operation !== 'string') return;
  const name = classOf(object);
  if (name !== undefined) found.add(`${name}.${operation}`);
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invokedOperations(): Set<string> {
  const found = new Set<string>();
  for (const { lines } of cases) {
    for (const { action, body } of lines) {
      if (action === '>') collectInvocations(parseIfJson(expandRequest(body, () => 0)), found);
    }
  }
  return found;
}

/** Names of the classes that the server at `url` says it can create. */
async function implementedClasses(url: string): Promise<string[]> {
  const socket = new TranscriptSocket(url);
  await socket.opened();
  socket.send(expandRequest('manager.getInfo', () => 0));
  const { result } = JSON.parse(await socket.next());
  await socket.close();
  return result.value.modules.flatMap((module: { factories: string[] }) => module.factories);
}

describe('golden transcripts', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.ended('SIGTERM'));

  it('invoke every operation of every implemented class', async () => {
    const invoked = invokedOperations();
    const missing: string[] = [];
    for (const name of ['ServerManager', ...(await implementedClasses(server.wsUrl))]) {
      for (const operation of api.findClass(name)?.operations.keys() ?? []) {
        if (!invoked.has(`${name}.${operation}`)) missing.push(`${name}.${operation}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  it('are at least 150, each named by the section of its rule, no name twice', () => {
    const names = cases.map(({ name }) => name);
    assert.ok(names.length >= 150, `${names.length} cases`);
    assert.deepEqual(
      names.filter((name) => !/^(\d\.\d+|8) /.test(name)),
      [],
    );
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it('prove something of every section of the protocol', () => {
    // 1.9 is proven with a clock in the server's own tests too; 1.13 needs a registrar and is proven there.
    const sections = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14].map((part) => `1.${part}`);
    const proven = new Set(cases.map(({ name }) => name.split(' ', 1)[0]));
    assert.deepEqual(
      [...sections, '8'].filter((section) => !proven.has(section)),
      [],
    );
  });
});
