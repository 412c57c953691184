import { openDb, type Queryable } from './db.ts';

export interface Provision {
  /** Name of the role and of its database: lower-case letters, digits, `_`. */
  name: string;
  /** Password of the role, set anew on each call. */
  password: string;
}

/**
 * Makes a role and a database of its own, or brings both into the wanted state. The role owns its database and can connect to no
 * other. Gives the role's URL.
 *
 * @param adminUrl who may create roles and databases
 * @example const url = await provision(server.adminUrl, { name: 'kz', password });
 */
export async function provision(adminUrl: string, { name, password }: Provision): Promise<string> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) throw new RangeError(`not a name for a role: ${name}`);
  const admin = openDb(adminUrl, { connections: 1, name: 'commonway provision' });
  try {
    await bringAbout(admin, name, password);
  } finally {
    await admin.close();
  }
  const url = new URL(adminUrl);
  url.username = name;
  url.password = password;
  url.pathname = `/${name}`;
  return url.href;
}

async function bringAbout(admin: Queryable, name: string, password: string): Promise<void> {
  const [found] = await admin.query<{ role: boolean; database: boolean; base: string }>(
    `select exists (select 1 from pg_roles where rolname = $1) as role,
       exists (select 1 from pg_database where datname = $1) as database, current_database() as base`,
    [name],
  );
  // Names are checked above and these statements take no parameters; the password is quoted by the server.
  const [quoted] = await admin.query<{ literal: string; base: string }>(
    'select quote_literal($1::text) as literal, quote_ident(current_database()) as base',
    [password],
  );
  const attributes = `login nosuperuser nocreatedb nocreaterole noreplication password ${quoted?.literal}`;
  await admin.query(`${found?.role ? 'alter' : 'create'} role "${name}" ${attributes}`);
  // By default everybody may connect to every database, the administrator's and the templates included.
  await admin.query(`revoke connect, temporary on database ${quoted?.base} from public`);
  await admin.query('revoke connect on database template1 from public');
  if (!found?.database) await admin.query(`create database "${name}" owner "${name}"`);
  await admin.query(`alter database "${name}" owner to "${name}"`);
  await admin.query(`revoke all on database "${name}" from public`);
}
