import { Failure, type Instant, type Json, type Queryable, type Tx } from '../storage/index.ts';
import { actionDigest, NO_ACTION, newSalt, payloadDigest, verifyChain } from './actions.ts';
import { type StoredCase, updateFold } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { fold, step } from './fold.ts';
import type { ActionActor, CaseAction, CasePayloads, CaseState, Verb } from './types.ts';

/** A case under lock, with its state: what an action is decided on and appended to. */
export interface HeldCase {
  row: StoredCase;
  state: CaseState;
}

/**
 * Appends one action and writes the new fold, in the caller's transaction. The same key twice is one action.
 * @returns the case after the action
 */
export async function append<V extends Verb>(
  tx: Tx,
  ctx: Pick<CasesContext, 'clock'>,
  held: HeldCase,
  action: { verb: V; key: string; actor: ActionActor; payload: CasePayloads[V] },
): Promise<HeldCase> {
  const known = await tx.query<{ sequence: number }>(
    'select sequence from case_actions where case_id = $1 and key = $2',
    [held.row.id, action.key],
  );
  if (known.length > 0) return held;
  const salt = newSalt();
  const unsigned = {
    case: held.row.id,
    sequence: held.row.actions + 1,
    key: action.key,
    at: ctx.clock.now(),
    verb: action.verb,
    actor: action.actor,
    definition: held.row.contract,
    payloadDigest: payloadDigest(salt, action.payload as unknown as Json),
    previous: held.row.actions === 0 ? NO_ACTION : held.row.head,
  };
  const digest = actionDigest(unsigned as Omit<CaseAction, 'payload' | 'digest'>);
  const entry = { ...unsigned, digest, payload: action.payload } as CaseAction;
  await insertAction(tx, entry, salt);
  const state = step(held.state, entry);
  await updateFold(tx, held.row.id, state, { actions: entry.sequence, head: digest, at: entry.at });
  const { moved } = state;
  const under = moved === undefined ? {} : { contract: moved.to.contract, annex: moved.to.annex, movedAt: moved.at };
  return { row: { ...held.row, ...under, actions: entry.sequence, head: digest, phase: state.phase }, state };
}

async function insertAction(tx: Tx, action: CaseAction, salt: string): Promise<void> {
  await tx.query(
    `insert into case_actions (case_id, sequence, key, at, verb, actor, definition, payload_digest, previous, digest)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      action.case,
      action.sequence,
      action.key,
      action.at,
      action.verb,
      JSON.stringify(action.actor),
      action.definition,
      action.payloadDigest,
      action.previous,
      action.digest,
    ],
  );
  await tx.query('insert into case_payloads (case_id, sequence, salt, payload) values ($1, $2, $3, $4)', [
    action.case,
    action.sequence,
    salt,
    JSON.stringify(action.payload),
  ]);
}

interface ActionRow {
  sequence: number;
  key: string;
  at: Instant;
  verb: Verb;
  actor: ActionActor;
  definition: string;
  payload_digest: string;
  previous: string;
  digest: string;
  payload: Json;
  erased: boolean;
}

/**
 * A case's log, whole and checked.
 * @throws Failure CASE_LOG_BROKEN; CASE_ERASED where what it was sent was deleted
 */
export async function actionsOf(db: Queryable, id: string): Promise<CaseAction[]> {
  const rows = await db.query<ActionRow>(
    `select a.sequence, a.key, a.at, a.verb, a.actor, a.definition, a.payload_digest, a.previous, a.digest, p.payload,
       p.case_id is null as erased
     from case_actions a left join case_payloads p using (case_id, sequence) where a.case_id = $1 order by a.sequence`,
    [id],
  );
  const actions = rows.map(
    ({ payload_digest, erased: _gone, ...row }) =>
      ({ case: id, ...row, payloadDigest: payload_digest }) as unknown as CaseAction,
  );
  verifyChain(actions);
  const gone = rows.find(({ erased }) => erased);
  if (gone !== undefined) throw await refusalOf(db, id, gone.sequence);
  return actions;
}

/** A payload that is not there was deleted as agreed, or somebody else took it. */
async function refusalOf(db: Queryable, id: string, sequence: number): Promise<Failure> {
  const [row] = await db.query<{ at: Instant }>(
    'select erased_at as at from cases where id = $1 and erased_at is not null',
    [id],
  );
  return row === undefined
    ? new Failure('CASE_LOG_BROKEN', { case: id, sequence })
    : new Failure('CASE_ERASED', { at: row.at });
}

/** The state of a case, folded from its checked log. */
export async function stateOf(db: Queryable, id: string): Promise<CaseState> {
  return fold(await actionsOf(db, id));
}
