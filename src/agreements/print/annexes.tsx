import type { VNode } from 'preact';
import { versionsIn } from '../build/annexes.ts';
import { confirmationsFor } from '../decision/stages.ts';
import { termsFor } from '../decision/terms.ts';
import type { Rule, RuleSource } from '../types.ts';
import { roleName } from './exchange.tsx';
import { ArticleName, Grid, Line, SourceMark, Words } from './ink.tsx';
import { daysOf, Versions } from './rules.tsx';
import { timeWords } from './services.tsx';
import type { Sheet } from './sheet.ts';
import { knowRule } from './wording/known.ts';
import { versionWords } from './wording/rule-words.ts';

interface Row {
  id?: string;
  name: VNode | string;
  cells: ReadonlyMap<string, VNode | string>;
  /** What a cell says, for comparing; cells that say the same in all states are marked so. */
  keys: ReadonlySet<string>;
}

/** What differs from state to state, in one table; what is too long for a cell stands below it in full. */
export function Annexes({ sheet }: { sheet: Sheet }) {
  const { agreement, say, text, state } = sheet;
  const rules = Object.values(agreement.rules).filter(({ national }) => national);
  const rows = [
    ...roleRows(sheet),
    ...rules.map((rule) => ruleRow(sheet, rule)),
    ...confirmationRows(sheet),
    ...deadlineRows(sheet),
    digestRow(sheet),
  ];
  return (
    <>
      <Grid
        sheet={sheet}
        name={say('regulation.s.annexes')}
        rows={rows}
        dense
        columns={[
          {
            head: say('regulation.item'),
            cell: ({ name, keys }) => (
              <>
                {name}
                {keys.size === 1 && agreement.parties.length > 1 ? (
                  <div class="same">{say('regulation.same')}</div>
                ) : null}
              </>
            ),
          },
          ...agreement.parties.map((party) => ({
            head: state(party),
            cell: ({ cells }: Row) => cells.get(party) ?? '',
          })),
        ]}
      />
      {rules.map((rule) => (
        <article key={rule.name} class="rule" id={`annex-${rule.name}`}>
          <h3>{text(rule.title)}</h3>
          {agreement.parties.map((party) => {
            const own = agreement.annexes[party]?.rules[rule.name];
            return own === undefined ? null : (
              <div key={party} class="of-state">
                <h4>{state(party)}</h4>
                <p class="meta">
                  <ArticleName sheet={sheet} id={own.article} source={own.source} />
                </p>
                <Versions sheet={sheet} rule={rule} versions={own.versions} />
              </div>
            );
          })}
        </article>
      ))}
    </>
  );
}

function row(name: VNode | string, cells: readonly (readonly [string, VNode | string, string])[]): Row {
  return {
    name,
    cells: new Map(cells.map(([party, cell]) => [party, cell])),
    keys: new Set(cells.map(([, , key]) => key)),
  };
}

/** Which agency plays which role; ids are those of the states' manifests. */
const roleRows = (sheet: Sheet): Row[] =>
  Object.keys(sheet.agreement.roles).map((role) =>
    row(
      sheet.say('regulation.annex.agency', { role: roleName(sheet, role) }),
      sheet.agreement.parties.map((party) => {
        const agency = sheet.agreement.annexes[party]?.roles[role] ?? '';
        return [party, <code key={party}>{agency}</code>, agency];
      }),
    ),
  );

/** A rule as each state has it: its words where they are short, else the way to them. */
function ruleRow(sheet: Sheet, rule: Rule): Row {
  const { agreement, text } = sheet;
  const name = <a href={`#annex-${rule.name}`}>{text(rule.title)}</a>;
  return row(
    name,
    agreement.parties.map((party) => {
      const annex = agreement.annexes[party];
      const versions = versionsIn(rule, annex);
      const own = annex?.rules[rule.name];
      const key = JSON.stringify([
        own?.article,
        own?.source,
        versions.map(({ from, until, text: said }) => [from, until, said]),
      ]);
      return [party, <Short key={party} sheet={sheet} rule={rule} versions={versions} source={own?.source} />, key];
    }),
  );
}

function Short({
  sheet,
  rule,
  versions,
  source,
}: {
  sheet: Sheet;
  rule: Rule;
  versions: Rule['versions'];
  source: RuleSource | undefined;
}) {
  const as = knowRule(rule, sheet.book);
  return (
    <>
      {versions.map((version) => {
        const said = versionWords(sheet.book, version, as);
        return (
          <div key={version.from ?? ''}>
            {versions.length === 1 ? null : <div class="days">{daysOf(sheet, version)}</div>}
            {said.kind === 'wording' ? (
              <Words wording={said.wording} />
            ) : (
              <ul class="rows">
                {said.table.rows.map(({ name, cells, gives }) => (
                  <li key={name}>
                    {cells.map((cell, index) => (
                      <span key={index}>
                        {index === 0 ? '' : ', '}
                        <Line phrase={cell} />
                      </span>
                    ))}
                    {' → '}
                    <Line phrase={gives} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        );
      })}
      {source === undefined ? null : <SourceMark sheet={sheet} source={source} />}
    </>
  );
}

const confirmationRows = (sheet: Sheet): Row[] =>
  Object.values(sheet.agreement.services).flatMap((service) =>
    service.stages
      .filter(({ verb }) => verb === 'confirm')
      .map((stage) =>
        row(
          sheet.say('regulation.annex.confirm', { stage: sheet.text(stage.title) }),
          sheet.agreement.parties.map((party) => {
            const count = confirmationsFor(sheet.agreement, service.name, party);
            return [party, sheet.say('regulation.confirmations', { count }), String(count)];
          }),
        ),
      ),
  );

/** How long the authority of each state has, and on which days it rests; only where some annex says so. */
function deadlineRows(sheet: Sheet): Row[] {
  const { agreement, say, text } = sheet;
  const annexes = Object.values(agreement.annexes);
  const services = Object.values(agreement.services).filter(({ name }) =>
    annexes.some(({ deadlines }) => deadlines[name] !== undefined),
  );
  const times = services.map((service) =>
    row(
      say('regulation.annex.deadline', { service: text(service.title) }),
      agreement.parties.map((party) => {
        const words = timeWords(sheet, termsFor(agreement, service, party));
        return [party, words, words];
      }),
    ),
  );
  if (annexes.every(({ holidays }) => holidays.length === 0)) return times;
  const rest = agreement.parties.map((party): [string, string, string] => {
    const days = agreement.annexes[party]?.holidays ?? [];
    const words = days.length === 0 ? say('regulation.annex.holidays.none') : days.map(dayWords).join(', ');
    return [party, words, words];
  });
  return [...times, row(say('regulation.annex.holidays'), rest)];
}

/** `05-09` as 09.05., `2026-03-23` as 23.03.2026. */
const dayWords = (day: string): string => {
  const [date = '', month = '', year = ''] = day.split('-').reverse();
  return `${date}.${month}.${year}`;
};

const digestRow = ({ agreement, say }: Sheet): Row =>
  row(
    say('regulation.annex.digest'),
    agreement.parties.map((party) => {
      const digest = agreement.annexes[party]?.digest ?? '';
      return [
        party,
        <code key={party} class="digest">
          {digest}
        </code>,
        digest,
      ];
    }),
  );
