/**
 * A server with authentication, and what each client makes of it: the official one and ours.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connect } from '@rivero/client';
import kurentoClient, { type KurentoClient } from 'kurento-client';
import { RiveroProcess } from './harness/RiveroProcess.ts';

const appToken = 'the-token-of-an-application';
const viewerToken = 'the-token-of-a-mere-viewer';
const tokens = [
  { token: appToken, name: 'app', scopes: ['create'] },
  { token: viewerToken, name: 'viewer', scopes: ['media'] },
];

let rivero: RiveroProcess;
before(async () => {
  rivero = await RiveroProcess.start({ env: { RIVERO_AUTH_TOKENS: JSON.stringify(tokens) } });
});
after(() => rivero[Symbol.asyncDispose]());

describe('kurento-client with access_token', () => {
  it('connects in strict mode and creates', async () => {
    const client: KurentoClient = await kurentoClient(rivero.wsUrl, { strict: true, access_token: appToken });
    try {
      const pipeline = await client.create('MediaPipeline');
      await pipeline.release();
    } finally {
      client.close();
    }
  });

  it('learns why it may not create', async () => {
    const client: KurentoClient = await kurentoClient(rivero.wsUrl, {
      strict: true,
      access_token: viewerToken,
    });
    try {
      await assert.rejects(client.create('MediaPipeline'), /needs the scope 'create', the token has 'media'/);
    } finally {
      client.close();
    }
  });
});

describe('@rivero/client with accessToken', () => {
  it('connects and creates', async () => {
    const client = await connect(rivero.wsUrl, { accessToken: appToken });
    const pipeline = await client.create('MediaPipeline');
    await pipeline.release();
    client.close();
  });

  it('learns why it may not create, by its code', async () => {
    const client = await connect(rivero.wsUrl, { accessToken: viewerToken });
    try {
      await assert.rejects(client.create('MediaPipeline'), { code: -32_001, data: { type: 'FORBIDDEN' } });
    } finally {
      client.close();
    }
  });

  it('fails to connect without a token', async () => {
    await assert.rejects(connect(rivero.wsUrl));
  });
});

describe('the server', () => {
  it('has written no token', () => {
    assert.doesNotMatch(rivero.output, /the-token-of/);
  });
});
