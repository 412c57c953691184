import type { ComponentChildren, VNode } from 'preact';
import type { RuleSource } from '../types.ts';
import type { Sheet } from './sheet.ts';
import type { Part, Phrase, Wording } from './wording/phrase.ts';

/** How each piece of a sentence is set. */
const SET: Readonly<Record<Part['kind'], (text: string) => VNode | string>> = {
  text: (text) => text,
  term: (text) => <span class="term">{`«${text}»`}</span>,
  value: (text) => <b>{text}</b>,
  name: (text) => <i>{text}</i>,
  code: (text) => <code>{text}</code>,
};

export const Line = ({ phrase }: { phrase: Phrase }) => <>{phrase.map(({ kind, text }) => SET[kind](text))}</>;

/** A rule in words: a sentence, and what it lists below it. */
export const Words = ({ wording: { phrase, items } }: { wording: Wording }) => (
  <div class="words">
    <Line phrase={phrase} />
    {items === undefined ? null : <Items items={items} />}
  </div>
);

const Items = ({ items }: { items: readonly Wording[] }) => (
  <ul>
    {items.map((item, index) => (
      <li key={index}>
        <Line phrase={item.phrase} />
        {item.items === undefined ? null : <Items items={item.items} />}
      </li>
    ))}
  </ul>
);

/** A column of a table: heading, and cell of a row. */
export interface Column<Row> {
  head: ComponentChildren;
  cell: (row: Row) => ComponentChildren;
  /** Narrow columns keep their words together. */
  narrow?: boolean;
}

/** A table that can be read aloud and turned sideways: the first cell of each row is its heading. */
export function Grid<Row>({
  sheet,
  name,
  columns,
  rows,
  dense = false,
}: {
  sheet: Sheet;
  /** What it is a table of. */
  name: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  dense?: boolean;
}) {
  return (
    // A wide table is moved sideways by keys too: so it takes the focus.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys (WCAG 2.1.1)
    <section class="scroll" aria-label={sheet.say('regulation.scroll', { name })} tabIndex={0}>
      <table class={dense ? 'dense' : undefined}>
        <thead>
          <tr>
            {columns.map(({ head, narrow }, index) => (
              <th key={index} scope="col" class={narrow ? 'narrow' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map(({ cell, narrow }, index) =>
                index === 0 ? (
                  <th key={index} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={index} class={narrow ? 'narrow' : undefined}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Names and what they stand for, two columns wide. */
export const Facts = ({ rows }: { rows: readonly (readonly [name: string, value: ComponentChildren])[] }) => (
  <dl>
    {rows.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** Whether something was read in a law or chosen by the authors: visible from afar. */
export const SourceMark = ({ sheet, source }: { sheet: Sheet; source: RuleSource }) => (
  <span class={`mark ${source}`}>{sheet.say(`regulation.source.${source}`)}</span>
);

/** An article by its title, with the mark of its source. */
export function ArticleName({ sheet, id, source }: { sheet: Sheet; id: string; source?: RuleSource }) {
  const article = sheet.agreement.articles[id];
  if (article === undefined) return <>{id}</>;
  return (
    <>
      {sheet.text(article.title)} <SourceMark sheet={sheet} source={source ?? article.source} />
    </>
  );
}
