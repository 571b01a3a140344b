/**
 * The schema of the settings: kinds, limits, defaults and what each is for. To add a setting, add it here and to
 * `ServerConfig`; the file, `RIVERO_…`, the command line, `rivero config` and the JSON Schema follow by themselves.
 *
 * Marks on a key: `writeOnly` for a secret, `x-path` for the name of a file, relative to the file that names it,
 * `x-notUsedYet` for what is kept but does nothing yet.
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { defaultLimits } from '../protocol/Limits.ts';
import { dscpOf } from '../elements/dscp.ts';
import type { ServerConfig } from './ServerConfig.ts';

const port = z.int().min(0).max(65535);
const text = z.string().min(1);
const count = z.int().min(0);
const secret = { writeOnly: true };
const path = { 'x-path': true };
const unused = { 'x-notUsedYet': true };
const scope = z.enum(['admin', 'create', 'media']);

/** A key that may be missing, what it is for, and its marks. */
function optional<T extends z.ZodType>(type: T, description: string, marks: object = {}): z.ZodOptional<T> {
  return type.optional().meta({ description, ...marks });
}

const tls = z.strictObject({
  port: optional(port, 'TCP port of wss and https; absent: no TLS. Kurento uses 8433'),
  certificate: optional(text, 'PEM file: the certificate chain, with the key unless tls.key is set', path),
  key: optional(text, 'PEM file with the key', path),
  password: optional(text, 'password of the key', secret),
  clientCa: optional(text, 'PEM file of authorities; clients must then show a certificate', path),
});

const staticToken = z.union(
  [
    // A bare text is a token that may do everything.
    z
      .string()
      .min(16)
      .transform((token) => ({ token, name: 'static', scopes: ['admin' as const] })),
    z.strictObject({
      token: z.string().min(16),
      name: text.default('static'),
      scopes: z.array(scope).min(1).default(['admin']),
    }),
  ],
  'should be a text of 16 characters or more, or {token, name, scopes} with such a token',
);

const auth = z.strictObject({
  tokens: z
    .array(staticToken)
    .default([])
    .meta({ description: 'static tokens of 16 characters or more, or {token, name, scopes}', ...secret }),
  jwtSecret: optional(z.string().min(32), 'secret of JWTs signed with HS256, 32 bytes or more', secret),
  jwks: optional(text, 'file or https URL of the public keys that sign JWTs (JWKS)', path),
  audience: optional(text, 'what the claim aud of a JWT must hold'),
  issuer: optional(text, 'what the claim iss of a JWT must be'),
  protectMetrics: z.boolean().default(true).describe('/metrics needs a token with scope admin'),
});

const resources = z.strictObject({
  exceptionLimit: z
    .number()
    .positive()
    .max(1)
    .default(0.8)
    .describe('share of a limit above which create is refused'),
  killLimit: optional(z.number().positive().max(1), 'share above which a server without objects ends itself'),
  cpuLimit: optional(
    z.number().positive().max(1),
    'share of a core used by the least busy router above which create is refused; absent: any',
  ),
});

const bound = z.int().min(1);

const limits = z.strictObject({
  messageBytes: bound
    .max(256 * 1024 * 1024)
    .default(defaultLimits.messageBytes)
    .describe('bytes of a message; a larger one closes the connection with 1009'),
  depth: bound
    .max(1000)
    .default(defaultLimits.depth)
    .describe('levels of arrays and objects in a message; a deeper one is answered -32600'),
  bufferedBytes: bound
    .default(defaultLimits.bufferedBytes)
    .describe('bytes that may wait for a slow reader; more close the connection with 1008'),
  requestsInWork: bound
    .default(defaultLimits.requestsInWork)
    .describe('requests in work at which a connection is not read any more'),
  requestsPerSecond: z
    .number()
    .min(0)
    .default(defaultLimits.requestsPerSecond)
    .describe('requests of a connection per second; more close it with 1008; 0: any'),
  requestBurst: bound
    .default(defaultLimits.requestBurst)
    .describe('requests at once before requestsPerSecond counts'),
  sessionsPerConnection: bound
    .default(defaultLimits.sessionsPerConnection)
    .describe('sessions of a connection; a further one is refused with 40009'),
  subscriptionsPerSession: bound
    .default(defaultLimits.subscriptionsPerSession)
    .describe('subscriptions of a session; a further one is refused with 40009'),
  operationsPerTransaction: bound
    .default(defaultLimits.operationsPerTransaction)
    .describe('operations of a transaction; a longer one is refused with 40008'),
});

const events = z.strictObject({
  queue: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe('events kept for a session without a socket, told when it comes back; 0: none, as Kurento'),
});

const registrar = z.strictObject({
  address: optional(
    text.refine((value) => /^wss?:\/\//.test(value) && URL.canParse(value), 'should be a URL with ws or wss'),
    'WebSocket URL of a registrar',
  ),
  localAddress: text.default('localhost').describe('host under which others reach us, told to the registrar'),
});

const codecs = z.array(text).default([]);

const media = z.strictObject({
  mtu: z.int().min(1).max(65535).default(1200).describe('largest RTP packet that we make, bytes'),
  encoderBitrate: count.default(300_000).describe('bit rate of encoders, bit/s'),
  minEncoderBitrate: count.default(0).describe('lowest bit rate of encoders, bit/s; 0 for none'),
  maxEncoderBitrate: count.default(0).describe('highest bit rate of encoders, bit/s; 0 for none'),
  numAudioMedias: count.max(16).default(1).describe('audio sections in an offer'),
  numVideoMedias: count.max(16).default(1).describe('video sections in an offer'),
  audioCodecs: codecs.describe('audio codecs by preference, as opus/48000/2; empty for all'),
  videoCodecs: codecs.describe('video codecs by preference, as VP8/90000; empty for all'),
  externalIPv4: z
    .string()
    .refine((value) => value === '' || isIPv4(value), 'should be an IPv4 address')
    .default('')
    .describe('IPv4 address that replaces our own in candidates'),
  externalIPv6: z
    .string()
    .refine((value) => value === '' || isIPv6(value), 'should be an IPv6 address')
    .default('')
    .describe('IPv6 address that replaces our own in candidates'),
  iceTcp: z
    .boolean()
    .default(true)
    .meta({ description: 'whether candidates over TCP are wanted', ...unused }),
  stunServerAddress: z
    .string()
    .default('')
    .meta({ description: 'IP address of the STUN server', ...unused }),
  stunServerPort: z
    .int()
    .min(1)
    .max(65535)
    .default(3478)
    .meta({ description: 'port of the STUN server', ...unused }),
  turnUrl: z
    .string()
    .default('')
    .meta({ description: 'TURN server as user:password@address:port', ...unused, ...secret }),
  defaultPath: text
    .default('file:///var/lib/kurento/')
    .describe('directory for relative URIs of players and recorders'),
  directories: z
    .array(text)
    .default([])
    .describe('directories that files of players and recorders must be in; empty: any'),
  pemCertificateRsa: optional(
    text,
    'PEM file with RSA certificate and key for DTLS; absent: made at start',
    path,
  ),
  pemCertificateEcdsa: optional(text, 'the same with ECDSA', path),
  qosDscp: optional(
    text.refine(
      (value) => dscpOf(value) !== undefined,
      'should be a name of DSCPValue, as AUDIO_HIGH or AF41',
    ),
    'DSCP of outgoing packets, a name of DSCPValue',
  ),
  enableH265: z.boolean().default(false).describe('whether H.265 is offered when videoCodecs is empty'),
  httpPort: optional(port, 'port of HTTP endpoints', unused),
  httpAddress: optional(text, 'address of HTTP endpoints', unused),
  httpAnnouncedAddress: optional(text, 'address of HTTP endpoints in their URLs', unused),
  rtspClientPortRange: optional(text, 'UDP ports of RTSP players, as 5000-5100', unused),
  gapsFix: optional(z.enum(['NONE', 'GENPTS']), 'how recorders fill gaps', unused),
});

const hosts = z.strictObject({
  mode: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('auto: media hosts if GStreamer is installed; off: none'),
  spares: z
    .int()
    .min(0)
    .max(64)
    .default(1)
    .describe('media host processes that wait ready once one was needed'),
  transcoding: z
    .enum(['allow', 'forbid'])
    .default('allow')
    .describe('forbid: a connect that would need transcoding is refused with 40004'),
});

const schema = z.strictObject({
  $schema: z.string().optional().describe('where editors find this schema'),
  plain: z.boolean().default(true).describe('listen without TLS on port'),
  port: port.default(8888).describe('TCP port of ws and http; 0: any'),
  host: optional(text, 'address to listen on; absent: all'),
  path: z.string().default('kurento').describe('path of the WebSocket'),
  backlog: z.int().min(1).max(65535).default(511).describe('connections that may wait to be accepted'),
  tls: tls.prefault({}),
  udpPort: optional(port, 'UDP port of the first router, further ones count up; absent: as port'),
  udpPortMax: port.min(1).default(65535).describe('highest UDP port of routers'),
  // Routers are whole processes; more than cores bring nothing. 0 is for servers that only plan.
  routers: optional(z.int().min(0).max(256), 'number of router processes; absent: one per CPU'),
  interfaces: z.array(text).default([]).describe('network interfaces for candidates; empty: all'),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('trace, debug, info, warn, error, fatal or silent'),
  garbageCollectorPeriod: z
    .number()
    .positive()
    .max(86_400)
    .default(240)
    .describe('seconds; an abandoned session ends after one to two of them'),
  disableRequestCache: z.boolean().default(false).describe('execute repeated requests again'),
  limits: limits.prefault({}),
  events: events.prefault({}),
  resources: resources.prefault({}),
  registrar: registrar.prefault({}),
  auth: auth.prefault({}),
  audit: z
    .strictObject({ file: optional(text, 'audit log, JSON lines; - for standard output', path) })
    .prefault({}),
  metrics: z.boolean().default(true).describe('serve /metrics'),
  drainSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(0)
    .describe('seconds after SIGTERM in which clients may finish'),
  hosts: hosts.prefault({}),
  media: media.prefault({}),
  metadata: z.unknown().optional().describe('any JSON; ServerManager tells it to clients'),
});

/** Why settings cannot be used. */
export interface Fault {
  /** The key, with dots. */
  readonly key: string;
  /** What is wrong with its value. */
  readonly reason: string;
}

/** Checks settings and fills in the defaults. */
export function parseSettings(given: unknown): { config: ServerConfig } | { fault: Fault } {
  const result = schema.safeParse(given);
  if (!result.success) return { fault: faultOf(result.error) };
  const { $schema: _, ...data } = result.data;
  const udpPort = data.udpPort ?? (data.plain ? data.port : (data.tls.port ?? data.port));
  // Each router has a port of its own.
  const ports = udpPort === 0 ? Number.POSITIVE_INFINITY : data.udpPortMax - udpPort + 1;
  if (ports < 1) return { fault: { key: 'udpPortMax', reason: `should not be below udpPort, ${udpPort}` } };
  const config: ServerConfig = {
    ...data,
    host: data.host,
    path: data.path.replace(/^\//, ''),
    udpPort,
    routers: Math.min(data.routers ?? availableParallelism(), ports),
    metadata: data.metadata ?? {},
  };
  const fault = contradiction(config);
  return fault === undefined ? { config } : { fault };
}

function faultOf(error: z.ZodError): Fault {
  const [issue] = error.issues;
  const parts = issue?.path.map(String) ?? [];
  if (issue?.code !== 'unrecognized_keys') {
    return { key: parts.join('.'), reason: issue?.message ?? 'unusable' };
  }
  return { key: [...parts, issue.keys[0]].join('.'), reason: 'there is no such setting' };
}

/** Settings that are fine alone but not together. */
function contradiction({
  plain,
  tls: { port: tlsPort, certificate, clientCa },
}: ServerConfig): Fault | undefined {
  if (tlsPort === undefined) {
    return plain ? undefined : { key: 'plain', reason: 'without it and without tls.port nothing listens' };
  }
  if (certificate === undefined) return { key: 'tls.certificate', reason: 'is needed by tls.port' };
  if (clientCa !== undefined && plain) {
    return { key: 'tls.clientCa', reason: 'clients get round it on the plain port; set plain to false' };
  }
  return undefined;
}

/** The schema as JSON Schema, for editors and for our own tables. */
export function settingsJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(schema, { io: 'input' }),
    title: 'Settings of a Rivero media server (rivero.config.json)',
  };
}
