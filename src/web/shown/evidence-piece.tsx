import type { ComponentChildren } from 'preact';
import type { Agreement } from '../../agreements/index.ts';
import type { EvidenceCard } from '../../applications/index.ts';
import type { TextId } from '../../texts/index.ts';
import { Details, type IconName, SummaryList, type SummaryRow, Tag, type Tone, type View } from '../ui/index.ts';
import { groundWords, textOf } from './agreement-words.ts';
import { Facts } from './facts.tsx';

type Shown = EvidenceCard['status'] | 'found' | 'none' | 'ambiguous' | 'unproven';

/** What a card says in one word: the status of the question, and once answered, the answer. */
export function shownStatus(card: Pick<EvidenceCard, 'status' | 'evidence'>): Shown {
  return card.status === 'received' ? (card.evidence?.payload.result ?? 'received') : card.status;
}

const LOOKS: Readonly<Record<Shown, { tone: Tone; icon: IconName; words: TextId }>> = {
  asked: { tone: 'info', icon: 'clock', words: 'common.evidence.asked' },
  received: { tone: 'success', icon: 'check', words: 'common.evidence.found' },
  found: { tone: 'success', icon: 'check', words: 'common.evidence.found' },
  none: { tone: 'warning', icon: 'alert', words: 'common.evidence.none' },
  // Outwards the same word as "none": the page must not tell whether a record of that name exists.
  unproven: { tone: 'warning', icon: 'alert', words: 'common.evidence.none' },
  ambiguous: { tone: 'warning', icon: 'alert', words: 'common.evidence.ambiguous' },
  overdue: { tone: 'warning', icon: 'clock', words: 'common.evidence.overdue' },
  refused: { tone: 'danger', icon: 'alert', words: 'common.evidence.refused' },
  waived: { tone: 'neutral', icon: 'next', words: 'common.evidence.waived' },
  unanswered: { tone: 'warning', icon: 'clock', words: 'common.evidence.unanswered' },
  late: { tone: 'info', icon: 'mail', words: 'common.evidence.late' },
};

/** What is shown of a piece of evidence; a deciding officer's has only what was signed. */
export type ShownEvidence = Pick<EvidenceCard, 'key' | 'type' | 'state' | 'agency' | 'status' | 'evidence'> & {
  askedAt?: EvidenceCard['askedAt'];
};

/** One piece of evidence: what, from whom, why, on which ground, what came, and who signed it. */
export function EvidencePiece({
  view,
  agreement,
  card,
  open = true,
  children,
}: {
  view: View;
  agreement: Agreement;
  card: ShownEvidence;
  /** The facts are unfolded. */
  open?: boolean;
  children?: ComponentChildren;
}) {
  const { say } = view;
  const type = agreement.evidence[card.type];
  const look = LOOKS[shownStatus(card)];
  const signed = card.evidence?.payload;
  const facts = signed?.facts ?? null;
  const title = type === undefined ? card.type : textOf(view, agreement, type.title);
  return (
    <article class="cw-piece" data-state={card.state} id={card.key.replace('/', '-')}>
      <div class="cw-piece-head">
        <div>
          <h2>{title}</h2>
          <p>
            {say('common.evidence.from', { state: view.stateName(card.state), agency: view.agencyName(card.agency) })}
          </p>
        </div>
        <Tag tone={look.tone} icon={look.icon}>
          {say(look.words)}
        </Tag>
      </div>
      {facts !== null && type !== undefined ? (
        open ? (
          <Facts {...{ view, agreement, type, facts }} state={card.state} />
        ) : (
          <Details summary={say('common.evidence.show')}>
            <Facts {...{ view, agreement, type, facts }} state={card.state} />
          </Details>
        )
      ) : null}
      {children}
      <Details summary={say('common.evidence.why')}>
        <SummaryList tight rows={originRows(view, agreement, card)} />
      </Details>
    </article>
  );
}

function originRows(view: View, agreement: Agreement, card: ShownEvidence): SummaryRow[] {
  const { say } = view;
  const type = agreement.evidence[card.type];
  const signed = card.evidence?.payload;
  const rows: (SummaryRow | undefined)[] = [
    type && { key: say('common.evidence.purpose'), value: textOf(view, agreement, type.summary) },
    type && { key: say('common.evidence.ground'), value: groundWords(view, agreement, type.ground) },
    card.askedAt === undefined ? undefined : { key: say('common.evidence.askedAt'), value: view.date(card.askedAt) },
    signed && { key: say('common.evidence.signedAt'), value: view.date(signed.issuedAt) },
    signed && { key: say('common.evidence.asOf'), value: view.date(signed.asOf) },
    signed && { key: say('common.evidence.validUntil'), value: view.date(signed.validUntil) },
  ];
  return rows.filter((row) => row !== undefined);
}
