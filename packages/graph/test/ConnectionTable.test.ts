import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Connection, ConnectionTable } from '@rivero/graph';

function edge(sourceId: string, sinkId: string, more: Partial<Connection> = {}): Connection {
  return {
    sourceId,
    sinkId,
    type: 'VIDEO',
    sourceDescription: 'default',
    sinkDescription: 'default',
    ...more,
  };
}

describe('ConnectionTable', () => {
  it('keeps one source for each sink pad and returns the one it replaced', () => {
    const table = new ConnectionTable();
    assert.equal(table.add(edge('a', 'b')), undefined);
    assert.deepEqual(table.add(edge('c', 'b')), edge('a', 'b'));
    assert.deepEqual(table.find(), [edge('c', 'b')]);
  });

  it('keeps media types and descriptions apart', () => {
    const table = new ConnectionTable();
    table.add(edge('a', 'b'));
    table.add(edge('a', 'b', { type: 'AUDIO' }));
    table.add(edge('c', 'b', { sinkDescription: 'slides' }));
    assert.equal(table.size, 3);
  });

  it('returns the edge itself when it exists already', () => {
    const table = new ConnectionTable();
    const first = edge('a', 'b');
    table.add(first);
    assert.equal(table.add(edge('a', 'b')), first);
    assert.equal(table.size, 1);
  });

  it('removes only the edge that is named', () => {
    const table = new ConnectionTable();
    table.add(edge('a', 'b'));
    assert.equal(table.remove(edge('c', 'b')), false);
    assert.equal(table.remove(edge('a', 'b', { sourceDescription: 'x' })), false);
    assert.equal(table.remove(edge('a', 'b')), true);
    assert.equal(table.size, 0);
  });

  it('finds by every member of the filter', () => {
    const table = new ConnectionTable();
    const all = [
      edge('a', 'b'),
      edge('a', 'c', { type: 'AUDIO' }),
      edge('b', 'a', { sourceDescription: 'x' }),
    ];
    for (const one of all) table.add(one);
    assert.deepEqual(table.find({ sourceId: 'a' }), all.slice(0, 2));
    assert.deepEqual(table.find({ sinkId: 'a' }), all.slice(2));
    assert.deepEqual(table.find({ type: 'AUDIO' }), [all[1]]);
    assert.deepEqual(table.find({ sourceDescription: 'x' }), [all[2]]);
    assert.deepEqual(table.find({ sinkDescription: 'none' }), []);
  });
});
