/**
 * The command line of a tutorial.
 * @module
 */
import { parseArgs } from 'node:util';

/** What a tutorial can be told. */
export interface TutorialOptions {
  /** TCP port of its page; 0 takes any free one. */
  readonly port: number;
  /** WebSocket address of the media server. */
  readonly media: string;
}

const defaults = { port: '8443', media: 'ws://127.0.0.1:8888/kurento' } as const;

const usage = `Options:
  --port   TCP port of the page (${defaults.port})
  --media  WebSocket address of the media server (${defaults.media})
  --help   this text`;

/** The options that the tutorial was started with. Ends it when they are wrong, or when only words are asked for. */
export function tutorialOptions(): TutorialOptions {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: defaults.port },
        media: { type: 'string', default: defaults.media },
        help: { type: 'boolean', default: false },
      },
    });
    if (!values.help) return { port: Number(values.port), media: values.media };
    console.log(usage);
    return process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return process.exit(2);
  }
}
