import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { generateKey, randomBytes, randomId } from '../crypto/index.ts';
import { until } from '../exchange/testing.ts';
import { Failure, isFailure } from '../storage/index.ts';
import type { Serve } from './context.ts';
import { listOpenCalls } from './index.ts';
import { LIMITS } from './limits.ts';
import { checkBatch, makeBatch } from './protocol/batch.ts';
import { digest, type Entry, number } from './protocol/entries.ts';
import { FRAME, frameReader, writeFrame } from './protocol/frames.ts';
import { leafOf } from './protocol/statement.ts';
import { type CallingNode, callingNet } from './testing.ts';

const HEAD = Buffer.from('GET\nname-1\n');
const nobody: Serve = async () => ({ head: Buffer.from('none'), body: null });
const LONG_AGO = '2020-01-01T00:00:00.000Z';

function request(more: Partial<Entry> = {}): Entry {
  const body = { link: null, body: null, content: null, alone: false, salt: randomBytes(32) };
  return { kind: 'request', id: randomId(), head: digest(HEAD), headBytes: HEAD, ...body, ...more };
}

const batchOf = ({ ctx }: CallingNode, receiver: string, entries: Entry[], now = ctx.clock.now()) =>
  makeBatch({ trust: ctx.trust, key: ctx.keys.messages, now }, receiver, entries);

/** Works while nothing can be written into a node's log of calls. */
const holdLog = ({ db }: CallingNode, work: () => Promise<void>) =>
  db.transaction(async (tx) => {
    await tx.query('lock table call_batch in exclusive mode');
    await work();
  });

/** How many groups wait for the log. */
async function waiters({ db }: CallingNode): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int from pg_locks where not granted and relation = 'call_batch'::regclass`,
  );
  return row?.count ?? 0;
}

const shifted = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('a node that is called', () => {
  /** What Russia says to a batch that Kazakhstan's connection brings, and how often it served. */
  async function told(
    t: Parameters<typeof callingNet>[0],
    frameOf: (kz: CallingNode, am: CallingNode) => Buffer | Buffer[],
  ): Promise<{ codes: string[]; served: number; logged: number }> {
    let served = 0;
    const serve: Serve = async () => {
      served++;
      return { head: Buffer.from('200'), body: null };
    };
    const { kz, ru, am } = await callingNet(t, { am: nobody, kz: nobody, ru: serve });
    const { socket, frames } = await kz.raw('ru');
    for (const frame of [frameOf(kz, am)].flat()) writeFrame(socket, FRAME.batch, frame);
    const refusals = () => frames.filter(({ kind }) => kind === FRAME.refuse);
    await until('Russia has answered', () => socket.destroyed || refusals().length > 0);
    const [row] = await ru.db.query<{ count: number }>(`select count(*)::int from call_batch where direction = 'in'`);
    const codes = refusals().map(({ content }) => content.subarray(16).toString());
    return { codes, served, logged: row?.count ?? 0 };
  }

  test('refuses a batch whose signature is wrong, and neither logs nor does anything of it', async (t) => {
    const outcome = await told(t, (kz) => {
      const { frame, bytes } = batchOf(kz, 'ru', [request()]);
      const changed = Buffer.from(frame);
      const at = 4 + bytes.length + 4;
      changed[at] = (changed[at] as number) ^ 1;
      return changed;
    });
    assert.deepEqual(outcome, { codes: ['CALLS_SIGNATURE'], served: 0, logged: 0 });
  });

  test('refuses a batch that it has had: what is in it is done once', async (t) => {
    let served = 0;
    const serve: Serve = async () => {
      served++;
      return { head: Buffer.from('200'), body: null };
    };
    const { kz } = await callingNet(t, { kz: nobody, ru: serve });
    const { frame } = batchOf(kz, 'ru', [request()]);
    const first = await kz.raw('ru');
    writeFrame(first.socket, FRAME.batch, frame);
    await until('it is answered', () => first.frames.some(({ kind }) => kind === FRAME.batch));
    const second = await kz.raw('ru');
    writeFrame(second.socket, FRAME.batch, frame);
    await until('it is refused', () => second.frames.length > 0);
    assert.deepEqual(
      second.frames.map(({ kind, content }) => [kind, content.subarray(16).toString()]),
      [[FRAME.refuse, 'CALLS_REPLAYED']],
    );
    writeFrame(first.socket, FRAME.batch, frame);
    await until(
      'the connection ends',
      () => first.socket.destroyed || first.frames.some(({ kind }) => kind === FRAME.refuse),
    );
    assert.equal(served, 1);
  });

  test('refuses a batch of another state than the one at the other end, and one for another state', async (t) => {
    const foreign = await told(t, (_, am) => batchOf(am, 'ru', [request()]).frame);
    assert.deepEqual(foreign, { codes: ['CALLS_WRONG_PARTY'], served: 0, logged: 0 });
    const astray = await told(t, (kz) => batchOf(kz, 'am', [request()]).frame);
    assert.deepEqual(astray, { codes: ['CALLS_WRONG_PARTY'], served: 0, logged: 0 });
  });

  test('refuses what is of a clock that is too far ahead, and what has expired', async (t) => {
    const ahead = await told(t, (kz) => batchOf(kz, 'ru', [request()], shifted(90_000)).frame);
    assert.deepEqual(ahead.codes, ['CALLS_CLOCK_SKEW']);
    const late = await told(t, (kz) => batchOf(kz, 'ru', [request()], shifted(-6 * 60_000)).frame);
    assert.deepEqual(late.codes, ['CALLS_EXPIRED']);
  });

  test('refuses entries that are not under the root, and an entry that says what only the other side may', async (t) => {
    const other = await told(t, (kz) => {
      const { frame } = batchOf(kz, 'ru', [request()]);
      const changed = Buffer.from(frame);
      changed[changed.length - 2] = (changed[changed.length - 2] as number) ^ 1;
      return changed;
    });
    assert.deepEqual(other, { codes: ['CALLS_MALFORMED'], served: 0, logged: 0 });
    const answer = await told(t, (kz) => batchOf(kz, 'ru', [request({ kind: 'answer', link: randomBytes(32) })]).frame);
    assert.deepEqual(answer, { codes: [], served: 0, logged: 0 });
  });

  test('asks for the newest manifest of a state that signs with a key that is not known', async (t) => {
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: nobody });
    const { socket } = await kz.raw('ru');
    const { trust, clock } = kz.ctx;
    const key = generateKey('ed25519');
    writeFrame(socket, FRAME.batch, makeBatch({ trust, key, now: clock.now() }, 'ru', [request()]).frame);
    await until('Russia has answered', () => socket.destroyed);
    assert.deepEqual(ru.greeted, ['kz']);
  });

  test('reads no more than so many batches while its log takes none', async (t) => {
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: nobody });
    const { socket } = await kz.raw('ru');
    const receipt = () => request({ kind: 'receipt', head: null, headBytes: null, link: randomBytes(32) });
    const most = 4 * LIMITS.batches;
    const count = async () => {
      const [row] = await ru.db.query<{ count: number }>('select count(*)::int from call_batch');
      return row?.count ?? 0;
    };
    await holdLog(ru, async () => {
      writeFrame(socket, FRAME.batch, batchOf(kz, 'ru', [receipt()]).frame);
      await until('it waits', async () => (await waiters(ru)) > 0);
      for (let sent = 0; sent < most; sent++)
        writeFrame(socket, FRAME.batch, batchOf(kz, 'ru', Array.from({ length: 512 }, receipt)).frame);
      await until('the connection is full', () => socket.writableNeedDrain);
      assert.ok(socket.writableLength > 0);
      assert.equal(await count(), 0);
    });
    await until('all of it came through', async () => (await count()) === most + 1);
  });

  test('has only so many connections with one state', async (t) => {
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: nobody });
    const opened = await Promise.all(Array.from({ length: LIMITS.connections + 1 }, () => kz.raw('ru')));
    await until('one was ended', () => opened.some(({ socket }) => socket.destroyed));
    assert.equal(opened.filter(({ socket }) => socket.destroyed).length, 1);
    assert.deepEqual(ru.errors, []);
    opened.find(({ socket }) => !socket.destroyed)?.socket.destroy();
    const again = await kz.raw('ru');
    writeFrame(again.socket, FRAME.batch, batchOf(kz, 'ru', [request()]).frame);
    await until('it is served', () => again.frames.some(({ kind }) => kind === FRAME.batch));
  });

  test('ends a connection whose stream does not wait to be let', async (t) => {
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: ({ body }) => new Promise(() => void body) });
    const { socket } = await kz.raw('ru');
    writeFrame(socket, FRAME.batch, batchOf(kz, 'ru', [request({ body: 'streamed', content: 1 })]).frame);
    const chunk = Buffer.alloc(LIMITS.chunkBytes);
    for (let sent = 0; sent <= LIMITS.windowBytes; sent += chunk.length)
      writeFrame(socket, FRAME.chunk, number(1), chunk);
    await until('the connection ended', () => socket.destroyed);
    assert.ok(ru.errors.some((error) => isFailure(error, 'CALLS_MALFORMED')));
  });
});

describe('a node that calls', () => {
  /** Russia as it should not be: answers each request as the test has it. */
  function lying(answer: (tools: { socket: TLSSocket; entry: Entry; leaf: Buffer; ru: CallingNode }) => void) {
    let self: CallingNode | undefined;
    const by = (socket: TLSSocket): void => {
      const read = frameReader((kind, content) => {
        if (kind !== FRAME.batch || self === undefined) return;
        const { trust, clock } = self.ctx;
        const { entries, leaves } = checkBatch(content, { trust, now: clock.now(), peer: 'kz' });
        const [entry, leaf] = [entries[0] as Entry, leaves[0] as Buffer];
        if (entry.kind === 'request') answer({ socket, entry, leaf, ru: self });
      });
      socket.on('data', read);
    };
    const is = (node: CallingNode): void => {
      self = node;
    };
    return { by, is };
  }

  const BODY = Buffer.from('the whole body');
  const sha = (bytes: Buffer) => ({ digest: digest(bytes), size: bytes.length });

  /** What comes out of a streamed answer whose signed digest is `signed` and whose chunks are `chunks`. */
  async function streamed(t: Parameters<typeof callingNet>[0], chunks: Buffer[], signed: Entry['body'] | 'none') {
    let cut = (): void => undefined;
    const liar = lying(({ socket, entry, leaf, ru }) => {
      const answer = request({ kind: 'answer', id: entry.id, link: leaf, body: 'streamed', content: 7 });
      writeFrame(socket, FRAME.batch, batchOf(ru, 'kz', [answer]).frame);
      for (const chunk of chunks) writeFrame(socket, FRAME.chunk, number(7), chunk);
      if (signed === 'none') {
        cut = () => void socket.destroy();
        return;
      }
      const tail = request({
        kind: 'tail',
        id: entry.id,
        link: leafOf(answer),
        head: null,
        headBytes: null,
        body: signed,
      });
      writeFrame(socket, FRAME.batch, batchOf(ru, 'kz', [tail]).frame);
    });
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: { by: liar.by } });
    liar.is(ru);
    const { body } = await kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    cut();
    const parts: Buffer[] = [];
    try {
      for await (const part of body as Readable) parts.push(part as Buffer);
      return { whole: true, text: Buffer.concat(parts).toString() };
    } catch (error) {
      assert.ok(isFailure(error, 'CALLS_BODY_BROKEN'), String(error));
      return { whole: false, text: Buffer.concat(parts).toString() };
    }
  }

  test('takes a streamed answer whose digest was signed', async (t) => {
    assert.deepEqual(await streamed(t, [BODY.subarray(0, 5), BODY.subarray(5)], sha(BODY)), {
      whole: true,
      text: BODY.toString(),
    });
  });

  test('never takes one for whole that was changed, cut, or signed by nobody: its last byte does not come', async (t) => {
    for (const [chunks, signed] of [
      [[Buffer.from('the whole bodY')], sha(BODY)],
      [[BODY.subarray(0, 5)], sha(BODY)],
      [[BODY, Buffer.from('!')], sha(BODY)],
      [[BODY], 'none'],
    ] as const) {
      const outcome = await streamed(t, [...chunks], signed);
      assert.equal(outcome.whole, false);
      assert.ok(outcome.text.length < Buffer.concat([...chunks]).length);
    }
  });

  test('gives no receipt for a streamed answer before both the answer and its end are durable', async (t) => {
    const receipts: Entry[] = [];
    let end: (() => void) | undefined;
    const by = (socket: TLSSocket): void => {
      const read = frameReader((kind, content) => {
        if (kind !== FRAME.batch) return;
        const { trust, clock } = ru.ctx;
        const { entries, leaves } = checkBatch(content, { trust, now: clock.now(), peer: 'kz' });
        receipts.push(...entries.filter((entry) => entry.kind === 'receipt'));
        const [asked] = entries.filter((entry) => entry.kind === 'request');
        if (asked === undefined) return;
        const answer = request({
          kind: 'answer',
          id: asked.id,
          link: leaves[0] as Buffer,
          body: 'streamed',
          content: 7,
        });
        const more = { head: null, headBytes: null, body: sha(BODY) };
        const tail = request({ kind: 'tail', id: asked.id, link: leafOf(answer), ...more });
        end = () => {
          writeFrame(socket, FRAME.batch, batchOf(ru, 'kz', [answer]).frame);
          writeFrame(socket, FRAME.chunk, number(7), BODY);
          writeFrame(socket, FRAME.batch, batchOf(ru, 'kz', [tail]).frame);
        };
      });
      socket.on('data', read);
    };
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: { by } });
    const calling = kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    await until('Russia was asked', () => end !== undefined);
    await holdLog(kz, async () => {
      end?.();
      await until('the answer waits', async () => (await waiters(kz)) > 0);
      await pause(100);
      assert.deepEqual(receipts, []);
    });
    const { body } = await calling;
    assert.equal(await text(body as Readable), BODY.toString());
    await until('the receipt came', () => receipts.length === 1);
  });

  test('does not take the answer to another request for its own', async (t) => {
    const liar = lying(({ socket, entry, ru }) => {
      const answer = request({ kind: 'answer', id: entry.id, link: randomBytes(32) });
      writeFrame(socket, FRAME.batch, batchOf(ru, 'kz', [answer]).frame);
    });
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: { by: liar.by } });
    liar.is(ru);
    const calling = kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    await assert.rejects(calling, (error: unknown) => isFailure(error, 'CALLS_OUTCOME_UNKNOWN'));
  });

  test('says that nothing was done where its batch was refused', async (t) => {
    const by = (socket: TLSSocket): void => {
      socket.on(
        'data',
        frameReader((kind, content) => {
          if (kind !== FRAME.batch) return;
          const { id } = JSON.parse(content.subarray(4, 4 + content.readUInt32BE(0)).toString()) as { id: string };
          writeFrame(socket, FRAME.refuse, Buffer.from(id.replaceAll('-', ''), 'hex'), Buffer.from('CALLS_BUSY'));
        }),
      );
    };
    const { kz } = await callingNet(t, { kz: nobody, ru: { by } });
    const calling = kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    await assert.rejects(
      calling,
      (error: unknown) => isFailure(error, 'CALLS_REFUSED') && error.params.code === 'CALLS_BUSY',
    );
  });
});

describe('a call', () => {
  test('whose connection breaks is open in both logs, and whoever asked hears that its outcome is not known', async (t) => {
    let aborted = false;
    let begun = false;
    const serve: Serve = ({ signal }) =>
      new Promise((_, reject) => {
        begun = true;
        signal?.addEventListener('abort', () => {
          aborted = true;
          reject(new Failure('CALLS_STOPPED'));
        });
      });
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: serve });
    const calling = kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    calling.catch(() => undefined);
    await until('Russia serves it', () => begun);
    await ru.stop();
    await assert.rejects(calling, (error: unknown) => isFailure(error, 'CALLS_OUTCOME_UNKNOWN'));
    await until('the service is told', () => aborted);
    assert.deepEqual(
      (await listOpenCalls(kz, LONG_AGO)).map(({ direction, peer }) => [direction, peer]),
      [['out', 'ru']],
    );
    assert.deepEqual(
      (await listOpenCalls(ru, LONG_AGO)).map(({ direction, peer }) => [direction, peer]),
      [['in', 'kz']],
    );
  });

  test('that whoever asked gives up ends at the service too', async (t) => {
    let begun = false;
    let aborted = false;
    const serve: Serve = ({ signal }) =>
      new Promise((resolve) => {
        begun = true;
        signal?.addEventListener('abort', () => {
          aborted = true;
          resolve({ head: Buffer.from('gone'), body: null });
        });
      });
    const { kz } = await callingNet(t, { kz: nobody, ru: serve });
    const abort = new AbortController();
    const calling = kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null, signal: abort.signal });
    calling.catch(() => undefined);
    await until('Russia serves it', () => begun);
    abort.abort();
    await assert.rejects(calling, (error: unknown) => isFailure(error, 'CALLS_OUTCOME_UNKNOWN'));
    await until('the service is told', () => aborted);
  });

  test('that was given up before it was made never leaves', async (t) => {
    const { kz } = await callingNet(t, { kz: nobody, ru: nobody });
    const call = { to: 'ru', mode: 'batch', head: HEAD, body: null, signal: AbortSignal.abort() } as const;
    await assert.rejects(kz.calls.carry(call), (error: unknown) => isFailure(error, 'CALLS_GIVEN_UP'));
    assert.deepEqual(await kz.db.query('select 1 from call_batch'), []);
  });

  test('that is given up while it waits for the disk is not served, and its source ends', async (t) => {
    let served = 0;
    const serve: Serve = async () => {
      served++;
      return { head: HEAD, body: null };
    };
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: serve });
    const source = new Readable({ read: () => undefined });
    source.push('a beginning');
    const abort = new AbortController();
    await holdLog(ru, async () => {
      await holdLog(kz, async () => {
        const calling = kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: source, signal: abort.signal });
        await until('it waits', async () => (await waiters(kz)) > 0);
        abort.abort();
        await assert.rejects(calling, (error: unknown) => isFailure(error, 'CALLS_OUTCOME_UNKNOWN'));
      });
      await until('the source is closed', () => source.destroyed);
      await until('Russia has it', async () => (await waiters(ru)) > 0);
    });
    await until('Russia has logged it', async () => (await ru.db.query('select 1 from call_batch')).length > 0);
    await ru.calls.stop();
    assert.equal(served, 0);
  });

  test('that was not on the connection when it ended was not made, and whoever asked is told so', async (t) => {
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: nobody });
    await holdLog(kz, async () => {
      const calling = kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
      const ended = assert.rejects(calling, (error: unknown) => isFailure(error, 'EXCHANGE_UNREACHABLE'));
      await until('it waits', async () => (await waiters(kz)) > 0);
      await ru.stop();
      await ended;
    });
  });

  test('whose service breaks off while its answer waits for the disk ends as one that broke off', async (t) => {
    const source = new Readable({ read: () => undefined });
    source.push('a beginning');
    let held = Promise.resolve();
    const serve: Serve = async () => {
      await new Promise<void>((locked) => {
        held = holdLog(ru, async () => {
          locked();
          await until('the answer waits', async () => (await waiters(ru)) > 0);
          source.destroy(new Error('the service fell'));
        });
      });
      return { head: HEAD, body: source };
    };
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: serve });
    const { body } = await kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    await held;
    await assert.rejects(text(body as Readable), (error: unknown) => isFailure(error, 'CALLS_BODY_BROKEN'));
  });

  test('that wants a signature of its own gets one, and so does its answer, beside others', async (t) => {
    const modes: string[] = [];
    const serve: Serve = async ({ mode, head }) => {
      modes.push(mode);
      return { head, body: null };
    };
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: serve });
    const ask = (mode: 'batch' | 'message') => kz.calls.carry({ to: 'ru', mode, head: HEAD, body: null });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => ask(at % 4 === 0 ? 'message' : 'batch')));
    assert.equal(modes.filter((mode) => mode === 'message').length, 10);
    assert.equal(new Set(answers.map(({ id }) => id)).size, 40);
    const rows = await ru.db.query<{ count: number }>(
      `select (convert_from(envelope, 'UTF8')::jsonb ->> 'count')::int as count from call_batch where direction = 'out'`,
    );
    assert.ok(rows.filter(({ count }) => count === 1).length >= 10);
    assert.ok(rows.length < 40, `${rows.length} batches of answers`);
  });

  test('streams no faster than it is read: what waits is bounded', async (t) => {
    let given = 0;
    const endless = () =>
      Readable.from(
        (function* () {
          for (; given < 400; given++) yield Buffer.alloc(LIMITS.chunkBytes);
        })(),
        { objectMode: false, highWaterMark: LIMITS.chunkBytes },
      );
    const { kz } = await callingNet(t, { kz: nobody, ru: async () => ({ head: HEAD, body: endless() }) });
    const { body } = await kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    let before = -1;
    await until('it waits', () => {
      const still = before === given;
      before = given;
      return still && given > 0;
    });
    assert.ok(given * LIMITS.chunkBytes <= LIMITS.windowBytes + 4 * LIMITS.chunkBytes, `${given} chunks were given`);
    let size = 0;
    for await (const part of body as Readable) size += (part as Buffer).length;
    assert.equal(size, 400 * LIMITS.chunkBytes);
  });

  test('whose reader goes away ends its source', async (t) => {
    let destroyed = false;
    const source = () => {
      const stream = new Readable({ read: () => void setImmediate(() => stream.push(Buffer.alloc(10_000))) });
      stream.on('close', () => {
        destroyed = true;
      });
      return stream;
    };
    const { kz } = await callingNet(t, { kz: nobody, ru: async () => ({ head: HEAD, body: source() }) });
    const { body } = await kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    (body as Readable).destroy();
    await until('the source is closed', () => destroyed);
  });
});
