// Proves from outside what ./commonway demo did. It shares no code with the program: its own hashes, trees, notes, certificates, forms and
// calendar. What it knows of formats stands in docs/protocol-*.md.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { parse } from 'yaml';
import { browse } from './outside-checker/browser.ts';
import { canonical, digestOf, sha256, type Value } from './outside-checker/canonical.ts';
import { makeCertificate } from './outside-checker/certificate.ts';
import { readTold, type Told } from './outside-checker/contract.ts';
import { invent } from './outside-checker/invented-union.ts';
import { demandProof, type Ledger, type Proof, readLedger } from './outside-checker/ledger.ts';
import { fullMonths, type Period, pensionFile, periodsOf } from './outside-checker/months.ts';
import { type Running, run, start } from './outside-checker/program.ts';
import { isSignedBy, type Signed, signedBytes, signersOf } from './outside-checker/signatures.ts';
import { decisionOn } from './outside-checker/story.ts';
import { headFrom, treeHead } from './outside-checker/tree.ts';
import { type Known, knowUnion, readTrustFolder } from './outside-checker/union-files.ts';
import { askPlain, askTls } from './outside-checker/wire.ts';

const ROOT = process.env.COMMONWAY_ROOT ?? process.cwd();
const STATES = ['am', 'by', 'kg', 'kz', 'ru'];
const DEMO_PATIENCE_MS = 300_000;
/** Whose story the demo tells, and on which day. */
const TOLD = { home: 'kz', number: 'KZ-T-000101', claim: '2026-03-02' };
/** Who applies after a row was changed: eleven full months in Kazakhstan, as the seeds have it. */
const CHANGED = { id: 'nurlan', home: 'kg', number: 'KG-T-000101', works: ['kg', 'kz'], pays: 'kz' };

const home = mkdtempSync(join(tmpdir(), 'commonway-outside-'));
const folder = join(home, 'demo');
const union = join(folder, 'union');
let demo: Running;
let told: Told;
let known: Known;
let ledgers: Record<string, Ledger>;

interface NodeFile {
  databaseUrl: string;
  exchangePort: number;
  portalPort: number;
}

const nodeFile = (state: string) =>
  JSON.parse(readFileSync(join(union, 'states', state, 'node.json'), 'utf8')) as NodeFile;
const portalOf = (state: string) => `http://${state}.localhost:${nodeFile(state).portalPort}`;
const anchorFile = () => join(home, 'anchors', readdirSync(join(home, 'anchors'))[0] ?? '');

/** A sealed file of the demo, as it lies on the disk. */
interface SealedFile {
  kind: string;
  sealedBy: { state: string; key: string };
  content: Record<string, unknown>;
  signature: string;
}

const readFile = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as SealedFile;
const allFiles = () =>
  readdirSync(join(folder, 'files'))
    .filter((name) => name.endsWith('.commonway.json'))
    .map((name) => join(folder, 'files', name));

before(async () => {
  demo = start(home, ['demo', '--json', '--stay', '--folder', folder]);
  let ended = false;
  void demo.ended.then(() => {
    ended = true;
  });
  for (const end = Date.now() + DEMO_PATIENCE_MS; !demo.out().includes('\n'); await pause(100)) {
    if (ended || Date.now() > end) assert.fail(`the demo told nothing: ${demo.err()}`);
  }
  told = readTold(demo.out());
  const { charter, manifests } = readTrustFolder(join(union, 'states', told.application.home, 'trust'));
  known = knowUnion(anchorFile(), charter, manifests);
  const read = await Promise.all(STATES.map((state) => readLedger(browse(portalOf(state)).file, state, known)));
  ledgers = Object.fromEntries(read.map((ledger) => [ledger.state, ledger]));
});

after(async () => {
  await demo.stop();
  rmSync(home, { recursive: true, force: true });
});

const ledgerOf = (state: string): Ledger => {
  const ledger = ledgers[state];
  assert.ok(ledger !== undefined);
  return ledger;
};

describe('what the demo says', () => {
  test('is one object of the promised shape, about three states that grant', () => {
    assert.equal(told.ok, true);
    assert.equal(told.folder, folder);
    assert.deepEqual([told.application.home, told.application.service], ['kz', 'pension/pension']);
    assert.deepEqual(told.cases.map(({ state, authority, outcome }) => [state, authority, outcome]).sort(), [
      ['kg', 'kg.pension-fund', 'granted'],
      ['kz', 'kz.pension-fund', 'granted'],
      ['ru', 'ru.pension-fund', 'granted'],
    ]);
    assert.ok(told.documents.length === 3 && told.documents.every(({ verified }) => verified));
    assert.ok(told.accessRecord.every(({ proof }) => proof === 'verified'));
    assert.deepEqual(told.ledger.map(({ state }) => state).sort(), STATES);
  });

  test('names only articles that stand in the agreement', () => {
    const { articles } = parse(readFileSync(join(ROOT, 'agreements', 'pension', 'agreement.yaml'), 'utf8')) as {
      articles: Record<string, unknown>;
    };
    const named = told.cases.flatMap(({ explanation }) => explanation.map(({ article }) => article));
    assert.ok(named.length >= 30);
    for (const article of [...named, ...told.accessRecord.map(({ ground }) => ground)])
      assert.ok(Object.hasOwn(articles, article), article);
  });

  test('is what its files say', () => {
    for (const one of told.cases) {
      const { decision } = readFile(join(folder, 'files', `decision-${one.state}.commonway.json`)).content as {
        decision: Signed<{ outcome: string; decision: { months: number; digests: object; explanation: object[] } }>;
      };
      const { outcome, decision: found } = decision.payload;
      assert.deepEqual([outcome, found.months, found.digests], [one.outcome, one.months, one.digests]);
      assert.equal(found.explanation.length, one.explanation.length);
      assert.equal(
        signersOf(decision, known.agencyKeys(one.authority)).length,
        1,
        `${one.authority} signed its decision`,
      );
    }
  });
});

describe('five states', () => {
  test('are five processes', () => {
    const { nodes } = JSON.parse(readFileSync(join(union, 'running.json'), 'utf8')) as {
      nodes: Record<string, { pid: number; ready: boolean }>;
    };
    assert.deepEqual(Object.keys(nodes).sort(), STATES);
    assert.equal(new Set(Object.values(nodes).map(({ pid }) => pid)).size, 5);
    for (const [state, { pid, ready }] of Object.entries(nodes)) {
      assert.ok(ready && process.kill(pid, 0), state);
      if (process.platform !== 'linux') continue;
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      assert.ok(words.includes('node') && words.includes(join(union, 'states', state, 'node.json')), words.join(' '));
    }
  });

  test('have five databases, and no role reaches that of another state', async () => {
    const connect = async (url: string) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      return client;
    };
    const databases = new Set<string>();
    for (const state of STATES) {
      const client = await connect(nodeFile(state).databaseUrl);
      const { rows } = await client.query(
        `select current_database() as name, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as mighty
         from pg_roles where rolname = current_user`,
      );
      await client.end();
      databases.add(rows[0]?.name as string);
      assert.equal(rows[0]?.mighty, false, `the role of ${state} is an ordinary one`);
      for (const other of STATES.filter((one) => one !== state)) {
        const url = new URL(nodeFile(state).databaseUrl);
        url.pathname = new URL(nodeFile(other).databaseUrl).pathname;
        await assert.rejects(connect(url.href), { code: '42501' }, `${state} into ${other}`);
      }
    }
    assert.equal(databases.size, 5);
  });
});

describe('the port between nodes', () => {
  const keysOf = (state: string) => ({
    cert: readFileSync(join(union, 'states', state, 'keys', 'tls.cert.pem'), 'utf8'),
    key: readFileSync(join(union, 'states', state, 'keys', 'tls.key.pem'), 'utf8'),
  });

  test('answers a node that the manifests pin, with the certificate that they pin', async () => {
    for (const state of STATES) {
      const visitor = state === 'kg' ? 'ru' : 'kg';
      const reply = await askTls(nodeFile(state).exchangePort, keysOf(visitor));
      assert.match(reply.text, /^HTTP\/1\.1 200 /, state);
      assert.equal(reply.protocol, 'TLSv1.3');
      const pinned = known.manifests[state]?.payload.certificates.map(({ fingerprint }) => fingerprint);
      assert.deepEqual(pinned, [reply.certificate]);
    }
  });

  test('is deaf to plain HTTP, to strangers, and to older TLS', async () => {
    for (const state of STATES) {
      const port = nodeFile(state).exchangePort;
      const replies = {
        plain: await askPlain(port),
        'without a certificate': await askTls(port, {}),
        'with a foreign certificate': await askTls(port, makeCertificate('kg')),
        'by TLS 1.2': await askTls(port, { ...keysOf('kg'), maxVersion: 'TLSv1.2' }),
      };
      for (const [how, { text, error }] of Object.entries(replies)) {
        assert.doesNotMatch(text, /HTTP/, `${state} ${how}`);
        assert.notEqual(error, 'it neither answers nor closes', `${state} ${how}`);
      }
      assert.match(replies['by TLS 1.2'].error ?? '', /PROTOCOL_VERSION/);
    }
  });
});

/** One message in a transaction file. */
interface Message {
  head: { id: string; from: string; to: string; created: string; type: string; transaction: { code: string } };
  body: Value;
  bodyDigest: string;
  salt: string;
  batch: Placed<{ sender: string; receiver: string; count: number; root: string; key: string }>;
  receipt: Placed<{ from: string; to: string; count: number; root: string; key: string }> & {
    answer: { message: string; head: string; body: string; receivedAt: string };
  };
  ledger: { sent: Proof; received: Proof };
}

interface Placed<E> {
  envelope: E;
  signature: string;
  place: number;
  path: string[];
}

const messagesOf = (file: string) => (readFile(file).content as unknown as { messages: Message[] }).messages;

describe('both sides of every transaction', () => {
  test('tell it in their ledgers, proven from the tiles that each serves', () => {
    for (const { file, from, to, ledgerIndex, requestDigest, code } of told.transactions) {
      const messages = messagesOf(file);
      assert.deepEqual(messages.map(({ head }) => head.type).slice(0, 1), ['transaction/request']);
      assert.ok(messages.length >= 2, 'a request and a response at least');
      for (const { head, body, bodyDigest, receipt, ledger } of messages) {
        assert.equal(digestOf(body), bodyDigest);
        const said = { body: bodyDigest, from: head.from, head: digestOf(head), message: head.id, to: head.to };
        demandProof(ledger.sent, ledgerOf(head.from), 'message-sent', { ...said, at: head.created }, known);
        const received = { ...said, at: receipt.answer.receivedAt };
        demandProof(ledger.received, ledgerOf(head.to), 'message-received', received, known);
      }
      const [request] = messages;
      assert.deepEqual(
        [request?.head.from, request?.head.to, request?.head.transaction.code, request?.bodyDigest],
        [from, to, code, requestDigest],
      );
      assert.deepEqual({ from: request?.ledger.sent.index, to: request?.ledger.received.index }, ledgerIndex);
    }
  });

  test('are signed: the batch by who sent it, the receipt by who received it', () => {
    for (const { file, receipt: printed } of told.transactions) {
      const [request] = messagesOf(file);
      assert.deepEqual(printed, request?.receipt.answer);
      for (const { head, bodyDigest, salt, batch, receipt } of messagesOf(file)) {
        const digests = { head: digestOf(head), body: bodyDigest };
        const leaf = sha256(
          Buffer.of(0x10),
          Buffer.from(salt, 'base64url'),
          Buffer.of(head.type.length),
          head.type,
          Buffer.from(digests.head, 'hex'),
          Buffer.from(digests.body, 'hex'),
          Buffer.from(head.id.replaceAll('-', ''), 'hex'),
        );
        demandEnvelope(batch, 'commonway/batch/1', head.from, leaf, 0x11);
        const { answer } = receipt;
        assert.deepEqual([answer.message, answer.head, answer.body], [head.id, digests.head, digests.body]);
        demandEnvelope(receipt, 'commonway/receipts/1', head.to, sha256(Buffer.of(0x12), canonical(answer)), 0x13);
      }
    }
  });

  function demandEnvelope(
    { envelope, signature, place, path }: Placed<{ count: number; root: string; key: string }>,
    domain: string,
    signer: string,
    leaf: Buffer,
    inner: number,
  ): void {
    const key = known.keys(signer, 'messages').find(({ id }) => id === envelope.key);
    assert.ok(key !== undefined);
    const bytes = signedBytes(domain, envelope as unknown as Value);
    assert.ok(isSignedBy(key, bytes, Buffer.from(signature, 'base64url')), `${signer} signed`);
    const siblings = path.map((hash) => Buffer.from(hash, 'hex'));
    const join = (left: Uint8Array, right: Uint8Array) => sha256(Buffer.of(inner), left, right);
    assert.equal(
      headFrom(leaf, place, envelope.count, siblings, join)?.toString('hex'),
      envelope.root,
      'it is in the batch',
    );
  }

  test('and every use of her data and every document stands in the ledger of its state', () => {
    const uses = allFiles().filter((file) => basename(file).startsWith('access-'));
    assert.equal(uses.length, told.accessRecord.length);
    for (const file of uses) {
      const { entry, proof } = readFile(file).content as unknown as {
        entry: { state: string; agency: string; at: string };
        proof: Proof;
      };
      demandProof(proof, ledgerOf(entry.state), 'access', entry as unknown as Value, known);
      assert.ok(told.accessRecord.some(({ agency, at }) => agency === entry.agency && at === entry.at));
    }
    for (const { file, issuer } of told.documents) {
      const { leaf, proof, credential } = readFile(file).content as unknown as {
        leaf: { credential: string };
        proof: Proof;
        credential: string;
      };
      demandProof(proof, ledgerOf(issuer.slice(0, 2)), 'document', leaf as unknown as Value, known);
      assert.equal(leaf.credential, sha256(credential.slice(0, credential.indexOf('~'))).toString('hex'));
    }
  });

  test('and the printed heads of the five ledgers are heads of these', () => {
    for (const { state, size, root, witnesses } of told.ledger) {
      assert.equal(treeHead(ledgerOf(state).leaves.slice(0, size)).toString('base64'), root, state);
      assert.ok(new Set(witnesses).size >= 3 && !witnesses.includes(`commonway/eaeu/${state}/witness`));
    }
  });
});

describe('what was decided', () => {
  const filed = (state: string) => periodsOf(ROOT, state, TOLD);

  test('rests on evidence that each agency signed, row by row what its file has', () => {
    const evidence = told.transactions
      .filter(({ code }) => code === 'P.PN.01.TRN.001')
      .map(({ file }) => messagesOf(file)[1]?.body as unknown as Signed<Evidence>);
    assert.deepEqual(evidence.map(({ payload }) => payload.issuer.state).sort(), ['kg', 'kz', 'ru']);
    for (const sealed of evidence) {
      const { issuer, facts, result } = sealed.payload;
      assert.equal(
        signersOf(sealed, known.agencyKeys(issuer.agency)).length,
        1,
        `${issuer.agency} signed its evidence`,
      );
      assert.equal(result, 'found');
      const shown = facts.periods.map(({ employer, from, to, contributionsPaid }) => ({
        employer,
        from,
        to: to ?? '',
        paid: contributionsPaid,
      }));
      const byStart = (one: Period, other: Period) => (one.from < other.from ? -1 : 1);
      assert.deepEqual(shown.sort(byStart), filed(issuer.state).sort(byStart), issuer.state);
    }
  });

  test('counts the months that an independent calendar counts', () => {
    for (const { state, months } of told.cases) assert.equal(months, fullMonths(filed(state), TOLD.claim), state);
  });

  test('changes when a row of the register changes', async () => {
    const portals = Object.fromEntries(STATES.map((state) => [state, portalOf(state)]));
    const claim = { ...CHANGED, portals, persona: CHANGED.id, officers: ['officer-kz-1', 'officer-kz-2'] };
    const before = periodsOf(ROOT, CHANGED.pays, CHANGED);
    assert.equal(fullMonths(before, TOLD.claim), 11);
    assert.deepEqual(await decisionOn(claim), { outcome: 'refused', months: 11 });

    const [row] = before;
    assert.ok(row !== undefined && before.length === 1);
    const lines = readFileSync(pensionFile(ROOT, CHANGED.pays), 'utf8').split('\n');
    const his = lines.findIndex((line) => line.includes(CHANGED.number));
    const file = join(home, 'changed.csv');
    writeFileSync(file, `${lines[0]}\n${lines[his]?.replace(row.to, '2024-04-30')}\n`);
    const words = ['register', 'import', file, '--state', CHANGED.pays, '--register', 'pension-fund'];
    const imported = await run(home, [...words, '--folder', union]);
    assert.equal(imported.code, 0, imported.err);
    assert.equal(fullMonths([{ ...row, to: '2024-04-30' }], TOLD.claim), 12);
    assert.deepEqual(await decisionOn(claim), { outcome: 'partly', months: 12 });
  });
});

interface Evidence {
  issuer: { state: string; agency: string };
  result: string;
  facts: { periods: { employer: string; from: string; to: string | null; contributionsPaid: boolean }[] };
}

test('the five ledgers grew and forgot nothing', async () => {
  for (const state of STATES) {
    const now = await readLedger(browse(portalOf(state)).file, state, known);
    const { leaves } = ledgerOf(state);
    assert.ok(now.leaves.length >= leaves.length);
    assert.deepEqual(now.leaves.slice(0, leaves.length), leaves, state);
  }
});

describe('./commonway verify, with no node running', () => {
  before(() => demo.stop());

  const verify = (file: string, ...more: string[]) => run(home, ['verify', file, ...more]);

  /** Some at a time: each is a process. */
  async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    const left = [...all];
    const worker = async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
    };
    await Promise.all([worker(), worker(), worker()]);
  }

  test('finds every file of the demo valid', async () => {
    const files = allFiles();
    assert.ok(files.length >= told.cases.length + told.transactions.length + told.documents.length);
    await each(files, async (file) => {
      const { code, out, err } = await verify(file);
      assert.equal(code, 0, `${file}: ${out}${err}`);
    });
  });

  test('refuses a file of any kind in which one byte is another', async () => {
    const kinds = new Map(allFiles().map((file) => [readFile(file).kind, file]));
    assert.deepEqual([...kinds.keys()].sort(), ['decision', 'document', 'proof', 'transaction']);
    const changed = [...kinds].flatMap(([kind, file]) =>
      [0.4, 0.999].map((part) => {
        const bytes = readFileSync(file);
        const place = Math.floor(bytes.length * part);
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        const path = join(home, `changed-${kind}-${part}.commonway.json`);
        writeFileSync(path, bytes);
        return path;
      }),
    );
    await each(changed, async (path) => {
      const { code, out } = await verify(path);
      assert.equal(code, 1, `${path}: ${out}`);
    });
  });

  test('believes its own anchor only: a whole invented union is refused, and valid by its own', async () => {
    const { file: honest = '' } = told.transactions[0] ?? {};
    const { file, anchor } = invent(readFileSync(honest, 'utf8'));
    const [path, own] = [join(home, 'invented.commonway.json'), join(home, 'invented.anchor.json')];
    writeFileSync(path, file);
    writeFileSync(own, anchor);
    assert.equal((await verify(path, '--anchor', own)).code, 0, 'nothing is wrong with it but the union');
    for (const [one, by] of [
      [path, anchorFile()],
      [honest, own],
    ] as const) {
      const { code, out } = await verify(one, '--anchor', by, '--json');
      assert.equal(code, 1, out);
      assert.equal((JSON.parse(out) as { code: string }).code, 'UNION_ANCHOR_MISMATCH');
    }
  });

  test('says that nothing can be said where no anchor is pinned', async () => {
    const { code, out } = await run(join(home, 'nobody'), ['verify', told.documents[0]?.file ?? '']);
    assert.equal(code, 2, out);
  });
});
