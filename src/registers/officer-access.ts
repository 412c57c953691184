import { type AccessGround, type NewAccess, recordAccess } from '../persons/index.ts';
import { Failure, type Tx } from '../storage/index.ts';
import type { RecordContext } from './context.ts';
import { getRegister } from './definition/load.ts';
import type { Register } from './definition/register.ts';
import { normaliseId } from './matching/person.ts';
import { personOfRows } from './person-of-row.ts';
import { findResident } from './resident.ts';
import { latestMatch } from './rows/matches.ts';
import { currentRows, type RowVersion, rowVersions, type StoredRow } from './rows/read-rows.ts';

/** Who works at the agency that owns a register. What he may do there, the identity room has said before he comes here. */
export interface RegisterOfficer {
  id: string;
  agency: string;
}

/** Why an officer opens a person's rows. */
export interface ReadReason {
  purpose: string;
  ground: AccessGround;
  application?: string;
}

export interface OpenedRecord {
  rows: StoredRow[];
  versions: ({ rowKey: string } & RowVersion)[];
}

/**
 * The rows of one person of a register with their history, for an officer of the agency that owns it. Recorded as one use of her data.
 * Nothing is recorded where nobody has that number.
 *
 * @param localId the number under which the register keeps her
 * @throws Failure REGISTERS_UNKNOWN, REGISTERS_NOT_OWNER
 */
export async function openRecord(
  tx: Tx,
  ctx: RecordContext,
  officer: RegisterOfficer,
  opened: { register: string; localId: string } & ReadReason,
): Promise<OpenedRecord> {
  const register = ownedRegister(ctx, officer, opened.register);
  const subject = normaliseId(opened.localId);
  const rows = await currentRows(tx, register.id, [subject]);
  if (rows.length === 0) return { rows, versions: [] };
  const versions = await rowVersions(tx, register.id, subject);
  await recordOfficerUse(tx, ctx, officer, register, rows, {
    ...opened,
    fields: register.columns.map(({ name }) => name),
  });
  return { rows, versions };
}

/** @throws Failure REGISTERS_UNKNOWN, REGISTERS_NOT_OWNER */
export function ownedRegister(ctx: Pick<RecordContext, 'registers'>, officer: RegisterOfficer, id: string): Register {
  const register = getRegister(ctx.registers, id);
  if (register.owner !== officer.agency) {
    throw new Failure('REGISTERS_NOT_OWNER', { register: register.id, agency: officer.agency });
  }
  return register;
}

/** One entry in the record of the person whose rows these are, wherever she is at home as far as this register knows. */
export async function recordOfficerUse(
  tx: Tx,
  ctx: RecordContext,
  officer: RegisterOfficer,
  register: Register,
  rows: readonly StoredRow[],
  use: ReadReason & { fields: string[] },
): Promise<string> {
  return recordAccess(tx, ctx, {
    subject: await whoseRows(tx, register, rows),
    agency: officer.agency,
    actor: officer.id,
    fields: use.fields,
    purpose: use.purpose,
    ground: use.ground,
    ...(use.application === undefined ? {} : { application: use.application }),
  });
}

/** Our own person by her number at home; another state's by the reference under which her home last asked; else by the register's number. */
async function whoseRows(tx: Tx, register: Register, rows: readonly StoredRow[]): Promise<NewAccess['subject']> {
  const subject = rows[0]?.subject ?? '';
  const person = personOfRows(
    subject,
    rows.map((row) => row.person),
  );
  const own = person.ids.filter(({ state }) => state === register.state).map(({ value }) => value);
  const resident = await findResident(tx, own);
  if (resident !== undefined) return { resident };
  return (await latestMatch(tx, register.id, subject)) ?? { person: `${register.id}/${subject}` };
}
