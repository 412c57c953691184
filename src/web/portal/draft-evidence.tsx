import {
  askAgain,
  askEvidence,
  confirmEvidence,
  type EvidenceCard,
  isSettled,
  pendingCards,
  type Question,
  questions,
  waiveEvidence,
} from '../../applications/index.ts';
import { Failure } from '../../storage/index.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { PersonVisit } from '../http/visit.ts';
import { aboutDraft } from '../shown/about.ts';
import { groundWords, textOf } from '../shown/agreement-words.ts';
import { EvidencePiece, shownStatus } from '../shown/evidence-piece.tsx';
import { Actions, Button, Details, Form, Layout, PageHeading, SummaryList, type View } from '../ui/index.ts';
import { captionOf, evidenceState, nextStep, type OpenedDraft, openSteps } from './draft-steps.ts';

/** How often a waiting page is loaded again without scripts, in seconds. */
const REFRESH = 4;

/** Evidence: say what will be asked, ask, wait, show what came, let her put right what did not. */
export function addDraftEvidence(pages: Pages): void {
  pages.person.get('/drafts/:id/evidence', async (visit) => {
    const draft = await openSteps(visit);
    return draft.opened.draft.submitted ? redirect(`/applications/${draft.opened.draft.id}`) : show(visit, draft);
  });
  // For the enhancement script: the page is loaded again only when this text changes.
  pages.person.get('/drafts/:id/evidence/state', async (visit) => {
    const { cards } = await openSteps(visit);
    return { kind: 'text', body: evidenceState(cards), type: 'text/plain; charset=utf-8' };
  });
  pages.person.post('/drafts/:id/evidence', act);
}

async function act({ ctx, actor, params, fields }: PersonVisit): Promise<Answer> {
  const id = params.id ?? '';
  const here = `/drafts/${id}/evidence`;
  const key = fields.one('key');
  switch (fields.one('step')) {
    case 'ask':
      await askEvidence(ctx, actor, id);
      return redirect(here);
    case 'again':
      await askAgain(ctx, actor, id, key, fields.one('number') || undefined);
      return redirect(here);
    case 'waive':
      await waiveEvidence(ctx, actor, id, key);
      return redirect(here);
    case 'confirm':
      await confirmEvidence(ctx, actor, id);
      return redirect(`/drafts/${id}/forecast`);
    default:
      throw new Failure('EVIDENCE_NOT_ASKED', { key });
  }
}

function show(visit: PersonVisit, draft: OpenedDraft): Answer {
  const { ctx, view } = visit;
  const { opened, pages, cards, steps } = draft;
  if (pages.some(({ complete }) => !complete)) return redirect(nextStep(steps)?.href ?? `/drafts/${opened.draft.id}`);
  const wanted = questions(ctx, opened);
  const current = cards.filter(({ key }) => wanted.some((question) => question.key === key));
  const open = wanted.filter(({ key }) => !current.some((card) => card.key === key));
  const props = { view, draft, caption: captionOf(visit, steps, 'evidence') };
  if (open.length > 0) return page(<AskPage {...props} wanted={open} />);
  return page(<CardsPage {...props} cards={current} />);
}

interface EvidencePageProps {
  view: View;
  draft: OpenedDraft;
  caption: string;
}

const backOf = ({ opened, pages }: OpenedDraft): string =>
  `/drafts/${opened.draft.id}${pages.length === 0 ? '' : `/pages/${pages.at(-1)?.name}`}`;

/** Before anything is asked: of whom, what, why, on which ground. */
export function AskPage({ view, draft, caption, wanted }: EvidencePageProps & { wanted: readonly Question[] }) {
  const { say } = view;
  const { agreement } = draft.opened;
  return (
    <Layout view={view} title={say('portal.evidence.title', aboutDraft(draft.opened.draft))} back={backOf(draft)}>
      <PageHeading caption={caption} lead={say('portal.evidence.ask.lead')}>
        {say('portal.evidence.ask.title', { count: wanted.length })}
      </PageHeading>
      {wanted.map(({ key, evidence, state, agency }) => (
        <article class="cw-piece" data-state={state} key={key}>
          <div class="cw-piece-head">
            <div>
              <h2>{textOf(view, agreement, evidence.title)}</h2>
              <p>{say('common.evidence.from', { state: view.stateName(state), agency: view.agencyName(agency) })}</p>
            </div>
          </div>
          <SummaryList
            tight
            rows={[
              { key: say('common.evidence.purpose'), value: textOf(view, agreement, evidence.summary) },
              { key: say('common.evidence.ground'), value: groundWords(view, agreement, evidence.ground) },
            ]}
          />
        </article>
      ))}
      <p>{say('portal.evidence.ask.after')}</p>
      <Form view={view} action={`/drafts/${draft.opened.draft.id}/evidence`}>
        <input type="hidden" name="step" value="ask" />
        <Actions>
          <Button big>{say('portal.evidence.ask.button')}</Button>
          <a href={`/drafts/${draft.opened.draft.id}`}>{say('portal.draft.saveForLater')}</a>
        </Actions>
      </Form>
    </Layout>
  );
}

/** What came, and what is still out. */
export function CardsPage({ view, draft, caption, cards }: EvidencePageProps & { cards: readonly EvidenceCard[] }) {
  const { say } = view;
  const { agreement, draft: row } = draft.opened;
  const waiting = pendingCards(cards).length;
  const settled = cards.every(isSettled);
  const answered = cards.length - waiting;
  return (
    <Layout
      view={view}
      title={say('portal.evidence.title', aboutDraft(draft.opened.draft))}
      back={backOf(draft)}
      {...(waiting > 0 ? { refresh: REFRESH } : {})}
    >
      <PageHeading
        caption={caption}
        lead={waiting > 0 ? say('portal.evidence.waiting.lead') : say('portal.evidence.here.lead', aboutDraft(row))}
      >
        {say(waiting > 0 ? 'portal.evidence.waiting.title' : 'portal.evidence.here.title')}
      </PageHeading>
      {waiting > 0 ? (
        <div data-watch={`/drafts/${row.id}/evidence/state`} data-known={evidenceState(cards)}>
          <progress
            class="cw-meter"
            value={answered}
            max={cards.length}
            aria-label={say('portal.evidence.progress.label')}
          />
          <p role="status">{say('portal.evidence.progress', { answered, count: cards.length })}</p>
          <p>
            <a href={`/drafts/${row.id}/evidence`}>{say('portal.evidence.look')}</a>
          </p>
        </div>
      ) : null}
      {cards.map((card) => (
        <EvidencePiece key={card.key} view={view} agreement={agreement} card={card}>
          <WhatToDo view={view} draft={draft} card={card} />
        </EvidencePiece>
      ))}
      {settled ? (
        <Form view={view} action={`/drafts/${row.id}/evidence`}>
          <input type="hidden" name="step" value="confirm" />
          <p>{say('portal.evidence.confirm.words', aboutDraft(row))}</p>
          <Actions>
            <Button big>{say('portal.evidence.confirm', aboutDraft(row))}</Button>
            <a href={`/drafts/${row.id}`}>{say('portal.draft.saveForLater')}</a>
          </Actions>
        </Form>
      ) : (
        <Actions>
          <a href={`/drafts/${row.id}`}>{say('portal.draft.saveForLater')}</a>
        </Actions>
      )}
    </Layout>
  );
}

/** For everything but a found record: what it means, and the ways on. It never says whether a person of her name exists there. */
function WhatToDo({ view, draft, card }: { view: View; draft: OpenedDraft; card: EvidenceCard }) {
  const { say } = view;
  const shown = shownStatus(card);
  const words = view.find(`portal.evidence.${shown}.words`, { state: view.stateName(card.state) });
  // A number helps where the register did not know her; it does not make a silent one answer.
  const unmatched = ['none', 'unproven', 'ambiguous'].includes(shown);
  const byNumber = unmatched && draft.opened.agreement.evidence[card.type]?.localId !== undefined;
  const mayWaive = !['asked', 'found', 'received', 'waived', 'unanswered'].includes(shown);
  const action = `/drafts/${draft.opened.draft.id}/evidence`;
  const again = (
    <Form view={view} action={action}>
      <input type="hidden" name="step" value="again" />
      <input type="hidden" name="key" value={card.key} />
      {byNumber ? (
        <div class="cw-field">
          <label for={`number-${card.state}`}>
            {say('portal.evidence.number', { state: view.stateName(card.state) })}
          </label>
          <p class="cw-hint" id={`number-${card.state}-hint`}>
            {say('portal.evidence.number.hint')}
          </p>
          <input
            class="ds-input"
            id={`number-${card.state}`}
            name="number"
            data-chars="20"
            autocomplete="off"
            aria-describedby={`number-${card.state}-hint`}
          />
        </div>
      ) : null}
      <Button kind="secondary" about={view.stateName(card.state)}>
        {say('portal.evidence.again')}
      </Button>
    </Form>
  );
  return (
    <>
      {words === undefined ? null : <p>{words}</p>}
      {mayWaive ? (
        <div class="cw-row cw-ways">
          {again}
          <Form view={view} action={action}>
            <input type="hidden" name="step" value="waive" />
            <input type="hidden" name="key" value={card.key} />
            <Button kind="tertiary" about={view.stateName(card.state)}>
              {say('portal.evidence.waive')}
            </Button>
          </Form>
        </div>
      ) : shown === 'waived' || shown === 'unanswered' ? (
        again
      ) : shown !== 'asked' ? (
        <Details summary={say('portal.evidence.wrong')}>
          <p>{say('portal.evidence.wrong.words', { agency: view.agencyName(card.agency) })}</p>
          {again}
        </Details>
      ) : null}
    </>
  );
}
