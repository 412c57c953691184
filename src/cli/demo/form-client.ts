import { type HTMLElement, parse } from 'node-html-parser';
import { Agent, request } from 'undici';
import { stuck } from './stuck.ts';

/** A page as somebody at a browser without scripts has it. */
export interface Page {
  url: URL;
  status: number;
  root: HTMLElement;
}

/** What goes into a form: one value, or several for a group of checkboxes. */
export type Fields = Record<string, string | readonly string[]>;

const MOST_REDIRECTS = 10;

/**
 * A person at a browser without scripts: follows links, fills in forms as they stand on the page, keeps cookies. A field or a choice
 * that the page does not offer cannot be filled in, so a story told with it is told through the real forms.
 *
 * A class, since it has a life: cookies and connections.
 *
 * @example
 * const person = new FormClient('http://kz.localhost:4702');
 * const page = await person.open('/sign-in');
 * await person.submit(page, { persona: 'aigerim' });
 */
export class FormClient {
  readonly #origin: URL;
  readonly #cookies = new Map<string, string>();
  // Every name below .localhost is this machine; not every resolver knows it (RFC 6761, section 6.3).
  readonly #agent = new Agent({
    connect: {
      lookup: (_host, options, found) =>
        options.all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4),
    },
  });

  constructor(origin: string) {
    this.#origin = new URL(origin);
  }

  /** Opens a path, following redirects. */
  open(path: string): Promise<Page> {
    return this.#go(new URL(path, this.#origin), 'GET');
  }

  /** The bytes below a path, for a file. */
  async download(path: string): Promise<Buffer> {
    const { status, bytes } = await this.#send(new URL(path, this.#origin), 'GET');
    if (status !== 200) throw stuck(`${path} answered ${status}`);
    return bytes;
  }

  /**
   * Fills in and sends the first form of a page that offers all these fields and choices.
   * @param which only forms whose action ends with this
   * @throws Failure CLI_STORY_STUCK when the page has no such form
   */
  submit(page: Page, fields: Fields, which?: string): Promise<Page> {
    return this.submitForm(page, findForm(page, fields, which), fields);
  }

  /** The same for a form that was found on the page. */
  submitForm(page: Page, form: HTMLElement, fields: Fields): Promise<Page> {
    const body = fillIn(form, fields);
    const target = new URL(form.getAttribute('action') || page.url.href, page.url);
    if ((form.getAttribute('method') ?? 'get').toLowerCase() !== 'post') {
      target.search = body.toString();
      return this.#go(target, 'GET');
    }
    return this.#go(target, 'POST', body.toString());
  }

  /** Sends a form without having opened its page, as a script would. */
  post(path: string, fields: Record<string, string>): Promise<Page> {
    return this.#go(new URL(path, this.#origin), 'POST', new URLSearchParams(fields).toString());
  }

  /** What its browser would send of the cookies it keeps (RFC 6265, section 5.4). */
  cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Closes its connections. */
  close(): Promise<void> {
    return this.#agent.close();
  }

  async #go(url: URL, method: 'GET' | 'POST', body?: string): Promise<Page> {
    let answer = await this.#send(url, method, body);
    for (let step = 0; answer.location !== undefined && step < MOST_REDIRECTS; step++) {
      answer = await this.#send(new URL(answer.location, answer.url), 'GET');
    }
    return { url: answer.url, status: answer.status, root: parse(answer.bytes.toString('utf8')) };
  }

  async #send(url: URL, method: 'GET' | 'POST', body?: string) {
    const answer = await request(url, {
      method,
      dispatcher: this.#agent,
      headers: {
        cookie: this.cookieHeader(),
        accept: 'text/html',
        'accept-language': 'en',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/x-www-form-urlencoded', origin: this.#origin.origin }),
      },
      body: body ?? null,
    });
    this.#keepCookies(answer.headers['set-cookie']);
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const location = answer.statusCode >= 300 && answer.statusCode < 400 ? answer.headers.location : undefined;
    return { url, status: answer.statusCode, bytes, location: Array.isArray(location) ? location[0] : location };
  }

  #keepCookies(lines: string | string[] | undefined): void {
    for (const line of [lines ?? []].flat()) {
      const [pair = ''] = line.split(';');
      const split = pair.indexOf('=');
      const [name, value] = [pair.slice(0, split).trim(), pair.slice(split + 1).trim()];
      if (value === '' || /;\s*max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

function findForm(page: Page, fields: Fields, which?: string): HTMLElement {
  const forms = page.root
    .querySelectorAll('main form')
    .filter((form) => (form.getAttribute('action') ?? page.url.pathname).split('?')[0]?.endsWith(which ?? ''));
  const found = forms.find((form) => lacking(form, fields) === undefined);
  if (found !== undefined) return found;
  const reason = forms[0] === undefined ? `has no form ${which ?? ''}` : lacking(forms[0], fields);
  throw stuck(`${page.url.pathname} (${page.status}) ${reason}: ${summary(page)}`);
}

/** Which field or choice a form does not offer. */
function lacking(form: HTMLElement, fields: Fields): string | undefined {
  const names = new Set(form.querySelectorAll('[name]').map((control) => control.getAttribute('name')));
  const body = fillIn(form, fields);
  for (const [name, wanted] of Object.entries(fields)) {
    if (!names.has(name)) return `has no field ${name}, but ${[...names].join(', ')}`;
    const left = [wanted].flat().filter((value) => !body.getAll(name).includes(value));
    if (left.length > 0) return `does not offer ${left.join(', ')} for ${name}`;
  }
  return undefined;
}

/** What the page says to somebody who looks at it: its heading and its errors. */
export function summary(page: Page): string {
  const parts = page.root.querySelectorAll('h1, [role=alert], .error-summary li, .field-error');
  return parts.map((part) => part.textContent.trim().replace(/\s+/g, ' ')).join(' | ');
}

/** The successful controls of a form (HTML, section 4.10.21.4), with the given fields filled in. */
function fillIn(form: HTMLElement, fields: Fields): URLSearchParams {
  const body = new URLSearchParams();
  const controls = form.querySelectorAll('input, select, textarea, button');
  for (const control of controls) {
    const name = control.getAttribute('name');
    if (name === undefined || name === '' || control.hasAttribute('disabled')) continue;
    const given = Object.hasOwn(fields, name) ? [fields[name] ?? []].flat() : undefined;
    for (const value of valuesOf(control, given)) body.append(name, value);
  }
  return body;
}

function valuesOf(control: HTMLElement, given: readonly string[] | undefined): string[] {
  const value = control.getAttribute('value') ?? '';
  switch (control.tagName === 'INPUT' ? (control.getAttribute('type') ?? 'text').toLowerCase() : control.tagName) {
    case 'checkbox':
    case 'radio': {
      const choice = control.hasAttribute('value') ? value : 'on';
      const chosen = given === undefined ? control.hasAttribute('checked') : given.includes(choice);
      return chosen ? [choice] : [];
    }
    case 'BUTTON':
      return given?.includes(value) ? [value] : [];
    case 'submit':
    case 'file':
      return [];
    case 'SELECT': {
      const options = control.querySelectorAll('option');
      const wanted = given ?? options.filter((option) => option.hasAttribute('selected')).map(optionValue);
      const chosen = options.map(optionValue).filter((option) => wanted.includes(option));
      return chosen.length > 0 ? chosen : options.slice(0, 1).map(optionValue);
    }
    case 'TEXTAREA':
      return given === undefined ? [control.textContent] : [...given];
    case 'hidden':
      return [value];
    default:
      return given === undefined ? [value] : [...given];
  }
}

function optionValue(option: HTMLElement): string {
  return option.getAttribute('value') ?? option.textContent.trim();
}
