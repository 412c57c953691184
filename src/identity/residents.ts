import { randomId } from '../crypto/index.ts';
import { bindSubject, findSubjectOf } from '../persons/index.ts';
import { subjectAttributes } from '../registers/index.ts';
import { isFailure, type PlainDate, type Queryable, type Tx } from '../storage/index.ts';
import type { IdentityContext } from './sign-in.ts';

/** A person as the population register has her. */
export interface Resident {
  /** Her number as the register writes it. */
  number: string;
  name: string;
  birthDate: PlainDate;
}

/** The person of a number in the population register, or undefined. */
export async function findPerson(q: Queryable, number: string): Promise<Resident | undefined> {
  try {
    const { ids, names, birthDate } = await subjectAttributes(q, number);
    // The name that she bears now, in her own script where the register has it in Latin letters too.
    const { given = '', family = '' } =
      names.find(({ to, script }) => to === undefined && script !== 'Latn') ?? names.at(-1) ?? {};
    return { number: ids[0]?.value ?? number, name: `${given} ${family}`.trim(), birthDate };
  } catch (error) {
    if (isFailure(error, 'REGISTERS_RESIDENT_UNKNOWN')) return undefined;
    throw error;
  }
}

/** The account of a person in the register, opened when she comes for the first time. @returns its id, and whether she had it before */
export async function accountOf(
  tx: Tx,
  ctx: IdentityContext,
  { number, name }: Pick<Resident, 'number' | 'name'>,
): Promise<{ account: string; known: boolean }> {
  const known = await findSubjectOf(tx, [number]);
  if (known !== undefined) return { account: known, known: true };
  const account = randomId();
  await tx.query(`insert into identity_accounts (id, kind, state, local_id, name) values ($1, 'person', $2, $3, $4)`, [
    account,
    ctx.identity.state,
    number,
    name,
  ]);
  await bindSubject(tx, ctx, { subject: account, localId: number });
  return { account, known: false };
}
