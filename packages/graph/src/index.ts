/**
 * The planner: endpoints' capabilities and connections in, forwards and their reasons out.
 * @module
 */
export { type ConnectionFilter, ConnectionTable } from './ConnectionTable.ts';
export {
  type Connection,
  type ConsumerPad,
  type ElementPads,
  type MediaType,
  mediaTypes,
  type PadTable,
  type ProducerOwner,
  type ProducerPad,
  type RelayPad,
} from './elements.ts';
export { type FlowChange, FlowTracker } from './FlowTracker.ts';
export {
  type EdgeReason,
  emptyPlan,
  type LinkChange,
  type Plan,
  type PlannedEdge,
  Planner,
  planChanges,
} from './Planner.ts';
