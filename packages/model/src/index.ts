/**
 * The Kurento API as data: descriptors of every class, tables to look things up, errors, and the translation of
 * values from and to the wire. The typed interfaces are in `@rivero/model/server` and `@rivero/model/client`.
 * @module
 */
export { api, createApi } from './api.ts';
export type {
  Creation,
  EnumType,
  EventType,
  Field,
  Fields,
  Method,
  Module,
  Property,
  RegisterType,
  RemoteClass,
  Result,
  TypeName,
  Unit,
} from './descriptor.ts';
export { ErrorCode, type ErrorType, KurentoError } from './errors.ts';
export { isJsonObject, type JsonObject } from './JsonObject.ts';
export { LenientJsonError, parseLenientJson } from './lenientJson.ts';
export { builtInModules } from './modules/index.ts';
export { getterName, setterName } from './operations.ts';
export { KmdError, type KmdFile, readKmd } from './readKmd.ts';
export type {
  Api,
  ClassInfo,
  DecodeContext,
  EncodeContext,
  EventInfo,
  ModuleInfo,
  Operation,
} from './tables.ts';
