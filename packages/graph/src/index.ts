/**
 * The planner: endpoints' capabilities and connections in, forwards, host branches and their reasons out.
 * @module
 */
export { type ConnectionFilter, ConnectionTable } from './ConnectionTable.ts';
export {
  type Connection,
  type ConsumerPad,
  type ElementPads,
  type Framerate,
  type HostFormat,
  type HostSinkPad,
  type HostSourcePad,
  type HostTransformPad,
  type MediaType,
  mediaTypes,
  type OutputFormat,
  outputId,
  type PadTable,
  type ProducerOwner,
  type ProducerPad,
  type RelayPad,
  type SinkPad,
  type SourcePad,
} from './elements.ts';
export { type FlowChange, FlowTracker } from './FlowTracker.ts';
export { type HostAbilities, hostName, rawName, standardHost } from './hostCodecs.ts';
export {
  type Decoder,
  type EdgeReason,
  type Encoder,
  emptyPlan,
  type Feed,
  type HostLink,
  type NothingCause,
  type Plan,
  type PlannedEdge,
  type Tap,
  withoutBranches,
} from './Plan.ts';
export { Planner, type PlannerOptions } from './Planner.ts';
export {
  type BranchStep,
  type LinkChange,
  type LinkStep,
  type PlanStep,
  planChanges,
  planSteps,
} from './planSteps.ts';
export { type TranscodingChange, TranscodingTracker } from './TranscodingTracker.ts';
