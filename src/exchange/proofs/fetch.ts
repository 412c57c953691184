import { digestHex } from '../../crypto/index.ts';
import { auditReceipt, type InclusionProof } from '../../ledger/index.ts';
import {
  addMilliseconds,
  describeError,
  enqueueAll,
  Failure,
  type JobHandler,
  type Json,
  json,
  type Tx,
} from '../../storage/index.ts';
import { raiseAlarm } from '../../union/index.ts';
import { type ExchangeContext, QUEUES } from '../context.ts';
import { ledgerContent, type Receipt } from '../protocol/answer.ts';
import { parseHead } from '../protocol/head.ts';
import { type CheckedProof, checkProof, ledgerTrustOf } from './check.ts';
import { type AskProofs, MOST_IDS } from './serve.ts';

/** One side's wish for the other's proof: of a message that we sent (`out`), or received (`in`). */
interface Wish {
  lane: string;
  id: string;
  side: 'in' | 'out';
  /** How often it was asked for. */
  asked: number;
}

/** The peer integrates within 250 ms and its witnesses see it about a second later: then one question brings all. */
const FIRST_ASKED_MS = 2_500;
const LONGEST_PAUSE_MS = 600_000;

/** Wants the peer's ledger proofs of messages that were exchanged with it. */
export async function wantProofs(
  tx: Tx,
  ctx: ExchangeContext,
  peer: string,
  side: Wish['side'],
  messages: { lane: string; id: string }[],
): Promise<void> {
  await enqueueAll(
    tx,
    messages.map(({ lane, id }) => wishJob(ctx, peer, { lane, id, side, asked: 0 })),
  );
}

function wishJob(ctx: ExchangeContext, peer: string, wish: Wish) {
  const pause = Math.min(FIRST_ASKED_MS * 2 ** Math.min(wish.asked, 20), LONGEST_PAUSE_MS);
  const runAt = addMilliseconds(ctx.clock.now(), pause);
  return { queue: QUEUES.proofs(peer), key: `${wish.side}/${wish.id}`, payload: { ...wish }, runAt };
}

/**
 * Fetches the peer's ledger proof of each message, so that this node holds both sides, and asks again until enough witnesses saw
 * it. So each promise that came with a receipt is audited: one that is broken is an alarm.
 */
export function proofHandler(ctx: ExchangeContext, ask: AskProofs): JobHandler {
  return {
    queue: QUEUES.proofs('*'),
    batch: MOST_IDS,
    maxAttempts: Number.POSITIVE_INFINITY,
    leaseMs: 15_000,
    backoffMs: (attempt) => Math.min(1000 * 2 ** attempt, 60_000) * (0.67 + Math.random() * 0.66),
    async run(jobs) {
      const peer = QUEUES.peerOf(jobs[0]?.queue ?? '');
      // Of a state that left nothing more is to be had; what was proven stays.
      if (!ctx.trust.states().includes(peer)) return async () => undefined;
      const wishes = jobs.map((job) => job.payload as unknown as Wish);
      const expected = await expectations(ctx, wishes);
      const proofs = await ask(peer, [...new Set([...expected.values()].map(({ id }) => id))]);
      const found: { lane: string; id: string; side: string; proof: InclusionProof; index: number }[] = [];
      const again: Wish[] = [];
      for (const wish of wishes) {
        const known = expected.get(`${wish.side}/${wish.id}`);
        if (!known) continue;
        const proof = proofs[wish.id];
        const checked = proof ? await checkExpected(ctx, peer, known, proof) : undefined;
        const { lane, id, side } = wish;
        if (proof && checked) found.push({ lane, id, side, proof, index: checked.index });
        if (!checked?.quorum) again.push({ ...wish, asked: wish.asked + 1 });
        if (!proof && known.receipt) await watchPromise(ctx, peer, known.receipt);
      }
      return async (tx) => {
        for (const [side, table] of TABLES) {
          const rows = found.filter((one) => one.side === side);
          if (rows.length > 0) await tx.query(STORE(table), [json(rows), peer]);
        }
        await enqueueAll(
          tx,
          again.map((wish) => wishJob(ctx, peer, wish)),
        );
      };
    },
  };
}

const TABLES = [
  ['out', 'exchange_sent'],
  ['in', 'exchange_received'],
] as const;

const STORE = (table: string): string => `
  update ${table} m set peer_index = w.index, peer_proof = w.proof
  from jsonb_to_recordset($1::jsonb) as w (lane text, id uuid, index bigint, proof jsonb)
  where m.lane = w.lane and m.id = w.id and m.${table === 'exchange_sent' ? 'receiver' : 'sender'} = $2`;

/** What a peer's proof must say. */
interface Expectation {
  id: string;
  kind: 'message-sent' | 'message-received';
  content: { [key: string]: Json };
  receipt?: Receipt;
}

async function expectations(ctx: ExchangeContext, wishes: Wish[]): Promise<Map<string, Expectation>> {
  const found = new Map<string, Expectation>();
  const pairs = (side: Wish['side']) => {
    const of = wishes.filter((wish) => wish.side === side);
    return [of.map(({ lane }) => lane), of.map(({ id }) => id)];
  };
  const sent = await ctx.db.query<{ id: string; receipt: Buffer }>(
    `select id, receipt from exchange_sent
     where (lane, id) in (select * from unnest($1::text[], $2::uuid[])) and receipt is not null`,
    pairs('out'),
  );
  for (const { id, receipt: exact } of sent) {
    const receipt = JSON.parse(exact.toString()) as Receipt;
    const content = ledgerContent({ ...receipt, at: receipt.receivedAt });
    found.set(`out/${id}`, { id, kind: 'message-received', content, receipt });
  }
  const received = await ctx.db.query<{ id: string; head: Buffer; body_digest: Buffer }>(
    `select id, head, body_digest from exchange_received where (lane, id) in (select * from unnest($1::text[], $2::uuid[]))`,
    pairs('in'),
  );
  for (const { id, head: exact, body_digest: body } of received) {
    found.set(`in/${id}`, { id, kind: 'message-sent', content: sentContent(exact, body.toString('hex')) });
  }
  return found;
}

/** What the sender's ledger says about a message, from the exact bytes of its head. */
function sentContent(head: Uint8Array, body: string): { [key: string]: Json } {
  const { id, from, to, created } = parseHead(head);
  return ledgerContent({ message: id, head: digestHex(head), body, from, to, at: created });
}

/** A proof that is false, or opens another leaf than the receipt promised, is an alarm. */
async function checkExpected(
  ctx: ExchangeContext,
  peer: string,
  { id, kind, content, receipt }: Expectation,
  proof: InclusionProof,
): Promise<CheckedProof | undefined> {
  try {
    if (receipt && proof.leaf.salt !== receipt.promise.leaf.salt) {
      throw new Failure('EXCHANGE_FILE', { reason: 'a ledger proof opens another leaf' });
    }
    const checked = await checkProof(proof, { state: peer, kind, content }, ctx.trust);
    if (receipt) await holdToPromise(ctx, peer, { proof, content, receipt });
    return checked;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const detail = { message: id, reason: describeError(error) };
    await raiseAlarm(ctx.db, { kind: 'proof-refused', peer, cause: id, detail }, ctx.clock.now());
    return undefined;
  }
}

/** Holds a leaf that a receipt promised against the peer's log as this node has mirrored it. A breach is a complaint and an alarm. */
async function holdToPromise(
  ctx: ExchangeContext,
  peer: string,
  { proof, content, receipt }: { proof: InclusionProof; content: { [key: string]: Json }; receipt: Receipt },
): Promise<void> {
  const { within } = receipt.promise;
  const broken = await auditReceipt(ctx, { proof, content, within }, ledgerTrustOf(ctx.trust, peer, proof.origin));
  if (broken === undefined) return;
  const alarm = { kind: `ledger-${broken}`, peer, cause: proof.origin, detail: { message: receipt.message } };
  await raiseAlarm(ctx.db, alarm, ctx.clock.now());
}

/** Half as long again as promised, since we ask by our clock about a time by theirs. */
async function watchPromise(ctx: ExchangeContext, peer: string, receipt: Receipt): Promise<void> {
  const now = ctx.clock.now();
  const late = addMilliseconds(receipt.receivedAt, receipt.promise.within * 1500);
  if (now <= late) return;
  const detail = { message: receipt.message, receivedAt: receipt.receivedAt, within: receipt.promise.within };
  await raiseAlarm(ctx.db, { kind: 'promise-broken', peer, cause: receipt.message, detail }, now);
}
