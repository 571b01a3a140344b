/**
 * What the page and the application say to each other.
 * @module
 */
import { type Candidate, parseCandidate } from '../site/candidate.ts';

/** What the page says. */
export type FromPage =
  | { readonly id: 'start'; readonly sdpOffer: string }
  | { readonly id: 'onIceCandidate'; readonly candidate: Candidate }
  | { readonly id: 'stop' };

/** What the application says. */
export type FromApp =
  | { readonly id: 'startResponse'; readonly sdpAnswer: string }
  | { readonly id: 'iceCandidate'; readonly candidate: Candidate }
  | { readonly id: 'stopped' }
  | { readonly id: 'error'; readonly message: string };

/** The message of a page, or undefined if it is none. A page is not to be trusted. */
export function parseFromPage(message: { readonly id: string }): FromPage | undefined {
  switch (message.id) {
    case 'start':
      return 'sdpOffer' in message && typeof message.sdpOffer === 'string'
        ? { id: 'start', sdpOffer: message.sdpOffer }
        : undefined;
    case 'onIceCandidate': {
      const candidate = 'candidate' in message ? parseCandidate(message.candidate) : undefined;
      return candidate && { id: 'onIceCandidate', candidate };
    }
    case 'stop':
      return { id: 'stop' };
    default:
      return undefined;
  }
}
