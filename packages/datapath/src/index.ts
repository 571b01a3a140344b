/**
 * The public API of the datapath package: what control needs to run router processes.
 * @module
 */
export type { ConsumerStats, ProducerStats } from '@rivero/router';
export type * from './operations.ts';
export { RouterProcess, type RouterProcessListener, type RouterProcessOptions } from './RouterProcess.ts';
export type { RouterSettings } from './routerMessages.ts';
