import type { PageState } from '../../agreements/index.ts';
import {
  cardsOfDraft,
  type EvidenceCard,
  isSettled,
  journey,
  type OpenDraft,
  openDraft,
  questions,
} from '../../applications/index.ts';
import type { PersonVisit } from '../http/visit.ts';
import { aboutDraft } from '../shown/about.ts';
import { textOf } from '../shown/agreement-words.ts';

/** A draft with all that its pages show. */
export interface OpenedDraft {
  opened: OpenDraft;
  pages: PageState[];
  cards: EvidenceCard[];
  steps: Step[];
}

/** One stop on the way to the submitted application. */
export interface Step {
  name: string;
  title: string;
  href: string;
  status: 'done' | 'open' | 'later';
}

/** Opens the draft that the address names, as its person. */
export async function openSteps(visit: PersonVisit): Promise<OpenedDraft> {
  const { ctx, actor, params } = visit;
  const opened = await openDraft(ctx, actor, params.id ?? '');
  const pages = journey(ctx, opened);
  const cards = await cardsOfDraft(ctx, ctx.db, opened);
  return { opened, pages, cards, steps: stepsOf(visit, opened, pages, cards) };
}

function stepsOf({ ctx, view }: PersonVisit, opened: OpenDraft, pages: PageState[], cards: EvidenceCard[]): Step[] {
  const base = `/drafts/${opened.draft.id}`;
  const answered = pages.every(({ complete }) => complete);
  const asked = answered ? questions(ctx, opened) : [];
  const settled = asked.every(({ key }) => isSettled(cards.find((card) => card.key === key)));
  const evidence = answered && settled && opened.draft.confirmed;
  const firstOpen = pages.findIndex(({ complete }) => !complete);
  return [
    ...pages.map(({ name, title, complete }, index) => ({
      name,
      title: textOf(view, opened.agreement, title),
      href: `${base}/pages/${name}`,
      status: complete ? ('done' as const) : index === firstOpen ? ('open' as const) : ('later' as const),
    })),
    {
      name: 'evidence',
      title: view.say('portal.evidence.title', aboutDraft(opened.draft)),
      href: `${base}/evidence`,
      status: evidence ? 'done' : answered ? 'open' : 'later',
    },
    {
      name: 'check',
      title: view.say('portal.check.title'),
      href: `${base}/check`,
      status: evidence ? 'open' : 'later',
    },
  ];
}

/** Where she goes on: the first stop that is not done. */
export function nextStep(steps: readonly Step[]): Step | undefined {
  return steps.find(({ status }) => status === 'open');
}

/** "Step 2 of 5", for the line above a heading. */
export function captionOf({ view }: Pick<PersonVisit, 'view'>, steps: readonly Step[], name: string): string {
  const number = steps.findIndex((step) => step.name === name) + 1;
  return view.say('portal.draft.step', { number, count: steps.length });
}

/** What the evidence of a draft looks like as one text: a waiting page is loaded again when it changes. */
export function evidenceState(cards: readonly EvidenceCard[]): string {
  return cards.map(({ key, transaction, status }) => `${key} ${transaction} ${status}`).join('\n');
}
