/**
 * Version of the API that the built-in modules follow.
 * @module
 */

/** Version of Kurento's API whose names, types and defaults are declared here. Clients check it. */
export const apiVersion = '7.3.0';

/** When the built-in descriptors were last brought in line with that version, as text for `ModuleInfo`. */
export const generationTime = 'Nov 20 2025 12:00:00';
