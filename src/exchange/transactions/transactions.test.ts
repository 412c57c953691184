import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type Clock, type Failure, isFailure, type Json, shiftedClock } from '../../storage/index.ts';
import { receiveBatch } from '../incoming/receive.ts';
import {
  acceptTransaction,
  beginTransaction,
  listTransactions,
  type NewTransaction,
  refuseTransaction,
  respondTransaction,
  type TransactionHandlers,
  transactionReport,
} from '../index.ts';
import { PATTERNS, type Pattern } from '../protocol/head.ts';
import { craftBatch, craftingNode, craftMessage, type TestNode, testNet, until } from '../testing.ts';

const CONTRACT = 'c'.repeat(64);
const resolve = (contract: string, code: string) => {
  const pattern = PATTERNS.find((name) => code === `P.01.${name}`);
  return contract === CONTRACT && pattern ? { operation: 'ask', pattern } : undefined;
};

function wanted(pattern: Pattern, more: Partial<NewTransaction> = {}): NewTransaction {
  return {
    code: `P.01.${pattern}`,
    pattern,
    operation: 'ask',
    agreement: 'pension',
    contract: CONTRACT,
    to: 'ru',
    fromAgency: 'kz.portal',
    toAgency: 'ru.pension-fund',
    application: 'app-1',
    lane: 'app-1',
    body: { question: 1 },
    timers: { acknowledge: 'PT1H', accept: 'PT2H', respond: 'P10D' },
    retries: 1,
    ...more,
  };
}

/** What each side's handlers were told, in order. */
async function asking(
  t: TestContext,
  asked: TransactionHandlers,
  options: { clocks?: Record<string, Clock>; states?: string[] } = {},
) {
  const net = await testNet(t, options.states ?? ['kz', 'ru'], { ...options, withStore: ['kz', 'ru'] });
  const [kz, ru] = [net.node('kz'), net.node('ru')];
  const told: Json[] = [];
  const answers: TransactionHandlers = {
    onAccepted: async (_tx, { status }, body) => void told.push(['accepted', status, body]),
    onResponse: async (_tx, { status }, body) => void told.push(['response', status, body]),
    onRefused: async (_tx, { status }, code) => void told.push(['refused', status, code]),
    onOverdue: async (_tx, { status }, timer) => void told.push(['overdue', status, timer]),
  };
  const start = {
    kz: () => kz.start({ transactions: { operations: { ask: answers }, resolve } }),
    ru: () => ru.start({ transactions: { operations: { ask: asked }, resolve } }),
  };
  const begin = (what: NewTransaction) => kz.db.transaction((tx) => beginTransaction(tx, kz.ctx, what));
  const statusAt = async (node: TestNode, id: string) => (await listTransactions(node.db, { id }))[0]?.status;
  return { net, kz, ru, told, start, begin, statusAt };
}

describe('a transaction', () => {
  test('is asked, accepted and answered, and both sides say so', async (t) => {
    const pair = await asking(t, {
      async onRequest(tx, { id, from, fromAgency, operation }, body) {
        assert.deepEqual([from, fromAgency, operation, body], ['kz', 'kz.portal', 'ask', { question: 1 }]);
        await acceptTransaction(tx, pair.ru.ctx, id, { case: 'c-1' });
        await acceptTransaction(tx, pair.ru.ctx, id, { case: 'again' });
        await respondTransaction(tx, pair.ru.ctx, id, { answer: 42 });
      },
    });
    await pair.start.ru();
    await pair.start.kz();
    const id = await pair.begin(wanted('requestResponse'));
    await until('it is answered', async () => (await pair.statusAt(pair.kz, id)) === 'responded');
    assert.deepEqual(pair.told, [
      ['accepted', 'accepted', { case: 'c-1' }],
      ['response', 'responded', { answer: 42 }],
    ]);
    const [mine] = await listTransactions(pair.kz.db, { application: 'app-1' });
    const [theirs] = await listTransactions(pair.ru.db, { application: 'app-1' });
    assert.equal(mine?.requestDigest, theirs?.requestDigest);
    assert.equal(mine?.responseDigest, theirs?.responseDigest);
    assert.deepEqual([mine?.direction, theirs?.direction], ['out', 'in']);
    assert.deepEqual(await pair.kz.db.query(`select 1 from job where queue = 'exchange/timers'`), []);
    await until('the report knows both ledgers', async () => {
      const [report] = await transactionReport(pair.kz.ctx, 'app-1');
      return typeof report?.ledgerIndex.from === 'number' && typeof report.ledgerIndex.to === 'number';
    });
    const [report] = await transactionReport(pair.kz.ctx, 'app-1');
    assert.equal(report?.receipt?.message, mine?.requestMessage);
    assert.equal(report?.requestDigest, report?.receipt?.body);
    assert.deepEqual(
      [report?.code, report?.from, report?.to, report?.status],
      ['P.01.requestResponse', 'kz', 'ru', 'responded'],
    );
  });

  test('of a one-way pattern ends with its receipt, and cannot be answered', async (t) => {
    const errors: string[] = [];
    const pair = await asking(t, {
      async onRequest(tx, { id }) {
        for (const step of [acceptTransaction, respondTransaction]) {
          await step(tx, pair.ru.ctx, id, null).catch((error: Failure) => errors.push(error.code));
        }
      },
    });
    await pair.start.ru();
    await pair.start.kz();
    const id = await pair.begin(wanted('notification'));
    await until('it was handled', () => errors.length === 2);
    assert.deepEqual(errors, ['EXCHANGE_PATTERN', 'EXCHANGE_PATTERN']);
    await until('it is received', async () => (await pair.statusAt(pair.kz, id)) === 'received');
    const [record] = await listTransactions(pair.kz.db, { id });
    assert.ok(record?.closedAt);
  });

  test('is refused with a code, once', async (t) => {
    const pair = await asking(t, {
      async onRequest(tx, { id }) {
        await refuseTransaction(tx, pair.ru.ctx, id, { code: 'NOT_FOR_US' });
        const again = respondTransaction(tx, pair.ru.ctx, id, 1);
        await assert.rejects(again, (error: unknown) => isFailure(error, 'EXCHANGE_TRANSACTION_CLOSED'));
      },
    });
    await pair.start.ru();
    await pair.start.kz();
    const id = await pair.begin(wanted('queryResponse'));
    await until('it is refused', async () => (await pair.statusAt(pair.kz, id)) === 'refused');
    assert.deepEqual(pair.told, [['refused', 'refused', 'NOT_FOR_US']]);
  });

  const unknown: Record<string, [Partial<NewTransaction>, string]> = {
    'under a contract that the asked side does not have': [{ contract: 'd'.repeat(64) }, 'EXCHANGE_CONTRACT_UNKNOWN'],
    'of a code that is not in the contract': [{ code: 'P.99' }, 'EXCHANGE_CONTRACT_UNKNOWN'],
    'of another pattern than the contract has for it': [{ pattern: 'requestConfirm' }, 'EXCHANGE_CONTRACT_UNKNOWN'],
    'of an agency that its state does not have': [{ fromAgency: 'ru.portal' }, 'UNION_AGENCY_UNKNOWN'],
    'for an agency that is not there': [{ toAgency: 'ru.nobody' }, 'UNION_AGENCY_UNKNOWN'],
  };
  for (const [name, [change, code]] of Object.entries(unknown)) {
    test(`${name} is refused before any handler sees it`, async (t) => {
      const pair = await asking(t, {
        async onRequest() {
          assert.fail('a handler saw it');
        },
      });
      await pair.start.ru();
      await pair.start.kz();
      await pair.begin(wanted('queryResponse', change));
      await until('it is refused', () => pair.told.length === 1);
      assert.deepEqual(pair.told, [['refused', 'refused', code]]);
    });
  }

  test('with its own state has two sides', async (t) => {
    const pair = await asking(t, {});
    const { kz } = pair;
    await kz.start({
      transactions: {
        operations: {
          ask: {
            onRequest: (tx, { id }) => respondTransaction(tx, kz.ctx, id, 'mine'),
            onResponse: async (_tx, { direction }, body) => void pair.told.push([direction, body]),
          },
        },
        resolve,
      },
    });
    const id = await pair.begin(wanted('queryResponse', { to: 'kz', toAgency: 'kz.pension-fund' }));
    await until('it is answered', () => pair.told.length === 1);
    assert.deepEqual(pair.told, [['out', 'mine']]);
    // What a handler tells is told before its transaction ends.
    await until('both sides say so', async () =>
      (await listTransactions(kz.db, { id })).every(({ status }) => status === 'responded'),
    );
    const sides = await listTransactions(kz.db, { id });
    assert.deepEqual(
      sides.map(({ direction, status }) => [direction, status]),
      [
        ['out', 'responded'],
        ['in', 'responded'],
      ],
    );
    assert.equal((await transactionReport(kz.ctx, 'app-1')).length, 1);
  });

  test('begun again under its id is no second one', async (t) => {
    const pair = await asking(t, {});
    const id = await pair.begin(wanted('queryResponse'));
    assert.equal(await pair.begin(wanted('queryResponse', { id })), id);
    assert.equal((await pair.kz.db.query('select 1 from exchange_sent')).length, 1);
    const wrong = pair.begin(wanted('queryResponse', { timers: { acknowledge: '5 minutes' } }));
    await assert.rejects(wrong, (error: unknown) => isFailure(error, 'EXCHANGE_TIMER'));
  });
});

describe('an answer', () => {
  test('of a state that was not asked counts for nothing, and is seen as a dead letter', async (t) => {
    const pair = await asking(t, {}, { states: ['am', 'kz', 'ru'] });
    await pair.start.kz();
    const id = await pair.begin(wanted('queryResponse'));
    const am = craftingNode(pair.net.union, 'am');
    const transaction = { id, code: 'P.01.queryResponse', pattern: 'queryResponse' as const, contract: CONTRACT };
    const head = { from: 'am', to: 'kz', lane: 'app-1', type: 'transaction/response', transaction };
    await receiveBatch(pair.kz.ctx, 'am', craftBatch(am, 'kz', [craftMessage(head, { answer: 'forged' })]));
    await until('it was tried', async () => {
      const rows = await pair.kz.db.query<{ error: string }>(
        `select error from job where queue = 'exchange/in' and error is not null`,
      );
      return rows[0]?.error.includes('EXCHANGE_TRANSACTION_UNKNOWN') ?? false;
    });
    assert.deepEqual(pair.told, []);
    assert.equal(await pair.statusAt(pair.kz, id), 'sent');
  });

  test('that comes twice under two ids is taken once', async (t) => {
    const pair = await asking(t, {});
    await pair.start.kz();
    const id = await pair.begin(wanted('queryResponse'));
    const ru = craftingNode(pair.net.union, 'ru');
    const transaction = { id, code: 'P.01.queryResponse', pattern: 'queryResponse' as const, contract: CONTRACT };
    const answer = (sequence: number) =>
      craftMessage(
        { from: 'ru', to: 'kz', lane: 'app-1', type: 'transaction/response', sequence, transaction },
        sequence,
      );
    await receiveBatch(pair.kz.ctx, 'ru', craftBatch(ru, 'kz', [answer(1), answer(2)]));
    await until('both are handled', async () => {
      return (await pair.kz.db.query(`select 1 from exchange_received where status = 'handled'`)).length === 2;
    });
    assert.deepEqual(pair.told, [['response', 'responded', 1]]);
  });
});

describe('the timers of a transaction', () => {
  /** A clock that a test sets forward for one node; skew matters only while the other is asked. */
  const movable = () => {
    let offset = 0;
    const clock: Clock = { now: () => shiftedClock(offset).now() };
    const to = (hours: number) => {
      offset = hours * 3_600_000;
    };
    return { clock, to };
  };

  test('no receipt in time: tried again as often as agreed, then overdue; a late answer is still taken', async (t) => {
    const time = movable();
    const pair = await asking(
      t,
      { onRequest: (tx, { id }) => respondTransaction(tx, pair.ru.ctx, id, 'late') },
      { clocks: { kz: time.clock } },
    );
    await pair.start.kz();
    const id = await pair.begin(wanted('queryResponse', { timers: { acknowledge: 'PT1H', respond: 'P10D' } }));
    time.to(1.1);
    await until('the retry is used', async () => {
      const [row] = await pair.kz.db.query<{ retries: number }>('select retries from exchange_transaction');
      return row?.retries === 0;
    });
    assert.deepEqual(pair.told, []);
    time.to(2.2);
    await until('it is overdue', () => pair.told.length === 1);
    assert.deepEqual(pair.told, [['overdue', 'overdue', 'acknowledge']]);
    assert.equal(await pair.statusAt(pair.kz, id), 'overdue');
    time.to(0);
    await pair.start.ru();
    await until('it is answered', async () => (await pair.statusAt(pair.kz, id)) === 'responded');
    assert.deepEqual(pair.told[1], ['response', 'responded', 'late']);
    const [record] = await listTransactions(pair.kz.db, { id });
    assert.equal(record?.overdue, 'acknowledge');
  });

  test('each runs by itself: accepted in time, not answered in time', async (t) => {
    const time = movable();
    const pair = await asking(
      t,
      { onRequest: (tx, { id }) => acceptTransaction(tx, pair.ru.ctx, id) },
      { clocks: { kz: time.clock } },
    );
    await pair.start.ru();
    await pair.start.kz();
    const id = await pair.begin(wanted('requestResponse', { retries: 0 }));
    await until('it is accepted', async () => (await pair.statusAt(pair.kz, id)) === 'accepted');
    time.to(24);
    await new Promise((resolved) => setTimeout(resolved, 700));
    assert.equal(pair.told.length, 1);
    time.to(241);
    await until('it is overdue', () => pair.told.length === 2);
    assert.deepEqual(pair.told[1], ['overdue', 'overdue', 'respond']);
  });

  test('outlive the process that set them', async (t) => {
    const time = movable();
    const pair = await asking(t, {}, { clocks: { kz: time.clock } });
    await pair.begin(wanted('requestResponse', { retries: 0 }));
    time.to(3);
    await pair.start.kz();
    await until('both are over', () => pair.told.length === 2);
    assert.deepEqual(pair.told.map((one) => (one as Json[])[2]).sort(), ['accept', 'acknowledge']);
  });
});
