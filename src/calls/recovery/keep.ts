import type { PeerRoutes } from '../../exchange/index.ts';
import type { LedgerReader } from '../../ledger/index.ts';
import { Failure, type Instant } from '../../storage/index.ts';
import { malformed } from '../protocol/entries.ts';

/** A batch as the log of the node that is asked has it, base64. */
export interface KeptBatch {
  /** As that node sees it. */
  direction: 'in' | 'out';
  envelope: string;
  signature: string;
  /** As they are kept: heads and digests, without bodies. */
  entries: string;
}

/** Some of them, and after which place the next ones come; null where there are no more. */
export interface KeptPage {
  batches: KeptBatch[];
  next: string | null;
}

export const KEPT_CALLS_PATH = '/calls/kept';
/** Batches and bytes of one answer. */
const A_PAGE = 200;
const PAGE_BYTES = 4 * 1024 * 1024;
const NOWHERE = '00000000-0000-0000-0000-000000000000';

type Route = PeerRoutes[string];

/**
 * What a counterparty gives a node that was restored from an old backup: the signed batches of the calls between the two since a moment
 * (`GET /calls/kept?since=...`). Only those of the asker: who asks was settled by the connection.
 */
export function keptCallsRoutes(ctx: Pick<LedgerReader, 'db'>): PeerRoutes {
  return { [`GET ${KEPT_CALLS_PATH}`]: (request) => serveKept(ctx, request) };
}

async function serveKept({ db }: Pick<LedgerReader, 'db'>, { peer, query }: Parameters<Route>[0]): ReturnType<Route> {
  const since = query.get('since') ?? '';
  // The place of the last one: when it was durable, its id, its direction.
  const [at = '', id = '', direction = '', ...more] = (query.get('after') ?? `${since}/${NOWHERE}/`).split('/');
  const isPlace = isInstant(at) && /^[0-9a-f-]{36}$/.test(id) && more.length === 0;
  if (!isInstant(since) || !isPlace) throw malformed('question', 'its moment or place is none');
  const rows = await db.query<{
    id: string;
    direction: KeptBatch['direction'];
    at: Instant;
    envelope: Buffer;
    signature: Buffer;
    entries: Buffer;
  }>(
    `select id, direction, at, envelope, signature, entries from call_batch
     where peer = $1 and at >= $2 and (at, id, direction) > ($2, $3::uuid, $4)
     order by at, id, direction limit ${A_PAGE}`,
    [peer, at, id, direction],
  );
  let bytes = 0;
  // At least one, or a large batch would end the list; what does not fit is on the next page.
  const fitting = rows.filter(({ entries }, at) => {
    bytes += entries.length * 1.4 + 2_048;
    return at === 0 || bytes < PAGE_BYTES;
  });
  const last = fitting.at(-1);
  const page: KeptPage = {
    batches: fitting.map((row) => ({
      direction: row.direction,
      envelope: row.envelope.toString('base64'),
      signature: row.signature.toString('base64'),
      entries: row.entries.toString('base64'),
    })),
    next: last === undefined ? null : `${last.at}/${last.id}/${last.direction}`,
  };
  return { status: 200, type: 'application/json', body: JSON.stringify(page) };
}

const isInstant = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(text) && !Number.isNaN(Date.parse(text));

/** @throws Failure CALLS_MALFORMED where a peer's answer is none */
export function readPage(body: Buffer): KeptPage {
  try {
    const { batches, next } = JSON.parse(body.toString('utf8')) as KeptPage;
    const texts = batches.flatMap(({ envelope, signature, entries }) => [envelope, signature, entries]);
    if (texts.some((one) => typeof one !== 'string') || (next !== null && typeof next !== 'string')) throw new Error();
    return { batches, next };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw malformed('answer', 'it is no list of batches');
  }
}
