import {
  beginEnrolment,
  confirmEnrolment,
  DOCUMENTS,
  type IdentityDocument,
  may,
  type OfficerVerb,
  type Shown,
} from '../../identity/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { TextId } from '../../texts/index.ts';
import { type Answer, page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import {
  Actions,
  Button,
  ButtonLink,
  DateField,
  type DateParts,
  Empty,
  ErrorSummary,
  Form,
  Layout,
  PageHeading,
  Panel,
  Radios,
  TextField,
  type View,
  type WrongField,
} from '../ui/index.ts';

const BEGIN = '/desk/enrolments/begin';
const CONFIRM = '/desk/enrolments/confirm';

/**
 * The office at which people get their way in: one officer sees somebody's document and begins, another sees it too and confirms. Each gives
 * her one half of a code, on the page that answers his form and nowhere else. What he typed is posted, never in an address.
 */
export function addEnrolments(pages: Pages): void {
  pages.officer.get('/desk/enrolments', (visit) => page(<EnrolmentsHome view={visit.view} can={verbsOf(visit)} />));
  pages.officer.get(BEGIN, ({ view }) => page(<EnrolmentForm view={view} step="begin" />));
  pages.officer.get(CONFIRM, ({ view }) => page(<EnrolmentForm view={view} step="confirm" />));
  pages.officer.post(BEGIN, (visit) => {
    const { ctx, session, officer, fields } = visit;
    const document = DOCUMENTS.find((one) => one === fields.one('document'));
    const reason = REASONS.find((one) => one === fields.one('reason'));
    const wrong = [
      ...(document === undefined ? (['document'] as const) : []),
      ...(reason === undefined ? (['reason'] as const) : []),
    ];
    return giveHalf(visit, 'begin', wrong, (shown) =>
      beginEnrolment(
        ctx,
        { ...session, account: officer },
        {
          ...shown,
          document: document ?? 'passport',
          recovery: reason === 'lost',
        },
      ),
    );
  });
  pages.officer.post(CONFIRM, (visit) => {
    const { ctx, session, officer } = visit;
    return giveHalf(visit, 'confirm', [], (shown) => confirmEnrolment(ctx, { ...session, account: officer }, shown));
  });
}

type Step = 'begin' | 'confirm';
type Question = 'number' | 'birthDate' | 'document' | 'reason';

const REASONS = ['first', 'lost'] as const;

const verbsOf = ({ session, officer }: OfficerVisit): Step[] =>
  (['begin', 'confirm'] as const).filter((step) =>
    may(session, `enrolment.${step}` satisfies OfficerVerb, { agency: officer.agency }),
  );

/** What a refusal says, and of which question. */
const WRONG: Readonly<Record<string, { field: Question | ''; text: TextId }>> = {
  IDENTITY_ENROLMENT_PERSON: { field: 'number', text: 'identity.enrolment.wrong.person' },
  IDENTITY_ENROLMENT_NONE: { field: 'number', text: 'identity.enrolment.wrong.none' },
  IDENTITY_ENROLMENT_SAME_OFFICER: { field: '', text: 'identity.enrolment.wrong.same' },
};

async function giveHalf(
  visit: OfficerVisit,
  step: Step,
  missing: readonly Question[],
  work: (shown: Shown) => Promise<string>,
): Promise<Answer> {
  const { view, fields } = visit;
  const given: Given = {
    number: fields.one('number'),
    birthDate: {
      day: fields.one('birthDate.day'),
      month: fields.one('birthDate.month'),
      year: fields.one('birthDate.year'),
    },
    document: fields.one('document'),
    reason: fields.one('reason'),
  };
  const birthDate = dateOf(given.birthDate);
  const unanswered: Question[] = [
    ...(given.number === '' ? (['number'] as const) : []),
    ...(birthDate === undefined ? (['birthDate'] as const) : []),
    ...missing,
  ];
  const again = (wrong: WrongField[]) =>
    page(<EnrolmentForm view={view} step={step} given={given} wrong={wrong} />, 400);
  if (birthDate === undefined || unanswered.length > 0) {
    return again(unanswered.map((field) => ({ field, message: view.say(`identity.enrolment.${field}.missing`) })));
  }
  try {
    return page(<HalfPage view={view} step={step} half={await work({ number: given.number, birthDate })} />);
  } catch (error) {
    const wrong = isFailure(error) ? WRONG[error.code] : undefined;
    if (wrong === undefined) throw error;
    return again([{ field: wrong.field, message: view.say(wrong.text) }]);
  }
}

/** A real day, or undefined. */
function dateOf({ day, month, year }: DateParts): string | undefined {
  const text = `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

export function EnrolmentsHome({ view, can }: { view: View; can: readonly Step[] }) {
  const { say } = view;
  const title = say('identity.enrolment.title');
  return (
    <Layout view={view} title={title} back="/desk">
      <PageHeading lead={say('identity.enrolment.lead')}>{title}</PageHeading>
      {can.length === 0 ? <Empty icon="person" title={say('identity.enrolment.notYours')} /> : null}
      <Actions>
        {can.map((step) => (
          <ButtonLink
            key={step}
            href={step === 'begin' ? BEGIN : CONFIRM}
            kind={step === 'begin' ? undefined : 'secondary'}
          >
            {say(`identity.enrolment.${step}`)}
          </ButtonLink>
        ))}
      </Actions>
    </Layout>
  );
}

interface Given {
  number: string;
  birthDate: DateParts;
  document: string;
  reason: string;
}

const NOTHING: Given = { number: '', birthDate: { day: '', month: '', year: '' }, document: '', reason: '' };

export function EnrolmentForm({
  view,
  step,
  given = NOTHING,
  wrong = [],
}: {
  view: View;
  step: Step;
  given?: Given;
  wrong?: readonly WrongField[];
}) {
  const { say } = view;
  const title = say(`identity.enrolment.${step}`);
  const errorOf = (name: Question) => wrong.find(({ field }) => field === name)?.message;
  return (
    <Layout view={view} title={title} back="/desk/enrolments" wrong={wrong.length > 0}>
      <ErrorSummary view={view} errors={wrong} />
      <PageHeading lead={say(`identity.enrolment.${step}.lead`)}>{title}</PageHeading>
      <Form view={view} action={step === 'begin' ? BEGIN : CONFIRM}>
        <TextField
          {...{ view, name: 'number', label: say('identity.enrolment.number'), error: errorOf('number') }}
          hint={say('identity.enrolment.number.hint')}
          value={given.number}
          autocomplete="off"
          maxLength={40}
        />
        <DateField
          {...{ view, name: 'birthDate', label: say('identity.enrolment.birthDate'), error: errorOf('birthDate') }}
          parts={given.birthDate}
        />
        {step === 'confirm' ? null : (
          <>
            <Radios
              {...{ view, name: 'document', label: say('identity.enrolment.document'), error: errorOf('document') }}
              value={given.document}
              options={DOCUMENTS.map((one: IdentityDocument) => ({
                value: one,
                label: say(`identity.enrolment.document.${one}`),
              }))}
            />
            <Radios
              {...{ view, name: 'reason', label: say('identity.enrolment.reason'), error: errorOf('reason') }}
              value={given.reason}
              options={REASONS.map((one) => ({
                value: one,
                label: say(`identity.enrolment.reason.${one}`),
                hint: say(`identity.enrolment.reason.${one}.hint`),
              }))}
            />
          </>
        )}
        <Actions>
          <Button big>{say(`identity.enrolment.${step}.do`)}</Button>
        </Actions>
      </Form>
    </Layout>
  );
}

/** One half of a code, once: the officer writes it down or prints it for her. */
export function HalfPage({ view, step, half }: { view: View; step: Step; half: string }) {
  const { say } = view;
  const title = say(`identity.enrolment.${step}.done`);
  return (
    <Layout view={view} title={title}>
      <Panel title={title} words={say(`identity.enrolment.${step}.half`)} reference={half} />
      <p>{say(`identity.enrolment.${step}.next`)}</p>
      <ButtonLink href="/desk/enrolments" kind="secondary">
        {say('common.back')}
      </ButtonLink>
    </Layout>
  );
}
