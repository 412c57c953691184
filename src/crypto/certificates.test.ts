import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { isFailure } from '../storage/index.ts';
import { certificateFingerprint, verifyCertificateChain } from './certificate-chain.ts';
import { issueCertificate, makeCertificate, makeRootCertificate } from './certificates.ts';
import { generateKey, privateKeyPem, type SigningKey } from './keys.ts';
import type { Suite } from './suite.ts';

const SUITES: Suite[] = ['ed25519', 'es256'];
const notBefore = '2020-01-01T00:00:00.000Z';
const notAfter = '2120-01-01T00:00:00.000Z';
const at = '2026-11-22T19:28:11.123Z';
const refused = (error: unknown) => isFailure(error, 'CRYPTO_CERTIFICATE');

function transport(key: SigningKey, name: string) {
  return makeCertificate({
    key,
    commonName: name,
    notBefore,
    notAfter,
    sans: [`${name}.localhost`, '127.0.0.1', '::1'],
  });
}

for (const suite of SUITES) {
  test(`${suite}: a transport certificate says what it should`, () => {
    const key = generateKey(suite);
    const made = transport(key, 'kz');
    const read = new X509Certificate(made.pem);
    assert.equal(read.fingerprint256.replaceAll(':', '').toLowerCase(), made.fingerprint);
    assert.equal(certificateFingerprint(made.pem), made.fingerprint);
    assert.equal(read.subject, 'CN=kz');
    assert.equal(read.issuer, 'CN=kz');
    assert.equal(read.subjectAltName, 'DNS:kz.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    assert.equal(read.validFromDate.toISOString(), notBefore);
    assert.equal(read.validToDate.toISOString(), notAfter);
    assert.equal(read.ca, false);
    assert.ok(read.verify(read.publicKey));
    assert.deepEqual(read.raw, made.der);
  });

  test(`${suite}: two nodes meet over mutual TLS 1.3, and a certificate that was not pinned does not get in`, async () => {
    const [server, client, stranger] = [generateKey(suite), generateKey(suite), generateKey(suite)];
    const [serverCert, clientCert] = [transport(server, 'kz'), transport(client, 'kg')];
    const strangerCert = transport(stranger, 'kg');
    const listener = createServer({
      key: privateKeyPem(server),
      cert: serverCert.pem,
      ca: [clientCert.pem],
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    });
    listener.on('tlsClientError', () => undefined);
    listener.on('secureConnection', (socket) => {
      const peer = certificateFingerprint(socket.getPeerX509Certificate()?.raw ?? Buffer.alloc(0));
      socket.on('error', () => undefined);
      socket.end(peer);
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const greet = async (key: SigningKey, cert: string): Promise<string> => {
      const socket: TLSSocket = connect({
        port,
        host: '127.0.0.1',
        servername: 'kz.localhost',
        key: privateKeyPem(key),
        cert,
        ca: [serverCert.pem],
        minVersion: 'TLSv1.3',
      });
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      await once(socket, 'close');
      return text;
    };
    try {
      assert.equal(await greet(client, clientCert.pem), clientCert.fingerprint);
      // Under TLS 1.3 the client may see its refusal as an error or as an end without a word.
      assert.equal(await greet(stranger, strangerCert.pem).catch(() => ''), '');
    } finally {
      listener.close();
      await once(listener, 'close');
    }
  });

  test(`${suite}: a document signer's chain leads from the root that the verifier holds to the signer's key`, () => {
    const root = generateKey(suite);
    const name = { commonName: 'Root of kz', organisation: 'Example union', country: 'KZ' };
    const own = makeRootCertificate({ key: root, name, notBefore, notAfter });
    const signer = generateKey('es256');
    const leaf = issueCertificate({
      issuerKey: root,
      issuerName: name,
      subjectKey: signer.public,
      subjectName: { commonName: 'Documents of kz' },
      notBefore,
      notAfter,
      sans: ['kz.localhost'],
    });
    const x5c = [leaf, own].map((certificate) => certificate.der.toString('base64'));
    const trust = { root: root.public, at };
    assert.deepEqual(verifyCertificateChain(x5c, trust), signer.public);
    assert.deepEqual(verifyCertificateChain(x5c.slice(0, 1), trust), signer.public);
    assert.equal(new X509Certificate(leaf.der).issuer, 'C=KZ\nO=Example union\nCN=Root of kz');
    assert.ok(new X509Certificate(leaf.der).checkIssued(new X509Certificate(own.der)));
  });
}

test('a chain is refused for every single thing that may be wrong with it', () => {
  const [root, foreign, signer] = [generateKey(), generateKey(), generateKey('es256')];
  const issuerName = { commonName: 'Root of kz' };
  const subjectName = { commonName: 'Documents of kz' };
  const base = { issuerKey: root, issuerName, subjectKey: signer.public, subjectName, notBefore, notAfter };
  const text = (certificate: { der: Buffer }): string => certificate.der.toString('base64');
  const leaf = text(issueCertificate(base));
  const own = text(makeRootCertificate({ key: root, name: issuerName, notBefore, notAfter }));
  const selfSigned = text(
    makeCertificate({ key: signer, commonName: 'x', notBefore, notAfter, sans: ['x.localhost'] }),
  );
  const foreignRoot = text(makeRootCertificate({ key: foreign, name: issuerName, notBefore, notAfter }));
  const foreignLeaf = text(issueCertificate({ ...base, issuerKey: foreign }));
  const subLeaf = text(
    issueCertificate({ ...base, issuerKey: signer, issuerName: subjectName, subjectKey: foreign.public }),
  );
  const renamed = text(issueCertificate({ ...base, issuerName: { commonName: 'Root of kg' } }));
  const changed = Buffer.from(leaf, 'base64');
  changed[60] = (changed[60] as number) ^ 1;
  const cases: Record<string, string[]> = {
    empty: [],
    'too long': [leaf, own, own],
    'self-signed signer': [selfSigned],
    'leaf of a foreign root': [foreignLeaf],
    'chain of a foreign root': [foreignLeaf, foreignRoot],
    'foreign root above': [leaf, foreignRoot],
    'a leaf that issues': [subLeaf, leaf],
    'root as signer': [own],
    'other names': [renamed, own],
    'wrong order': [own, leaf],
    'changed bytes': [changed.toString('base64')],
    'trailing bytes': [Buffer.concat([Buffer.from(leaf, 'base64'), Buffer.from([0])]).toString('base64')],
    'not base64': [`${leaf}\n`],
    'not a certificate': ['AAAA'],
  };
  const trust = { root: root.public, at };
  for (const [name, chain] of Object.entries(cases)) {
    assert.throws(() => verifyCertificateChain(chain, trust), refused, name);
  }
  assert.throws(() => verifyCertificateChain([leaf], { ...trust, at: '2019-12-31T23:59:59.000Z' }), refused);
  assert.throws(() => verifyCertificateChain([leaf], { ...trust, at: '2120-01-01T00:00:01.000Z' }), refused);
  assert.throws(() => verifyCertificateChain([leaf], { ...trust, at: 'yesterday' }), refused);
});

test('names and dates that cannot be written are refused', () => {
  const key = generateKey();
  const good = { key, commonName: 'kz', notBefore, notAfter, sans: ['kz.localhost'] };
  for (const wrong of [
    { commonName: '' },
    { commonName: 'a\nb' },
    { commonName: 'x'.repeat(65) },
    { sans: ['KZ.localhost'] },
    { sans: ['a b'] },
    { notAfter: notBefore },
    { notBefore: '2020' },
  ]) {
    assert.throws(() => makeCertificate({ ...good, ...wrong }), refused);
  }
  const name = { commonName: 'x', country: 'kz' };
  assert.throws(() => makeRootCertificate({ key, name, notBefore, notAfter }), refused);
});
