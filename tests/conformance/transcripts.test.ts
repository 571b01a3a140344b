/**
 * Every golden transcript, against a real server process.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ServerProcess } from './ServerProcess.ts';
import { runCase } from './Transcript.ts';
import { parseCases } from './TranscriptCase.ts';

const directory = new URL('transcripts/', import.meta.url);

describe('golden transcripts', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.ended('SIGTERM'));

  for (const file of readdirSync(directory).toSorted()) {
    describe(file, () => {
      for (const transcript of parseCases(readFileSync(new URL(file, directory), 'utf8'))) {
        it(transcript.name, () => runCase(transcript, server.wsUrl));
      }
    });
  }
});
