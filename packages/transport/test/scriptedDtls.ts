/**
 * A DTLS association reduced to what its driver sees: four flights of records, a timer, a certificate and keys.
 * @module
 */
import type {
  CertificateKeyType,
  DtlsEngine,
  DtlsEngineFactory,
  Fingerprint,
  SrtpProfile,
} from '@rivero/transport';

/** What the engines of a test do. */
export interface Script {
  /** The clock that the engine's timer uses. */
  readonly nowMs: () => number;
  /** Record sizes of each of the four flights, bytes with headers. */
  readonly flights?: readonly (readonly number[])[];
  readonly profile?: SrtpProfile | undefined;
  /** Answers of `peerFingerprint`. */
  readonly certificates?: Readonly<Record<string, string>>;
}

const FLIGHTS = [[200], [90, 700, 500, 300], [700, 40], [60]];
const CLOSE_NOTIFY = 255;
/** Content type of application data. */
const APPLICATION_DATA = 23;

/** Byte 13 of a record is the flight it belongs to, byte 14 its place in the flight. */
class ScriptedEngine implements DtlsEngine {
  state: DtlsEngine['state'] = 'new';
  readonly #role: 'client' | 'server';
  readonly #script: Script;
  readonly #output: number[] = [];
  readonly #applicationData: Uint8Array[] = [];
  readonly #received = new Map<number, Set<number>>();
  /** The flight that we have sent last; even ones are the client's. */
  #flight = -1;
  #dueMs: number | undefined;
  #timeoutMs = 1000;
  readonly #factory: ScriptedDtls;

  constructor(role: 'client' | 'server', script: Script, factory: ScriptedDtls) {
    this.#role = role;
    this.#script = script;
    this.#factory = factory;
  }

  start(): void {
    this.state = 'handshaking';
    if (this.#role === 'client') this.#sendFlight(0);
  }

  receive(datagram: Uint8Array): void {
    if (this.state === 'new') this.start();
    let at = 0;
    while (at + 15 <= datagram.length) {
      const end = at + 13 + datagram[at + 11]! * 256 + datagram[at + 12]!;
      if (datagram[at] === APPLICATION_DATA) this.#applicationData.push(datagram.slice(at + 13, end));
      else this.#receiveRecord(datagram[at + 13]!, datagram[at + 14]!);
      at = end;
    }
  }

  takeOutput(): Uint8Array | undefined {
    return this.#output.length === 0 ? undefined : Uint8Array.from(this.#output.splice(0));
  }

  timeoutMs(): number | undefined {
    return this.#dueMs === undefined ? undefined : Math.max(0, this.#dueMs - this.#script.nowMs());
  }

  handleTimeout(): void {
    if (this.#dueMs === undefined || this.#script.nowMs() < this.#dueMs) return;
    this.#timeoutMs *= 2;
    this.#sendFlight(this.#flight);
  }

  peerFingerprint(algorithm: string): Fingerprint | undefined {
    const value = this.#script.certificates?.[algorithm];
    return value === undefined ? undefined : { algorithm, value };
  }

  get srtpProfile(): SrtpProfile | undefined {
    return 'profile' in this.#script ? this.#script.profile : 'SRTP_AEAD_AES_128_GCM';
  }

  exportKeyingMaterial(length: number): Uint8Array {
    return Uint8Array.from({ length }, (_, i) => i + 1);
  }

  sendApplicationData(data: Uint8Array): boolean {
    if (this.state !== 'connected') return false;
    this.#output.push(
      APPLICATION_DATA,
      254,
      253,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      data.length >> 8,
      data.length & 255,
    );
    this.#output.push(...data);
    return true;
  }

  takeApplicationData(): Uint8Array | undefined {
    return this.#applicationData.shift();
  }

  shutdown(): void {
    if (this.state === 'connected') this.#writeRecord(CLOSE_NOTIFY, 0, 15);
    this.state = 'closed';
  }

  close(): void {
    this.#factory.open--;
  }

  #sendFlight(flight: number): void {
    this.#flight = flight;
    const sizes = (this.#script.flights ?? FLIGHTS)[flight] ?? [];
    for (const [place, size] of sizes.entries()) this.#writeRecord(flight, place, size);
    // The last flight has no answer, so it is repeated only when the peer repeats its own.
    this.#dueMs = flight === 3 ? undefined : this.#script.nowMs() + this.#timeoutMs;
  }

  #writeRecord(flight: number, place: number, size: number): void {
    const record = new Uint8Array(size);
    record.set([22, 254, 253]);
    new DataView(record.buffer).setUint16(11, size - 13);
    record.set([flight, place], 13);
    this.#output.push(...record);
  }

  #receiveRecord(flight: number, place: number): void {
    if (flight === CLOSE_NOTIFY) {
      this.state = 'closed';
      return;
    }
    if (flight % 2 === (this.#role === 'client' ? 0 : 1)) return;
    const isRepeated = flight === 2 && this.#flight === 3 && place === 0;
    if (isRepeated) this.#sendFlight(3);
    const places = this.#received.get(flight) ?? new Set();
    this.#received.set(flight, places.add(place));
    const expected = (this.#script.flights ?? FLIGHTS)[flight]?.length;
    if (places.size === expected && flight === this.#flight + 1) this.#answer(flight);
  }

  #answer(flight: number): void {
    if (flight === 3) this.#dueMs = undefined;
    else this.#sendFlight(flight + 1);
    if (flight >= 2) this.state = 'connected';
  }
}

/** Makes scripted associations. */
export class ScriptedDtls implements DtlsEngineFactory {
  /** Engines that have not been closed. */
  open = 0;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  create(role: 'client' | 'server', _keyType: CertificateKeyType, _mtuBytes: number): DtlsEngine {
    this.open++;
    return new ScriptedEngine(role, this.#script, this);
  }

  fingerprint(_keyType: CertificateKeyType): Fingerprint {
    return { algorithm: 'sha-256', value: 'AA' };
  }
}
