// Nothing that the union or its pages do leaves the machine: the story is the same where there is no network at all, and no page names
// another host.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'node-html-parser';
import { addressesIn, addressesInText, crawl, type Seen } from './harness/crawl.ts';
import { loopbackOnly } from './harness/loopback-only.ts';
import { browse } from './outside-checker/browser.ts';
import { readTold, type Told } from './outside-checker/contract.ts';
import { signedIn } from './outside-checker/story.ts';

const PATIENCE_MS = 300_000;
const home = mkdtempSync(join(tmpdir(), 'commonway-inside-'));

interface Demo {
  child: ChildProcess;
  told: Told;
  portals: Record<string, string>;
}

/** Runs the demo by some words before its command, and waits until it has told its story; it stays then. */
async function tellBy(words: readonly string[], name: string): Promise<Demo> {
  const program = ['--disable-warning=ExperimentalWarning', process.env.COMMONWAY_PROGRAM ?? ''];
  const folder = join(home, name);
  const line = [...words, process.execPath, ...program, 'demo', '--json', '--stay', '--folder', folder];
  const [command = '', ...rest] = line;
  const child = spawn(command, rest, {
    env: { ...process.env, COMMONWAY_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (part) => {
    out += part;
  });
  child.stderr.on('data', (part) => {
    err += part;
  });
  // Its portals come after the story.
  const isTold = () => /^- ru http/m.test(err);
  for (const end = Date.now() + PATIENCE_MS; !isTold(); await pause(100)) {
    if (child.exitCode !== null || Date.now() > end) {
      child.kill('SIGINT');
      assert.fail(`the demo told nothing: ${err}`);
    }
  }
  const portals = [...err.matchAll(/^- ([a-z]{2}) (http:\/\/\S+?)\/$/gm)].map(([, state = '', url = '']) => [
    state,
    url,
  ]);
  return { child, told: readTold(out), portals: Object.fromEntries(portals) as Record<string, string> };
}

async function stop({ child }: Demo): Promise<void> {
  const gone = once(child, 'close');
  child.kill('SIGINT');
  await gone;
}

let outside: Demo;
before(async () => {
  outside = await tellBy([], 'outside');
});
after(() => rmSync(home, { recursive: true, force: true }));

describe('the pages of portal and desk', () => {
  const seen: Seen[] = [];
  const visitors: readonly [state: string, persona: string | undefined, from: readonly string[]][] = [
    ['kz', undefined, ['/', '/sign-in', '/verify', '/nowhere']],
    ['kz', 'aigerim', ['/', '/access', '/mailbox']],
    ['kz', 'officer-kz-1', ['/desk']],
    ['ru', 'registrar-ru', ['/desk/registers']],
  ];
  before(async () => {
    for (const [state, persona, from] of visitors) {
      const portal = outside.portals[state] ?? '';
      const browser = persona === undefined ? browse(portal) : await signedIn(portal, persona);
      seen.push(...(await crawl(browser, portal, [...from, `/applications/${outside.told.application.id}`])));
    }
  });

  const own = () => new Set(Object.values(outside.portals));
  const isForeign = (address: string) => {
    const url = new URL(address, 'http://here.invalid/');
    return !['http://here.invalid', 'null'].includes(url.origin) && !own().has(url.origin);
  };

  test('are many, of every kind', (t) => {
    t.diagnostic(`${seen.length} answers, ${seen.filter(({ root }) => root !== undefined).length} of them pages`);
    const paths = seen.filter(({ root }) => root !== undefined).map(({ path }) => path.replace(/[0-9a-f-]{36}/g, '*'));
    for (const path of ['/sign-in', '/services', '/applications/*', '/applications/*/proofs', '/access', '/desk'])
      assert.ok(paths.includes(path), `${path} of ${[...new Set(paths)].join(' ')}`);
    assert.ok(seen.some(({ type }) => type === 'text/css') && seen.some(({ type }) => type === 'text/javascript'));
  });

  test('would not hide another host from this search', () => {
    const page =
      parse(`<link href="//a.example/x"><img srcset="/y 1x, https://b.example/y 2x"><form action="https://c.example/">
      <meta http-equiv="refresh" content="0;url=https://d.example/"><a href="mailto:e@e.example"></a><a href="/own"></a>`);
    assert.equal(addressesIn(page).filter(isForeign).length, 4);
    const text = `@import "https://a.example/"; b { background: url(//b.example/b) } fetch("https://c.example/"); url("/own") import('./own')`;
    assert.equal(addressesInText(text).filter(isForeign).length, 3);
  });

  test('name no other host', () => {
    for (const { path, answer, root, type } of seen) {
      const text = answer.bytes.toString('utf8');
      const named = root === undefined ? [] : [...addressesIn(root), ...addressesInText(stylesOf(text))];
      if (/css|javascript|svg/.test(type)) named.push(...addressesInText(text));
      named.push(...[answer.headers.location ?? '', ...linkHeader(answer.headers.link)].filter(Boolean));
      assert.deepEqual(named.filter(isForeign), [], path);
    }
  });

  test('may load and do nothing but what is their own', () => {
    for (const { path, answer, root } of seen) {
      if (root === undefined) continue;
      const policy = readPolicy(String(answer.headers['content-security-policy'] ?? ''));
      assert.deepEqual(policy.get('default-src'), ["'none'"], path);
      for (const [name, sources] of policy) {
        if (!/-src$|^form-action$|^base-uri$|^frame-ancestors$/.test(name)) continue;
        const allowed = name === 'img-src' ? ["'none'", "'self'", 'data:'] : ["'none'", "'self'"];
        assert.ok(
          sources.length > 0 && sources.every((source) => allowed.includes(source)),
          `${path}: ${name} ${sources}`,
        );
      }
      for (const name of ['script-src', 'style-src', 'form-action', 'base-uri', 'frame-ancestors'])
        assert.ok(policy.has(name), `${path}: ${name}`);
      const inline = root.querySelectorAll('script:not([src]), style, [style], iframe, object, embed');
      assert.deepEqual(
        inline.map((element) => element.outerHTML.slice(0, 80)),
        [],
        path,
      );
      const handlers = root
        .querySelectorAll('*')
        .flatMap(({ attrs }) => Object.keys(attrs).filter((name) => /^on/i.test(name)));
      assert.deepEqual(handlers, [], path);
    }
  });
});

function readPolicy(text: string): Map<string, string[]> {
  const directives = text.split(';').map((one) => one.trim().split(/\s+/));
  return new Map(directives.map(([name = '', ...sources]) => [name, sources]));
}

const stylesOf = (html: string) => [...html.matchAll(/style\s*=\s*"([^"]*)"/g)].map(([, style]) => style).join('\n');
const linkHeader = (text: string | string[] | undefined) =>
  [...String(text ?? '').matchAll(/<([^>]+)>/g)].map(([, address = '']) => address);

test('the story is the same where there is no network but loopback', async (t) => {
  await stop(outside);
  const place = loopbackOnly();
  if ('reason' in place) return t.skip(place.reason);
  const inside = await tellBy(place.words, 'inside');
  await stop(inside);
  assert.deepEqual(plotOf(inside.told), plotOf(outside.told));
});

/** What a story tells, without what differs each time: ids, keys, moments, places in ledgers. */
function plotOf({ ok, application, cases, transactions, documents, accessRecord, ledger }: Told) {
  const uses = accessRecord.map(({ at: _at, ...use }) => JSON.stringify(use));
  const exchanged = transactions.map(({ code, from, to, pattern, status }) =>
    [code, from, to, pattern, status].join(' '),
  );
  return {
    ok,
    home: application.home,
    service: application.service,
    cases: cases.map(({ id: _id, ...one }) => one).sort((one, other) => (one.state < other.state ? -1 : 1)),
    transactions: exchanged.sort(),
    documents: documents.map(({ file: _file, ...document }) => JSON.stringify(document)).sort(),
    uses: [...new Set(uses)].sort(),
    ledgers: ledger.map(({ state }) => state).sort(),
  };
}
