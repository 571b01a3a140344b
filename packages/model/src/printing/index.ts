/**
 * Printers of TypeScript interfaces: the typed client and server of a set of modules, and the client of one module of
 * somebody else.
 * @module
 */
export { printClientInterface } from './clientInterface.ts';
export { printModuleClient } from './moduleClient.ts';
export { printServerInterface } from './serverInterface.ts';
