import type { TextId } from '../../texts/index.ts';
import type { Service, TransactionType } from '../types.ts';
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
export function Limits({ sheet }: { sheet: Sheet }) {
  const { agreement, say } = sheet;
  const services = Object.values(agreement.services);
  const some = (wanted: (service: Service) => boolean): boolean => services.some(wanted);
  const limits: string[] = [
    ...Object.values(agreement.transactions).flatMap((type) => limitsOf(type, sheet)),
    ...when(
      some(({ deadline }) => deadline.silence !== 'escalate'),
      'regulation.limit.silence',
    ),
    ...when(
      some(({ decidedBy }) => decidedBy.join !== 'independent'),
      'regulation.limit.join',
    ),
    ...when(services.length > 0, 'regulation.limit.keep'),
    ...when(services.length > 0, 'regulation.limit.correctDecision'),
  ];
  function when(holds: boolean, id: TextId): string[] {
    return holds ? [say(id)] : [];
  }
  return (
    <ul>
      {limits.map((limit) => (
        <li key={limit}>{limit}</li>
      ))}
    </ul>
  );
}

const limitsOf = ({ operation, code }: TransactionType, { say }: Sheet): string[] =>
  operation === 'distribute' ? [say('regulation.limit.notice', { code })] : [];
