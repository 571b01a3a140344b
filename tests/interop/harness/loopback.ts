/**
 * The smallest call there is: a page, one WebRtcEndpoint, and back.
 * @module
 */
import type { Control } from './Control.ts';
import type { PagePeer } from './PagePeer.ts';

/** A running loopback. */
export interface Loopback {
  readonly pipeline: string;
  readonly endpoint: string;
  readonly peer: PagePeer;
}

/** Joins a page's peer connection to an endpoint: the page offers, candidates of the server trickle. */
export async function negotiate(control: Control, endpoint: string, peer: PagePeer): Promise<void> {
  const early: unknown[] = [];
  let take = (candidate: unknown): unknown => early.push(candidate);
  await control.on(endpoint, 'IceCandidateFound', ({ candidate }) => take(candidate));
  const answer = String(await control.invoke(endpoint, 'processOffer', { offer: await peer.createOffer() }));
  await control.invoke(endpoint, 'gatherCandidates');
  await peer.acceptAnswer(answer);
  take = (candidate) => void peer.addCandidate(candidate as RTCIceCandidateInit);
  for (const candidate of early) take(candidate);
}

/** Joins two endpoints of one server by SDP, candidates of both passed on as they come. */
export async function joinBySdp(control: Control, offerer: string, answerer: string): Promise<void> {
  for (const [from, to] of [
    [offerer, answerer],
    [answerer, offerer],
  ] as const) {
    await control.on(from, 'IceCandidateFound', ({ candidate }) => {
      void control.invoke(to, 'addIceCandidate', { candidate });
    });
  }
  const offer = await control.invoke(offerer, 'generateOffer');
  const answer = await control.invoke(answerer, 'processOffer', { offer });
  await control.invoke(offerer, 'processAnswer', { answer });
  await control.invoke(offerer, 'gatherCandidates');
  await control.invoke(answerer, 'gatherCandidates');
}

/** Builds a pipeline with one endpoint that is connected to itself, and joins the page to it. */
export async function loopback(control: Control, peer: PagePeer): Promise<Loopback> {
  const pipeline = await control.create('MediaPipeline');
  const endpoint = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
  await control.invoke(endpoint, 'connect', { sink: endpoint });
  await negotiate(control, endpoint, peer);
  return { pipeline, endpoint, peer };
}
