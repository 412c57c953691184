import type { Column, OpenedRecord, Register, RowValues } from '../../registers/index.ts';
import { valueWords } from '../shown/values.ts';
import {
  Button,
  Details,
  Empty,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  Radios,
  SummaryList,
  TextArea,
  TextField,
  Timeline,
  type View,
  type WrongField,
} from '../ui/index.ts';

/** A column's name as people say it; one that the catalogues do not know keeps the register's own. */
const columnWords = (view: View, name: string): string => view.find(`desk.field.${name}`) ?? name.replaceAll('_', ' ');

/** Which register, whose number. */
export function RegisterHome({
  view,
  registers,
  done = false,
  wrong = [],
  values = { number: '', purpose: '' },
}: {
  view: View;
  registers: readonly Register[];
  done?: boolean;
  wrong?: readonly WrongField[];
  values?: { number: string; purpose: string };
}) {
  const { say } = view;
  const error = (field: string): string | undefined => wrong.find((one) => one.field === field)?.message;
  return (
    <Layout view={view} title={say('desk.nav.registers')} wrong={wrong.length > 0}>
      <ErrorSummary view={view} errors={wrong} />
      {done ? (
        <Notification tone="success" alive title={say('desk.register.corrected')}>
          <p>{say('desk.register.corrected.words')}</p>
        </Notification>
      ) : null}
      <PageHeading lead={say('desk.register.lead')}>{say('desk.nav.registers')}</PageHeading>
      {registers.length === 0 ? (
        <Empty icon="document" title={say('desk.register.none')} />
      ) : (
        <Form view={view} action="/desk/registers/open">
          <Radios
            view={view}
            name="register"
            label={say('desk.register.which')}
            error={error('register')}
            options={registers.map(({ id }) => ({ value: id, label: registerName(view, id) }))}
            value={registers.length === 1 ? registers[0]?.id : undefined}
          />
          <TextField
            view={view}
            name="number"
            label={say('desk.register.number')}
            hint={say('desk.register.number.hint')}
            error={error('number')}
            value={values.number}
            autocomplete="off"
          />
          <Button>{say('desk.register.open')}</Button>
        </Form>
      )}
    </Layout>
  );
}

const registerName = (view: View, id: string): string =>
  view.find(`desk.register.name.${id.split('.')[1] ?? ''}`) ?? id;

interface WrongRow {
  row: string;
  message: string;
  typed: Readonly<Record<string, string>>;
  reason: string;
}

/** A person's rows, each with its history and, for who may, a form to correct it. */
export function RegisterRecord({
  view,
  register,
  number,
  record,
  mayCorrect,
  wrong,
}: {
  view: View;
  register: Register;
  number: string;
  record: OpenedRecord;
  mayCorrect: boolean;
  wrong?: WrongRow;
}) {
  const { say } = view;
  const errors = wrong === undefined ? [] : [{ field: `row-${wrong.row}`, message: wrong.message }];
  return (
    <Layout view={view} title={registerName(view, register.id)} back="/desk/registers" wide wrong={errors.length > 0}>
      <ErrorSummary view={view} errors={errors} />
      <PageHeading caption={number} lead={say('desk.register.recorded')}>
        {registerName(view, register.id)}
      </PageHeading>
      {record.rows.map((row) => (
        <article class="cw-piece" data-state={register.state} key={row.rowKey} id={`row-${row.rowKey}`}>
          <div class="cw-sides">
            <div>
              <SummaryList
                tight
                rows={register.columns.map(({ name }) => ({
                  key: columnWords(view, name),
                  value: valueWords(view, row.values[name] ?? null),
                }))}
              />
              <History view={view} record={record} rowKey={row.rowKey} />
            </div>
            {mayCorrect ? (
              <Details summary={say('desk.register.correct')} open={wrong?.row === row.rowKey}>
                <CorrectionForm
                  {...{ view, register, number, row }}
                  wrong={wrong?.row === row.rowKey ? wrong : undefined}
                />
              </Details>
            ) : null}
          </div>
        </article>
      ))}
    </Layout>
  );
}

function History({ view, record, rowKey }: { view: View; record: OpenedRecord; rowKey: string }) {
  const { say } = view;
  const versions = record.versions.filter((one) => one.rowKey === rowKey);
  if (versions.length < 2) return null;
  return (
    <Details summary={say('desk.register.history')}>
      <Timeline
        steps={versions.map(({ knownFrom, cause, officer, reason }) => ({
          title:
            cause === 'import'
              ? say('desk.register.cause.import')
              : say('desk.register.cause.correction', { reason: reason ?? '' }),
          when: `${view.date(knownFrom)}${officer === null ? '' : ` · ${officer}`}`,
          done: true,
        }))}
      />
    </Details>
  );
}

function CorrectionForm({
  view,
  register,
  number,
  row,
  wrong,
}: {
  view: View;
  register: Register;
  number: string;
  row: OpenedRecord['rows'][number];
  wrong: WrongRow | undefined;
}) {
  const { say } = view;
  const open = register.columns.filter(({ name }) => !register.key.includes(name) && name !== register.person.localId);
  return (
    <Form view={view} action="/desk/registers/correct">
      <input type="hidden" name="register" value={register.id} />
      <input type="hidden" name="number" value={number} />
      <input type="hidden" name="row" value={row.rowKey} />
      <input type="hidden" name="revision" value={String(row.revision)} />
      {open.map((column) => (
        <ColumnField
          key={column.name}
          view={view}
          row={row.rowKey}
          column={column}
          value={wrong?.typed[column.name] ?? textOf(row.values[column.name])}
        />
      ))}
      <TextArea
        view={view}
        name="reason"
        id={`reason-${row.rowKey}`}
        label={say('desk.register.reason')}
        hint={say('desk.register.reason.hint')}
        value={wrong?.reason}
        rows={2}
      />
      <Button>{say('desk.register.save')}</Button>
    </Form>
  );
}

const textOf = (value: RowValues[string] | undefined): string =>
  value === null || value === undefined ? '' : String(value);

function ColumnField({ view, row, column, value }: { view: View; row: string; column: Column; value: string }) {
  const id = `${row}.${column.name}`;
  const codes = [...new Set(column.values.values())];
  return (
    <div class="cw-field cw-tight">
      <label for={id}>{columnWords(view, column.name)}</label>
      {codes.length === 0 ? (
        <input
          class="ds-input"
          id={id}
          name={`column.${column.name}`}
          value={value}
          data-chars="20"
          autocomplete="off"
        />
      ) : (
        <select class="ds-input" id={id} name={`column.${column.name}`} data-chars="20">
          {column.required ? null : <option value="">{view.say('common.none')}</option>}
          {codes.map((code) => (
            <option key={String(code)} value={String(code)} selected={String(code) === value}>
              {valueWords(view, code)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
