import { ArticleName, Facts, Grid, SourceMark } from './ink.tsx';
import type { Sheet } from './sheet.ts';

/** What the agreement rests on: its main acts, then every article that a rule names. */
export function Basis({ sheet }: { sheet: Sheet }) {
  const { agreement, say, text, duration } = sheet;
  return (
    <>
      <p>{say('regulation.basis.main')}</p>
      <ul>
        {agreement.legalBasis.map((id) => (
          <li key={id}>
            <ArticleName sheet={sheet} id={id} />
          </li>
        ))}
      </ul>
      <p>{say('regulation.source.words')}</p>
      <h3>{say('regulation.basis.all')}</h3>
      <Grid
        sheet={sheet}
        name={say('regulation.basis.all')}
        rows={Object.values(agreement.articles)}
        columns={[
          {
            head: say('regulation.article'),
            cell: ({ title, withholdFor }) =>
              withholdFor === undefined
                ? text(title)
                : `${text(title)}. ${say('regulation.withheld', { time: duration(withholdFor) })}`,
          },
          {
            head: say('regulation.source'),
            narrow: true,
            cell: ({ source }) => <SourceMark sheet={sheet} source={source} />,
          },
          {
            head: say('regulation.readAt'),
            cell: ({ url }) => (url === undefined ? '' : <span class="url">{url}</span>),
          },
          {
            head: say('regulation.note'),
            // Notes on citations are written once, in English.
            cell: ({ note }) => (note === undefined ? '' : <span lang="en">{note}</span>),
          },
        ]}
      />
    </>
  );
}

export function Parties({ sheet }: { sheet: Sheet }) {
  const { agreement, say, states, date } = sheet;
  return (
    <>
      <Facts
        rows={[
          [say('regulation.parties'), states(agreement.parties)],
          [say('regulation.inForce'), date(agreement.inForce)],
        ]}
      />
      <p>{say('regulation.inForce.words')}</p>
    </>
  );
}

/** The words of the platform that this document uses. */
const TERMS = ['home', 'decider', 'evidence', 'transaction', 'case', 'annex', 'reference'] as const;

export const Definitions = ({ sheet }: { sheet: Sheet }) => (
  <Facts rows={TERMS.map((term) => [sheet.say(`regulation.def.${term}`), sheet.say(`regulation.def.${term}.words`)])} />
);
