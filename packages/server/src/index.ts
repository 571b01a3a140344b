/**
 * The media server as a library: start one inside a program, or make classes for it.
 * @module
 */
export { ConfigError, type LogLevel, type PartialConfig, type ServerConfig } from './config.ts';
export { printSettingsPage } from './config/reference.ts';
export { settingsJsonSchema } from './config/schema.ts';
export { MediaObject } from './objects/MediaObject.ts';
export { MediaPipeline } from './objects/MediaPipeline.ts';
export {
  implementedClasses,
  missingClasses,
  type ElementClasses,
  type ElementFactory,
} from './objects/ObjectFactory.ts';
export type { EventListener, RaisedEvent } from './objects/RaisedEvent.ts';
export type { Clock, Placement, ServerContext } from './objects/ServerContext.ts';
export { startServer, type RunningServer, type StartOptions } from './startServer.ts';
