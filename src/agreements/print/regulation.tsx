import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { direction, type Language, type TextId } from '../../texts/index.ts';
import type { Agreement } from '../types.ts';
import { Abnormal, Limits } from './abnormal.tsx';
import { Annexes } from './annexes.tsx';
import { Documents } from './documents.tsx';
import { EvidenceStructures } from './evidence.tsx';
import { Examples } from './examples.tsx';
import { Roles, Transactions } from './exchange.tsx';
import { Facts } from './ink.tsx';
import { Basis, Definitions, Parties } from './law.tsx';
import { MapInDocument } from './map/journey-map.tsx';
import { policyFor } from './printed.ts';
import { Rules } from './rules.tsx';
import { Services } from './services.tsx';
import { openSheet, type Sheet } from './sheet.ts';
import { Signatures } from './signatures.tsx';
import { styleOf } from './style.ts';

interface Part {
  id: string;
  title: TextId;
  body: (sheet: Sheet) => VNode;
}

/** The parts of a regulation, in their order. */
const PARTS: readonly Part[] = [
  { id: 'basis', title: 'regulation.s.basis', body: (sheet) => <Basis sheet={sheet} /> },
  { id: 'parties', title: 'regulation.s.parties', body: (sheet) => <Parties sheet={sheet} /> },
  { id: 'definitions', title: 'regulation.s.definitions', body: (sheet) => <Definitions sheet={sheet} /> },
  { id: 'roles', title: 'regulation.s.roles', body: (sheet) => <Roles sheet={sheet} /> },
  { id: 'transactions', title: 'regulation.s.transactions', body: (sheet) => <Transactions sheet={sheet} /> },
  { id: 'evidence', title: 'regulation.s.evidence', body: (sheet) => <EvidenceStructures sheet={sheet} /> },
  {
    id: 'services',
    title: 'regulation.s.services',
    body: (sheet) => <Services sheet={sheet} map={(service) => <MapInDocument sheet={sheet} service={service} />} />,
  },
  { id: 'rules', title: 'regulation.s.rules', body: (sheet) => <Rules sheet={sheet} /> },
  { id: 'documents', title: 'regulation.s.documents', body: (sheet) => <Documents sheet={sheet} /> },
  { id: 'annexes', title: 'regulation.s.annexes', body: (sheet) => <Annexes sheet={sheet} /> },
  { id: 'abnormal', title: 'regulation.s.abnormal', body: (sheet) => <Abnormal sheet={sheet} /> },
  { id: 'limits', title: 'regulation.s.limits', body: (sheet) => <Limits sheet={sheet} /> },
  { id: 'examples', title: 'regulation.s.examples', body: (sheet) => <Examples sheet={sheet} /> },
  { id: 'signatures', title: 'regulation.s.signatures', body: (sheet) => <Signatures sheet={sheet} /> },
];

/**
 * The regulation of an agreement as one page for screen and paper: what the lawyers sign, made from what the machine runs. The same
 * digests give the same bytes. By itself it stands alone: its style is in it, and it says that it needs nothing else.
 *
 * @param styleAt for a portal, whose pages bring no style of their own: the address of `regulationStyle` there
 * @example writeFileSync('pension.kk.html', printRegulation(agreement, 'kk'));
 */
export function printRegulation(agreement: Agreement, language: Language, styleAt?: string): string {
  const sheet = openSheet(agreement, language);
  const head = renderToString(
    <head>
      <meta charSet="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${sheet.text(agreement.title)}: ${sheet.say('regulation.kicker')}`}</title>
      {styleAt === undefined ? null : <link rel="stylesheet" href={styleAt} />}
    </head>,
  );
  const body = renderToString(
    <body>
      <main>
        <Cover sheet={sheet} />
        {PARTS.map(({ id, title: heading, body: made }, index) => (
          <Section key={id} id={id} heading={`${index + 1}. ${sheet.say(heading)}`}>
            {made(sheet)}
          </Section>
        ))}
      </main>
    </body>,
  );
  const whole = styleAt === undefined ? head.replace('</head>', () => `${ownStyle(styleOf(sheet))}</head>`) : head;
  return `<!doctype html>\n<html lang="${language}" dir="${direction(language)}">${whole}${body}</html>\n`;
}

/** The style of a regulation: on paper its pages bear the agreement's digests, so each has its own. */
export const regulationStyle = (agreement: Agreement, language: Language): string =>
  styleOf(openSheet(agreement, language));

/** The style in the document, and the policy that allows it alone; who may frame a page, only a header can say. */
const ownStyle = (style: string): string =>
  `<meta http-equiv="Content-Security-Policy" content="${policyFor(style).replace(/; frame-ancestors.*/, '')}"><style>${style}</style>`;

const Section = ({ id, heading, children }: { id: string; heading: string; children: ComponentChildren }) => (
  <section id={id} aria-labelledby={`${id}-title`}>
    <h2 id={`${id}-title`}>{heading}</h2>
    {children}
  </section>
);

/** Who stands by the words in this language, or that nobody does yet. */
function approvalWords({ agreement, language, say, date }: Sheet): string {
  const approval = agreement.approvals[language];
  if (approval === undefined) return say('portal.service.translation');
  return say('regulation.approved', { by: approval.by, role: approval.role, date: date(approval.on) });
}

function Cover({ sheet }: { sheet: Sheet }) {
  const { agreement, digests, say, text } = sheet;
  return (
    <header>
      <p class="kicker">{say('regulation.kicker')}</p>
      <h1>{text(agreement.title)}</h1>
      <p class="lead">{text(agreement.summary)}</p>
      <p>{say('regulation.version', { version: agreement.version })}</p>
      <p class="note">{say('regulation.generated')}</p>
      <Facts
        rows={(['contract', 'annexes', 'texts', 'examples'] as const).map((layer) => [
          say(`regulation.digest.${layer}`),
          <code key={layer} class="digest">
            {digests[layer]}
          </code>,
        ])}
      />
      <p class="note">{say('regulation.digest.words')}</p>
      <p class="note">{approvalWords(sheet)}</p>
      <nav class="toc" aria-labelledby="toc-title">
        <h2 id="toc-title">{say('regulation.toc')}</h2>
        <ol>
          {PARTS.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`}>{say(title)}</a>
            </li>
          ))}
        </ol>
      </nav>
    </header>
  );
}
