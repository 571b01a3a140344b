/**
 * What RTP endpoints share: bandwidth limits, connection and media state.
 * @module
 */
import type { SetBandwidth } from '@rivero/datapath';
import { KurentoError } from '@rivero/model';
import type * as api from '@rivero/model/server';
import { SdpEndpoint } from './SdpEndpoint.ts';

/** Bits per second in a kilobit per second, the unit of Kurento's limits. */
const kilo = 1000;

/** Defaults as read back from a running Kurento (spec section 8); kbit/s, 0 for no limit. */
const defaultLimits = { minVideoRecv: 100, minVideoSend: 100, maxVideoSend: 500 };

/** Limits, states and key frames of an endpoint that speaks RTP. */
export abstract class BaseRtpEndpoint extends SdpEndpoint implements api.BaseRtpEndpoint {
  readonly #limits = { ...defaultLimits };
  #mtuBytes = this.context.defaults.mtu;
  #rembParams: api.RembParams = {};
  #connectionState: api.ConnectionState = 'DISCONNECTED';
  #mediaState: api.MediaState = 'DISCONNECTED';

  getMinVideoRecvBandwidth(): number {
    return this.#limits.minVideoRecv;
  }

  async setMinVideoRecvBandwidth({
    minVideoRecvBandwidth,
  }: {
    minVideoRecvBandwidth: number;
  }): Promise<void> {
    this.#limits.minVideoRecv = minVideoRecvBandwidth;
    await this.applyBandwidth();
  }

  getMinVideoSendBandwidth(): number {
    return this.#limits.minVideoSend;
  }

  async setMinVideoSendBandwidth({
    minVideoSendBandwidth,
  }: {
    minVideoSendBandwidth: number;
  }): Promise<void> {
    this.#limits.minVideoSend = minVideoSendBandwidth;
    await this.applyBandwidth();
  }

  getMaxVideoSendBandwidth(): number {
    return this.#limits.maxVideoSend;
  }

  async setMaxVideoSendBandwidth({
    maxVideoSendBandwidth,
  }: {
    maxVideoSendBandwidth: number;
  }): Promise<void> {
    this.#limits.maxVideoSend = maxVideoSendBandwidth;
    await this.applyBandwidth();
  }

  getMtu(): number {
    return this.#mtuBytes;
  }

  /** Kept for elements that packetise; a forwarded packet keeps its size. */
  setMtu({ mtu }: { mtu: number }): void {
    if (mtu < 1)
      throw new KurentoError('MEDIA_OBJECT_ILLEGAL_PARAM_ERROR', `'mtu' should be positive, got ${mtu}`);
    this.#mtuBytes = mtu;
  }

  getRembParams(): api.RembParams {
    return this.#rembParams;
  }

  async setRembParams({ rembParams }: { rembParams: api.RembParams }): Promise<void> {
    this.#rembParams = rembParams;
    await this.applyBandwidth();
  }

  getConnectionState(): api.ConnectionState {
    return this.#connectionState;
  }

  getMediaState(): api.MediaState {
    return this.#mediaState;
  }

  /** Asks the source of our video for a key frame. */
  abstract requestKeyframe(): Promise<void>;

  /** Notes whether the transport is up and tells a change. */
  protected setConnectionState(newState: api.ConnectionState): void {
    const oldState = this.#connectionState;
    if (oldState === newState) return;
    this.#connectionState = newState;
    this.raise('ConnectionStateChanged', { oldState, newState });
  }

  /** Notes whether RTCP arrives and tells a change. */
  protected setMediaState(newState: api.MediaState): void {
    const oldState = this.#mediaState;
    if (oldState === newState) return;
    this.#mediaState = newState;
    this.raise('MediaStateChanged', { oldState, newState });
  }

  override onRouterLost(reason: string): void {
    super.onRouterLost(reason);
    this.setMediaState('DISCONNECTED');
    this.setConnectionState('DISCONNECTED');
  }

  /** The limits in the router's units. `remoteMaxKbps` is the remote's `b=AS`, 0 for none. */
  protected bandwidth(remoteMaxKbps: number): Omit<SetBandwidth, 'transportId'> {
    const { minVideoRecv, minVideoSend, maxVideoSend } = this.#limits;
    return {
      minVideoReceiveBps: minVideoRecv * kilo,
      maxVideoReceiveBps: this.maxVideoRecvKbps * kilo,
      minVideoSendBps: minVideoSend * kilo,
      maxVideoSendBps: lowestLimit(maxVideoSend, remoteMaxKbps) * kilo,
      remb: this.#rembParams,
    };
  }
}

/** The lower of two limits; 0, and whatever is below, means none. */
function lowestLimit(a: number, b: number): number {
  const limits = [a, b].filter((limit) => limit > 0);
  return limits.length === 0 ? 0 : Math.min(...limits);
}
