/**
 * What ends or begins in a media host beside transcoders: the inputs of a recorder, for instance.
 * @module
 */
import type { MediaType } from '@rivero/graph';
import type { StreamDescription } from './HostStream.ts';
import type { RouterLink } from './RouterLink.ts';

/** A host node of the plan. Its calls are made one after the other, in the order of plans. */
export interface MediaNode {
  /** Encoded media arrives at an input, as a producer of the router, until `unlink`. */
  link(type: MediaType, stream: StreamDescription, link: RouterLink): Promise<void>;
  /** It does so no more. Often another `link` follows at once. */
  unlink(type: MediaType): Promise<void>;
  /** All links of a plan are made. */
  settled(): void;
}
