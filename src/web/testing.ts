import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { migrations as access } from '../access/index.ts';
import { type Agreement, agreementLibrary, migrations as agreements, getAgreement } from '../agreements/index.ts';
import { migrations as applications } from '../applications/index.ts';
import { migrations as audit } from '../audit/index.ts';
import { migrations as cases } from '../cases/index.ts';
import { migrations as documents } from '../documents/index.ts';
import { migrations as exchange } from '../exchange/index.ts';
import { migrations as files } from '../files/index.ts';
import {
  developmentSignIn,
  enrolmentSignIn,
  migrations as identity,
  passkeySignIn,
  personaFiles,
  readPersonas,
  storePersonas,
} from '../identity/index.ts';
import { migrations as ledger } from '../ledger/index.ts';
import { migrations as mailbox } from '../mailbox/index.ts';
import { migrations as messages } from '../messages/index.ts';
import { bindSubject, migrations as persons } from '../persons/index.ts';
import { loadRegisters, migrations as registers } from '../registers/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import { openTrust, sealRatification, migrations as union } from '../union/index.ts';
import { filesOf, testUnion } from '../union/testing.ts';
import type { WebContext } from './context.ts';
import { createWeb } from './create-web.tsx';

const ROOT = process.env.COMMONWAY_ROOT ?? process.cwd();
export const ORIGIN = 'http://kz.localhost:7000';
const NOW = '2026-03-02T06:00:00.000Z';

/** The pages of a state's node over a database of its own: every room behind them is real, only the other states are silent. */
export async function testWeb(
  t: TestContext,
  changes: Partial<Pick<WebContext, 'identity' | 'web'>> = {},
  from: string | Agreement = join('agreements', 'pension'),
): Promise<{ ctx: WebContext; app: FastifyInstance }> {
  const states = testUnion();
  const clock = manualClock(NOW);
  const keys = states.keys.kz;
  if (keys === undefined) throw new Error('no keys of kz');
  const db = await freshDb(t, [
    ledger,
    audit,
    union,
    persons,
    agreements,
    files,
    exchange,
    access,
    messages,
    identity,
    registers,
    documents,
    mailbox,
    applications,
    cases,
  ]);
  const agreement = typeof from === 'string' ? await getAgreement(join(ROOT, from)) : from;
  const ratifications = agreement.parties.map((state) => {
    const signer = states.keys[state]?.ratification;
    if (signer === undefined) throw new Error(`no keys of ${state}`);
    const annex = agreement.annexes[state]?.digest ?? '';
    const contract = agreement.contractDigest;
    return sealRatification(
      { state, agreement: agreement.name, contract, annex, from: '2026-01-01', issued: NOW },
      signer,
    );
  });
  const trust = await openTrust({ db, clock }, { self: 'kz', files: { ...filesOf(states), ratifications } });
  const all = readPersonas(personaFiles(ROOT));
  const personas = all.filter(({ state }) => state === 'kz');
  await storePersonas(db, personas);
  await db.transaction(async (tx) => {
    for (const { id, localId } of personas) {
      if (localId !== undefined) await bindSubject(tx, { db, clock }, { subject: id, localId });
    }
  });
  const ctx: WebContext = {
    db,
    clock,
    ledger: { origin: 'commonway/test/kz', key: keys.ledger },
    trust,
    keys,
    agencyKeys: keys.agencies,
    documents: { key: keys.documents, x5c: keys.documentsChain },
    seal: keys.seal,
    agreements: agreementLibrary([agreement]),
    registers: loadRegisters(join(ROOT, 'registers'), 'kz'),
    identity: {
      state: 'kz',
      demo: true,
      boundTo: '127.0.0.1',
      origin: ORIGIN,
      methods: [passkeySignIn(), enrolmentSignIn(), developmentSignIn(personas)],
    },
    web: { origin: ORIGIN },
    ...changes,
  };
  const app = createWeb(ctx);
  t.after(() => app.close());
  return { ctx, app };
}

/** A browser without scripts: keeps cookies, sends what browsers send, reads forms out of pages. */
export interface TestVisitor {
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  post(path: string, fields: Fields, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Posts a body of another type, such as a form with files. */
  postBytes(path: string, payload: Buffer, type: string): Promise<LightMyRequestResponse>;
  /** Gets a page, fills the form that posts to the address, and sends it. */
  send(page: string, action: string, fields?: Fields): Promise<LightMyRequestResponse>;
  signIn(persona: string): Promise<void>;
  cookies: Map<string, string>;
}

type Fields = Record<string, string | string[]>;

export function visitor(app: FastifyInstance): TestVisitor {
  const cookies = new Map<string, string>();
  const base = () => ({
    host: new URL(ORIGIN).host,
    'accept-language': 'en',
    ...(cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
  });
  const keep = (response: LightMyRequestResponse) => {
    for (const { name, value } of response.cookies) {
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const me: TestVisitor = {
    cookies,
    get: async (path, headers = {}) => keep(await app.inject({ url: path, headers: { ...base(), ...headers } })),
    post: async (path, fields, headers = {}) =>
      keep(
        await app.inject({
          method: 'POST',
          url: path,
          headers: { ...base(), origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded', ...headers },
          payload: encode(fields),
        }),
      ),
    postBytes: async (url, payload, type) =>
      keep(
        await app.inject({
          method: 'POST',
          url,
          headers: { ...base(), origin: ORIGIN, 'content-type': type },
          payload,
        }),
      ),
    async send(page, action, fields = {}) {
      const { body } = await me.get(page);
      return me.post(action, { ...hiddenFields(body, action), ...fields });
    },
    async signIn(persona) {
      const response = await me.send('/sign-in', '/sign-in', { persona });
      if (response.statusCode !== 303) throw new Error(`${persona} could not sign in: ${response.statusCode}`);
    },
  };
  return me;
}

function encode(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
}

/** The hidden fields of the form of a page that posts to an address. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((one) => one.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`no form that posts to ${action}`);
  const inputs = form.match(/<input type="hidden"[^>]*>/g) ?? [];
  return Object.fromEntries(
    inputs.map((input) => [/name="([^"]*)"/.exec(input)?.[1] ?? '', /value="([^"]*)"/.exec(input)?.[1] ?? '']),
  );
}
