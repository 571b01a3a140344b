/**
 * The network settings of a WebRtcEndpoint, to be made before candidates are gathered.
 * @module
 */
import { isIP } from 'node:net';
import { KurentoError } from '@rivero/model';
import type * as api from '@rivero/model/server';
import { BaseRtpEndpoint } from './BaseRtpEndpoint.ts';

/** Properties that say how an endpoint finds its way through networks. */
export abstract class WebRtcSettings extends BaseRtpEndpoint {
  #networkInterfaces = this.context.media.options.interfaces.join(',');
  #iceTcp = this.context.defaults.iceTcp;
  #stunServerAddress = this.context.defaults.stunServerAddress;
  #stunServerPort = this.context.defaults.stunServerPort;
  #turnUrl = this.context.defaults.turnUrl;
  #externalIPv4 = this.context.defaults.externalIPv4;
  #externalIPv6 = this.context.defaults.externalIPv6;

  /** Names of the interfaces whose addresses become candidates; empty for the server's choice. */
  protected get interfaceNames(): readonly string[] {
    const names = this.#networkInterfaces.split(',').map((name) => name.trim());
    return names.filter((name) => name !== '');
  }

  /** Names of the interfaces for candidates, separated by commas; empty for the server's choice. */
  getNetworkInterfaces(): string {
    return this.#networkInterfaces;
  }

  /** Restricts the interfaces for candidates, separated by commas. */
  setNetworkInterfaces({ networkInterfaces }: { networkInterfaces: string }): void {
    this.#networkInterfaces = networkInterfaces;
  }

  /** Whether candidates over TCP are wanted. They are not offered yet. */
  getIceTcp(): boolean {
    return this.#iceTcp;
  }

  /** Notes whether candidates over TCP are wanted. */
  setIceTcp({ iceTcp }: { iceTcp: boolean }): void {
    this.#iceTcp = iceTcp;
  }

  /** Address of the STUN server, empty for none. It is not asked yet. */
  getStunServerAddress(): string {
    return this.#stunServerAddress;
  }

  /** Notes the address of a STUN server, an IP address as in Kurento. */
  setStunServerAddress({ stunServerAddress }: { stunServerAddress: string }): void {
    this.#stunServerAddress = stunServerAddress;
  }

  /** Port of the STUN server. */
  getStunServerPort(): number {
    return this.#stunServerPort;
  }

  /**
   * Notes the port of the STUN server.
   *
   * @throws {KurentoError} `MEDIA_OBJECT_ILLEGAL_PARAM_ERROR` outside 1..65535.
   */
  setStunServerPort({ stunServerPort }: { stunServerPort: number }): void {
    if (stunServerPort < 1 || stunServerPort > 65_535) {
      const message = `'stunServerPort' should be between 1 and 65535, got ${stunServerPort}`;
      throw new KurentoError('MEDIA_OBJECT_ILLEGAL_PARAM_ERROR', message);
    }
    this.#stunServerPort = stunServerPort;
  }

  /** TURN server as `user:password@address:port`, empty for none. It is not used yet. */
  getTurnUrl(): string {
    return this.#turnUrl;
  }

  /** Notes a TURN server. */
  setTurnUrl({ turnUrl }: { turnUrl: string }): void {
    this.#turnUrl = turnUrl;
  }

  /** IPv4 address that replaces our own in candidates, empty for none. */
  getExternalIPv4(): string {
    return this.#externalIPv4;
  }

  /**
   * Sets the IPv4 address that replaces our own in candidates, empty for none.
   *
   * @throws {KurentoError} `MEDIA_OBJECT_ILLEGAL_PARAM_ERROR` if it is none: it is written into SDP as it is.
   */
  setExternalIPv4({ externalIPv4 }: { externalIPv4: string }): void {
    assertAddress('externalIPv4', externalIPv4, 4);
    this.#externalIPv4 = externalIPv4;
  }

  /** IPv6 address that replaces our own in candidates, empty for none. */
  getExternalIPv6(): string {
    return this.#externalIPv6;
  }

  /**
   * Sets the IPv6 address that replaces our own in candidates, empty for none.
   *
   * @throws {KurentoError} `MEDIA_OBJECT_ILLEGAL_PARAM_ERROR` if it is none: it is written into SDP as it is.
   */
  setExternalIPv6({ externalIPv6 }: { externalIPv6: string }): void {
    assertAddress('externalIPv6', externalIPv6, 6);
    this.#externalIPv6 = externalIPv6;
  }

  /** A host candidate as it is announced: the external address of its family, if set, replaces its own. */
  protected announced(candidate: string): string {
    const fields = candidate.split(' ');
    const address = fields[addressField] ?? '';
    const external = address.includes(':') ? this.#externalIPv6 : this.#externalIPv4;
    if (external !== '') fields[addressField] = external;
    return fields.join(' ');
  }
}

function assertAddress(name: string, value: string, family: 4 | 6): void {
  if (value === '' || isIP(value) === family) return;
  const message = `'${name}' should be an IPv${family} address, got ${JSON.stringify(value)}`;
  throw new KurentoError('MEDIA_OBJECT_ILLEGAL_PARAM_ERROR', message);
}

/** Position of the connection address in `candidate:… 1 UDP priority address port typ host` (RFC 8839, 5.1). */
const addressField = 4;

/** What the constructor of the API takes, without the pipeline. */
export type WebRtcEndpointOptions = Omit<api.WebRtcEndpointParams, 'mediaPipeline'>;
