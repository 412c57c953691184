import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessageEvidence, Receipt, TransactionContent } from '../../exchange/index.ts';
import { linksTo } from './citizen.ts';
import type { Keep, KeptFile } from './collect.ts';
import type { FormClient } from './form-client.ts';
import { stuck } from './stuck.ts';

/** A transaction as the demo tells it, all of it from its sealed file. */
export interface ToldTransaction {
  code: string;
  from: string;
  to: string;
  pattern: string;
  status: 'received' | 'accepted' | 'responded' | 'refused';
  requestDigest: string;
  receipt: Receipt;
  file: string;
  ledgerIndex: { from: number; to: number };
}

/** Both ledgers take a message in within a second or so; their proofs are asked for until they are there. */
const PATIENCE = 100;
const PAUSE_MS = 150;

/** Every transaction of an application, from sealed files that hold both ledgers' proofs. */
export async function collectTransactions(
  client: FormClient,
  keep: Keep,
  application: string,
): Promise<ToldTransaction[]> {
  const proofs = await client.open(`/applications/${application}/proofs`);
  const told: ToldTransaction[] = [];
  for (const href of linksTo(proofs, `/applications/${application}/transactions/`)) {
    told.push(await provenTransaction(keep, href));
  }
  return told;
}

async function provenTransaction(keep: Keep, href: string): Promise<ToldTransaction> {
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    const kept = await keep(href, `transaction-${href.slice(-8)}.commonway.json`);
    const told = tell(kept);
    if (told !== undefined) return told;
    await pause(PAUSE_MS);
  }
  throw stuck(`${href}: the ledgers do not prove it in time`);
}

/** Undefined as long as either ledger has yet to prove any of the messages, or the file does not verify. */
function tell({ content, file, verdict }: KeptFile): ToldTransaction | undefined {
  const { messages } = content as unknown as TransactionContent;
  const proven = messages.every(({ ledger }) => ledger.sent !== null && ledger.received !== null);
  const [request] = messages;
  const { sent, received } = request?.ledger ?? {};
  if (!proven || !request?.head.transaction || !sent || !received || verdict.verdict !== 'valid') return undefined;
  const { head, bodyDigest, receipt } = request;
  return {
    code: request.head.transaction.code,
    from: head.from,
    to: head.to,
    pattern: request.head.transaction.pattern,
    status: statusOf(messages),
    requestDigest: bodyDigest,
    receipt: receipt.answer as Receipt,
    file,
    ledgerIndex: { from: sent.index, to: received.index },
  };
}

function statusOf(messages: readonly MessageEvidence[]): ToldTransaction['status'] {
  const types = messages.map(({ head }) => head.type);
  if (types.includes('transaction/response')) return 'responded';
  if (types.includes('transaction/refused')) return 'refused';
  return types.includes('transaction/accepted') ? 'accepted' : 'received';
}

/** A ledger as anybody sees it: its checkpoint, and who has witnessed it. */
export interface ToldLedger {
  state: string;
  size: number;
  root: string;
  witnesses: string[];
}

/** Reads a state's checkpoint from its public address, when enough others have witnessed it, and keeps it. */
export async function collectLedger(
  client: FormClient,
  folder: string,
  state: string,
  quorum: number,
): Promise<ToldLedger> {
  for (let attempt = 0; ; attempt++) {
    const note = (await client.download('/ledger/checkpoint')).toString('utf8');
    const told = readCheckpoint(state, note);
    if (told.witnesses.length >= quorum || attempt >= PATIENCE) {
      writeFileSync(join(folder, `checkpoint-${state}.txt`), note);
      return told;
    }
    await pause(PAUSE_MS);
  }
}

/** The three lines of a C2SP checkpoint, and below them a line for each signature: the log's own first. */
function readCheckpoint(state: string, note: string): ToldLedger {
  const [text = '', signatures = ''] = note.split('\n\n');
  const [, size = '0', root = ''] = text.split('\n');
  const names = [...signatures.matchAll(/^— (\S+) /gmu)].map(([, name = '']) => name);
  return { state, size: Number(size), root, witnesses: names.filter((name) => name.endsWith('/witness')) };
}
