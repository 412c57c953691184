import { type HTMLElement, parse } from 'node-html-parser';
import type { Answer, Browser } from '../outside-checker/browser.ts';

/** One answer that a crawl came upon. */
export interface Seen {
  path: string;
  answer: Answer;
  type: string;
  /** Of a page. */
  root?: HTMLElement;
}

const MOST = 600;

/** Opens every address that can be reached from some, page by page, as one visitor; addresses of other hosts are not followed. */
export async function crawl(browser: Browser, portal: string, from: readonly string[]): Promise<Seen[]> {
  const known = new Set<string>(from);
  const seen: Seen[] = [];
  for (const path of known) {
    if (seen.length >= MOST) throw new Error(`more than ${MOST} addresses`);
    const answer = await browser.look(path);
    const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    const root = type === 'text/html' ? parse(answer.bytes.toString('utf8')) : undefined;
    seen.push({ path, answer, type, ...(root === undefined ? {} : { root }) });
    const ahead = [answer.headers.location ?? '', ...(root === undefined ? [] : addressesIn(root))];
    for (const address of ahead.filter(Boolean)) {
      const url = new URL(address, new URL(path, portal));
      if (url.origin === portal && !isRepeated(url)) known.add(url.pathname + url.search);
    }
  }
  return seen;
}

/** Each page has a link for each language that leads back to it: those of the first page are enough. */
function isRepeated({ pathname, searchParams }: URL): boolean {
  return pathname === '/language' && searchParams.get('back') !== '/';
}

const ATTRIBUTES = [
  'src',
  'href',
  'action',
  'formaction',
  'poster',
  'data',
  'cite',
  'ping',
  'background',
  'xlink:href',
];

/** Every address that the elements of a page name. */
export function addressesIn(root: HTMLElement): string[] {
  const named = root
    .querySelectorAll('*')
    .flatMap((element) => [
      ...ATTRIBUTES.map((name) => element.getAttribute(name)),
      ...(element.getAttribute('srcset') ?? '').split(',').map((one) => one.trim().split(/\s+/)[0]),
      /url=(.+)/i.exec(element.getAttribute('content') ?? '')?.[1],
    ]);
  return named.filter((address): address is string => address !== undefined && address !== '');
}

/** Every address that a style sheet or a script names; the names of XML vocabularies are no addresses. */
export function addressesInText(text: string): string[] {
  const quoted = [
    ...text.matchAll(/url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)|["'`]((?:https?:|wss?:)?\/\/[^"'`\s]+)/g),
  ];
  return quoted
    .map(([, url, style, script]) => url ?? style ?? script ?? '')
    .filter((address) => !/^http:\/\/www\.w3\.org\//.test(address));
}
