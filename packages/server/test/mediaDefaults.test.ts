/**
 * Settings that media objects start with: what the configuration says can be read back and stands in SDP.
 * @module
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { dscpOf } from '../src/elements/dscp.ts';
import { startServer, type RunningServer } from '../src/startServer.ts';
import { Certificates } from './Certificates.ts';
import { textOf, type Json } from './harness.ts';

const certificates = new Certificates();
let server: RunningServer;
let socket: WebSocket;
let nextId = 0;

/** Asks the server; resolves with `result.value`. */
async function ask(method: string, params: object): Promise<Json> {
  const id = nextId++;
  socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, sessionId: 'test' } }));
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- events come in between
    const [data] = await once(socket, 'message');
    const reply: Json = JSON.parse(String(data));
    if (Number(reply['id']) === id && !('method' in reply)) return reply['result']!['value']!;
  }
}

async function create(type: string, constructorParams: object = {}): Promise<Json> {
  return ask('create', { type, constructorParams });
}

async function invoke(object: Json, operation: string): Promise<Json> {
  return ask('invoke', { object, operation });
}

before(async () => {
  certificates.make('dtls', { algorithm: 'rsa:2048' });
  server = await startServer({
    port: 0,
    udpPort: 0,
    routers: 1,
    host: '127.0.0.1',
    interfaces: ['lo'],
    media: {
      mtu: 1100,
      encoderBitrate: 500_000,
      minEncoderBitrate: 1,
      maxEncoderBitrate: 2_000_000,
      numAudioMedias: 0,
      numVideoMedias: 2,
      videoCodecs: ['H264/90000', 'nonsense/1', 'vp8'],
      externalIPv4: '192.0.2.7',
      iceTcp: false,
      stunServerAddress: '192.0.2.1',
      stunServerPort: 3479,
      turnUrl: 'u:p@192.0.2.1:3478',
      qosDscp: 'AUDIO_HIGH',
      pemCertificateRsa: certificates.path('dtls.pem'),
    },
  });
  socket = new WebSocket(server.wsUrl);
  await once(socket, 'open');
});
after(async () => {
  socket.close();
  await server.close();
  certificates.remove();
});

describe('the configuration', () => {
  it('gives elements their first values', async () => {
    const mediaPipeline = await create('MediaPipeline');
    const endpoint = await create('WebRtcEndpoint', { mediaPipeline });
    const expected = {
      getMtu: 1100,
      getEncoderBitrate: 500_000,
      getMinEncoderBitrate: 1,
      getMaxEncoderBitrate: 2_000_000,
      getExternalIPv4: '192.0.2.7',
      getExternalIPv6: '',
      getIceTcp: false,
      getStunServerAddress: '192.0.2.1',
      getStunServerPort: 3479,
      getTurnUrl: 'u:p@192.0.2.1:3478',
      getNetworkInterfaces: 'lo',
    };
    for (const [operation, value] of Object.entries(expected)) {
      // oxlint-disable-next-line no-await-in-loop -- one socket, one answer at a time
      assert.equal(await invoke(endpoint, operation), value, operation);
    }
  });

  it('chooses sections, codecs and their order, the certificate, and the address of candidates', async () => {
    const mediaPipeline = await create('MediaPipeline');
    const endpoint = await create('WebRtcEndpoint', { mediaPipeline });
    const offer = textOf(await invoke(endpoint, 'generateOffer'));
    assert.deepEqual(offer.match(/^m=\w+/gm), ['m=video', 'm=video']);
    const [, section = ''] = offer.split('m=video');
    assert.deepEqual(section.match(/(?<=a=rtpmap:\d+ )[\w-]+/g), ['H264', 'VP8']);
    await invoke(endpoint, 'gatherCandidates');
    const local = textOf(await invoke(endpoint, 'getLocalSessionDescriptor'));
    const { fingerprint256 } = new X509Certificate(certificates.read('dtls.crt'));
    assert.ok(local.includes(`a=fingerprint:sha-256 ${fingerprint256}`), local);
    assert.match(local, /a=candidate:\S+ 1 UDP \d+ 192\.0\.2\.7 /i);
    assert.doesNotMatch(local, /a=candidate:\S+ 1 UDP \d+ 127\.0\.0\.1 /i);
  });

  it('knows the code points of priority marks', () => {
    assert.deepEqual(['NO_VALUE', 'NO_DSCP', 'EF', 'AF41', 'CS7', 'LE', 'toString'].map(dscpOf), [
      undefined,
      0,
      46,
      34,
      56,
      1,
      undefined,
    ]);
  });
});
