/**
 * The public API of the router package.
 * @module
 */
export type {
  BandwidthLimits,
  ConsumeParameters,
  ConsumerStats,
  ProduceParameters,
  ProducerStats,
  RembParameters,
  SessionStats,
} from './parameters.ts';
export { defaultBandwidthLimits } from './parameters.ts';
export { rembDefaults } from './RembController.ts';
export type { RouterContents, RouterOptions } from './Router.ts';
export { Router } from './Router.ts';
export type { RouterListener } from './RouterContext.ts';
export type { OutboundStream, RtpOutlet } from './RtpOutlet.ts';
export type { RtpSession } from './RtpSession.ts';
