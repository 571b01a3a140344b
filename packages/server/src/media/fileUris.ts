/**
 * Which files clients may name: URIs of players and recorders, and the directories that they may enter.
 * @module
 */
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KurentoError } from '@rivero/model';

/** Where files may be. */
export interface FilePolicy {
  /** URI of the directory for URIs without a scheme. */
  readonly defaultPath: string;
  /** Directories that files must be in, at any depth; empty for any. */
  readonly directories: readonly string[];
}

const schemePattern = /^[a-z][a-z\d+.-]*:/i;

/** The URI with the default directory in front, if it has no scheme; repeated slashes in its path become one. */
function completeUri(uri: string, { defaultPath }: FilePolicy): string {
  return schemePattern.test(uri) ? uri : `${defaultPath.replace(/\/*$/, '/')}${uri.replace(/^\/+/, '')}`;
}

/**
 * The absolute path of the file that a URI names.
 *
 * @throws {KurentoError} `MEDIA_OBJECT_ILLEGAL_PARAM_ERROR` if it names no local file, or one that the policy refuses
 */
export function filePath(uri: string, policy: FilePolicy): string {
  const complete = completeUri(uri, policy);
  if (!/^file:/i.test(complete)) throw refused(`'${uri}' names no file`);
  const path = pathOf(complete, uri);
  if (path.includes('\0')) throw refused(`'${uri}' names no file`);
  const { directories } = policy;
  const isInside = (directory: string): boolean => path.startsWith(resolve(directory).replace(/\/*$/, sep));
  if (directories.length > 0 && !directories.some(isInside)) {
    throw refused(`'${uri}' is outside of the directories that this server allows`);
  }
  return path;
}

function pathOf(complete: string, uri: string): string {
  try {
    return resolve(fileURLToPath(complete.replace(/^file:\/*/i, 'file:///')));
  } catch (error) {
    throw refused(`'${uri}' is no URI of a file: ${error instanceof Error ? error.message : ''}`);
  }
}

function refused(message: string): KurentoError {
  return new KurentoError('MEDIA_OBJECT_ILLEGAL_PARAM_ERROR', message);
}
