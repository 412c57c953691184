import type { TextId } from '../../texts/index.ts';
import type { Operation, Pattern, TransactionType } from '../types.ts';
import { Facts, Grid } from './ink.tsx';
import type { Sheet } from './sheet.ts';

/** One entry a pattern: a new one does not compile until it is named and explained. */
const PATTERNS: Readonly<Record<Pattern, { name: TextId; words: TextId }>> = {
  notification: { name: 'regulation.pattern.notification', words: 'regulation.pattern.notification.words' },
  informationDistribution: {
    name: 'regulation.pattern.informationDistribution',
    words: 'regulation.pattern.informationDistribution.words',
  },
  queryResponse: { name: 'regulation.pattern.queryResponse', words: 'regulation.pattern.queryResponse.words' },
  requestConfirm: { name: 'regulation.pattern.requestConfirm', words: 'regulation.pattern.requestConfirm.words' },
  requestResponse: { name: 'regulation.pattern.requestResponse', words: 'regulation.pattern.requestResponse.words' },
  mutualObligation: { name: 'regulation.pattern.mutualObligation', words: 'regulation.pattern.mutualObligation.words' },
};

/** One entry an operation: what the reacting role does, and the text that names its cargo. */
const OPERATIONS: Readonly<Record<Operation, (type: TransactionType, sheet: Sheet) => string>> = {
  fetchEvidence: ({ evidence = '' }, { agreement, say, text }) =>
    say('regulation.operation.fetchEvidence', { name: text(agreement.evidence[evidence]?.title ?? evidence) }),
  giveOpinion: ({ evidence = '' }, { agreement, say, text }) =>
    say('regulation.operation.giveOpinion', { name: text(agreement.evidence[evidence]?.title ?? evidence) }),
  openCase: ({ service = '' }, { agreement, say, text }) =>
    say('regulation.operation.openCase', { name: text(agreement.services[service]?.title ?? service) }),
  distribute: (_type, { say }) => say('regulation.operation.distribute'),
  askCorrection: (_type, { say }) => say('regulation.operation.askCorrection'),
  correctDecision: (_type, { say }) => say('regulation.operation.correctDecision'),
};

export const roleName = ({ agreement, text }: Sheet, name: string): string =>
  text(agreement.roles[name]?.title ?? name);

/** Who takes part: what each role begins, takes and signs. */
export function Roles({ sheet }: { sheet: Sheet }) {
  const { agreement, say, text } = sheet;
  const transactions = Object.values(agreement.transactions);
  const codes = (wanted: (type: TransactionType) => boolean) => (
    <Lines lines={transactions.filter(wanted).map(({ code, title }) => `${text(title)} (${code})`)} />
  );
  return (
    <Grid
      sheet={sheet}
      name={say('regulation.s.roles')}
      rows={Object.values(agreement.roles)}
      columns={[
        { head: say('regulation.role'), cell: ({ title }) => text(title) },
        { head: say('regulation.role.begins'), cell: ({ name }) => codes(({ from }) => from === name) },
        { head: say('regulation.role.answers'), cell: ({ name }) => codes(({ to }) => to === name) },
        {
          head: say('regulation.role.serves'),
          cell: ({ name }) => {
            const served = Object.values(agreement.evidence).filter(({ servedBy }) => servedBy === name);
            return <Lines lines={served.map(({ title }) => text(title))} />;
          },
        },
      ]}
    />
  );
}

export const Lines = ({ lines }: { lines: readonly string[] }) => (
  <>
    {lines.map((line) => (
      <div key={line}>{line}</div>
    ))}
  </>
);

export function Transactions({ sheet }: { sheet: Sheet }) {
  const { agreement, say, text, duration, number } = sheet;
  const transactions = Object.values(agreement.transactions);
  const time = (value: string | undefined): string => (value === undefined ? '' : duration(value));
  const patterns = [...new Set(transactions.map(({ pattern }) => pattern))];
  return (
    <>
      <Grid
        sheet={sheet}
        name={say('regulation.s.transactions')}
        rows={transactions}
        dense
        columns={[
          {
            head: say('regulation.code'),
            cell: ({ code, title }) => (
              <>
                <code>{code}</code>
                <div>{text(title)}</div>
              </>
            ),
          },
          { head: say('regulation.pattern'), cell: ({ pattern }) => say(PATTERNS[pattern].name) },
          { head: say('regulation.from'), cell: ({ from }) => roleName(sheet, from) },
          { head: say('regulation.to'), cell: ({ to }) => roleName(sheet, to) },
          { head: say('regulation.carries'), cell: (type) => OPERATIONS[type.operation](type, sheet) },
          {
            head: say('regulation.signature'),
            cell: ({ signatureRequired }) => say(`regulation.signature.${signatureRequired ? 'yes' : 'no'}`),
          },
          { head: say('regulation.acknowledge'), cell: ({ timers }) => time(timers.acknowledge) },
          { head: say('regulation.accept'), cell: ({ timers }) => time(timers.accept) },
          { head: say('regulation.respond'), cell: ({ timers }) => time(timers.respond) },
          { head: say('regulation.retries'), cell: ({ retries }) => number(retries) },
        ]}
      />
      <h3>{say('regulation.patterns.title')}</h3>
      <Facts rows={patterns.map((pattern) => [say(PATTERNS[pattern].name), say(PATTERNS[pattern].words)])} />
    </>
  );
}
