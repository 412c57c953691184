import type { TextId } from '../../texts/index.ts';
import { Facts } from './ink.tsx';
import type { Sheet } from './sheet.ts';

/** How long a message waits for its receiver, in days: `LIMITS.messageLifeMs` of the exchange; test/printed-promises holds the two together. */
export const MESSAGE_LIFE_DAYS = 90;

/** What the platform does in each situation; every sentence is one that a test of the named room stages. */
const SITUATIONS = [
  'receipt',
  'answer',
  'none',
  'two',
  'refused',
  'cut',
  'undelivered',
  'twice',
  'undecided',
  'officer',
  'charter',
  'correction',
] as const;

export const Abnormal = ({ sheet: { say } }: { sheet: Sheet }) => (
  <Facts
    rows={SITUATIONS.map((one) => [
      say(`regulation.ab.${one}`),
      say(`regulation.ab.${one}.words`, one === 'cut' ? { days: MESSAGE_LIFE_DAYS } : {}),
    ])}
  />
);

/** What the agreement says and this version of the platform does otherwise: nobody shall sign it unaware. */
export function Limits({ sheet: { agreement, say } }: { sheet: Sheet }) {
  const services = Object.values(agreement.services);
  const corrects = services.every(({ actions }) => actions.correct !== undefined);
  const limits: TextId[] = [
    'regulation.limit.keep',
    ...(corrects ? [] : ['regulation.limit.correctDecision' as const]),
  ];
  return (
    <ul>
      {limits.map((limit) => (
        <li key={limit}>{say(limit)}</li>
      ))}
    </ul>
  );
}
