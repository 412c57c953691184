import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type HTMLElement, parse } from 'node-html-parser';

/** Gives the bytes below a path of one portal. */
export type Visit = (path: string) => Promise<Buffer>;

/** A page that is looked at. */
export interface Page {
  path: string;
  status: number;
  root: HTMLElement;
}

/** Somebody at a browser without scripts. */
export interface Browser {
  /** What one address answers, without following it further. */
  look(path: string): Promise<Answer>;
  open(path: string): Promise<Page>;
  /** Looks again and again until the page shows what is waited for; `meanwhile` others work. */
  until(path: string, shows: (page: Page) => boolean, meanwhile?: () => Promise<void>): Promise<Page>;
  /** Sends a form of a page with some fields filled in, as the page has the others. */
  send(page: Page, form: HTMLElement | undefined, fields?: Record<string, string | string[]>): Promise<Page>;
  file: Visit;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

const PATIENCE_MS = 90_000;

/** Opens the portal at an address such as `http://kz.localhost:4703`, which is this machine whatever the resolver thinks. */
export function browse(portal: string): Browser {
  const { host, port } = new URL(portal);
  const cookies = new Map<string, string>();

  function ask(method: string, path: string, body?: string): Promise<Answer> {
    const headers: Record<string, string> = { host, cookie: [...cookies].map((pair) => pair.join('=')).join('; ') };
    if (body !== undefined) {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      headers.origin = portal;
    }
    return new Promise((done, fail) => {
      const asked = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (value === '') cookies.delete(name);
          else cookies.set(name, value);
        }
        const parts: Buffer[] = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', fail);
        answer.on('end', () =>
          done({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(parts) }),
        );
      });
      asked.on('error', fail);
      asked.end(body);
    });
  }

  async function go(method: string, first: string, body?: string): Promise<Page> {
    let path = first;
    let answer = await ask(method, path, body);
    for (let step = 0; step < 10 && answer.status >= 300 && answer.status < 400; step++) {
      const { pathname, search } = new URL(answer.headers.location ?? '', new URL(path, portal));
      path = pathname + search;
      answer = await ask('GET', path);
    }
    return { path, status: answer.status, root: parse(answer.bytes.toString('utf8')) };
  }

  const open = (path: string) => go('GET', path);
  return {
    look: (path) => ask('GET', path),
    open,
    async until(path, shows, meanwhile) {
      for (const end = Date.now() + PATIENCE_MS; ; ) {
        const page = await open(path);
        if (shows(page)) return page;
        if (Date.now() > end) assert.fail(`${path} does not come to an end: ${page.root.querySelector('main')?.text}`);
        await meanwhile?.();
        await pause(200);
      }
    },
    async send(page, form, fields = {}) {
      assert.ok(form !== undefined, `${page.path} has no such form: ${page.root.querySelector('h1')?.text}`);
      const action = form.getAttribute('action') || page.path;
      return go('POST', action, new URLSearchParams(pairsOf(form, fields)).toString());
    },
    async file(path) {
      const { status, bytes } = await ask('GET', path);
      assert.equal(status, 200, path);
      return bytes;
    },
  };
}

/** What a form would send: what stands in it, and our own answers where it asks for them. */
function pairsOf(form: HTMLElement, fields: Record<string, string | string[]>): [string, string][] {
  const pairs: [string, string][] = [];
  for (const control of form.querySelectorAll('input, select, textarea')) {
    const name = control.getAttribute('name');
    if (name === undefined || control.hasAttribute('disabled')) continue;
    const answer = fields[name] === undefined ? undefined : [fields[name]].flat();
    const value = control.getAttribute('value') ?? '';
    const type = control.getAttribute('type');
    if (type === 'checkbox' || type === 'radio') {
      const chosen = answer === undefined ? control.hasAttribute('checked') : answer.includes(value);
      if (chosen) pairs.push([name, value]);
    } else if (control.tagName === 'SELECT') {
      const chosen = control.querySelector('option[selected]') ?? control.querySelector('option');
      pairs.push([name, answer?.[0] ?? chosen?.getAttribute('value') ?? '']);
    } else if (type === 'hidden') pairs.push([name, value]);
    else pairs.push([name, answer?.[0] ?? value]);
  }
  return pairs;
}
