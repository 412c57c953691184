import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type Clock, isFailure, type Json, shiftedClock } from '../../storage/index.ts';
import { receiveBatch } from '../incoming/receive.ts';
import {
  acceptTransaction,
  beginTransaction,
  listTransactions,
  refuseTransaction,
  respondTransaction,
} from '../index.ts';
import { PATTERNS, type Pattern } from '../protocol/head.ts';
import { craftBatch, craftingNode, craftMessage, testNet, until } from '../testing.ts';
import { after, hasStep, isOneWay, type Standing, type Step } from './patterns.ts';

const STEPS: Step[] = ['acknowledge', 'accept', 'respond', 'refuse'];
const STANDINGS: Standing[] = ['sent', 'received', 'accepted', 'responded', 'refused'];

/** Every step from every standing, in the order of `STEPS`; `-` where there is none. */
const TABLE: Record<Pattern, Partial<Record<Standing, string>>> = {
  notification: { sent: 'received - - refused', received: '- - - refused' },
  informationDistribution: { sent: 'received - - -' },
  queryResponse: { sent: 'received - responded refused', received: '- - responded refused' },
  requestConfirm: { sent: 'received - responded refused', received: '- - responded refused' },
  requestResponse: {
    sent: 'received accepted responded refused',
    received: '- accepted responded refused',
    accepted: '- - responded refused',
  },
  mutualObligation: {
    sent: 'received accepted - refused',
    received: '- accepted - refused',
    accepted: '- - responded -',
  },
};

describe('the state machine', () => {
  for (const pattern of PATTERNS) {
    for (const standing of STANDINGS) {
      const expected = TABLE[pattern][standing] ?? '- - - -';
      test(`of ${pattern}, ${standing}: ${expected}`, () => {
        assert.equal(STEPS.map((step) => after(pattern, standing, step) ?? '-').join(' '), expected);
      });
    }
  }

  test('of every pattern ends, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PATTERNS),
        fc.array(fc.constantFrom(...STEPS), { maxLength: 40 }),
        (pattern, steps) => {
          const seen: Standing[] = ['sent'];
          for (const step of steps) {
            const next = after(pattern, seen.at(-1) ?? 'sent', step);
            if (next !== undefined) seen.push(next);
          }
          assert.equal(new Set(seen).size, seen.length, 'it never comes back to where it stood');
          const end = seen.findIndex((one) => one === 'responded' || one === 'refused');
          assert.ok(end === -1 || end === seen.length - 1, 'nothing comes after an end');
        },
      ),
    );
  });
});

const CONTRACT = 'c'.repeat(64);
const resolve = (_contract: string, code: string) => {
  const pattern = PATTERNS.find((name) => code === `P.01.${name}`);
  return pattern === undefined ? undefined : { operation: 'ask', pattern };
};

/** Two nodes with one transaction of a pattern between them; the asked side does nothing by itself. */
async function pair(t: TestContext, pattern: Pattern, clock?: Clock) {
  const net = await testNet(t, ['kz', 'ru'], {
    withStore: ['kz', 'ru'],
    ...(clock === undefined ? {} : { clocks: { kz: clock } }),
  });
  const [kz, ru] = [net.node('kz'), net.node('ru')];
  const told: string[] = [];
  const asking = {
    onAccepted: async () => void told.push('accepted'),
    onResponse: async (_tx: unknown, _record: unknown, body: Json) => void told.push(`response ${body}`),
    onRefused: async (_tx: unknown, _record: unknown, code: string) => void told.push(`refused ${code}`),
    onOverdue: async (_tx: unknown, _record: unknown, timer: string) => void told.push(`overdue ${timer}`),
  };
  const start = {
    kz: () => kz.start({ transactions: { operations: { ask: asking }, resolve } }),
    ru: () => ru.start({ transactions: { operations: { ask: {} }, resolve } }),
  };
  const begin = () =>
    kz.db.transaction((tx) =>
      beginTransaction(tx, kz.ctx, {
        code: `P.01.${pattern}`,
        pattern,
        operation: 'ask',
        agreement: 'pension',
        contract: CONTRACT,
        to: 'ru',
        fromAgency: 'kz.portal',
        toAgency: 'ru.pension-fund',
        lane: 'app-1',
        body: null,
        timers: { acknowledge: 'PT1H', accept: 'PT2H', respond: 'P10D' },
        retries: 0,
      }),
    );
  /** Takes a step on the asked side; gives `ok` or the code of its refusal. */
  const step = async (id: string, name: Step): Promise<string> => {
    try {
      await ru.db.transaction(async (tx) => {
        if (name === 'accept') await acceptTransaction(tx, ru.ctx, id);
        else if (name === 'respond') await respondTransaction(tx, ru.ctx, id, 'yes');
        else await refuseTransaction(tx, ru.ctx, id, { code: 'NOT_NOW' });
      });
      return 'ok';
    } catch (error) {
      if (!isFailure(error)) throw error;
      return error.code;
    }
  };
  const standing = async (id: string) => (await listTransactions(kz.db, { id })).find((one) => one.direction === 'out');
  return { net, kz, ru, told, start, begin, step, standing };
}

/** What the asked side tries, what it is told, and what the asking side hears of it in the end. */
const RUNS: Record<Pattern, { steps: [Step, string][]; told: string[]; ends: string }[]> = {
  notification: [
    {
      steps: [
        ['accept', 'EXCHANGE_PATTERN'],
        ['respond', 'EXCHANGE_PATTERN'],
      ],
      told: [],
      ends: 'received',
    },
    {
      steps: [
        ['refuse', 'ok'],
        ['refuse', 'EXCHANGE_TRANSACTION_CLOSED'],
      ],
      told: ['refused NOT_NOW'],
      ends: 'refused',
    },
  ],
  informationDistribution: [
    {
      steps: [
        ['refuse', 'EXCHANGE_PATTERN'],
        ['respond', 'EXCHANGE_PATTERN'],
      ],
      told: [],
      ends: 'received',
    },
  ],
  queryResponse: [
    {
      steps: [
        ['accept', 'EXCHANGE_PATTERN'],
        ['respond', 'ok'],
        ['refuse', 'EXCHANGE_TRANSACTION_CLOSED'],
      ],
      told: ['response yes'],
      ends: 'responded',
    },
    {
      steps: [
        ['refuse', 'ok'],
        ['respond', 'EXCHANGE_TRANSACTION_CLOSED'],
      ],
      told: ['refused NOT_NOW'],
      ends: 'refused',
    },
  ],
  requestConfirm: [
    {
      steps: [
        ['accept', 'EXCHANGE_PATTERN'],
        ['respond', 'ok'],
      ],
      told: ['response yes'],
      ends: 'responded',
    },
    { steps: [['refuse', 'ok']], told: ['refused NOT_NOW'], ends: 'refused' },
  ],
  requestResponse: [
    {
      steps: [
        ['accept', 'ok'],
        ['accept', 'ok'],
        ['respond', 'ok'],
      ],
      told: ['accepted', 'response yes'],
      ends: 'responded',
    },
    {
      steps: [
        ['respond', 'ok'],
        ['accept', 'ok'],
      ],
      told: ['response yes'],
      ends: 'responded',
    },
    {
      steps: [
        ['accept', 'ok'],
        ['refuse', 'ok'],
      ],
      told: ['accepted', 'refused NOT_NOW'],
      ends: 'refused',
    },
  ],
  mutualObligation: [
    {
      steps: [
        ['respond', 'EXCHANGE_PATTERN'],
        ['accept', 'ok'],
        ['refuse', 'EXCHANGE_PATTERN'],
        ['respond', 'ok'],
      ],
      told: ['accepted', 'response yes'],
      ends: 'responded',
    },
    { steps: [['refuse', 'ok']], told: ['refused NOT_NOW'], ends: 'refused' },
  ],
};

describe('between two nodes', () => {
  for (const pattern of PATTERNS) {
    for (const { steps, told, ends } of RUNS[pattern]) {
      test(`${pattern}: ${steps.map(([step, result]) => `${step} ${result}`).join(', ')}`, async (t) => {
        const both = await pair(t, pattern);
        await both.start.ru();
        await both.start.kz();
        const id = await both.begin();
        await until('it arrived', async () => (await listTransactions(both.ru.db, { id })).length === 1);
        for (const [step, result] of steps) assert.equal(await both.step(id, step), result, step);
        await until(
          `it is ${ends}`,
          async () => (await both.standing(id))?.status === ends && both.told.length === told.length,
        );
        assert.deepEqual(both.told, told);
      });
    }
  }
});

describe('an answer that does not come as it should', () => {
  const movable = () => {
    let hours = 0;
    return {
      clock: { now: () => shiftedClock(hours * 3_600_000).now() } satisfies Clock,
      to(later: number) {
        hours = later;
      },
    };
  };
  const OVERDUE: Record<Pattern, string[]> = {
    notification: ['overdue acknowledge'],
    informationDistribution: ['overdue acknowledge'],
    queryResponse: ['overdue acknowledge', 'overdue respond'],
    requestConfirm: ['overdue acknowledge', 'overdue respond'],
    requestResponse: ['overdue acknowledge', 'overdue accept', 'overdue respond'],
    mutualObligation: ['overdue acknowledge', 'overdue accept', 'overdue respond'],
  };
  for (const pattern of PATTERNS) {
    test(`${pattern}: each timer that the pattern has runs out, and a late end is still taken`, async (t) => {
      const time = movable();
      const both = await pair(t, pattern, time.clock);
      await both.start.kz();
      const id = await both.begin();
      time.to(24 * 11);
      const expected = OVERDUE[pattern];
      // What is told is told within the transaction that keeps it.
      await until(
        'every timer ran out',
        async () => both.told.length >= expected.length && (await both.standing(id))?.status === 'overdue',
      );
      assert.deepEqual(both.told.toSorted(), expected.toSorted());
      assert.equal((await both.standing(id))?.status, 'overdue');
      time.to(0);
      await both.start.ru();
      await until('it arrived', async () => (await listTransactions(both.ru.db, { id })).length === 1);
      if (hasStep(pattern, 'accept')) assert.equal(await both.step(id, 'accept'), 'ok');
      if (!isOneWay(pattern)) assert.equal(await both.step(id, 'respond'), 'ok');
      const end = isOneWay(pattern) ? 'received' : 'responded';
      await until(`it is ${end}`, async () => (await both.standing(id))?.status === end);
      assert.ok((await both.standing(id))?.overdue, 'the record keeps that it was late');
    });
  }

  /** An answer as the asked side's node would send it, though its own machine would not let it. */
  async function forged(t: TestContext, pattern: Pattern, type: string) {
    const both = await pair(t, pattern);
    await both.start.kz();
    const id = await both.begin();
    const ru = craftingNode(both.net.union, 'ru');
    const transaction = { id, code: `P.01.${pattern}`, pattern, contract: CONTRACT };
    const head = { from: 'ru', to: 'kz', lane: 'app-1', type, sequence: 1, transaction };
    await receiveBatch(both.kz.ctx, 'ru', craftBatch(ru, 'kz', [craftMessage(head, 'yes')]));
    return { ...both, id };
  }

  test('a lost acceptance of a mutual obligation is told by the answer that came after it', async (t) => {
    const { told, standing, id } = await forged(t, 'mutualObligation', 'transaction/response');
    await until('it is answered', async () => (await standing(id))?.status === 'responded');
    assert.deepEqual(told, ['response yes']);
    assert.ok((await standing(id))?.acceptedAt);
  });

  const alien: [Pattern, string][] = [
    ['notification', 'transaction/response'],
    ['informationDistribution', 'transaction/refused'],
    ['queryResponse', 'transaction/accepted'],
  ];
  for (const [pattern, type] of alien) {
    test(`a ${type} of a ${pattern} is a dead letter and changes nothing`, async (t) => {
      const { told, kz, standing, id } = await forged(t, pattern, type);
      await until('it was tried', async () => {
        const rows = await kz.db.query<{ error: string }>(
          `select error from job where queue = 'exchange/in' and error is not null`,
        );
        return rows[0]?.error.includes('EXCHANGE_PATTERN') ?? false;
      });
      assert.deepEqual(told, []);
      assert.equal((await standing(id))?.standing, 'sent');
    });
  }
});
