import { randomId } from '../crypto/index.ts';
import { appendLeaf } from '../ledger/index.ts';
import { enqueue, type Json, json, type Tx } from '../storage/index.ts';
import type { AccessContext } from './context.ts';

/** A change of what is configured, and who answers for it. */
export interface Change {
  /** The agency, or `operator`. */
  by: string;
  kind: 'system' | 'system-removed' | 'group' | 'service' | 'service-disabled' | 'grant' | 'grant-revoked';
  about: string;
  content: { [key: string]: Json };
}

/** Wanted after each change by which somebody may lose a right: what goes on under a grant without being asked for is looked at again. */
export const ACCESS_CHANGED = 'access/changed';
const ENDING: readonly Change['kind'][] = ['system-removed', 'group', 'service', 'grant-revoked'];

/** Writes a change into the history and the ledger, and makes every process forget the rules it remembers. */
export async function recordChange(tx: Tx, ctx: AccessContext, change: Change): Promise<void> {
  const at = ctx.clock.now();
  const { by, kind, about, content } = change;
  const id = randomId();
  const leaf = await appendLeaf(tx, ctx, { kind: 'configuration', content: { at, by, kind, about, content } });
  await tx.query(
    'insert into access_change (id, at, by, kind, about, content, leaf) values ($1, $2, $3, $4, $5, $6::jsonb, $7)',
    [id, at, by, kind, about, json(content), leaf.id],
  );
  await tx.query('update access_version set version = version + 1 where id = 1');
  if (ENDING.includes(kind)) await enqueue(tx, { queue: ACCESS_CHANGED, key: id, payload: {} });
}

/** What was changed about one thing, oldest first. */
export async function listChanges(
  { db }: Pick<AccessContext, 'db'>,
  about: string,
): Promise<{ at: string; by: string; kind: string; content: Json }[]> {
  return db.query('select at, by, kind, content from access_change where about = $1 order by at, id', [about]);
}
