import type { Db, PlainDate, Queryable } from '../storage/index.ts';
import type { Account, Grant, OfficerAccount } from './types.ts';

/** An account as `ACCOUNT` reads it. */
export interface AccountRow {
  id: string;
  kind: 'person' | 'officer';
  state: string;
  local_id: string | null;
  agency: string | null;
  name: string;
  today: PlainDate | null;
  grants: Grant[];
}

/** The columns of an account `a`. */
export const ACCOUNT = `
    a.id, a.kind, a.state, a.local_id, a.agency, a.name, a.today,
    coalesce((select jsonb_agg(jsonb_build_object('agency', g.agency, 'role', g.role, 'service', g.service)
      order by g.agency, g.role, g.service) from identity_grants g where g.account = a.id), '[]') as grants`;

export function fromRow(row: AccountRow): Account {
  const { id, state, name } = row;
  const today = row.today === null ? {} : { today: row.today };
  if (row.kind === 'officer')
    return { kind: 'officer', id, state, agency: row.agency ?? '', name, grants: row.grants, ...today };
  return { kind: 'person', id, state, localId: row.local_id ?? '', name, ...today };
}

/** The account of an id, or undefined. */
export async function findAccount(db: Queryable, id: string): Promise<Account | undefined> {
  const [row] = await db.query<AccountRow>(`select ${ACCOUNT} from identity_accounts a where a.id = $1`, [id]);
  return row && fromRow(row);
}

/** Every officer's account, by agency and name. */
export async function listOfficers(db: Queryable): Promise<OfficerAccount[]> {
  const rows = await db.query<AccountRow>(
    `select ${ACCOUNT} from identity_accounts a where a.kind = 'officer' order by a.agency, a.name, a.id limit 10000`,
  );
  return rows.map(fromRow).filter((account) => account.kind === 'officer');
}

/** Writes accounts with exactly the grants they carry. Doing it again changes nothing. */
export async function storeAccounts(db: Db, accounts: Account[]): Promise<void> {
  await db.transaction(async (tx) => {
    for (const account of accounts) {
      const officer = account.kind === 'officer';
      await tx.query(
        `insert into identity_accounts (id, kind, state, local_id, agency, name, today) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update set kind = excluded.kind, state = excluded.state, local_id = excluded.local_id,
           agency = excluded.agency, name = excluded.name, today = excluded.today`,
        [
          account.id,
          account.kind,
          account.state,
          officer ? null : account.localId,
          officer ? account.agency : null,
          account.name,
          account.today ?? null,
        ],
      );
      await tx.query('delete from identity_grants where account = $1', [account.id]);
      for (const grant of officer ? account.grants : []) {
        await tx.query(
          'insert into identity_grants (account, agency, role, service) values ($1, $2, $3, $4) on conflict do nothing',
          [account.id, grant.agency, grant.role, grant.service],
        );
      }
    }
  });
}
