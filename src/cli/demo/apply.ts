import { type Answers, fillInForm, isSettled, waitFor } from './citizen.ts';
import { type FormClient, type Page, summary } from './form-client.ts';
import { stuck } from './stuck.ts';

/** Milestones that the story tells. */
export type Tell = (line: string) => void;

/** What a person does to apply, with what the form asks of her. */
export interface Wish {
  /** `agreement/service` */
  service: string;
  answers: Answers;
  /** Evidence that she goes on without, `type/state`, once its time is over. */
  waives?: readonly string[];
}

/**
 * Fills in, asks for the evidence, looks at it, confirms that it is hers, reads the forecast, checks everything and sends: all through
 * the pages, as somebody without scripts would.
 * @returns the application's id
 */
export async function apply(client: FormClient, wish: Wish, tell: Tell = () => undefined): Promise<string> {
  const draft = await fillInForm(client, wish.service, wish.answers);
  tell('she filled in the form on her own portal');
  const evidence = `/drafts/${draft}/evidence`;
  await submitStep(client, await client.open(evidence), 'ask');
  tell('her node asks the registers');
  const answered = await waitForEvidence(client, evidence, wish.waives ?? []);
  tell(`she sees what came: ${evidenceLine(answered)}`);
  demand(await submitStep(client, answered, 'confirm'), `/drafts/${draft}/forecast`);
  tell(`would she get it? ${headings(await client.open(`/drafts/${draft}/forecast`))}`);
  const sent = await client.submit(await client.open(`/drafts/${draft}/check`), {}, '/check');
  demand(sent, `/applications/${draft}`);
  return draft;
}

async function waitForEvidence(client: FormClient, path: string, waives: readonly string[]): Promise<Page> {
  for (const key of waives) {
    const page = await waitFor(client, path, (candidate) => stepForm(candidate, 'waive', key) !== undefined);
    await submitStep(client, page, 'waive', key);
  }
  return waitFor(client, path, isSettled);
}

/** Sends the form of a page that has this step, and this key where it has one. */
export function submitStep(client: FormClient, page: Page, step: string, key?: string, fields = {}): Promise<Page> {
  const form = stepForm(page, step, key);
  if (form === undefined) throw stuck(`${page.url.pathname} offers no step ${step} ${key ?? ''}: ${summary(page)}`);
  return client.submitForm(page, form, fields);
}

function stepForm(page: Page, step: string, key?: string) {
  return page.root.querySelectorAll('main form').find((form) => {
    const value = (name: string) => form.querySelector(`[name=${name}]`)?.getAttribute('value');
    return value('step') === step && (key === undefined || value('key') === key);
  });
}

function demand(page: Page, path: string): void {
  if (page.status !== 200 || page.url.pathname !== path)
    throw stuck(`not at ${path}: ${page.url.pathname} ${summary(page)}`);
}

const words = (text: string): string => text.trim().replace(/\s+/g, ' ');

function evidenceLine(page: Page): string {
  return page.root
    .querySelectorAll('main .cw-piece-head')
    .map((head) => words(head.structuredText))
    .join('; ');
}

function headings(page: Page): string {
  return page.root
    .querySelectorAll('main .cw-verdict, main [data-outcome]')
    .map((heading) => words(heading.structuredText))
    .join('; ');
}
