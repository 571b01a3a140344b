import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  candidatePriority,
  hostCandidate,
  parseStun,
  readTransactionPrefix,
  type StunFields,
  type StunMessage,
  StunErrorCode,
  StunType,
  serializeStun,
  type TransportAddress,
  verifyStunIntegrity,
} from '@rivero/transport';
import fc from 'fast-check';
import { at, IcePeer, Network } from './network.ts';
import { hmacSha1 } from './nodeCrypto.ts';

const AGENT = '10.0.0.1:5000';
const PEER = '10.0.0.2:6000';
const PEER_PASSWORD = 'the-peer-has-this-password';

/** A peer without an agent: it writes what the test wants and notes what comes. */
class Hand {
  readonly got: { readonly message: StunMessage; readonly datagram: Uint8Array; readonly to: string }[] = [];
  /** As a lite implementation would: answers every check (RFC 8445 section 2.5). True, false, or at which address only. */
  answers: boolean | string = false;
  /** Answers checks by this error instead. */
  error: number | undefined;
  readonly #network: Network;
  readonly #agent: IcePeer;
  #count = 0;

  constructor(network: Network, agent: IcePeer, addresses: readonly string[]) {
    this.#network = network;
    this.#agent = agent;
    for (const text of addresses) {
      const address = at(text);
      network.attach(address, (datagram, from) => {
        const message = parseStun(datagram);
        assert.ok(message, 'the agent writes well-formed messages');
        this.got.push({ message, datagram, to: text });
        const isAnswered = this.answers === true || this.answers === text;
        if (isAnswered && message.type === StunType.bindingRequest) this.#answer(message, address, from);
      });
    }
  }

  /** A check with the right credentials, except for what `fields` changes. */
  check(fields: Partial<StunFields> = {}, password = this.#agent.password): Uint8Array {
    const transactionId = Uint8Array.from({ length: 12 }, () => 7);
    new DataView(transactionId.buffer).setUint32(8, ++this.#count);
    const username = `${this.#agent.name}:peer`;
    const role = fields.controlled === undefined ? { controlling: 1n } : {};
    const standard = { type: StunType.bindingRequest, transactionId, username, priority: 1000, ...role };
    return serializeStun({ ...standard, ...fields }, Buffer.from(password), hmacSha1);
  }

  send(datagram: Uint8Array, from = PEER): void {
    this.#network.send(at(from), at(AGENT), datagram);
  }

  /** What came of one type. */
  received(type: number): StunMessage[] {
    return this.got.map(({ message }) => message).filter((message) => message.type === type);
  }

  #answer(message: StunMessage, address: TransportAddress, from: TransportAddress): void {
    const { transactionId } = message;
    const fields =
      this.error === undefined
        ? { type: StunType.bindingSuccess, transactionId, mappedAddress: from }
        : { type: StunType.bindingError, transactionId, errorCode: this.error };
    this.#network.send(address, from, serializeStun(fields, Buffer.from(PEER_PASSWORD), hmacSha1));
  }
}

function meet(options: { controlling?: boolean; lite?: boolean; addresses?: readonly string[] } = {}) {
  const { controlling = false, lite = false, addresses = [PEER] } = options;
  const network = new Network();
  const agent = new IcePeer(network, { name: 'agent', controlling, addresses: [AGENT], tieBreaker: 1000n });
  const peer = new Hand(network, agent, addresses);
  agent.gather();
  agent.agent.setRemoteCredentials({ ufrag: 'peer', password: PEER_PASSWORD, lite });
  return { network, agent, peer };
}

describe('IceAgent with a lite peer', () => {
  it('controls, whatever it was told, and nominates by a second check', () => {
    const { network, agent, peer } = meet({ lite: true });
    peer.answers = true;
    assert.ok(agent.agent.controlling);
    agent.agent.addRemoteCandidate(hostCandidate(at(PEER), 65535));
    network.run(1000);
    assert.equal(agent.agent.state, 'READY');
    const requests = peer.received(StunType.bindingRequest);
    assert.deepEqual(
      requests.map((request) => request.useCandidate),
      [false, true],
    );
    network.run(60_000);
    assert.equal(agent.agent.state, 'READY');
  });
});

describe('IceAgent requests', () => {
  it('carry what RFC 8445 section 7.1 asks for, and the prefix of the agent', () => {
    const { network, agent, peer } = meet();
    agent.agent.addRemoteCandidate(hostCandidate(at(PEER), 65535));
    network.run(600);
    const { message, datagram } = peer.got[0]!;
    assert.equal(message.username, 'peer:agent');
    assert.equal(message.priority, candidatePriority('prflx', 65535));
    assert.equal(message.controlled, 1000n);
    assert.equal(message.controlling, undefined);
    assert.ok(verifyStunIntegrity(datagram, message, Buffer.from(PEER_PASSWORD), hmacSha1));
    const view = new DataView(datagram.buffer);
    const fields = { type: StunType.bindingSuccess, transactionId: message.transactionId };
    const response = serializeStun(fields, Buffer.from(PEER_PASSWORD), hmacSha1);
    assert.equal(readTransactionPrefix(response), view.getUint32(8));
    assert.deepEqual(peer.got[1]?.datagram, datagram, 'a repetition is the same message');
  });
});

describe('IceAgent answers', () => {
  it('an authentic check with the address that it came from', () => {
    const { network, agent, peer } = meet();
    const check = peer.check();
    peer.send(check);
    network.run(100);
    const [response] = peer.received(StunType.bindingSuccess);
    assert.equal(response?.mappedAddress?.key, PEER);
    assert.deepEqual(response?.transactionId, parseStun(check)?.transactionId);
    const { datagram, message } = peer.got.find((item) => item.message.type === StunType.bindingSuccess)!;
    assert.ok(verifyStunIntegrity(datagram, message, Buffer.from(agent.password), hmacSha1));
  });

  it('420 with the types of attributes that it does not understand', () => {
    const { network, agent, peer } = meet();
    // UNKNOWN-ATTRIBUTES itself is known; so change a type that is optional to one that is not: 0x802a to 0x002a.
    const check = peer.check();
    const offset = Buffer.from(check).indexOf(Buffer.from('802a0008', 'hex'));
    check[offset] = 0;
    const covered = check.subarray(0, parseStunIgnoringFingerprint(check));
    const length = covered.length - 20 + 24;
    covered[2] = length >> 8;
    covered[3] = length & 255;
    const signed = Buffer.concat([
      covered,
      Buffer.from([0, 8, 0, 20]),
      hmacSha1(Buffer.from(agent.password), covered),
    ]);
    peer.send(signed);
    network.run(100);
    const [error] = peer.received(StunType.bindingError);
    assert.equal(error?.errorCode, StunErrorCode.unknownAttribute);
    assert.equal(agent.accepted.size, 0);
  });

  it('487 to a peer that claims the same role with a smaller tie-breaker', () => {
    const { network, agent, peer } = meet({ controlling: true });
    peer.send(peer.check({ controlling: 999n }));
    network.run(100);
    assert.equal(peer.received(StunType.bindingError)[0]?.errorCode, StunErrorCode.roleConflict);
    assert.ok(agent.agent.controlling);
  });

  for (const controlling of [true, false]) {
    const theirs = controlling ? { controlling: 1001n } : { controlled: 999n };
    it(`a peer that keeps the ${controlling ? 'controlling' : 'controlled'} role, and gives up its own`, () => {
      const { network, agent, peer } = meet({ controlling });
      peer.send(peer.check(theirs));
      network.run(100);
      assert.equal(peer.received(StunType.bindingSuccess).length, 1);
      assert.equal(agent.agent.controlling, !controlling);
      assert.equal(
        peer.received(StunType.bindingRequest)[0]?.[controlling ? 'controlled' : 'controlling'],
        1000n,
      );
    });
  }

  const dropped: readonly [claim: string, make: (peer: Hand) => Uint8Array][] = [
    ['a check with the wrong password', (peer) => peer.check({}, 'wrong')],
    ['a check for another ufrag', (peer) => peer.check({ username: 'other:peer' })],
    ['a check whose ufrag only begins like ours', (peer) => peer.check({ username: 'agen:peer' })],
    ['a check without colon', (peer) => peer.check({ username: 'agent' })],
    ['a check without integrity', (peer) => peer.check().slice(0, 20)],
    ['a response to nothing', (peer) => peer.check({ type: StunType.bindingSuccess }, PEER_PASSWORD)],
    [
      'an error to nothing',
      (peer) => peer.check({ type: StunType.bindingError, errorCode: 487 }, PEER_PASSWORD),
    ],
    ['a truncated check', (peer) => peer.check().slice(0, -4)],
  ];
  for (const [claim, make] of dropped) {
    it(`nothing to ${claim}`, () => {
      const { network, agent, peer } = meet();
      peer.send(make(peer));
      network.run(60_000);
      assert.deepEqual(peer.got, []);
      assert.equal(agent.agent.droppedMessages, 1);
      assert.equal(agent.accepted.size, 0);
    });
  }
});

describe('IceAgent that is told 487', () => {
  it('checks again at once in the other role', () => {
    const { network, agent, peer } = meet();
    peer.answers = true;
    peer.error = 487;
    agent.agent.addRemoteCandidate(hostCandidate(at(PEER), 65535));
    network.run(30);
    peer.error = undefined;
    network.run(100);
    const roles = peer.received(StunType.bindingRequest).map(({ controlling }) => controlling);
    assert.deepEqual(roles, [undefined, 1000n, 1000n]);
    assert.equal(agent.agent.state, 'READY');
  });

  it('gives up a pair that answers with another error', () => {
    const { network, agent, peer } = meet();
    peer.answers = true;
    peer.error = 500;
    agent.agent.addRemoteCandidate(hostCandidate(at(PEER), 65535));
    network.run(39_000);
    assert.equal(peer.got.length, 1);
    assert.equal(agent.agent.state, 'CONNECTING');
    network.run(1000);
    assert.equal(agent.agent.state, 'FAILED');
  });
});

describe('IceAgent that is controlled', () => {
  it('leads a check back before it goes on with its own', () => {
    const { network, agent, peer } = meet({ addresses: [PEER, '10.0.0.9:9'] });
    for (let i = 0; i < 20; i++)
      agent.agent.addRemoteCandidate(hostCandidate(at(`10.0.1.${i}:9`), 65535 - i));
    network.run(100);
    peer.send(peer.check(), '10.0.0.9:9');
    network.run(70);
    assert.equal(peer.received(StunType.bindingRequest).length, 1);
  });

  it('waits as long as the peer checks without nominating, and no longer', () => {
    const { network, agent, peer } = meet();
    peer.answers = true;
    for (let i = 0; i < 20; i++) {
      peer.send(peer.check());
      network.run(5000);
    }
    assert.equal(agent.agent.state, 'CONNECTING');
    network.run(20_000);
    assert.equal(agent.agent.state, 'FAILED');
    peer.send(peer.check({ useCandidate: true }));
    network.run(100);
    assert.deepEqual(agent.states.slice(-3), ['FAILED', 'CONNECTED', 'READY']);
  });

  it('resumes by itself when the nominated pair works again', () => {
    const { network, agent, peer } = meet();
    peer.answers = true;
    peer.send(peer.check({ useCandidate: true }));
    network.run(1000);
    peer.answers = false;
    network.run(32_000);
    assert.equal(agent.agent.state, 'DISCONNECTED');
    peer.answers = true;
    network.run(5000);
    assert.deepEqual(agent.states.slice(-3), ['DISCONNECTED', 'CONNECTED', 'READY']);
  });

  it('selects the better of two pairs that were nominated before they succeeded', () => {
    const other = '10.0.0.3:6000';
    const { network, agent, peer } = meet({ addresses: [PEER, other] });
    peer.send(peer.check({ useCandidate: true, priority: 1000 }));
    peer.send(peer.check({ useCandidate: true, priority: 10 }), other);
    network.run(100);
    peer.answers = other;
    network.run(1000);
    assert.equal(agent.path, `${AGENT} ${other}`);
    peer.answers = PEER;
    network.run(5000);
    assert.equal(agent.path, `${AGENT} ${PEER}`);
  });

  it('tolerates aggressive nomination: the pair of highest priority wins', () => {
    const addresses = [PEER, '10.0.0.3:6000', '10.0.0.4:6000'];
    const { network, agent, peer } = meet({ addresses });
    peer.answers = true;
    for (let round = 0; round < 3; round++) {
      for (const [i, address] of [...addresses.entries()].toReversed()) {
        peer.send(peer.check({ useCandidate: true, priority: 1000 - i }), address);
        network.run(100);
      }
    }
    assert.equal(agent.path, `${AGENT} ${PEER}`);
    assert.equal(agent.events.filter((event) => event === 'selected').length, 3);
    assert.equal(agent.accepted.size, 3);
  });

  it('follows a later nomination of a worse pair once the better one is no more nominated', () => {
    const other = '10.0.0.3:6000';
    const { network, agent, peer } = meet({ addresses: [PEER, other] });
    peer.answers = true;
    peer.send(peer.check({ useCandidate: true, priority: 1000 }));
    network.run(1000);
    peer.send(peer.check({ useCandidate: true, priority: 10 }), other);
    network.run(1000);
    assert.equal(agent.path, `${AGENT} ${PEER}`);
    network.run(2500);
    peer.send(peer.check({ useCandidate: true, priority: 10 }), other);
    network.run(100);
    assert.equal(agent.path, `${AGENT} ${other}`);
  });

  it('selects nothing before its own check has succeeded', () => {
    const { network, agent, peer } = meet();
    peer.send(peer.check({ useCandidate: true }));
    network.run(100);
    assert.equal(agent.agent.selectedPair, undefined);
    assert.deepEqual([...agent.accepted], [`0 ${PEER}`]);
    peer.answers = true;
    network.run(1000);
    assert.equal(agent.agent.state, 'READY');
  });

  it('ignores answers from another address than it asked', () => {
    const { network, agent, peer } = meet({ addresses: [PEER, '10.0.0.9:9'] });
    agent.agent.addRemoteCandidate(hostCandidate(at(PEER), 65535));
    network.run(100);
    const { transactionId } = peer.got[0]!.message;
    const fields = { type: StunType.bindingSuccess, transactionId, mappedAddress: at(AGENT) };
    peer.send(serializeStun(fields, Buffer.from(PEER_PASSWORD), hmacSha1), '10.0.0.9:9');
    network.run(100);
    assert.equal(agent.accepted.size, 0);
  });
});

describe('IceAgent under attack', () => {
  it('keeps at most 64 learnt addresses, the selected one among them', () => {
    const { network, agent, peer } = meet();
    peer.answers = true;
    peer.send(peer.check({ useCandidate: true }));
    network.run(100);
    for (let i = 0; i < 1000; i++) {
      peer.send(peer.check(), `10.7.${i >> 8}.${i & 255}:1000`);
      if (i % 50 === 0) network.run(50);
    }
    network.run(500);
    assert.equal(agent.accepted.size, 64);
    assert.ok(agent.accepted.has(`0 ${PEER}`));
    assert.equal(agent.path, `${AGENT} ${PEER}`);
    agent.agent.close();
    assert.equal(agent.accepted.size, 0);
  });

  it('never throws on mutated or random messages, and stays connected', () => {
    const { network, agent, peer } = meet();
    peer.answers = true;
    peer.send(peer.check({ useCandidate: true }));
    network.run(200);
    const seeds = [peer.check({ useCandidate: true }), ...peer.got.map(({ datagram }) => datagram)];
    const mutation = fc.tuple(fc.nat(200), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(mutation, { maxLength: 4 }),
        fc.option(fc.nat(200)),
        (seed, mutations, length) => {
          const datagram = seed.slice(0, length ?? seed.length);
          for (const [offset, value] of mutations) datagram[offset % datagram.length] = value;
          agent.agent.handleStun(datagram, 0, at('10.0.0.66:6'), network.nowMs);
        },
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        assert.equal(agent.agent.handleStun(garbage, 0, at(PEER), network.nowMs), false);
      }),
    );
    assert.equal(agent.path, `${AGENT} ${PEER}`);
  });
});

/** Offset of MESSAGE-INTEGRITY in a message whose fingerprint has become wrong. */
function parseStunIgnoringFingerprint(datagram: Uint8Array): number {
  const withoutFingerprint = datagram.slice(0, -8);
  new DataView(withoutFingerprint.buffer).setUint16(2, withoutFingerprint.length - 20);
  return parseStun(withoutFingerprint)!.integrityOffset;
}
