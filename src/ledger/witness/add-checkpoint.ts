import type { PublicKey, SigningKey } from '../../crypto/index.ts';
import type { Instant, StoreContext, Tx } from '../../storage/index.ts';
import { cosign } from '../log/sign-checkpoint.ts';
import { recordComplaint } from '../monitor/complaint.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import {
  formatNote,
  holdsConsistency,
  isFork,
  type Note,
  parseNote,
  parseTreeHead,
  type TreeHead,
  verifyLogSignature,
} from '../proof/index.ts';
import { EMPTY_ROOT } from '../tree/hash.ts';
import { parseRequest, type WitnessRequest } from './request.ts';

/** A node in its duty as a witness of others' logs. `name` stands in its cosignature lines. */
export interface WitnessContext extends StoreContext {
  witness: { name: string; key: SigningKey };
}

export interface WitnessAnswer {
  status: 200 | 400 | 403 | 404 | 409 | 422;
  body: string;
  type: string;
  /** Set where two signed checkpoints of one size differ: the log showed two histories. Raise an alarm. */
  fork?: true;
}

interface Known {
  size: number;
  root: Buffer;
  note: string;
}

/**
 * Cosigns another log's checkpoint where it only grew since the last one cosigned here (c2sp.org/tlog-witness, add-checkpoint).
 * Check and record are one transaction, and the answer is made after its commit: two requests at once, or a crash, never
 * let a witness vouch for two histories. Statuses: 200 with the cosignature line; 400 malformed, or smaller than its own old
 * size; 403 not signed by the log; 404 unknown log; 409 with the size that this witness holds; 422 does not follow.
 * @param body the request's text
 * @param knownLogs the keys of a log by its origin, from the state's manifest; none for a log that is not known
 * @example const { status, body, type } = await addCheckpoint(ctx, text, (origin) => ledgerKeys.get(origin) ?? []);
 */
export async function addCheckpoint(
  ctx: WitnessContext,
  body: string,
  knownLogs: (origin: string) => readonly PublicKey[],
): Promise<WitnessAnswer> {
  let request: WitnessRequest;
  let note: Note;
  let head: TreeHead;
  try {
    request = parseRequest(body);
    note = parseNote(request.checkpoint);
    head = parseTreeHead(note.text);
  } catch {
    return answer(400, 'malformed request\n');
  }
  const keys = knownLogs(head.origin);
  if (keys.length === 0) return answer(404, 'unknown log\n');
  if (!(await verifyLogSignature(nodeProofCrypto, note, head.origin, keys)))
    return answer(403, 'not signed by the log\n');
  if (request.old > head.size) return answer(400, 'the old size is beyond the checkpoint\n');
  return ctx.db.transaction((tx) => decide(tx, ctx, request, note, head));
}

async function decide(
  tx: Tx,
  ctx: WitnessContext,
  request: WitnessRequest,
  note: Note,
  head: TreeHead,
): Promise<WitnessAnswer> {
  const at = ctx.clock.now();
  const known = await lockKnown(tx, head.origin, at);
  const fork = known.note !== '' && isFork({ ...head, size: known.size, root: known.root }, head);
  if (fork) {
    await recordFork(tx, head, known.note, request.checkpoint, at);
    const evidence = { kind: 'fork', first: known.note, second: request.checkpoint } as const;
    await recordComplaint(tx, ctx, head.origin, `${head.size}`, evidence);
    const stale = request.old !== known.size;
    return {
      ...(stale ? answer(409, `${known.size}\n`) : answer(422, 'another history of this size was seen\n')),
      fork,
    };
  }
  if (request.old !== known.size) return answer(409, `${known.size}\n`);
  const follows = await holdsConsistency(nodeProofCrypto, {
    first: known.size,
    second: head.size,
    firstRoot: known.root,
    secondRoot: head.root,
    path: request.path,
  });
  if (!follows || (head.size === 0 && !EMPTY_ROOT.equals(head.root))) {
    return answer(422, 'the checkpoint does not follow from the last one\n');
  }
  const line = cosign(note.text, Math.floor(Date.parse(at) / 1000), ctx.witness);
  await tx.query('update ledger_witness set size = $2, root = $3, note = $4, at = $5 where origin = $1', [
    head.origin,
    head.size,
    Buffer.from(head.root),
    formatNote(note.text, [request.checkpoint.slice(note.text.length + 1), line]),
    at,
  ]);
  return answer(200, line);
}

/** What this witness holds of a log, locked against other requests; a log that is new here begins with the empty tree. */
async function lockKnown(tx: Tx, origin: string, at: Instant): Promise<Known> {
  await tx.query(
    `insert into ledger_witness (origin, size, root, note, at) values ($1, 0, $2, '', $3)
     on conflict (origin) do nothing`,
    [origin, EMPTY_ROOT, at],
  );
  const [known] = await tx.query<Known>('select size, root, note from ledger_witness where origin = $1 for update', [
    origin,
  ]);
  return known as Known;
}

/** The first such pair is kept: it proves everything that a second could. */
async function recordFork(tx: Tx, head: TreeHead, known: string, other: string, at: Instant): Promise<void> {
  await tx.query(
    `insert into ledger_fork (origin, size, known_note, other_note, at) values ($1, $2, $3, $4, $5)
     on conflict (origin, size) do nothing`,
    [head.origin, head.size, known, other, at],
  );
}

function answer(status: WitnessAnswer['status'], body: string): WitnessAnswer {
  return { status, body, type: status === 409 ? 'text/x.tlog.size' : 'text/plain; charset=utf-8' };
}
