import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Sealed, signersOf } from '../../crypto/index.ts';
import { Failure, type Json, json, type Tx } from '../../storage/index.ts';
import { raiseAlarm } from '../../union/index.ts';
import type { PersonsContext } from '../context.ts';
import { missingNotices } from './reconcile.ts';
import type { CountsStatement } from './statement.ts';
import { recountTold } from './told.ts';

const closed = { additionalProperties: false } as const;
const day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' });
const text = Type.String({ minLength: 1, maxLength: 200 });
const count = Type.Integer({ minimum: 0, maximum: 2_000_000_000 });

const Statement = Type.Object(
  {
    kind: Type.Literal('access-counts'),
    payload: Type.Object(
      {
        state: text,
        home: text,
        from: day,
        until: day,
        days: Type.Array(Type.Object({ day, agency: text, entries: count, withheld: count }, closed), {
          maxItems: 20_000,
        }),
        at: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
      },
      closed,
    ),
    signatures: Type.Array(Type.Object({ key: text, value: text }, closed), { minItems: 1, maxItems: 1 }),
  },
  closed,
);

/**
 * Takes a state's statement of how often it used the data of our persons, and holds it against what it told us. What is missing is an
 * alarm for the operator, and so is a number that fell since an earlier statement.
 *
 * @param fromState the state whose node sent it, as the exchange proved
 * @throws Failure PERSONS_COUNTS_WRONG where it speaks for another state or to another, bears no seal of that state's, or is of another form
 */
export async function receiveCounts(tx: Tx, ctx: PersonsContext, fromState: string, body: Json): Promise<void> {
  const wrong = (reason: string) => new Failure('PERSONS_COUNTS_WRONG', { state: fromState, reason });
  if (!Value.Check(Statement, body)) throw wrong('its form');
  const sealed = body as unknown as Sealed<CountsStatement>;
  const { state, home, from, until, days, at } = sealed.payload;
  if (state !== fromState) throw wrong('it speaks for another state');
  if (home !== ctx.trust.self) throw wrong('it is to another state');
  try {
    signersOf(sealed, 'access-counts', ctx.trust.keys(fromState, 'seal'));
  } catch {
    throw wrong('its seal');
  }
  if (days.some((one) => one.withheld > one.entries || one.day < from || one.day > until)) throw wrong('its numbers');
  if (new Set(days.map((one) => `${one.day} ${one.agency}`)).size < days.length) throw wrong('a day twice');
  const now = ctx.clock.now();
  const taken = await tx.query(
    `insert into access_statement (state, sealed, stated_at, received_at) values ($1, $2::jsonb, $3, $4)
     on conflict (state) do update set sealed = excluded.sealed, stated_at = excluded.stated_at, received_at = excluded.received_at
     where access_statement.stated_at < excluded.stated_at returning 1`,
    [state, json(sealed), at, now],
  );
  if (taken.length === 0) return;
  for (const fallen of await keepStated(tx, sealed.payload)) {
    const cause = `${fallen.day} ${fallen.agency}`;
    await raiseAlarm(tx, { kind: 'access-counts-fell', peer: state, cause, detail: {} }, now);
  }
  await recountTold(tx, { state, from, until });
  for (const one of await missingNotices(tx, state)) {
    const detail = { stated: one.stated, received: one.received, withheld: one.withheld };
    await raiseAlarm(
      tx,
      { kind: 'access-notices-missing', peer: state, cause: `${one.day} ${one.agency}`, detail },
      now,
    );
  }
}

/** Keeps the numbers; gives those days of which the state said more before. What it said once, it has said. */
async function keepStated(
  tx: Tx,
  { state, from, until, days }: CountsStatement,
): Promise<{ day: string; agency: string }[]> {
  const fallen = await tx.query<{ day: string; agency: string }>(
    `select to_char(old.day, 'YYYY-MM-DD') as day, old.agency from access_stated old
     left join jsonb_to_recordset($4::jsonb) as said (day date, agency text, entries integer)
       on said.day = old.day and said.agency = old.agency
     where old.state = $1 and old.day between $2::date and $3::date and old.entries > coalesce(said.entries, 0)
     order by 1, 2`,
    [state, from, until, json(days)],
  );
  await tx.query(
    `insert into access_stated (state, day, agency, entries, withheld)
     select $1, day, agency, entries, withheld
     from jsonb_to_recordset($2::jsonb) as said (day date, agency text, entries integer, withheld integer)
     on conflict (state, day, agency) do update set entries = greatest(access_stated.entries, excluded.entries),
       withheld = excluded.withheld`,
    [state, json(days)],
  );
  return fallen;
}
