import { may } from '../../identity/index.ts';
import { correctRow, type OpenedRecord, openRecord, type Register } from '../../registers/index.ts';
import { isFailure } from '../../storage/index.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { RegisterHome, RegisterRecord } from './register-pages.tsx';

/** The article under which a register's owner looks at and corrects his own rows: the register's own order, not an agreement. */
const OWN_ORDER = 'register-order';

/**
 * The register officer's work: find a person's rows by her number, correct one with a reason. Numbers are posted, never in an address;
 * the answer to a search is therefore the page itself, and each opening is in the person's access record.
 */
export function addRegisters(pages: Pages): void {
  pages.officer.get('/desk/registers', (visit) => {
    const { view, query } = visit;
    return page(<RegisterHome view={view} registers={ownRegisters(visit)} done={query.done === 'corrected'} />);
  });
  pages.officer.post('/desk/registers/open', open);
  pages.officer.post('/desk/registers/correct', correct);
}

/** Registers of his own agency that he may read. */
function ownRegisters({ ctx, session, officer }: OfficerVisit): Register[] {
  const { agency } = officer;
  return may(session, 'register.read', { agency })
    ? [...ctx.registers.values()].filter(({ owner }) => owner === agency)
    : [];
}

async function open(visit: OfficerVisit): Promise<Answer> {
  const { view, fields } = visit;
  const registers = ownRegisters(visit);
  const register = registers.find(({ id }) => id === fields.one('register'));
  const number = fields.one('number');
  const purpose = fields.one('purpose');
  const wrong = [
    ...(register === undefined ? [{ field: 'register', message: view.say('desk.register.choose') }] : []),
    ...(number === '' ? [{ field: 'number', message: view.say('desk.register.number.missing') }] : []),
  ];
  if (register === undefined || wrong.length > 0) {
    return page(<RegisterHome view={view} registers={registers} wrong={wrong} values={{ number, purpose }} />, 400);
  }
  const record = await readRecord(visit, register, number);
  if (record.rows.length === 0) {
    const none = [{ field: 'number', message: view.say('desk.register.number.unknown') }];
    return page(<RegisterHome view={view} registers={registers} wrong={none} values={{ number, purpose }} />, 404);
  }
  return page(
    <RegisterRecord view={view} register={register} number={number} record={record} mayCorrect={mayCorrect(visit)} />,
  );
}

function readRecord({ ctx, officer }: OfficerVisit, register: Register, localId: string): Promise<OpenedRecord> {
  const by = { id: officer.id, agency: officer.agency };
  const ground = { kind: 'law' as const, article: OWN_ORDER };
  return ctx.db.transaction((tx) =>
    openRecord(tx, ctx, by, { register: register.id, localId, purpose: 'register.inspection', ground }),
  );
}

const mayCorrect = ({ session, officer }: OfficerVisit): boolean =>
  may(session, 'register.correct', { agency: officer.agency });

async function correct(visit: OfficerVisit): Promise<Answer> {
  const { ctx, view, fields, officer } = visit;
  const register = ownRegisters(visit).find(({ id }) => id === fields.one('register'));
  if (register === undefined || !mayCorrect(visit)) return redirect('/desk/registers');
  const changes = Object.fromEntries(
    register.columns.flatMap(({ name }) =>
      fields.has(`column.${name}`) ? [[name, fields.one(`column.${name}`)]] : [],
    ),
  );
  try {
    await ctx.db.transaction((tx) =>
      correctRow(
        tx,
        ctx,
        { id: officer.id, agency: officer.agency },
        {
          register: register.id,
          rowKey: fields.one('row'),
          revision: Number(fields.one('revision')),
          changes,
          reason: fields.one('reason'),
          article: OWN_ORDER,
        },
      ),
    );
    return redirect('/desk/registers?done=corrected');
  } catch (error) {
    if (!isFailure(error) || !error.code.startsWith('REGISTERS_')) throw error;
    const number = fields.one('number');
    const record = await readRecord(visit, register, number);
    const message = view.find(`error.${error.code}`, error.params) ?? error.code;
    const shown = (
      <RegisterRecord
        view={view}
        register={register}
        number={number}
        record={record}
        mayCorrect
        wrong={{ row: fields.one('row'), message, typed: changes, reason: fields.one('reason') }}
      />
    );
    return page(shown, 400);
  }
}
