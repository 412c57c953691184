import type { Coverage, RuleCoverage } from './coverage.ts';

/**
 * A coverage report for a person: first the sums, then each annex, then each rule with what no scenario meets.
 * @example coverageLines(coverage).join('\n')
 */
export function coverageLines(coverage: Coverage): string[] {
  const { scenarios, decisions, rows, rules, annexes } = coverage;
  const truths = rules.flatMap(({ truths: both }) => (both === undefined ? [] : [both]));
  return [
    `coverage: ${scenarios} scenarios, ${decisions} decisions`,
    `  table rows  ${rows.met} of ${rows.all} met`,
    `  rules       ${rules.filter(({ values }) => values > 0).length} of ${rules.length} gave a value`,
    `  conditions  ${truths.filter((both) => both.true > 0).length} of ${truths.length} were true, ` +
      `${truths.filter((both) => both.false > 0).length} were false`,
    '',
    ...table([
      ['annex', 'decisions', 'granted', 'partly', 'refused', 'undecided', 'rows of its own'],
      ...Object.entries(annexes).map(([state, { decisions: made, outcomes }]) => {
        const own = rules.filter(({ annex }) => annex === state).flatMap((rule) => rule.rows);
        const met = own.filter((row) => row.met > 0).length;
        const { granted, partly, refused, undecided } = outcomes;
        return [state, ...[made, granted, partly, refused, undecided].map(String), `${met} of ${own.length}`];
      }),
    ]),
    '',
    ...table([['rule', 'values', 'null', 'true', 'false', 'rows', 'not met'], ...rules.map(ruleCells)]),
  ];
}

function ruleCells({ rule, annex, values, nulls, truths, rows }: RuleCoverage): string[] {
  const met = rows.filter((row) => row.met > 0);
  const open = [
    ...(values === 0 ? ['any value'] : []),
    ...(truths?.true === 0 ? ['true'] : []),
    ...(truths?.false === 0 ? ['false'] : []),
    ...rows.filter((row) => row.met === 0).map(({ row, from }) => (from === undefined ? row : `${row} (from ${from})`)),
  ];
  return [
    annex === undefined ? rule : `${rule} (${annex})`,
    String(values),
    String(nulls),
    truths === undefined ? '' : String(truths.true),
    truths === undefined ? '' : String(truths.false),
    rows.length === 0 ? '' : `${met.length} of ${rows.length}`,
    open.join(', '),
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
