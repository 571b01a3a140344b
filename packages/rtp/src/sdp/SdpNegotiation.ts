/**
 * One offer/answer exchange of a WebRTC endpoint. RFC 3264, RFC 8829; rules of detail are Kurento's.
 * @module
 */
import { answerTo } from './answer.ts';
import { type LocalDescription, printLocalDescription } from './LocalDescription.ts';
import type { NegotiatedSession, SdpConfig } from './NegotiatedSession.ts';
import { applyAnswer, offerOf, type SdpOfferOptions } from './offer.ts';
import { parseRemoteDescription } from './parseRemoteDescription.ts';
import { SdpError } from './SdpError.ts';

/** A media section of our description, as far as ICE candidates need it. */
export interface SectionOutline {
  /** Value of `a=mid`; empty if the section has none. */
  readonly mid: string;
  /** Position, from 0: the `sdpMLineIndex` of candidates. */
  readonly index: number;
  /** Rejected sections have no candidates. */
  readonly rejected: boolean;
}

/**
 * Negotiates once: either `createAnswer`, or `createOffer` and then `acceptAnswer`. A call that throws changes nothing.
 */
export class SdpNegotiation {
  readonly #config: SdpConfig;
  #offer: LocalDescription | undefined;
  #local: LocalDescription | undefined;
  #remote: string | undefined;
  #result: NegotiatedSession | undefined;

  /** Nothing is called on `config` before an offer or answer is made. */
  constructor(config: SdpConfig) {
    this.#config = config;
  }

  /** What both sides agreed on; undefined until both descriptions are known. */
  get result(): NegotiatedSession | undefined {
    return this.#result;
  }

  /** Our media sections, as far as they are decided; empty before an offer or answer is made. */
  get sections(): readonly SectionOutline[] {
    const sections = this.#local?.sections ?? [];
    return sections.map(({ mid = '', rejected }, index) => ({ mid, index, rejected }));
  }

  /**
   * Our offer, without candidates.
   *
   * @throws {SdpError} SDP_END_POINT_ALREADY_NEGOTIATED if an offer was made or answered before.
   */
  createOffer(options: SdpOfferOptions = {}): string {
    this.#requireFresh();
    this.#offer = offerOf(this.#config, options);
    this.#local = this.#offer;
    return this.localDescription();
  }

  /**
   * Our answer to a remote offer, without candidates.
   *
   * @throws {SdpError} SDP_PARSE_ERROR if it is empty, no SDP, beyond `sdpLimits`, or lacks ICE credentials or a
   *   fingerprint; SDP_END_POINT_ALREADY_NEGOTIATED if an offer was made or answered before.
   */
  createAnswer(offer: string): string {
    this.#requireFresh();
    const { local, session } = answerTo(parseRemoteDescription(offer, 'offer'), this.#config);
    this.#remote = offer;
    this.#local = local;
    this.#result = session;
    return this.localDescription();
  }

  /**
   * Takes the answer to our offer and returns our final description: the offer, reduced to what was accepted.
   *
   * @throws {SdpError} SDP_END_POINT_NOT_OFFER_GENERATED without an offer of ours;
   *   SDP_END_POINT_ANSWER_ALREADY_PROCCESED the second time; SDP_PARSE_ERROR as in `createAnswer`;
   *   SDP_END_POINT_PROCESS_ANSWER_ERROR if its sections are not those of the offer.
   */
  acceptAnswer(answer: string): string {
    const offer = this.#offer;
    if (offer !== undefined && this.#result !== undefined) {
      throw new SdpError('SDP_END_POINT_ANSWER_ALREADY_PROCCESED', 'Sdp Answer already processed');
    }
    if (offer === undefined) {
      throw new SdpError(
        'SDP_END_POINT_NOT_OFFER_GENERATED',
        'Offer not generated. It is not possible to process an answer',
      );
    }
    const { local, session } = applyAnswer(offer, parseRemoteDescription(answer, 'answer'), this.#config);
    this.#remote = answer;
    this.#local = local;
    this.#result = session;
    return this.localDescription();
  }

  /**
   * Our description with `candidates` (`candidate:` strings, `a=` in front or not) in every accepted section and the
   * default candidate's address in the c- and m-lines. `complete` adds `a=end-of-candidates`.
   *
   * @throws {SdpError} SDP_END_POINT_NO_LOCAL_SDP_ERROR before an offer or answer is made.
   */
  localDescription(candidates: readonly string[] = [], complete = false): string {
    if (this.#local === undefined) {
      throw new SdpError('SDP_END_POINT_NO_LOCAL_SDP_ERROR', 'Local SDP not generated yet');
    }
    return printLocalDescription(this.#local, this.#config, candidates, complete);
  }

  /**
   * The remote description as it was given.
   *
   * @throws {SdpError} SDP_END_POINT_NO_REMOTE_SDP_ERROR before one is processed.
   */
  remoteDescription(): string {
    if (this.#remote === undefined) {
      throw new SdpError('SDP_END_POINT_NO_REMOTE_SDP_ERROR', 'Remote SDP not processed yet');
    }
    return this.#remote;
  }

  #requireFresh(): void {
    if (this.#local !== undefined) {
      throw new SdpError('SDP_END_POINT_ALREADY_NEGOTIATED', 'Endpoint already negotiated');
    }
  }
}
