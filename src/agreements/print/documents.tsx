import { Facts, Grid, Line } from './ink.tsx';
import type { Sheet } from './sheet.ts';
import { inline } from './wording/phrase.ts';
import { expressionWords } from './wording/rule-words.ts';

/** The documents that decisions bring out: what they state, and where each statement is taken from. */
export function Documents({ sheet }: { sheet: Sheet }) {
  const { agreement, say, text, duration, book } = sheet;
  return (
    <>
      {Object.values(agreement.documents).map(({ type, vct, title, claims, labels, selective, lines, validFor }) => (
        <article key={type}>
          <h3>{text(title)}</h3>
          <Facts
            rows={[
              [say('regulation.document.type'), <code key="vct">{vct}</code>],
              [say('regulation.document.valid'), duration(validFor)],
            ]}
          />
          <Grid
            sheet={sheet}
            name={text(title)}
            rows={Object.entries(claims)}
            columns={[
              { head: say('regulation.claim'), cell: ([name]) => text(labels[name] ?? name) },
              {
                head: say('regulation.claim.value'),
                cell: ([, { source }]) => <Line phrase={inline(expressionWords(book, source))} />,
              },
              {
                head: say('regulation.claim.selective'),
                narrow: true,
                cell: ([name]) => say(`regulation.signature.${selective.includes(name) ? 'yes' : 'no'}`),
              },
              { head: say('regulation.name'), cell: ([name]) => <code>{name}</code> },
            ]}
          />
          <h4>{say('regulation.document.lines')}</h4>
          <ul>
            {lines.map((line) => (
              // Where a line takes claims, it is shown as the pattern that it is.
              <li key={line}>{text(line)}</li>
            ))}
          </ul>
        </article>
      ))}
    </>
  );
}
