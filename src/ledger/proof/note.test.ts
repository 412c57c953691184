import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey, importSigningKey, type PublicKey, rawSign, sha256, toBase64Url } from '../../crypto/index.ts';
import { signCheckpoint } from '../log/sign-checkpoint.ts';
import { nodeProofCrypto as crypto } from '../node-proof-crypto.ts';
import { fromBase64 } from './bytes.ts';
import { parseTreeHead } from './checkpoint.ts';
import {
  formatNote,
  formatSignature,
  NOTE_COSIGNATURE,
  NOTE_ED25519,
  noteKeyId,
  parseNote,
  verifierKey,
} from './note.ts';
import { verifyCosignatures, verifyLogSignature } from './policy.ts';
import { webProofCrypto } from './proof-crypto.ts';
import { MalformedProof } from './refusal.ts';

/** A key from the base64 part of a verifier key: one byte of type, 32 of key. */
function keyOf(base64: string): PublicKey {
  const jwk = { crv: 'Ed25519', kty: 'OKP', x: toBase64Url(fromBase64(base64).subarray(1)) } as const;
  return { suite: 'ed25519', id: toBase64Url(sha256(JSON.stringify(jwk))), jwk };
}

// The example of c2sp.org/signed-note, and the one in the documentation of Go's sumdb/note.
const SPEC = {
  key: 'AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  name: 'example.com/foo',
  vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  note:
    'This is an example message.\n\n' +
    '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
};
const GO = {
  key: 'ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  name: 'PeterNeumann',
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  seed: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  note:
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};
// Made by the reference implementation in Go (transparency-dev/formats), with its own clock.
const COSIGNED = {
  key: 'BLMSTPoQj0PojM8eKiPf9xUT8g6b0OuMyvYb5sSu9JH5',
  vkey: 'vec.example/cosigv10+c12688da+BLMSTPoQj0PojM8eKiPf9xUT8g6b0OuMyvYb5sSu9JH5',
  note:
    'vec.example/cosigv10\n42\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
    '— vec.example/cosigv10 wSaI2gAAAABqbL5Q3HjbTCJeqMg3tmpdYGAg05ijTi7k0pyreJSULmtv3g+yXH+G/Ko87JG+QkLF6af9+GVVNlEIgf6T0bw0wQyMDw==\n',
};

for (const [name, vector] of Object.entries({ SPEC, GO })) {
  test(`the published note ${name} verifies, and no changed one`, async () => {
    const key = keyOf(vector.key);
    assert.equal(await verifierKey(crypto, vector.name, NOTE_ED25519, fromBase64(vector.key).subarray(1)), vector.vkey);
    const note = parseNote(vector.note);
    assert.ok(await verifyLogSignature(crypto, note, vector.name, [key]));
    assert.ok(await verifyLogSignature(webProofCrypto(), note, vector.name, [key]));
    assert.ok(
      !(await verifyLogSignature(crypto, { ...note, text: note.text.replace('is', 'as') }, vector.name, [key])),
    );
    assert.ok(!(await verifyLogSignature(crypto, note, 'example.com/bar', [key])));
    assert.ok(!(await verifyLogSignature(crypto, note, vector.name, [generateKey().public])));
    assert.ok(!(await verifyLogSignature(crypto, note, vector.name, [generateKey('es256').public])));
  });
}

test('signing with the published key gives the published note, byte for byte', async () => {
  const seed = toBase64Url(fromBase64(GO.seed).subarray(1));
  const key = keyOf(GO.key);
  const signing = importSigningKey({ public: key, privateJwk: { ...key.jwk, d: seed } });
  const { text } = parseNote(GO.note);
  const id = await noteKeyId(crypto, GO.name, NOTE_ED25519, fromBase64(GO.key).subarray(1));
  const line = formatSignature(GO.name, id, rawSign(signing, Buffer.from(text)));
  assert.equal(formatNote(text, [line]), GO.note);
});

test('a cosignature of the reference implementation verifies, in node and by WebCrypto, and no changed one', async () => {
  const key = keyOf(COSIGNED.key);
  const raw = fromBase64(COSIGNED.key).subarray(1);
  assert.equal(await verifierKey(crypto, 'vec.example/cosigv10', NOTE_COSIGNATURE, raw), COSIGNED.vkey);
  const note = parseNote(COSIGNED.note);
  assert.equal(parseTreeHead(note.text).size, 42);
  assert.equal(await verifyCosignatures(crypto, note, key), 0x6a6cbe50);
  assert.equal(await verifyCosignatures(webProofCrypto(), note, key), 0x6a6cbe50);
  assert.equal(await verifyCosignatures(crypto, note, generateKey().public), undefined);
  const changed = parseNote(COSIGNED.note.replace('\n42\n', '\n43\n'));
  assert.equal(await verifyCosignatures(crypto, changed, key), 'invalid');
  const later = parseNote(COSIGNED.note.replace('wSaI2gAAAABqbL5Q', 'wSaI2gAAAABqbL5R'));
  assert.equal(await verifyCosignatures(crypto, later, key), 'invalid');
});

test('a note signature is no cosignature and a cosignature no note signature, though the key is one', async () => {
  const key = generateKey();
  const note = parseNote(signCheckpoint({ origin: 'a/b', size: 0, root: sha256('') }, key));
  assert.ok(await verifyLogSignature(crypto, note, 'a/b', [key.public]));
  assert.equal(await verifyCosignatures(crypto, note, key.public), undefined);
  assert.ok(
    !(await verifyLogSignature(crypto, parseNote(COSIGNED.note), 'vec.example/cosigv10', [keyOf(COSIGNED.key)])),
  );
});

test('a note that is not of its form is refused', () => {
  const [text, line] = GO.note.split('\n\n') as [string, string];
  const wrong = [
    `${text}\n`,
    `${text}\n\n`,
    GO.note.slice(0, -1),
    `\x01${GO.note}`,
    GO.note.replace('you', 'you\r'),
    `${text}\n\n${line.replace('PeterNeumann', 'Bad Name')}`,
    `${text}\n\n${line.replace('PeterNeumann', 'Bad+Name')}`,
    `${text}\n\n${line.replace('PeterNeumann', '')}`,
    `${text}\n\n${line.replace('—', '-')}`,
    `${text}\n\n${line.replace('=', '')}`,
    `${text}\n\n${line}Unexpected line.\n`,
    `${text}\n\n— PeterNeumann AAAA\n`,
    `${text}\n\n${line.repeat(65)}`,
    `${'x'.repeat(70_000)}\n\n${line}`,
    `${text}\ud800\n\n${line}`,
    '',
  ];
  for (const note of wrong) assert.throws(() => parseNote(note), MalformedProof, JSON.stringify(note.slice(0, 80)));
});

test('the text ends at the last empty line, as the format says', () => {
  const note = parseNote(`a\n\nb\n\n${GO.note.split('\n\n')[1]}`);
  assert.equal(note.text, 'a\n\nb\n');
});

test('a checkpoint has exactly three lines, in their one form', () => {
  const root = sha256('').toString('base64');
  assert.equal(parseTreeHead(`a/b\n0\n${root}\n`).size, 0);
  const wrong = [
    `a/b\n00\n${root}\n`,
    `a/b\n-1\n${root}\n`,
    `a/b\n1e3\n${root}\n`,
    `a/b\n9007199254740993\n${root}\n`,
    `a/b\n\n${root}\n`,
    `\n0\n${root}\n`,
    `a/b\n0\n${root}`,
    `a/b\n0\n${root.slice(0, -1)}\n`,
    `a/b\n0\nAAAA\n`,
    `a/b\n0\n${root}\nextension\n`,
    '',
  ];
  for (const text of wrong) assert.throws(() => parseTreeHead(text), MalformedProof, JSON.stringify(text));
});
