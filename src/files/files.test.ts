import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { isFailure, startJobs } from '../storage/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import {
  dropFiles,
  filesOf,
  MOST_BYTES,
  migrations,
  openFile,
  recognise,
  type Scanner,
  scanJob,
  storeFile,
} from './index.ts';
import { simpleScanner } from './scanner.ts';

const OWNER = '01920000-0000-7000-8000-000000000001';
const OTHER = '01920000-0000-7000-8000-000000000002';
const pdf = (more = '') => Buffer.from(`%PDF-1.7\n${more}\n%%EOF\n`);
const png = (more = '') =>
  Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    Buffer.from('0000000049454e44ae426082', 'hex'),
    Buffer.from(more),
  ]);
const jpeg = (more = '') =>
  Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from(more), Buffer.from('ffd9', 'hex')]);
const kinds = ['pdf', 'png', 'jpeg'] as const;

async function room(t: TestContext) {
  const db = await freshDb(t, [migrations]);
  const clock = manualClock('2026-11-22T10:00:00.000Z');
  const store = (bytes: Buffer, owner = OWNER, largest = 2_000_000) =>
    db.transaction((tx) => storeFile(tx, { clock }, { owner, bytes, kinds, largest }));
  const scan = async (scanner?: Scanner) => {
    const jobs = startJobs({ db, clock }, [scanJob({ db, clock, ...(scanner === undefined ? {} : { scanner }) })]);
    t.after(() => jobs.stop());
  };
  const settled = async (count: number) => {
    for (let tries = 0; tries < 200; tries++) {
      const files = await filesOf(db, OWNER);
      if (files.filter(({ status }) => status !== 'quarantined').length === count) return files;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('never scanned');
  };
  return { db, clock, store, scan, settled };
}

const fails = (code: string) => (error: unknown) => isFailure(error, code);

describe('a file that is uploaded', () => {
  test('is told by its content and not by a name', () => {
    assert.equal(recognise(pdf()), 'pdf');
    assert.equal(recognise(png()), 'png');
    assert.equal(recognise(jpeg()), 'jpeg');
    for (const other of ['', '%PD', 'MZ program', '<svg onload="x()">', ' %PDF-1.7', 'GIF89a']) {
      assert.equal(recognise(Buffer.from(other)), undefined, other);
    }
  });

  test('is refused when it is empty, too large, of another kind, or one too many', async (t) => {
    const { store, db } = await room(t);
    await assert.rejects(store(Buffer.alloc(0)), fails('FILE_EMPTY'));
    await assert.rejects(store(pdf('x'.repeat(100)), OWNER, 100), fails('FILE_TOO_LARGE'));
    await assert.rejects(store(Buffer.from('MZ')), fails('FILE_KIND'));
    const large = (sign: string) => pdf(sign.repeat(1_900_000));
    await store(large('a'));
    await store(large('b'));
    await assert.rejects(store(large('c')), fails('FILES_TOO_MUCH'));
    await store(large('c'), OTHER);
    assert.ok((await filesOf(db, OWNER)).reduce((sum, { size }) => sum + size, 0) < MOST_BYTES);
  });

  test('cannot be opened before it was scanned, nor by another owner', async (t) => {
    const { store, scan, settled, db } = await room(t);
    const { digest } = await store(pdf());
    assert.equal((await store(pdf())).digest, digest);
    await assert.rejects(openFile(db, OWNER, digest), fails('FILE_QUARANTINED'));
    await scan();
    await settled(1);
    assert.deepEqual((await openFile(db, OWNER, digest)).bytes, pdf());
    await assert.rejects(openFile(db, OTHER, digest), fails('FILE_NOT_FOUND'));
    await db.transaction((tx) => dropFiles(tx, OWNER, [digest]));
    assert.equal((await filesOf(db, OWNER)).length, 1);
    await db.transaction((tx) => dropFiles(tx, OWNER));
    await assert.rejects(openFile(db, OWNER, digest), fails('FILE_NOT_FOUND'));
  });

  test('that the scanner refuses is never given out', async (t) => {
    const { store, scan, settled, db } = await room(t);
    const { digest } = await store(pdf('/OpenAction << /S /JavaScript /JS (x) >>'));
    await scan();
    assert.equal((await settled(1))[0]?.reason, 'active-content');
    await assert.rejects(openFile(db, OWNER, digest), fails('FILE_REFUSED'));
  });

  test('stays in quarantine while a scanner fails, and is let through once it answers', async (t) => {
    const { store, scan, settled } = await room(t);
    await store(pdf());
    let tries = 0;
    await scan(async () => {
      if (++tries === 1) throw new Error('the daemon is away');
      return { clean: true };
    });
    assert.equal((await settled(1))[0]?.status, 'clean');
    assert.equal(tries, 2);
  });
});

describe('the simple scanner', () => {
  const harmful: [string, 'pdf' | 'png' | 'jpeg', Buffer][] = [
    ['a script in a PDF', 'pdf', pdf('/JS (app.alert(1))')],
    ['a script under a name written in codes', 'pdf', pdf('/J#61vaScript 3 0 R')],
    ['a program that a PDF starts', 'pdf', pdf('<< /S /Launch /F (x.exe) >>')],
    ['a file inside a PDF', 'pdf', pdf('/Names << /EmbeddedFiles 4 0 R >>')],
    ['something behind the end of a PNG', 'png', png('MZ')],
    ['a PNG without an end', 'png', png().subarray(0, 14)],
    ['something behind the end of a JPEG', 'jpeg', Buffer.concat([jpeg(), Buffer.from('PK')])],
    ['the test virus', 'jpeg', jpeg('EICAR-STANDARD-ANTIVIRUS-TEST-FILE')],
  ];
  for (const [name, kind, bytes] of harmful) {
    test(`refuses ${name}`, async () => assert.equal((await simpleScanner({ kind, bytes })).clean, false));
  }
  test('lets plain files through', async () => {
    assert.deepEqual(await simpleScanner({ kind: 'pdf', bytes: pdf('/Type /Page /Title (JSON)') }), { clean: true });
    assert.deepEqual(await simpleScanner({ kind: 'png', bytes: png() }), { clean: true });
    assert.deepEqual(await simpleScanner({ kind: 'jpeg', bytes: jpeg() }), { clean: true });
  });
});
