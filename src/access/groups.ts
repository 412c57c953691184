import { Failure, json } from '../storage/index.ts';
import { recordChange } from './change.ts';
import type { AccessContext } from './context.ts';
import { parseSystemName } from './names.ts';

const NAME = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * Says who belongs to a group: agencies (`kz.pension-fund`) and systems (`kz.pension-fund/registry`) of any state, by their names.
 * @throws Failure ACCESS_NAME
 */
export async function setGroup(
  ctx: AccessContext,
  name: string,
  members: readonly string[],
  by: string,
): Promise<void> {
  demandGroupName(name);
  for (const member of members) demandMember(member);
  await ctx.db.transaction(async (tx) => {
    await tx.query('delete from access_group_member where name = $1', [name]);
    await tx.query(
      'insert into access_group_member (name, member) select $1, value from jsonb_array_elements_text($2::jsonb) on conflict do nothing',
      [name, json(members)],
    );
    await recordChange(tx, ctx, { by, kind: 'group', about: name, content: { members: [...members] } });
  });
}

/** @throws Failure ACCESS_NAME */
export function demandGroupName(name: string): string {
  if (!NAME.test(name)) throw new Failure('ACCESS_NAME', { what: 'group', name: name.slice(0, 80), form: 'a-z 0-9 -' });
  return name;
}

function demandMember(member: string): void {
  if (member.includes('/')) parseSystemName(member);
  else demandAgencyName(member);
}

/** @throws Failure ACCESS_NAME */
export function demandAgencyName(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,31}\.[a-z0-9.-]{1,63}$/.test(name))
    throw new Failure('ACCESS_NAME', { what: 'agency', name: name.slice(0, 80), form: 'STATE.AGENCY' });
  return name;
}
