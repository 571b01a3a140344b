/**
 * `rivero gen client`: writes the typed client of a module from its description.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KmdError, readKmd } from '@rivero/model';
import { printModuleClient } from '@rivero/model/printing';

/** What a command did: the exit code of the process and what it prints. */
export interface CommandOutcome {
  /** 0 if all went well. */
  readonly exitCode: 0 | 1 | 2;
  /** For standard output. */
  readonly stdout: string;
  /** For standard error. */
  readonly stderr: string;
}

const usage = `Usage: rivero gen client FILE.kmd.json… [--out FILE.ts]

Writes the typed client of the module that the files describe, to standard output or to the file named by --out.
Use it with: connect(url, { modules: […] }), and pipeline.create('module.Class').
`;

/** Runs `gen` with the words after it. */
export function runGen(args: readonly string[]): CommandOutcome {
  const words = readWords(args);
  if (words === undefined) return { exitCode: 2, stdout: '', stderr: usage };
  if (words.help) return { exitCode: 0, stdout: usage, stderr: '' };
  try {
    const module = readKmd(words.files.map((name) => ({ name, text: readFileSync(name, 'utf8') })));
    const text = printModuleClient(module);
    if (words.out === undefined) return { exitCode: 0, stdout: text, stderr: '' };
    writeFileSync(words.out, text);
    return { exitCode: 0, stdout: `${words.out}: client of module ${module.name}\n`, stderr: '' };
  } catch (error) {
    // What is wrong with the description, or a file that cannot be read or written.
    if (error instanceof KmdError || isSystemError(error)) {
      return { exitCode: 1, stdout: '', stderr: `${error.message}\n` };
    }
    throw error;
  }
}

interface Words {
  readonly files: readonly string[];
  readonly out: string | undefined;
  readonly help: boolean;
}

function readWords(args: readonly string[]): Words | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { out: { type: 'string', short: 'o' }, help: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [what, ...files] = positionals;
    const help = values.help === true;
    return help || (what === 'client' && files.length > 0) ? { files, out: values.out, help } : undefined;
  } catch {
    return undefined;
  }
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
