import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostCandidate, parseCandidate } from '@rivero/transport';
import { at, exchange, IcePeer, Network, type PeerOptions, type Weather } from './network.ts';

const LEFT = '10.0.0.1:5000';
const RIGHT = '10.0.0.2:6000';

/** Two peers that know nothing of each other yet; the left one controls unless told otherwise. */
function pair(weather: Weather = {}, left: Partial<PeerOptions> = {}, right: Partial<PeerOptions> = {}) {
  const network = new Network(weather);
  return {
    network,
    left: new IcePeer(network, { name: 'left', controlling: true, addresses: [LEFT], ...left }),
    right: new IcePeer(network, { name: 'right', controlling: false, addresses: [RIGHT], ...right }),
  };
}

function connected(weather: Weather = {}, left: Partial<PeerOptions> = {}, right: Partial<PeerOptions> = {}) {
  const peers = pair(weather, left, right);
  exchange(peers.left, peers.right);
  peers.network.run(5000);
  assert.ok(peers.left.connected && peers.right.connected, 'not connected');
  return peers;
}

describe('IceAgent connects', () => {
  for (const leftControls of [true, false]) {
    it(`when the ${leftControls ? 'left' : 'right'} side controls, in the order of states that Kurento shows`, () => {
      const { network, left, right } = pair(
        {},
        { controlling: leftControls },
        { controlling: !leftControls },
      );
      exchange(left, right);
      network.run(100);
      for (const peer of [left, right]) {
        assert.deepEqual(peer.events, ['GATHERING', 'CONNECTING', 'selected', 'CONNECTED', 'READY']);
      }
      assert.equal(left.path, `${LEFT} ${RIGHT}`);
      assert.equal(right.path, `${RIGHT} ${LEFT}`);
      assert.deepEqual([...left.accepted], [`0 ${RIGHT}`]);
    });
  }

  it('over IPv6 and prefers the candidate of higher priority', () => {
    const left = { addresses: ['[2001:db8::1]:5000', '10.0.0.1:5000'] };
    const right = { addresses: ['[2001:db8::2]:6000', '10.0.0.2:6000'] };
    const peers = connected({}, left, right);
    assert.equal(peers.left.path, '2001:db8::1:5000 [2001:db8::2]:6000');
  });

  it('pairing addresses of the same family only', () => {
    const left = { addresses: ['[2001:db8::1]:5000', '10.0.0.1:5000'] };
    assert.equal(connected({}, left).left.path, `10.0.0.1:5000 ${RIGHT}`);
  });

  it('within 300 ms although the best of nine pairs is dead', () => {
    const addresses = (side: number) => [1, 2, 3].map((net) => `10.0.${net}.${side}:5000`);
    const { network, left, right } = pair({}, { addresses: addresses(1) }, { addresses: addresses(2) });
    const net = (text: string) => text.split('.')[2];
    network.isBlocked = (from, to) => net(from.address) !== net(to.address) || net(to.address) === '1';
    exchange(left, right);
    network.run(1000, () => left.connected && right.connected);
    assert.ok(left.nowMs <= 1_000_300, `took ${left.nowMs - 1_000_000} ms`);
    assert.equal(left.path, '10.0.2.1:5000 10.0.2.2:5000');
    assert.equal(right.path, '10.0.2.2:5000 10.0.2.1:5000');
  });

  for (const [delayMs, best] of [
    [60, '2'],
    [150, '3'],
  ] as const) {
    it(`over the better pair if its first answer comes ${delayMs} ms after the first of all: net ${best} wins`, () => {
      const addresses = (side: number) => [`10.0.2.${side}:5000`, `10.0.3.${side}:5000`];
      const { network, left, right } = pair(
        { delayMs: 1 },
        { addresses: addresses(1) },
        { addresses: addresses(2) },
      );
      const net = (text: string) => text.split('.')[2];
      network.isBlocked = (from, to) => net(from.address) !== net(to.address);
      // The other one's first check goes out 100 to 150 ms later, behind the two pairs across the nets.
      network.extraDelayMs = (from) => (net(from.address) === '2' ? (150 + delayMs) / 2 : 0);
      exchange(left, right);
      network.run(2000);
      assert.equal(left.path, `10.0.${best}.1:5000 10.0.${best}.2:5000`);
      assert.equal(right.path, `10.0.${best}.2:5000 10.0.${best}.1:5000`);
    });
  }

  it('checking pairs in the same order on both sides', () => {
    for (const controlling of [true, false]) {
      const { network, left, right } = pair(
        {},
        { controlling, addresses: ['10.0.0.1:1', '10.0.0.1:2'] },
        { controlling: !controlling, addresses: ['10.0.0.2:1', '10.0.0.2:2'] },
      );
      const order: string[] = [];
      network.isBlocked = (from, to) => {
        if (from.address === '10.0.0.1') order.push(`${from.port}${to.port}`);
        return true;
      };
      exchange(left, right);
      network.run(200);
      // RFC 8445 section 6.1.2.3: of two pairs with the same two priorities, the controlling side's better one wins.
      assert.deepEqual(order, controlling ? ['11', '12', '21', '22'] : ['11', '21', '12', '22']);
    }
  });

  it('through loss, jitter, reordering and duplication, whatever the seed', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const weather = { seed, lossPercent: 25, duplicatePercent: 10, delayMs: 5, jitterMs: 100 };
      const { network, left, right } = pair(weather, {}, { controlling: seed % 2 === 0 });
      exchange(left, right);
      network.run(20_000);
      assert.deepEqual([left.agent.state, right.agent.state], ['READY', 'READY'], `seed ${seed}`);
      assert.equal(left.path.split(' ').toReversed().join(' '), right.path, `seed ${seed}`);
      assert.notEqual(left.agent.controlling, right.agent.controlling, `seed ${seed}`);
    }
  });

  it('sends its first check at once and keeps 50 ms between new checks', () => {
    const right = { addresses: ['10.0.0.2:1', '10.0.0.3:1', '10.0.0.4:1', '10.0.0.5:1'] };
    const peers = pair({}, {}, right);
    peers.network.isBlocked = () => true;
    exchange(peers.left, peers.right);
    const counts = [0, 49, 1, 49, 1, 50].map((step) => {
      peers.network.run(step);
      return peers.left.sentCount;
    });
    assert.deepEqual(counts, [1, 1, 2, 2, 3, 4]);
  });
});

describe('IceAgent trickles', () => {
  it('answers checks before it knows the credentials of their sender, and then leads them back', () => {
    const { network, left, right } = pair();
    left.gather();
    right.gather();
    left.learnCredentials(right);
    left.learnCandidates(right);
    network.run(300);
    assert.ok(right.sentCount >= 1, 'no answer');
    assert.equal(right.connected, false);
    assert.equal(right.agent.nextTimeoutMs(), undefined);
    right.learnCredentials(left);
    network.run(1000);
    assert.ok(left.connected && right.connected);
    assert.equal(right.selected?.remote.type, 'prflx');
  });

  it('takes candidates before credentials, local ones last', () => {
    const { network, left, right } = pair();
    left.learnCandidates(right);
    right.learnCandidates(left);
    left.learnCredentials(right);
    right.learnCredentials(left);
    network.run(100);
    assert.deepEqual(left.events, []);
    left.gather();
    right.gather();
    network.run(100);
    assert.deepEqual([left.agent.state, right.agent.state], ['READY', 'READY']);
  });

  it('finds the peer when only one side has candidates of the other', () => {
    for (const knowing of ['left', 'right'] as const) {
      const peers = pair();
      const { network, left, right } = peers;
      left.gather();
      right.gather();
      left.learnCredentials(right);
      right.learnCredentials(left);
      peers[knowing].learnCandidates(knowing === 'left' ? right : left);
      network.run(1000);
      assert.deepEqual([left.path, right.path], [`${LEFT} ${RIGHT}`, `${RIGHT} ${LEFT}`]);
    }
  });

  it('gives a learnt candidate the values that are signalled later', () => {
    const { network, left, right } = pair();
    left.gather();
    right.gather();
    left.learnCredentials(right);
    left.learnCandidates(right);
    network.run(100);
    right.learnCandidates(left);
    right.learnCredentials(left);
    network.run(1000);
    assert.equal(right.selected?.remote.type, 'host');
  });

  it('reports the reflexive address that a NAT gives it', () => {
    const { network, left, right } = pair();
    network.translations.set(at(LEFT).key, at('203.0.113.1:7777'));
    exchange(left, right);
    network.run(2000);
    assert.equal(right.path, `${RIGHT} 203.0.113.1:7777`);
    assert.equal(left.path, `203.0.113.1:7777 ${RIGHT}`);
    assert.equal(left.selected?.local.type, 'prflx');
    assert.equal(left.selected?.local.relatedAddress, '10.0.0.1');
  });

  it('keeps at most 64 remote candidates, and refuses those that it cannot check', () => {
    const { left } = pair();
    for (let i = 0; i < 64; i++)
      assert.ok(left.agent.addRemoteCandidate(hostCandidate(at(`10.1.0.${i}:9`), 1)));
    assert.equal(left.agent.addRemoteCandidate(hostCandidate(at('10.1.0.64:9'), 1)), false);
    assert.ok(left.agent.addRemoteCandidate(hostCandidate(at('10.1.0.63:9'), 1)));
    for (const text of [
      '1 1 TCP 1 192.0.2.1 9 typ host tcptype active',
      '1 1 UDP 1 name.local 9 typ host',
      '1 2 UDP 1 192.0.2.1 9 typ host',
    ]) {
      assert.equal(left.agent.addRemoteCandidate(parseCandidate(text)!), false, text);
    }
  });
});

describe('IceAgent settles role conflicts', () => {
  for (const controlling of [true, false]) {
    for (const [leftTie, rightTie] of [
      [1n, 2n],
      [2n, 1n],
      [0n, 0xffff_ffff_ffff_ffffn],
    ] as const) {
      it(`if both are ${controlling ? 'controlling' : 'controlled'}, ties ${leftTie} and ${rightTie}`, () => {
        for (let seed = 1; seed <= 10; seed++) {
          const weather = { seed, lossPercent: 10, jitterMs: 40 };
          const { network, left, right } = pair(
            weather,
            { controlling, tieBreaker: leftTie },
            { controlling, tieBreaker: rightTie },
          );
          exchange(left, right);
          network.run(20_000);
          assert.ok(left.connected && right.connected, `seed ${seed}`);
          assert.equal(left.agent.controlling, leftTie > rightTie);
          assert.equal(right.agent.controlling, rightTie > leftTie);
        }
      });
    }
  }
});

describe('IceAgent fails', () => {
  it('when nothing answers, but not before a check has had its 39.5 s, and only once', () => {
    const { network, left, right } = pair();
    network.isBlocked = () => true;
    exchange(left, right);
    network.run(39_400);
    assert.deepEqual(left.states, ['GATHERING', 'CONNECTING']);
    assert.equal(left.sentCount, 7);
    network.run(20_000);
    assert.deepEqual(left.states, ['GATHERING', 'CONNECTING', 'FAILED']);
    assert.equal(left.agent.nextTimeoutMs(), undefined);
  });

  it('and comes back when the peer gets through', () => {
    const { network, left, right } = pair();
    network.isBlocked = () => true;
    exchange(left, right);
    network.run(60_000);
    network.isBlocked = () => false;
    right.agent.addRemoteCandidate(hostCandidate(at('10.9.9.9:9'), 1));
    const late = new IcePeer(network, { name: 'left', controlling: true, addresses: ['10.0.0.7:5000'] });
    late.gather();
    late.learnCredentials(right);
    late.learnCandidates(right);
    right.agent.setRemoteCredentials({ ufrag: 'left', password: late.password, lite: false });
    network.run(1000);
    assert.equal(right.agent.state, 'READY');
    assert.equal(right.path, `${RIGHT} 10.0.0.7:5000`);
  });
});

describe('IceAgent keeps consent', () => {
  it('by one check every 4 to 6 seconds', () => {
    const { network, left, right } = connected();
    const before = left.sentCount + right.sentCount;
    network.run(600_000);
    // Each check has an answer; both sides check.
    const checks = (left.sentCount + right.sentCount - before) / 2;
    assert.ok(checks >= 200 && checks <= 300, `${checks} checks`);
    assert.deepEqual([left.agent.state, right.agent.state], ['READY', 'READY']);
  });

  it('through 20 % loss for ten minutes', () => {
    const { network, left, right } = connected({ seed: 7, lossPercent: 20, jitterMs: 50 });
    network.run(600_000);
    assert.deepEqual([left.agent.state, right.agent.state], ['READY', 'READY']);
    assert.ok(!left.states.includes('DISCONNECTED'));
  });

  it('and loses it after 30 s of silence: DISCONNECTED, then FAILED, and nothing is accepted any more', () => {
    const { network, left } = connected();
    const start = network.nowMs;
    network.isBlocked = () => true;
    network.run(60_000, () => left.agent.state === 'DISCONNECTED');
    const afterMs = left.nowMs - start;
    assert.ok(afterMs > 24_000 && afterMs <= 30_000, `${afterMs} ms`);
    assert.equal(left.agent.selectedPair, undefined);
    network.run(10_000);
    assert.deepEqual(left.states.slice(-2), ['DISCONNECTED', 'FAILED']);
    assert.equal(left.accepted.size, 0);
    network.run(60_000);
    assert.equal(left.agent.nextTimeoutMs(), undefined);
  });

  for (const silenceMs of [33_000, 50_000]) {
    it(`and resumes after ${silenceMs / 1000} s of silence`, () => {
      for (const controlling of [true, false]) {
        const { network, left, right } = connected({}, { controlling }, { controlling: !controlling });
        network.isBlocked = () => true;
        network.run(silenceMs);
        assert.notEqual(left.agent.state, 'READY');
        network.isBlocked = () => false;
        network.run(30_000);
        for (const peer of [left, right]) {
          assert.deepEqual(peer.states.slice(-2), ['CONNECTED', 'READY']);
          assert.equal(peer.events.filter((event) => event === 'selected').length, 1);
          assert.equal(peer.accepted.size, 1);
        }
      }
    });
  }
});

describe('IceAgent follows a peer that moves', () => {
  for (const moving of ['controlling', 'controlled'] as const) {
    it(`if the ${moving} side gets another address behind its NAT`, () => {
      const isLeftControlling = moving === 'controlling';
      const { network, left, right } = pair(
        {},
        { controlling: isLeftControlling },
        { controlling: !isLeftControlling },
      );
      network.translations.set(at(LEFT).key, at('203.0.113.1:1111'));
      exchange(left, right);
      network.run(1000);
      assert.equal(right.path, `${RIGHT} 203.0.113.1:1111`);
      network.translations.set(at(LEFT).key, at('203.0.113.1:2222'));
      network.run(30_000);
      assert.equal(right.path, `${RIGHT} 203.0.113.1:2222`);
      assert.deepEqual([left.agent.state, right.agent.state], ['READY', 'READY']);
      assert.ok(!right.states.includes('DISCONNECTED'));
    });
  }
});

describe('IceAgent.close', () => {
  it('expires every address, plans nothing and drops what comes', () => {
    const { network, left, right } = connected();
    const sent = left.sentCount;
    left.agent.close();
    left.agent.close();
    assert.equal(left.accepted.size, 0);
    assert.equal(left.agent.nextTimeoutMs(), undefined);
    assert.equal(left.agent.addRemoteCandidate(hostCandidate(at('10.0.0.9:1'), 1)), false);
    network.run(60_000);
    assert.equal(left.sentCount, sent);
    assert.equal(right.agent.state, 'FAILED');
  });
});
