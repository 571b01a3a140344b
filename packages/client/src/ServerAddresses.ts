/**
 * The addresses of a server, or of several of which any will do, and the token that goes with them.
 * @module
 */

/** A token for the server, or what gives a fresh one for each socket, since tokens expire. */
export type AccessToken = string | (() => string | Promise<string>);

/** Addresses in the order of preference; one of them is the current one. */
export class ServerAddresses {
  readonly #urls: readonly string[];
  readonly #accessToken: AccessToken | undefined;
  #index = 0;

  /** @throws {TypeError} If there is no address. */
  constructor(urls: readonly string[], accessToken: AccessToken | undefined) {
    if (urls.length === 0) throw new TypeError('A client needs at least one address');
    this.#urls = urls;
    this.#accessToken = accessToken;
  }

  /** How many there are. */
  get count(): number {
    return this.#urls.length;
  }

  /** The current address for people: without query, user name and password, which may be secrets. */
  get current(): string {
    const url = this.#urls[this.#index] ?? '';
    if (!URL.canParse(url)) return url;
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  }

  /** Makes the next address the current one; after the last comes the first. */
  turn(): void {
    this.#index = (this.#index + 1) % this.#urls.length;
  }

  /**
   * The current address for a socket. The token is its query parameter `access_token`, because pages cannot set
   * headers of a WebSocket.
   * @throws {SyntaxError} If it is no address.
   */
  async dial(): Promise<string> {
    const url = this.#urls[this.#index] ?? '';
    if (this.#accessToken === undefined) return url;
    const token = typeof this.#accessToken === 'string' ? this.#accessToken : await this.#accessToken();
    if (!URL.canParse(url)) throw new SyntaxError('A WebSocket address begins with ws:// or wss://');
    const withToken = new URL(url);
    withToken.searchParams.set('access_token', token);
    return withToken.href;
  }
}
