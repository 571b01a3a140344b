/**
 * The certificate of the TLS listener: read from files, read again when they change.
 * @module
 */
import { X509Certificate } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import { ConfigError, type TlsConfig } from '../config.ts';

/** What a TLS server needs, and what a program may do with a change. */
type Listener = (options: SecureContextOptions) => void;

/** Files are replaced one after the other; after so many milliseconds without another change they are read. */
const SETTLE_MS = 200;
/** From so many days before its end on, a certificate is warned about. */
const WARNING_DAYS = 14;
const DAY_MS = 86_400_000;

/** The certificate of the TLS listener. */
export class TlsFiles {
  readonly #config: TlsConfig;
  readonly #log: Logger;
  readonly #listeners: Listener[] = [];
  readonly #watchers: FSWatcher[] = [];
  #options: SecureContextOptions;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Reads the files.
   *
   * @throws {ConfigError} naming the setting whose file cannot be used
   */
  constructor(config: TlsConfig, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.#options = readOptions(config);
    this.#warnOfEnd();
  }

  /** What a TLS server needs now. */
  get options(): SecureContextOptions {
    return this.#options;
  }

  /** True if clients must show a certificate. */
  get wantsClientCertificate(): boolean {
    return this.#config.clientCa !== undefined;
  }

  /** Tells `listener` of every change from now on. */
  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /**
   * Reads the files again and tells if something changed. Files that cannot be used are logged and the old ones
   * stay in force: connections go on, and new ones too.
   */
  reload(): void {
    let options: SecureContextOptions;
    try {
      options = readOptions(this.#config);
    } catch (error) {
      this.#log.error({ err: error }, 'certificate not reloaded, the old one stays');
      return;
    }
    if (JSON.stringify(options) === JSON.stringify(this.#options)) return;
    this.#options = options;
    for (const listener of this.#listeners) listener(options);
    this.#log.info({ certificate: this.#config.certificate }, 'certificate reloaded');
    this.#warnOfEnd();
  }

  /** Reloads whenever something changes in the folders of the files, until `close`. */
  watch(): void {
    const { certificate, key, clientCa } = this.#config;
    const files = [certificate, key, clientCa].filter((file) => file !== undefined);
    // Folders, not files: a file that is replaced is another file, and its name may be a link.
    for (const folder of new Set(files.map((file) => dirname(file)))) {
      const watcher = watch(folder, { persistent: false }, () => this.#changed());
      watcher.on('error', (error) => this.#log.warn({ err: error, folder }, 'certificate is not watched'));
      this.#watchers.push(watcher);
    }
  }

  /** Stops watching. */
  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers.length = 0;
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.reload(), SETTLE_MS);
    this.#timer.unref();
  }

  #warnOfEnd(): void {
    const { cert } = this.#options;
    if (typeof cert !== 'string') return;
    const { validTo } = new X509Certificate(cert);
    const leftMs = Date.parse(validTo) - Date.now();
    if (leftMs < WARNING_DAYS * DAY_MS) this.#log.warn({ validTo }, 'certificate ends soon, or has ended');
  }
}

function readSetting(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`'${setting}': ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** The contents of the files, tried out. */
function readOptions({ certificate, key, password, clientCa }: TlsConfig): SecureContextOptions {
  if (certificate === undefined) throw new ConfigError(`'tls.certificate': is needed by tls.port`);
  const cert = readSetting(certificate, 'tls.certificate');
  const options: SecureContextOptions = {
    cert,
    // As Kurento: one file may hold both.
    key: key === undefined ? cert : readSetting(key, 'tls.key'),
    ...(password !== undefined && { passphrase: password }),
    ...(clientCa !== undefined && { ca: readSetting(clientCa, 'tls.clientCa') }),
  };
  tryOut('tls.certificate', 'cannot be used with its key or password', () => createSecureContext(options));
  // An authority that cannot be read would only show when the first client comes.
  const { ca } = options;
  if (typeof ca === 'string') tryOut('tls.clientCa', 'holds no certificate', () => new X509Certificate(ca));
  return options;
}

function tryOut(setting: string, trouble: string, attempt: () => unknown): void {
  try {
    attempt();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`'${setting}': ${trouble}: ${reason}`, { cause: error });
  }
}
