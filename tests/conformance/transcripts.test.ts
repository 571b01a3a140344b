/**
 * Every golden transcript, against a real server process.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ServerProcess } from './ServerProcess.ts';
import { runTranscript } from './Transcript.ts';

const directory = new URL('transcripts/', import.meta.url);

describe('golden transcripts', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.ended('SIGTERM'));

  for (const file of readdirSync(directory).toSorted()) {
    it(file, () => runTranscript(readFileSync(new URL(file, directory), 'utf8'), server.wsUrl));
  }
});
