import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'node-html-parser';
import type { Keep, KeptFile } from './collect.ts';
import { collectTransactions } from './collect-exchange.ts';
import type { FormClient } from './form-client.ts';

const HREF = '/applications/a/transactions/00000000-0000-7000-8000-000000000001';
const transaction = { code: 'P.PN.01.TRN.001', pattern: 'queryResponse' };
const message = (type: string, ledger: object) => ({
  head: { type, from: 'kz', to: 'ru', transaction },
  bodyDigest: 'aa',
  receipt: { answer: {} },
  ledger,
});

/** A portal whose files come one after the other, as the two ledgers take the messages in; the last one stays. */
function portal(...files: object[][]): { client: FormClient; keep: Keep; asked: () => number } {
  let asked = 0;
  const page = { url: new URL('http://kz.localhost/'), status: 200, root: parse(`<a href="${HREF}">file</a>`) };
  const client = { open: async () => page } as unknown as FormClient;
  const keep = async (): Promise<KeptFile> => {
    const messages = files[Math.min(asked++, files.length - 1)];
    return { file: 'f', verdict: { verdict: 'valid' }, content: { messages } } as unknown as KeptFile;
  };
  return { client, keep, asked: () => asked };
}

test('a transaction is told when both ledgers prove its last message too, not its request alone', async () => {
  const proven = { sent: { index: 3 }, received: { index: 5 } };
  const request = message('transaction/request', proven);
  const { client, keep, asked } = portal(
    [message('transaction/request', { sent: { index: 3 }, received: null })],
    [request, message('transaction/response', { sent: null, received: { index: 4 } })],
    [request, message('transaction/response', { sent: { index: 6 }, received: null })],
    [request, message('transaction/response', proven)],
  );
  const [told] = await collectTransactions(client, keep, 'a');
  assert.equal(asked(), 4);
  assert.deepEqual([told?.status, told?.ledgerIndex], ['responded', { from: 3, to: 5 }]);
});
