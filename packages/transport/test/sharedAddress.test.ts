/**
 * Several pairs of agents between the same two socket addresses, of which each host gives a pair to one agent only.
 * An agent that is refused gets a socket of its own a little later, and says nothing of it but by its checks.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  hostCandidate,
  IceAgent,
  readDestinationUfrag,
  readTransactionPrefix,
  type TransportAddress,
} from '@rivero/transport';
import { at, Network, type Weather } from './network.ts';
import { hmacSha1 } from './nodeCrypto.ts';

/** A process with one port, and the agents behind it. */
class Host {
  readonly address: TransportAddress;
  readonly agents: SharingAgent[] = [];
  /** Who has a remote address on the shared socket. */
  readonly owners = new Map<string, SharingAgent>();
  readonly network: Network;
  #nextPort = 40_000;

  constructor(network: Network, address: string) {
    this.network = network;
    this.address = at(address);
    network.attach(this.address, (datagram, from) => {
      const ufrag = readDestinationUfrag(datagram);
      const prefix = readTransactionPrefix(datagram);
      const agent = this.agents.find((each) =>
        prefix === undefined ? each.ufrag === ufrag : each.prefix === prefix,
      );
      agent?.agent.handleStun(datagram, 0, from, network.nowMs);
    });
  }

  /** A free port of the same address. */
  takePort(): TransportAddress {
    return at(`${this.address.address}:${this.#nextPort++}`);
  }
}

/** An agent on the shared socket 0 of its host, and on a socket 1 of its own once it was refused. */
class SharingAgent {
  readonly agent: IceAgent;
  readonly ufrag: string;
  readonly prefix: number;
  readonly password: string;
  readonly accepted = new Set<string>();
  own: TransportAddress | undefined;
  refusals = 0;
  closed = false;
  readonly #host: Host;
  #openMs = Number.POSITIVE_INFINITY;

  constructor(host: Host, ufrag: string, controlling: boolean) {
    const { network } = host;
    this.#host = host;
    this.ufrag = ufrag;
    this.prefix = Math.floor(network.random() * 2 ** 32);
    this.password = `${ufrag}-password-of-22-letters`;
    this.agent = new IceAgent({
      localUfrag: ufrag,
      localPassword: this.password,
      controlling,
      tieBreaker: BigInt(Math.floor(network.random() * 2 ** 48)),
      transactionPrefix: this.prefix,
      hmacSha1,
      randomBytes: (length) => Uint8Array.from({ length }, () => network.random() * 256),
      listener: {
        onSend: (socket, remote, datagram) => network.send(this.#local(socket), remote, datagram),
        onStateChange: () => {},
        onSelectedPair: ({ socket, remoteAddress }) => {
          assert.ok(this.accepted.has(`${socket} ${remoteAddress.key}`), 'a refused pair is selected');
        },
        onAddressValidated: (socket, remote) => this.#validate(socket, remote),
        onAddressExpired: (socket, remote) => {
          assert.ok(this.accepted.delete(`${socket} ${remote.key}`));
          if (socket === 0) host.owners.delete(remote.key);
        },
      },
    });
    host.agents.push(this);
    network.schedule(this);
    this.agent.addLocalCandidate(hostCandidate(host.address, 0x7fff), 0);
  }

  join(other: SharingAgent): void {
    this.agent.setRemoteCredentials({ ufrag: other.ufrag, password: other.password, lite: false });
    this.agent.addRemoteCandidate(hostCandidate(other.#host.address, 0x7fff));
  }

  close(): void {
    this.closed = true;
    this.agent.close();
  }

  /** The selected pair as `ours theirs`. */
  get path(): string {
    const pair = this.agent.selectedPair;
    return pair === undefined ? 'none' : `${this.#local(pair.socket).key} ${pair.remoteAddress.key}`;
  }

  nextTimeoutMs(): number {
    return Math.min(this.#openMs, this.agent.nextTimeoutMs() ?? Number.POSITIVE_INFINITY);
  }

  handleTimeout(nowMs: number): void {
    if (nowMs >= this.#openMs) this.#open();
    this.agent.handleTimeout(nowMs);
  }

  #validate(socket: number, remote: TransportAddress): boolean {
    const { owners, network } = this.#host;
    const owner = owners.get(remote.key);
    if (socket === 0 && owner !== undefined && owner !== this) {
      this.refusals++;
      if (this.own === undefined && this.#openMs === Number.POSITIVE_INFINITY) {
        this.#openMs = network.nowMs + Math.floor(network.random() * 20);
      }
      return false;
    }
    if (socket === 0) owners.set(remote.key, this);
    this.accepted.add(`${socket} ${remote.key}`);
    return true;
  }

  #open(): void {
    this.#openMs = Number.POSITIVE_INFINITY;
    if (this.closed) return;
    const { network } = this.#host;
    this.own = this.#host.takePort();
    network.attach(this.own, (datagram, from) => this.agent.handleStun(datagram, 1, from, network.nowMs));
    this.agent.addLocalCandidate(hostCandidate(this.own, 0x3fff), 1);
  }

  #local(socket: number): TransportAddress {
    const local = socket === 0 ? this.#host.address : this.own;
    assert.ok(local !== undefined);
    return local;
  }
}

interface Call {
  readonly left: SharingAgent;
  readonly right: SharingAgent;
}

function setUp(weather: Weather): { network: Network; left: Host; right: Host } {
  const network = new Network(weather);
  return { network, left: new Host(network, '10.0.0.1:5000'), right: new Host(network, '10.0.0.2:6000') };
}

/** A call that the left host offers if `leftControls`; both sides control at first if it is undefined. */
function call(left: Host, right: Host, name: string, leftControls: boolean | undefined): Call {
  return {
    left: new SharingAgent(left, `left${name}`, leftControls ?? true),
    right: new SharingAgent(right, `right${name}`, !(leftControls ?? false)),
  };
}

function joinBoth({ left, right }: Call, rightFirst: boolean): void {
  const order = rightFirst ? [right, left] : [left, right];
  for (const agent of order) agent.join(agent === left ? right : left);
}

function assertConnected(calls: readonly Call[], what: string): void {
  const paths = new Set<string>();
  for (const { left, right } of calls) {
    assert.deepEqual([left.agent.state, right.agent.state], ['READY', 'READY'], what);
    assert.equal(left.path.split(' ').toReversed().join(' '), right.path, what);
    paths.add(left.path);
  }
  assert.equal(paths.size, calls.length, `${what}: a pair of addresses is used twice`);
}

const roles = [true, false, undefined];
const storm = { lossPercent: 10, duplicatePercent: 10, delayMs: 2, jitterMs: 60 };

describe('IceAgents that share both addresses with others', () => {
  for (const [name, weather] of [
    ['a fair network', { delayMs: 1, jitterMs: 3 }],
    ['loss, jitter, reordering and duplication', storm],
  ] as const) {
    it(`all connect at the same moment through ${name}, whatever the seed`, () => {
      let owned = 0;
      for (let seed = 1; seed <= 60; seed++) {
        const { network, left, right } = setUp({ ...weather, seed });
        const calls = [0, 1, 2].map((i) => call(left, right, `${i}`, roles[(seed + i) % 3]));
        for (const [i, each] of calls.entries()) joinBoth(each, (seed + i) % 2 === 0);
        network.run(20_000);
        assertConnected(calls, `seed ${seed}`);
        owned += [...left.agents, ...right.agents].filter((agent) => agent.own !== undefined).length;
        // Consent holds too.
        network.run(60_000);
        assertConnected(calls, `seed ${seed} a minute later`);
      }
      assert.ok(owned >= 120, 'two of three calls need a socket of their own on one side at least');
    });

    it(`all connect one after the other through ${name}, whatever the seed`, () => {
      for (let seed = 1; seed <= 60; seed++) {
        const { network, left, right } = setUp({ ...weather, seed });
        const calls: Call[] = [];
        for (let i = 0; i < 3; i++) {
          const next = call(left, right, `${i}`, roles[(seed + i) % 3]);
          calls.push(next);
          joinBoth(next, (seed + i) % 2 === 0);
          network.run(20_000);
          assertConnected(calls, `seed ${seed}, call ${i}`);
        }
        const [first] = calls;
        assert.equal(first?.left.own ?? first?.right.own, undefined, 'the first call needs nothing');
      }
    });

    it(`connect when one side learns the credentials late, through ${name}`, () => {
      for (let seed = 1; seed <= 40; seed++) {
        const { network, left, right } = setUp({ ...weather, seed });
        const first = call(left, right, 'a', true);
        joinBoth(first, false);
        network.run(5000);
        const second = call(left, right, 'b', roles[seed % 3]);
        const [early, late] = seed % 2 === 0 ? [second.left, second.right] : [second.right, second.left];
        early.join(late);
        network.run(seed * 50);
        late.join(early);
        network.run(20_000);
        assertConnected([first, second], `seed ${seed}`);
      }
    });

    it(`connect while others end and begin, through ${name}`, () => {
      for (let seed = 1; seed <= 40; seed++) {
        const { network, left, right } = setUp({ ...weather, seed });
        const calls: Call[] = [];
        for (let i = 0; i < 8; i++) {
          const next = call(left, right, `${i}`, roles[(seed + i) % 3]);
          calls.push(next);
          joinBoth(next, i % 2 === 0);
          network.run(network.random() * 300);
          if (calls.length < 4) continue;
          const [ended] = calls.splice(Math.floor(network.random() * 3), 1);
          ended?.left.close();
          network.run(network.random() * 300);
          ended?.right.close();
        }
        network.run(40_000);
        assertConnected(calls, `seed ${seed}`);
      }
    });
  }

  it('leave a refused pair without an answer, also when it is nominated', () => {
    const { network, left, right } = setUp({ delayMs: 1 });
    const first = call(left, right, 'a', true);
    joinBoth(first, false);
    network.run(1000);
    const before = first.left.path;
    const second = call(left, right, 'b', true);
    joinBoth(second, false);
    network.run(20_000);
    assert.ok(second.left.refusals + second.right.refusals > 0);
    assert.ok(second.left.own !== undefined || second.right.own !== undefined);
    assert.equal(first.left.path, before);
    assert.notEqual(second.left.path, before);
  });
});
