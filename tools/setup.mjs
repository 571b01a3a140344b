/**
 * Brings a bare machine to the point where this house can work: packages, the pinned Node, a browser for the tests.
 *
 * Plain JavaScript without dependencies, because it runs before `npm ci` and on whatever Node is there (18 or newer).
 * @module
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the house, absolute. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Oldest Node that runs TypeScript as is without a flag. */
const oldestNode = [22, 18];

/**
 * What the tests need from the system: any of the executables or files, and the apt package that brings it.
 * A `*` in the path of a file stands for one folder. `npm start` needs none of it: without GStreamer the server forwards.
 */
const systemNeeds = [
  {
    what: 'Chromium, for the tests with a browser',
    variable: 'RIVERO_CHROMIUM',
    executables: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    aptPackage: 'chromium',
  },
  { what: 'openssl, for the certificates of the tests', executables: ['openssl'], aptPackage: 'openssl' },
  plugin('libgstapp.so', 'gstreamer1.0-plugins-base'),
  plugin('libgstrtp.so', 'gstreamer1.0-plugins-good'),
  plugin('libgstx265.so', 'gstreamer1.0-plugins-bad'),
  plugin('libgstx264.so', 'gstreamer1.0-plugins-ugly'),
  plugin('libgstlibav.so', 'gstreamer1.0-libav'),
  plugin('libgstpango.so', 'gstreamer1.0-x'),
  { what: 'GStreamer tools', executables: ['gst-inspect-1.0'], aptPackage: 'gstreamer1.0-tools' },
  description('Gst-1.0', 'libgstreamer1.0-dev'),
  description('GstApp-1.0', 'libgstreamer-plugins-base1.0-dev'),
  description('GObject-2.0', 'libgirepository1.0-dev'),
  { what: 'ffprobe, for the tests of recordings', executables: ['ffprobe'], aptPackage: 'ffmpeg' },
];

/** A file of GStreamer's plugins, in the plugin folder of Debian or of other systems. */
function plugin(file, aptPackage) {
  const files = ['/usr/lib/*/gstreamer-1.0', '/usr/lib/gstreamer-1.0', '/usr/lib64/gstreamer-1.0'];
  return {
    what: `GStreamer's ${file}, for the tests with media`,
    files: files.map((folder) => `${folder}/${file}`),
    aptPackage,
  };
}

/** The description of a C library, with which the table of signatures is compared. */
function description(name, aptPackage) {
  return {
    what: `${name}.gir, for the test of the binding`,
    files: [`/usr/share/gir-1.0/${name}.gir`],
    aptPackage,
  };
}

/** Prints to standard error, because standard output belongs to the program that is about to start. */
function say(text) {
  process.stderr.write(`${text}\n`);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Absolute path of the first of `names` that PATH holds, or undefined. */
function findExecutable(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of names) {
    const folder = folders.find((candidate) => candidate !== '' && isExecutable(join(candidate, name)));
    if (folder !== undefined) return join(folder, name);
  }
  return undefined;
}

/** True when node_modules is there and not older than the lock file. */
function packagesAreCurrent() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** Runs `npm ci` when needed. Its output goes to standard error. Ends the process when it fails. */
export function ensurePackages() {
  if (packagesAreCurrent()) return;
  say('setup: npm ci');
  const cli = process.env.npm_execpath;
  const ownNpm = cli !== undefined && basename(cli).startsWith('npm');
  const [command, before] = ownNpm ? [process.execPath, [cli]] : ['npm', []];
  const { status, error } = spawnSync(command, [...before, 'ci', '--include=dev', '--include=optional'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    say(`setup: npm ci failed${error ? ` (${error.message})` : ''}`);
    process.exit(status || 1);
  }
}

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/** Path of the Node that runs this house: the pinned one, otherwise the one that runs this file when it is new enough. */
export function findNode() {
  const pinned = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (isNewEnough(process.version)) return process.execPath;
  say(
    `setup: there is no pinned Node for ${process.platform} ${process.arch}, and Node ${process.version} is too old.\n` +
      `setup: install Node ${oldestNode.join('.')} or newer (24 is what we test) from https://nodejs.org/ and run this again.`,
  );
  process.exit(1);
}

/** The first of `patterns` that exists, or undefined. */
function findFile(patterns) {
  for (const pattern of patterns) {
    const [before, after] = pattern.split('/*/');
    if (after === undefined) {
      if (existsSync(pattern)) return pattern;
    } else if (existsSync(before)) {
      const found = readdirSync(before).find((folder) => existsSync(join(before, folder, after)));
      if (found !== undefined) return join(before, found, after);
    }
  }
  return undefined;
}

function findNeed(need) {
  const chosen = need.variable === undefined ? undefined : process.env[need.variable];
  if (chosen !== undefined && chosen !== '') return chosen;
  return need.executables === undefined ? findFile(need.files) : findExecutable(need.executables);
}

function installByApt(packages) {
  const line = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || findExecutable(['apt-get']) === undefined) {
    say(
      `setup: packages of the system are missing. Type this, then run the tests again:\n  sudo sh -c '${line}'`,
    );
    process.exit(1);
  }
  say(`setup: ${line}`);
  const { status } = spawnSync('sh', ['-c', line], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) {
    say(`setup: apt-get failed; as root, type: ${line}`);
    process.exit(1);
  }
}

/**
 * Makes sure that the system has what the tests need, and puts the paths into the environment (`RIVERO_CHROMIUM`).
 *
 * As root on a system with apt it installs what is missing; otherwise it prints the line to type and ends the process.
 */
export function ensureSystem() {
  const missing = systemNeeds.filter((need) => findNeed(need) === undefined);
  if (missing.length > 0) {
    for (const { what, variable } of missing)
      say(`setup: missing ${what}${variable === undefined ? '' : ` (or set ${variable} to its path)`}`);
    installByApt(missing.map((need) => need.aptPackage));
  }
  for (const need of systemNeeds)
    if (need.variable !== undefined) process.env[need.variable] = findNeed(need);
}
