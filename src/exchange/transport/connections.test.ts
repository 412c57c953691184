import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { generateKey, makeCertificate } from '../../crypto/index.ts';
import { isFailure } from '../../storage/index.ts';
import { openVersionSigner, renewManifest, tlsOf } from '../../union/index.ts';
import { craftingNode, type TestNet, testNet } from '../testing.ts';
import { makePeerClient } from './client.ts';
import { type PeerResponse, startPeerServer } from './server.ts';

function certificate() {
  const key = generateKey('es256');
  const dates = { notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2080-01-01T00:00:00.000Z' };
  const made = makeCertificate({ key, commonName: 'kz', ...dates, sans: ['127.0.0.1'] });
  return { tls: tlsOf(key, made.pem), pinned: { fingerprint: made.fingerprint, pem: made.pem } };
}

async function runningServer(t: TestContext): Promise<{ net: TestNet; port: number }> {
  const net = await testNet(t, ['kz', 'ru'], { withStore: ['ru'] });
  const { port } = await net.node('ru').start();
  return { net, port };
}

/** What an HTTPS client with these credentials gets to see: a status, or nothing at all. */
function statusSeen(
  port: number,
  tls: { cert?: string; key?: string },
  more: object = {},
): Promise<number | 'nothing'> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path: '/union/hello', rejectUnauthorized: false, agent: false, ...tls, ...more },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on('error', () => resolve('nothing'));
    asked.end();
  });
}

const ownTls = (net: TestNet, state: string) => {
  const { certificatePem, privateKeyPem } = craftingNode(net.union, state).ctx.keys.tls;
  return { cert: certificatePem, key: privateKeyPem };
};

describe('a node refuses', () => {
  test('plain TCP: nothing of a plain HTTP request is answered', async (t) => {
    const { port } = await runningServer(t);
    const seen = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connectPlain(port, '127.0.0.1', () =>
        socket.write('GET /union/hello HTTP/1.1\r\nhost: x\r\n\r\n'),
      );
      socket.on('data', (data) => {
        text += data.toString('latin1');
      });
      socket.on('close', () => resolve(text));
      socket.on('error', () => undefined);
    });
    assert.ok(!seen.includes('HTTP/1.1 200') && !seen.includes('union'));
  });

  test('a connection without a certificate, and one with a foreign certificate in a right name', async (t) => {
    const { net, port } = await runningServer(t);
    assert.equal(await statusSeen(port, {}), 'nothing');
    const foreign = certificate();
    const credentials = { cert: foreign.tls.certificatePem, key: foreign.tls.privateKeyPem };
    assert.equal(await statusSeen(port, credentials), 'nothing');
    assert.equal(await statusSeen(port, ownTls(net, 'kz')), 200);
  });

  test('TLS 1.2', async (t) => {
    const { net, port } = await runningServer(t);
    assert.equal(await statusSeen(port, ownTls(net, 'kz'), { maxVersion: 'TLSv1.2' }), 'nothing');
  });

  test('a certificate that a newer manifest dropped, on an open connection too', async (t) => {
    const { net, port } = await runningServer(t);
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...ownTls(net, 'kz') });
    t.after(() => socket.destroy());
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    const ask = () => socket.write('GET /union/hello HTTP/1.1\r\nhost: x\r\n\r\n');
    ask();
    await new Promise((resolve) => socket.once('data', resolve));
    assert.match(text, /^HTTP\/1.1 200/);
    const folder = mkdtempSync(join(tmpdir(), 'commonway-exchange-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const { trust } = net.node('ru').ctx;
    const old = trust.manifest('kz').certificates[0]?.fingerprint ?? '';
    const root = net.union.roots.kz;
    assert.ok(root);
    const renewed = renewManifest(trust.sealedManifest('kz'), openVersionSigner(folder, root), {
      issued: new Date().toISOString(),
      addCertificates: [certificate().pinned],
      dropCertificates: [old],
      cutOver: true,
    });
    await trust.learnManifest(renewed);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const before = text.length;
    ask();
    await closed;
    assert.ok(!text.slice(before).includes('HTTP/1.1 200'));
    assert.equal(await statusSeen(port, ownTls(net, 'kz')), 'nothing');
  });

  test('what is larger than a batch may be, before it is in memory', async (t) => {
    const { net } = await runningServer(t);
    const kz = craftingNode(net.union, 'kz').ctx;
    const client = makePeerClient({ trust: kz.trust, tls: kz.keys.tls });
    t.after(() => client.stop());
    const body = Buffer.alloc(17 * 1024 * 1024);
    const asked = client.ask('ru', { method: 'POST', path: '/exchange/batch', body });
    const outcome = await asked.then(
      ({ status }) => status,
      (error: unknown) => isFailure(error, 'EXCHANGE_UNREACHABLE'),
    );
    assert.ok(outcome === 413 || outcome === true);
  });

  test('a path that it does not have', async (t) => {
    const { net } = await runningServer(t);
    const kz = craftingNode(net.union, 'kz').ctx;
    const client = makePeerClient({ trust: kz.trust, tls: kz.keys.tls });
    t.after(() => client.stop());
    const answer = await client.ask('ru', { method: 'GET', path: '/anything' });
    assert.equal(answer.status, 404);
    assert.equal(JSON.parse(answer.body.toString()).code, 'EXCHANGE_NOT_FOUND');
  });
});

describe('a client refuses', () => {
  test('a server with a foreign certificate at the address of its peer: it sends no byte of its question', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: [] });
    const kz = craftingNode(net.union, 'kz').ctx;
    const ru = craftingNode(net.union, 'ru').ctx;
    const asked: string[] = [];
    const impostor = await startPeerServer({
      trust: ru.trust,
      tls: certificate().tls,
      listen: { host: '127.0.0.1', port: kz.trust.manifest('ru').endpoints.exchange.port },
      routes: {
        'GET /*': async ({ path }) => {
          asked.push(path);
          return { status: 200, type: 'text/plain', body: 'x' };
        },
      },
    });
    t.after(() => impostor.stop());
    const client = makePeerClient({ trust: kz.trust, tls: kz.keys.tls });
    t.after(() => client.stop());
    await assert.rejects(client.ask('ru', { method: 'GET', path: '/union/hello' }), (error: unknown) =>
      isFailure(error, 'EXCHANGE_FOREIGN_CERTIFICATE'),
    );
    assert.deepEqual(asked, []);
  });

  test('another state of the union in the place of its peer', async (t) => {
    const net = await testNet(t, ['am', 'kz', 'ru'], { withStore: [] });
    const kz = craftingNode(net.union, 'kz').ctx;
    const am = craftingNode(net.union, 'am').ctx;
    const port = kz.trust.manifest('ru').endpoints.exchange.port;
    const other = await startPeerServer({
      trust: am.trust,
      tls: am.keys.tls,
      listen: { host: '127.0.0.1', port },
      routes: {},
    });
    t.after(() => other.stop());
    const client = makePeerClient({ trust: kz.trust, tls: kz.keys.tls });
    t.after(() => client.stop());
    await assert.rejects(client.ask('ru', { method: 'GET', path: '/' }), (error: unknown) =>
      isFailure(error, 'EXCHANGE_FOREIGN_CERTIFICATE'),
    );
  });

  test('a peer that is not there, with the reason and no other harm', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: [] });
    const kz = craftingNode(net.union, 'kz').ctx;
    const client = makePeerClient({ trust: kz.trust, tls: kz.keys.tls });
    t.after(() => client.stop());
    await assert.rejects(
      client.ask('ru', { method: 'GET', path: '/' }),
      (error: unknown) => isFailure(error, 'EXCHANGE_UNREACHABLE') && error.params.reason === 'ECONNREFUSED',
    );
  });
});

describe('a server that stops', () => {
  test('ends at once the connections on which nothing is under way, and lets end what is', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: ['ru'] });
    let asked = (): void => undefined;
    let answer = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const slow = () =>
      new Promise<PeerResponse>((resolve) => {
        asked();
        answer = () => resolve({ status: 200, type: 'text/plain', body: 'late' });
      });
    const server = await startPeerServer({
      trust: net.node('ru').ctx.trust,
      tls: net.node('ru').ctx.keys.tls,
      listen: { host: '127.0.0.1', port: 0 },
      routes: { 'GET /slow': slow, 'GET /quick': async () => ({ status: 200, type: 'text/plain', body: 'now' }) },
    });
    const ask = (path: string, socket: TLSSocket) => socket.write(`GET ${path} HTTP/1.1\r\nhost: ru\r\n\r\n`);
    const open = async () => {
      const socket = connectTls({
        host: '127.0.0.1',
        port: server.port,
        rejectUnauthorized: false,
        ...ownTls(net, 'kz'),
      });
      const ended = once(socket, 'close');
      let told = '';
      socket.on('data', (data) => {
        told += data.toString('latin1');
      });
      await once(socket, 'secureConnect');
      return { socket, ended, told: () => told };
    };
    const [idle, busy] = [await open(), await open()];
    ask('/quick', idle.socket);
    await once(idle.socket, 'data');
    ask('/slow', busy.socket);
    await isAsked;
    const stopped = server.stop();
    await idle.ended;
    answer();
    await busy.ended;
    await stopped;
    assert.match(busy.told(), /^HTTP\/1.1 200 .*late$/s);
  });
});

describe('two servers on one port', () => {
  test('give one clear failure', async (t) => {
    const { net, port } = await runningServer(t);
    const { ctx } = craftingNode(net.union, 'kz');
    await assert.rejects(
      startPeerServer({ trust: ctx.trust, tls: ctx.keys.tls, listen: { host: '127.0.0.1', port }, routes: {} }),
      (error: unknown) => isFailure(error, 'EXCHANGE_PORT_TAKEN'),
    );
  });
});
