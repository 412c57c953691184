import type { Rule, RuleFunction, RuleVersion } from '../types.ts';
import { ArticleName, Grid, Line, Words } from './ink.tsx';
import type { Sheet } from './sheet.ts';
import { knowRule } from './wording/known.ts';
import { functionWords, type TableWords, versionWords } from './wording/rule-words.ts';

/** How to read the rules, how things are counted, and every rule with its article, its source and its versions by date. */
export function Rules({ sheet }: { sheet: Sheet }) {
  const { agreement, say } = sheet;
  const functions = Object.values(agreement.functions);
  return (
    <>
      <h3>{say('regulation.read')}</h3>
      <ul>
        <li>{say('regulation.read.terms')}</li>
        <li>{say('regulation.read.brackets')}</li>
        <li>{say('regulation.read.null')}</li>
        <li>{say('regulation.read.empty')}</li>
        <li>{say('regulation.read.numbers')}</li>
        <li>{say('regulation.source.words')}</li>
      </ul>
      {functions.length === 0 ? null : <h3>{say('regulation.functions')}</h3>}
      {functions.map((one) => (
        <FunctionRule key={one.name} sheet={sheet} rule={one} />
      ))}
      <h3>{say('regulation.rules')}</h3>
      {Object.values(agreement.rules).map((rule) => (
        <OneRule key={rule.name} sheet={sheet} rule={rule} />
      ))}
    </>
  );
}

function FunctionRule({ sheet, rule }: { sheet: Sheet; rule: RuleFunction }) {
  const { say, text, book } = sheet;
  const { parameters, wording } = functionWords(book, rule);
  return (
    <article class="rule" id={`function-${rule.name}`}>
      <h4>{text(rule.title)}</h4>
      <p class="meta">
        <ArticleName sheet={sheet} id={rule.article} source={rule.source} />
      </p>
      <p>
        {say('regulation.function.given', { names: '' })}
        {parameters.map((name, index) => (
          <span key={name}>
            {index === 0 ? '' : '; '}
            <i>{name}</i>
          </span>
        ))}
        {'. '}
        {say('regulation.function.gives')}
      </p>
      <Words wording={wording} />
      <Written sheet={sheet} source={rule.text} />
    </article>
  );
}

function OneRule({ sheet, rule }: { sheet: Sheet; rule: Rule }) {
  const { say, text } = sheet;
  return (
    <article class="rule" id={`rule-${rule.name}`}>
      <h4>
        {text(rule.title)} <code>{rule.name}</code>
      </h4>
      <p class="meta">
        <ArticleName sheet={sheet} id={rule.article} source={rule.source} />
        {' · '}
        {say('regulation.rule.reference')} {say(`regulation.reference.${rule.reference}`)}
      </p>
      {rule.missing === undefined ? null : (
        <p>
          {say('regulation.rule.condition')} <q>{text(rule.missing)}</q>
        </p>
      )}
      {rule.national ? (
        <p>
          <a href={`#annex-${rule.name}`}>
            {say('regulation.rule.national', { section: say('regulation.s.annexes') })}
          </a>
        </p>
      ) : (
        <Versions sheet={sheet} rule={rule} versions={rule.versions} />
      )}
    </article>
  );
}

/** The versions of a rule, each with the days that it is for; a single one for all days needs no heading. */
export function Versions({ sheet, rule, versions }: { sheet: Sheet; rule: Rule; versions: readonly RuleVersion[] }) {
  return (
    <>
      {versions.map((version) => (
        <div key={version.from ?? ''} class="version">
          {versions.length === 1 && version.from === undefined && version.until === undefined ? null : (
            <p class="days">{daysOf(sheet, version)}</p>
          )}
          {version.article === undefined ? null : (
            <p class="meta">
              <ArticleName
                sheet={sheet}
                id={version.article}
                {...(version.source === undefined ? {} : { source: version.source })}
              />
            </p>
          )}
          <VersionSaid sheet={sheet} rule={rule} version={version} />
        </div>
      ))}
    </>
  );
}

/** The days that a version is for. */
export function daysOf({ say, date }: Sheet, { from, until }: RuleVersion): string {
  if (from !== undefined && until !== undefined) {
    return say('regulation.version.between', { from: date(from), until: date(until) });
  }
  if (from !== undefined) return say('regulation.version.from', { from: date(from) });
  if (until !== undefined) return say('regulation.version.until', { until: date(until) });
  return say('regulation.version.always');
}

function VersionSaid({ sheet, rule, version }: { sheet: Sheet; rule: Rule; version: RuleVersion }) {
  const words = versionWords(sheet.book, version, knowRule(rule, sheet.book));
  if (words.kind === 'table') return <TableSaid sheet={sheet} name={sheet.text(rule.title)} table={words.table} />;
  return (
    <>
      <Words wording={words.wording} />
      <Written sheet={sheet} source={version.text} />
    </>
  );
}

export function TableSaid({ sheet, name, table }: { sheet: Sheet; name: string; table: TableWords }) {
  const { say } = sheet;
  const { policy, columns, rows } = table;
  const withArticles = rows.some(({ article }) => article !== undefined);
  return (
    <>
      <p>
        <Line phrase={policy} />
      </p>
      <Grid
        sheet={sheet}
        name={name}
        rows={rows}
        columns={[
          { head: say('wording.table.row'), cell: (row) => <code>{row.name}</code> },
          ...columns.map((column, index) => ({
            head: <Line phrase={column} />,
            cell: (row: TableWords['rows'][number]) => <Line phrase={row.cells[index] ?? []} />,
          })),
          { head: say('wording.table.gives'), cell: ({ gives }) => <Line phrase={gives} /> },
          ...(withArticles
            ? [
                {
                  head: say('regulation.article'),
                  cell: ({ article }: TableWords['rows'][number]) =>
                    article === undefined ? '' : <ArticleName sheet={sheet} id={article} />,
                },
              ]
            : []),
        ]}
      />
    </>
  );
}

/** The expression as it stands in the agreement. */
const Written = ({ sheet, source }: { sheet: Sheet; source: string }) => (
  <div class="written">
    <span>{sheet.say('regulation.expression')}</span>
    <pre>
      <code>{source.trim()}</code>
    </pre>
  </div>
);
