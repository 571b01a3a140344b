/**
 * What can be set: the shape of the complete settings.
 * @module
 */
import type { Limits } from '../protocol/Limits.ts';

/** Levels of the log. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** What a caller may do; each scope contains the ones after it. */
export type Scope = 'admin' | 'create' | 'media';

/** The TLS listener. */
export interface TlsConfig {
  /** TCP port of wss and https, 0 lets the system choose; undefined: no TLS listener. */
  readonly port?: number | undefined;
  /** PEM file with the certificate chain, and the key unless `key` names another file. */
  readonly certificate?: string | undefined;
  /** PEM file with the key. */
  readonly key?: string | undefined;
  /** Password of the key. */
  readonly password?: string | undefined;
  /** PEM file with the authorities of client certificates; when set, clients must show one. */
  readonly clientCa?: string | undefined;
}

/** One static secret. */
export interface StaticToken {
  /** What the client sends. */
  readonly token: string;
  /** Who it is, for the audit log. */
  readonly name: string;
  /** What it may do. */
  readonly scopes: readonly Scope[];
}

/** Who may connect. Without tokens, secret and keys everybody may. */
export interface AuthConfig {
  /** Static secrets. */
  readonly tokens: readonly StaticToken[];
  /** Secret of JWTs signed with HS256, at least 32 bytes. */
  readonly jwtSecret?: string | undefined;
  /** File or URL of the keys (JWKS, RFC 7517) that sign JWTs. */
  readonly jwks?: string | undefined;
  /** What a JWT's `aud` must hold. */
  readonly audience?: string | undefined;
  /** What a JWT's `iss` must be. */
  readonly issuer?: string | undefined;
  /** True if `/metrics` needs a token with the scope admin while authentication is on. */
  readonly protectMetrics: boolean;
}

/** When to refuse work. */
export interface ResourcesConfig {
  /** Share of a limit of the system above which `create` is refused. */
  readonly exceptionLimit: number;
  /** Share above which a server without objects ends itself; undefined: never. */
  readonly killLimit?: number | undefined;
  /** Share of a core used by the least busy router above which `create` is refused; undefined: any. */
  readonly cpuLimit?: number | undefined;
}

/** Whom to tell where we are. */
interface RegistrarConfig {
  /** WebSocket URL of the registrar; undefined: none. */
  readonly address?: string | undefined;
  /** Host under which others reach us. */
  readonly localAddress: string;
}

/** Defaults of media objects. */
export interface MediaConfig {
  /** Largest RTP packet that we make, bytes. */
  readonly mtu: number;
  /** Bit rate of encoders, bit/s. */
  readonly encoderBitrate: number;
  /** Lowest bit rate of encoders, bit/s; 0 for none. */
  readonly minEncoderBitrate: number;
  /** Highest bit rate of encoders, bit/s; 0 for none. */
  readonly maxEncoderBitrate: number;
  /** Audio sections in an offer. */
  readonly numAudioMedias: number;
  /** Video sections in an offer. */
  readonly numVideoMedias: number;
  /** Audio codecs in order of preference as `name/clockRate`; empty for all. */
  readonly audioCodecs: readonly string[];
  /** Video codecs in order of preference as `name/clockRate`; empty for all. */
  readonly videoCodecs: readonly string[];
  /** IPv4 address that replaces our own in candidates; empty for none. */
  readonly externalIPv4: string;
  /** IPv6 address that replaces our own in candidates; empty for none. */
  readonly externalIPv6: string;
  /** Whether candidates over TCP are wanted. */
  readonly iceTcp: boolean;
  /** IP address of the STUN server; empty for none. */
  readonly stunServerAddress: string;
  /** Port of the STUN server. */
  readonly stunServerPort: number;
  /** TURN server as `user:password@address:port`; empty for none. */
  readonly turnUrl: string;
  /** Directory for relative URIs of players and recorders. */
  readonly defaultPath: string;
  /** Directories that files of players and recorders must be in; empty for any. */
  readonly directories: readonly string[];
  /** PEM file with an RSA certificate and key for DTLS. */
  readonly pemCertificateRsa?: string | undefined;
  /** PEM file with an ECDSA certificate and key for DTLS. */
  readonly pemCertificateEcdsa?: string | undefined;
  /** DSCP name or number for outgoing packets. */
  readonly qosDscp?: string | undefined;
  /** Whether H.265 is offered. */
  readonly enableH265: boolean;
  /** Port of HTTP endpoints. */
  readonly httpPort?: number | undefined;
  /** Address of HTTP endpoints. */
  readonly httpAddress?: string | undefined;
  /** Address of HTTP endpoints in the URLs that they give out. */
  readonly httpAnnouncedAddress?: string | undefined;
  /** UDP ports of RTSP players, as `5000-5100`. */
  readonly rtspClientPortRange?: string | undefined;
  /** How recorders fill gaps. */
  readonly gapsFix?: string | undefined;
}

/** Media hosts: the processes in which GStreamer decodes, encodes, mixes, plays and records. */
export interface HostsConfig {
  /** `auto`: if GStreamer is installed; `off`: never. */
  readonly mode: 'auto' | 'off';
  /** Processes that wait ready once one was needed. */
  readonly spares: number;
  /** Whether media may be decoded and encoded on its way. */
  readonly transcoding: 'allow' | 'forbid';
}

/** Settings of the server, complete. */
export interface ServerConfig {
  /** Whether there is a listener without TLS on `port`. */
  readonly plain: boolean;
  /** TCP port of WebSocket and HTTP; 0 lets the system choose. */
  readonly port: number;
  /** Address to listen on; undefined for all, IPv6 and IPv4. */
  readonly host: string | undefined;
  /** Path of the WebSocket, without the leading slash. */
  readonly path: string;
  /** Connections that may wait to be accepted. */
  readonly backlog: number;
  /** The TLS listener. */
  readonly tls: TlsConfig;
  /**
   * UDP port of the first router, the next ones count up from it; 0 lets the system choose. By default the number
   * of `port`: TCP and UDP do not get into each other's way, and there is one number to remember.
   */
  readonly udpPort: number;
  /** Highest UDP port that routers may use; there are no more routers than ports. */
  readonly udpPortMax: number;
  /** Number of router processes. By default one per CPU. */
  readonly routers: number;
  /** Network interfaces whose addresses are offered as candidates; empty for all. */
  readonly interfaces: readonly string[];
  /** Least severe level that goes to the log. */
  readonly logLevel: LogLevel;
  /** Seconds between two searches for abandoned sessions; a session dies after one to two of them. */
  readonly garbageCollectorPeriod: number;
  /** Whether a repeated request is executed again instead of answered from memory. */
  readonly disableRequestCache: boolean;
  /** What one client may ask for. */
  readonly limits: Limits;
  /** What happens to events. */
  readonly events: {
    /** Events that wait for a session without a socket, told when it comes back; 0: they are lost. */
    readonly queue: number;
  };
  /** When to refuse work. */
  readonly resources: ResourcesConfig;
  /** Whom to tell where we are. */
  readonly registrar: RegistrarConfig;
  /** Who may connect. */
  readonly auth: AuthConfig;
  /** Where the audit log goes. */
  readonly audit: {
    /** File of JSON lines, `-` for standard output; undefined: no audit log. */
    readonly file?: string | undefined;
  };
  /** Whether `/metrics` is served. */
  readonly metrics: boolean;
  /** Seconds after SIGTERM during which clients may finish while `/health/ready` says no. */
  readonly drainSeconds: number;
  /** Media hosts. */
  readonly hosts: HostsConfig;
  /** Defaults of media objects. */
  readonly media: MediaConfig;
  /** Anything; ServerManager tells it to clients as JSON text. */
  readonly metadata: unknown;
}

/** A setting cannot be used. The message names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Settings as given: any of them may be missing, none is checked yet. */
export type PartialConfig = Readonly<Partial<Record<keyof ServerConfig, unknown>>>;
