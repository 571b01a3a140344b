/**
 * Real certificates for tests, made by the system's openssl.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with an authority and whatever it signs. */
export class Certificates {
  /** The folder. */
  readonly directory: string = mkdtempSync(join(tmpdir(), 'rivero-tls-'));

  constructor() {
    this.#openssl('req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' '), [
      '-subj',
      '/CN=Test authority',
      '-keyout',
      this.path('ca.key'),
      '-out',
      this.path('ca.pem'),
    ]);
  }

  /** The certificate of the authority. */
  get ca(): Buffer {
    return readFileSync(this.path('ca.pem'));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  /** Makes `<name>.key`, `<name>.crt` and `<name>.pem`, which holds both, for localhost. */
  make(name: string, { commonName = 'localhost', password = '', algorithm = 'ec' } = {}): void {
    const secret = password === '' ? ['-nodes'] : ['-passout', `pass:${password}`];
    const [key, request, certificate] = ['key', 'csr', 'crt'].map((end) => this.path(`${name}.${end}`));
    if (key === undefined || request === undefined || certificate === undefined)
      throw new TypeError('three names');
    const curve = algorithm === 'ec' ? ['-pkeyopt', 'ec_paramgen_curve:prime256v1'] : [];
    this.#openssl(
      ['req', '-newkey', algorithm, ...curve],
      [
        ...secret,
        '-subj',
        `/CN=${commonName}`,
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        request,
      ],
    );
    const sign = 'x509 -req -days 30 -copy_extensions copy'.split(' ');
    this.#openssl(sign, [
      '-in',
      request,
      '-CA',
      this.path('ca.pem'),
      '-CAkey',
      this.path('ca.key'),
      '-out',
      certificate,
    ]);
    writeFileSync(
      this.path(`${name}.pem`),
      Buffer.concat([this.read(`${name}.crt`), this.read(`${name}.key`)]),
    );
  }

  /** Puts a file in place of another one at once, as renewal tools do. */
  replace(name: string, by: string): void {
    writeFileSync(this.path('next'), this.read(by));
    renameSync(this.path('next'), this.path(name));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  #openssl(command: readonly string[], words: readonly string[]): void {
    execFileSync('openssl', [...command, ...words], { stdio: 'pipe' });
  }
}
