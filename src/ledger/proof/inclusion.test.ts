import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  digestOf,
  generateKey,
  type PublicKey,
  randomBytes,
  type SigningKey,
  toBase64Url,
} from '../../crypto/index.ts';
import { cosign, signCheckpoint } from '../log/sign-checkpoint.ts';
import { nodeProofCrypto as crypto } from '../node-proof-crypto.ts';
import { consistencyRanges, inclusionRanges } from '../tree/blocks.ts';
import { bodiesOf, hashesIn } from '../tree/bodies.ts';
import { growTiles } from '../tree/grow.ts';
import { rootOfRange, rootOfTree } from '../tree/hash.ts';
import { verifyConsistency } from './consistency.ts';
import { type InclusionProof, verifyInclusion } from './inclusion.ts';
import { type LeafOpening, leafData } from './leaf.ts';
import { parseNote } from './note.ts';
import { type LedgerTrust, quorumOf, verifyCheckpoint } from './policy.ts';
import { webProofCrypto } from './proof-crypto.ts';
import { parseProofFile, proofFile } from './proof-file.ts';
import { MalformedProof } from './refusal.ts';

const origin = 'commonway/test/kz';
const log = generateKey();
const witnesses = ['am', 'by', 'kg', 'ru'].map((state) => ({ name: `commonway/test/${state}`, key: generateKey() }));
const trust = {
  origin,
  ledgerKeys: [log.public],
  witnesses: witnesses.map(({ key }) => [key.public]),
  quorum: quorumOf(4),
};
const content = { at: '2026-11-22T19:28:11.123Z', agency: 'kz.pension-fund' };
const openings: LeafOpening[] = Array.from({ length: 20 }, (_, number) => ({
  kind: 'access',
  salt: toBase64Url(randomBytes(32)),
  contentDigest: digestOf({ ...content, number }),
}));
const tiles = hashesIn(
  bodiesOf(
    growTiles(
      0,
      new Map(),
      openings.map((opening) => leafData(crypto, opening) as Buffer),
    ),
  ),
);

function checkpointOf(size: number, signers: { name: string; key: SigningKey }[], key = log, name = origin): string {
  const note = signCheckpoint({ origin: name, size, root: rootOfTree(size, tiles) }, key);
  const lines = signers.map((witness, number) => cosign(parseNote(note).text, 1_800_000_000 + 10 * number, witness));
  return note + lines.join('');
}

function proofOf(index: number, size: number, signers = witnesses.slice(0, 3)): InclusionProof {
  const path = inclusionRanges(index, size).map((range) => rootOfRange(range, tiles).toString('base64'));
  return { origin, index, size, leaf: openings[index] as LeafOpening, path, checkpoint: checkpointOf(size, signers) };
}

test('an inclusion proof verifies with its witnesses and the time by which enough of them had seen it', async () => {
  const contentDigest = digestOf({ ...content, number: 11 });
  for (const by of [crypto, webProofCrypto()]) {
    const result = await verifyInclusion(by, proofOf(11, 20), { ...trust, contentDigest });
    assert.ok(result.verified);
    assert.equal(result.witnessed, 3);
    assert.equal(result.seenBy, 1_800_000_020);
    assert.equal(result.index, 11);
  }
});

test('alone, no witness is needed; of two to five others more than half', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(quorumOf), [0, 1, 2, 2, 3, 3]);
});

test('a checkpoint with too few cosignatures says how many it has', async () => {
  const result = await verifyInclusion(crypto, proofOf(1, 9, witnesses.slice(0, 2)), trust);
  assert.deepEqual(result, { verified: false, code: 'LEDGER_PROOF_WITNESSES', params: { found: 2, wanted: 3 } });
});

test('a witness that signs twice, under two names or with the key of the log counts once or not at all', async () => {
  const [first, second] = witnesses as [(typeof witnesses)[0], (typeof witnesses)[0]];
  const twice = proofOf(1, 9, [first, { ...first, name: 'other/name' }, second, first]);
  const result = await verifyInclusion(crypto, twice, trust);
  assert.deepEqual(result, { verified: false, code: 'LEDGER_PROOF_WITNESSES', params: { found: 2, wanted: 3 } });
  const own = { name: origin, key: log };
  const result2 = await verifyInclusion(crypto, proofOf(1, 9, [first, second, own]), {
    ...trust,
    witnesses: [...trust.witnesses, [log.public], [first.key.public]],
  });
  assert.deepEqual(result2, { verified: false, code: 'LEDGER_PROOF_WITNESSES', params: { found: 2, wanted: 3 } });
});

test('witnesses that the verifier does not know are passed over', async () => {
  const strangers = ['x', 'y', 'z'].map((name) => ({ name, key: generateKey() }));
  const few = await verifyInclusion(crypto, proofOf(1, 9, strangers), trust);
  assert.deepEqual(few, { verified: false, code: 'LEDGER_PROOF_WITNESSES', params: { found: 0, wanted: 3 } });
  const enough = await verifyInclusion(crypto, proofOf(1, 9, [...strangers, ...witnesses]), trust);
  assert.ok(enough.verified && enough.witnessed === 4);
});

test('every single wrong thing in a proof has its own reason', async () => {
  const good = proofOf(5, 17);
  const foreign = generateKey();
  const codeOf = async (proof: unknown, given: Parameters<typeof verifyInclusion>[2] = trust) => {
    const result = await verifyInclusion(crypto, proof as InclusionProof, given);
    return result.verified ? 'verified' : result.code;
  };
  assert.equal(await codeOf(good), 'verified');
  assert.equal(await codeOf(good, { ...trust, contentDigest: digestOf(content) }), 'LEDGER_PROOF_CONTENT');
  assert.equal(await codeOf(good, { ...trust, origin: 'commonway/test/kg' }), 'LEDGER_PROOF_ORIGIN');
  assert.equal(await codeOf({ ...good, origin: 'commonway/test/kg' }), 'LEDGER_PROOF_ORIGIN');
  assert.equal(await codeOf(good, { ...trust, ledgerKeys: [foreign.public] }), 'LEDGER_PROOF_LOG_SIGNATURE');
  const stranger = checkpointOf(17, witnesses, foreign);
  assert.equal(await codeOf({ ...good, checkpoint: stranger }), 'LEDGER_PROOF_LOG_SIGNATURE');
  const unsigned = good.checkpoint
    .split('\n')
    .filter((line) => !line.startsWith(`— ${origin} `))
    .join('\n');
  assert.equal(await codeOf({ ...good, checkpoint: unsigned }), 'LEDGER_PROOF_LOG_SIGNATURE');
  const [, second] = witnesses as [unknown, (typeof witnesses)[0]];
  const borrowed = cosign(parseNote(checkpointOf(18, [])).text, 1_800_000_000, second);
  const spoiled = checkpointOf(17, witnesses) + borrowed;
  assert.equal(await codeOf({ ...good, checkpoint: spoiled }), 'LEDGER_PROOF_WITNESS_SIGNATURE');
  assert.equal(await codeOf({ ...good, checkpoint: checkpointOf(18, witnesses), size: 18 }), 'LEDGER_PROOF_PATH');
  assert.equal(await codeOf({ ...good, index: 6 }), 'LEDGER_PROOF_PATH');
  assert.equal(await codeOf({ ...good, index: '5' }), 'LEDGER_PROOF_PATH');
  assert.equal(await codeOf({ ...good, path: good.path.slice(1) }), 'LEDGER_PROOF_PATH');
  for (const leaf of [
    { kind: 'decision' },
    { salt: toBase64Url(randomBytes(32)) },
    { contentDigest: '00'.repeat(32) },
  ]) {
    assert.equal(await codeOf({ ...good, leaf: { ...good.leaf, ...leaf } }), 'LEDGER_PROOF_PATH');
  }
  const malformed: unknown[] = [
    { ...good, size: 18 },
    { ...good, checkpoint: 'x' },
    { ...good, checkpoint: undefined },
    { ...good, path: [...good.path, 'AAAA='] },
    { ...good, path: 'AAAA' },
    { ...good, leaf: { ...good.leaf, salt: 'AAAA' } },
    { ...good, leaf: { ...good.leaf, contentDigest: 'AA' } },
    { ...good, leaf: { ...good.leaf, kind: 'Access' } },
    { ...good, leaf: undefined },
  ];
  for (const proof of malformed) assert.equal(await codeOf(proof), 'LEDGER_PROOF_FORM', JSON.stringify(proof));
});

test('a cosignature without a time, or of another length, is a false one', async () => {
  const [witness] = witnesses as [(typeof witnesses)[0]];
  const timeless = proofOf(1, 9);
  const note = parseNote(timeless.checkpoint);
  const result = await verifyCheckpoint(crypto, timeless.checkpoint + cosign(note.text, 0, witness), trust);
  assert.ok(!result.verified && result.code === 'LEDGER_PROOF_WITNESS_SIGNATURE');
});

test('every changed letter of a proof file is noticed', async () => {
  const file = proofFile(proofOf(5, 17));
  assert.deepEqual(parseProofFile(file), proofOf(5, 17));
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - 1), fc.constantFrom('A', 'B', '7', ' ', '\n', '='), async (at, letter) => {
      const changed = file.slice(0, at) + letter + file.slice(at + 1);
      if (changed === file) return;
      let proof: InclusionProof;
      try {
        proof = parseProofFile(changed);
      } catch (error) {
        assert.ok(error instanceof MalformedProof);
        return;
      }
      // A cosigner's name is not covered by its signature, and a line that is nobody's is passed over: the seal of a file
      // covers those. Whatever verifies says the same.
      const result = await verifyInclusion(crypto, proof, { ...trust, quorum: 3 });
      if (result.verified) assert.deepEqual({ ...proof, checkpoint: '' }, { ...parseProofFile(file), checkpoint: '' });
    }),
    { numRuns: 300 },
  );
});

test('a proof file has the form of c2sp.org/tlog-proof', () => {
  const proof = proofOf(0, 2);
  const lines = proofFile(proof).split('\n');
  assert.equal(lines[0], 'c2sp.org/tlog-proof@v1');
  assert.deepEqual(JSON.parse(Buffer.from((lines[1] as string).slice(6), 'base64').toString()), proof.leaf);
  assert.equal(lines[2], 'index 0');
  assert.deepEqual(lines.slice(3, 6), [...proof.path, '', origin]);
  const file = proofFile(proof);
  const wrong = [
    file.replace('@v1', '@v2'),
    file.replace('index 0', 'index 00'),
    file.replace(/extra .*\n/, ''),
    file.replace(/extra .*/, 'extra AAAA'),
    file.replace(/extra .*/, `extra ${Buffer.from('null').toString('base64')}`),
    file.replace(/extra .*/, `extra ${Buffer.from(JSON.stringify({ ...proof.leaf, more: 1 })).toString('base64')}`),
    file.replace('\n\n', '\n'),
    file.replace('index 0', `index 0\n${`${proof.path[0]}\n`.repeat(60)}`),
    '',
  ];
  for (const text of wrong) assert.throws(() => parseProofFile(text), MalformedProof);
});

test('two checkpoints are consistent where one grew out of the other, and only then', async () => {
  const alone: LedgerTrust = { ...trust, witnesses: [], quorum: 0 };
  const [earlier, later] = [checkpointOf(7, []), checkpointOf(19, [])];
  const path = consistencyRanges(7, 19).map((range) => rootOfRange(range, tiles).toString('base64'));
  const proof = { first: 7, second: 19, path };
  const codeOf = async (claim: Parameters<typeof verifyConsistency>[1], given = alone) => {
    const result = await verifyConsistency(crypto, claim, given);
    return result.verified ? result.head.size : result.code;
  };
  assert.equal(await codeOf({ earlier, later, proof }), 19);
  assert.equal(await codeOf({ earlier, later: checkpointOf(18, []), proof }), 'LEDGER_PROOF_FORM');
  assert.equal(await codeOf({ earlier: later, later: earlier, proof }), 'LEDGER_PROOF_FORM');
  assert.equal(await codeOf({ earlier, later, proof: { ...proof, path: path.slice(1) } }), 'LEDGER_PROOF_CONSISTENCY');
  assert.equal(await codeOf({ earlier, later, proof: { ...proof, path: ['A'] } }), 'LEDGER_PROOF_FORM');
  const other = signCheckpoint({ origin, size: 7, root: Buffer.alloc(32, 7) }, log);
  assert.equal(await codeOf({ earlier: other, later, proof }), 'LEDGER_PROOF_CONSISTENCY');
  const elsewhere = checkpointOf(19, [], log, 'commonway/test/other');
  const { origin: _, ...anywhere } = alone;
  assert.equal(await codeOf({ earlier, later: elsewhere, proof }, anywhere), 'LEDGER_PROOF_ORIGIN');
  assert.equal(await codeOf({ earlier, later, proof }, trust), 'LEDGER_PROOF_WITNESSES');
});

test('a state that declares many witness keys is one witness, and cannot make up a quorum alone', async () => {
  const many = ['a', 'b', 'c', 'd'].map((name) => ({ name, key: generateKey() }));
  const keys = many.map(({ key }) => key.public);
  const result = await verifyInclusion(crypto, proofOf(1, 9, many), {
    ...trust,
    witnesses: [keys, ...trust.witnesses],
  });
  assert.deepEqual(result, { verified: false, code: 'LEDGER_PROOF_WITNESSES', params: { found: 1, wanted: 3 } });
  // Nor by declaring the keys of others as its own.
  const [first, second] = trust.witnesses as [PublicKey[], PublicKey[]];
  const borrowed = { ...trust, witnesses: [first, second, [...first, ...second], second] };
  const again = await verifyInclusion(crypto, proofOf(1, 9, witnesses), borrowed);
  assert.deepEqual(again, { verified: false, code: 'LEDGER_PROOF_WITNESSES', params: { found: 2, wanted: 3 } });
});

test('a checkpoint that a former key of the log signed still verifies, and one signed falsely under any does not', async () => {
  const [next, proof] = [generateKey(), proofOf(5, 17)];
  const both = { ...trust, ledgerKeys: [next.public, log.public] };
  assert.ok((await verifyInclusion(crypto, proof, both)).verified);
  assert.ok(
    (await verifyInclusion(crypto, { ...proof, checkpoint: checkpointOf(17, witnesses, next) }, both)).verified,
  );
  const line = checkpointOf(18, [], next).split('\n\n')[1] as string;
  const spoiled = await verifyInclusion(crypto, { ...proof, checkpoint: proof.checkpoint + line }, both);
  assert.ok(!spoiled.verified && spoiled.code === 'LEDGER_PROOF_LOG_SIGNATURE');
  const none = await verifyInclusion(crypto, proof, { ...trust, ledgerKeys: [] });
  assert.ok(!none.verified && none.code === 'LEDGER_PROOF_LOG_SIGNATURE');
});

test('a proof of another kind of leaf is not the proof that was asked for', async () => {
  assert.ok((await verifyInclusion(crypto, proofOf(5, 17), { ...trust, kind: 'access' })).verified);
  const other = await verifyInclusion(crypto, proofOf(5, 17), { ...trust, kind: 'decision' });
  assert.ok(!other.verified && other.code === 'LEDGER_PROOF_CONTENT');
});
