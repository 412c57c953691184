import { readFileSync } from 'node:fs';
import {
  addGrant,
  addSystem,
  type Connection,
  type Grant,
  HOLDINGS,
  listGrants,
  type Purpose,
  publishService,
  revokeGrant,
  serviceName,
  stateOfAgency,
  whyDenied,
} from '../../access/index.ts';
import { Failure } from '../../storage/index.ts';
import { type Command, type Surroundings, type Typed, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type StateStore, withStateStore } from '../local-union/state-store.ts';
import { demandDay, demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

const BY = { by: { type: 'string', value: 'NAME', summary: 'who answers for it; default: operator' } } as const;
const JSON_OPTION = { json: { type: 'boolean', summary: 'prints JSON' } } as const;
const DAY_MS = 86_400_000;

/** `./commonway system add AGENCY/SYSTEM` */
export const systemAdd: Command = {
  name: 'system add',
  summary: 'registers an information system that may call in at the door of its state',
  details: [
    'It is known by its certificate (mutual TLS). With --connection tls or plain it may come without one from the listed addresses:',
    'there its identity is what it writes itself, so list only machines that nobody else uses. Adding it again changes it.',
  ].join('\n'),
  arguments: [{ name: 'AGENCY/SYSTEM', summary: 'kz.pension-fund/registry' }],
  options: {
    ...FOLDER,
    certificate: { type: 'string', value: 'FILE.pem', summary: 'its client certificate' },
    connection: {
      type: 'string',
      value: 'KIND',
      summary: 'mutual (default), tls or plain: the weakest that is accepted',
    },
    address: {
      type: 'string',
      value: 'IP[,IP]',
      summary: 'addresses or networks that it calls from without a certificate',
    },
    dialect: {
      type: 'string',
      value: 'NAME',
      summary: 'types of X-Road errors: lower (default, as from 7.8) or upper',
    },
    administrator: { type: 'boolean', summary: 'it may change what its agency offers and grants, over the API' },
    strict: { type: 'boolean', summary: 'errors with statuses 400, 403, 404 and 503 instead of 500' },
    ...BY,
  },
  async run(around, typed) {
    const [name = ''] = typed.arguments;
    const connection = oneOf(typed, 'system add', 'connection', ['mutual', 'tls', 'plain'] as const) ?? 'mutual';
    const dialect = oneOf(typed, 'system add', 'dialect', ['lower', 'upper'] as const) ?? 'lower';
    const file = textOf(typed, 'certificate');
    const addresses = textOf(typed, 'address')?.split(',') ?? [];
    if (file === undefined && addresses.length === 0)
      throw new Failure('CLI_ARGUMENT_MISSING', { command: 'system add', argument: '--certificate or --address' });
    await withOwner(around, typed, name, (store) =>
      addSystem(store, {
        name,
        connection: connection satisfies Connection,
        dialect,
        strict: typed.options.strict === true,
        administrator: typed.options.administrator === true,
        addresses,
        certificates: file === undefined ? [] : [readText(file)],
        by: by(typed),
      }),
    );
    around.out(`${name} may call in: ${connection}.`);
    return EXIT.ok;
  },
};

/** `./commonway service publish AGENCY/SYSTEM/SERVICE --url URL` */
export const servicePublish: Command = {
  name: 'service publish',
  summary: 'offers a service of an information system; nobody may call it before a grant',
  details: [
    'Each person whom a call concerns sees it in her access record, so a service must say where her number stands: path:/persons/{person}/**,',
    'query:NAME, header:NAME, body:/pointer or answer:/items/*/pointer, with @STATE behind it where it is the number of another state;',
    'none:/codes/** for calls that concern nobody, none where that holds for all. A call that names nobody is refused.',
  ].join('\n'),
  arguments: [{ name: 'AGENCY/SYSTEM/SERVICE', summary: 'kz.population/register/life-events' }],
  options: {
    ...FOLDER,
    url: { type: 'string', value: 'URL', summary: 'where it stands; no caller sees it' },
    openapi: {
      type: 'string',
      value: 'FILE',
      summary: 'its OpenAPI 3 document: only the operations in it can be called',
    },
    requests: {
      type: 'string',
      value: 'HOW',
      summary: 'that are not as the document says: off (default), report, refuse',
    },
    answers: { type: 'string', value: 'HOW', summary: 'likewise of answers' },
    persons: {
      type: 'string',
      value: 'PLACE[,..]',
      summary: 'whom its calls concern; without it x-commonway-persons of the OpenAPI document says so',
    },
    ...BY,
  },
  async run(around, typed) {
    const [name = ''] = typed.arguments;
    const url = demandOption(typed, 'service publish', 'url');
    const file = textOf(typed, 'openapi');
    const persons = textOf(typed, 'persons')?.split(',');
    const service = await withOwner(around, typed, name, (store) =>
      publishService(store, {
        name,
        url,
        by: by(typed),
        ...(file !== undefined && { openapi: readText(file) }),
        ...(persons !== undefined && { persons }),
        conformance: {
          requests: oneOf(typed, 'service publish', 'requests', HOLDINGS) ?? 'off',
          answers: oneOf(typed, 'service publish', 'answers', HOLDINGS) ?? 'off',
        },
      }),
    );
    around.out(`${name} is offered with ${service.endpoints.length} endpoints.`);
    for (const { method, path } of service.endpoints) around.out(`  ${method} ${path}`);
    around.out(`Persons: ${service.persons?.join(', ') ?? ''}`);
    return EXIT.ok;
  },
};

/** `./commonway grant add AGENCY/SYSTEM/SERVICE --to SUBJECT ...` */
export const grantAdd: Command = {
  name: 'grant add',
  summary: 'lets somebody call a service, for a purpose, until a day',
  arguments: [{ name: 'AGENCY/SYSTEM/SERVICE', summary: 'kz.population/register/life-events' }],
  options: {
    ...FOLDER,
    to: {
      type: 'string',
      value: 'SUBJECT',
      summary: 'an agency (by.pension-fund), a system (by.pension-fund/registry), or group:NAME',
    },
    method: { type: 'string', value: 'VERB', summary: 'SEND for channels, SUBSCRIBE for topics; default: all' },
    path: { type: 'string', value: 'PATTERN', summary: '* is one segment, ** any number; default: /**' },
    agreement: { type: 'string', value: 'NAME', summary: 'the purpose: a ratified agreement, with --article' },
    article: { type: 'string', value: 'TEXT', summary: 'the article of the agreement' },
    ground: { type: 'string', value: 'TEXT', summary: 'or the legal ground, in words' },
    until: { type: 'string', value: 'DAY', summary: 'its last day' },
    calls: { type: 'string', value: 'NUMBER', summary: 'most calls in a window' },
    bytes: { type: 'string', value: 'NUMBER', summary: 'most bytes in a window' },
    window: { type: 'string', value: 'SECONDS', summary: 'default: 86400, a day' },
    fields: {
      type: 'string',
      value: 'POINTER[,..]',
      summary: 'only these fields of a JSON answer: /name,/children/*/born',
    },
    signature: {
      type: 'string',
      value: 'HOW',
      summary: 'batch (default): one signature for calls that travel together; message: one for each call',
    },
    ...BY,
    ...JSON_OPTION,
  },
  async run(around, typed) {
    const [service = ''] = typed.arguments;
    const to = demandOption(typed, 'grant add', 'to');
    const until = demandDay(demandOption(typed, 'grant add', 'until'));
    const calls = numberOf(typed, 'calls');
    const bytes = numberOf(typed, 'bytes');
    const [method, path, fields] = ['method', 'path', 'fields'].map((name) => textOf(typed, name));
    const mode = oneOf(typed, 'grant add', 'signature', ['batch', 'message']);
    const grant = await withOwner(around, typed, service, (store) =>
      addGrant(store, {
        ...(mode !== undefined && { mode }),
        subject: subjectOf(to),
        service,
        purpose: purposeOf(typed),
        expires: new Date(Date.parse(`${until}T00:00:00.000Z`) + DAY_MS).toISOString(),
        by: by(typed),
        ...(method !== undefined && { method }),
        ...(path !== undefined && { path }),
        ...(fields !== undefined && { fields: fields.split(',') }),
        ...((calls !== undefined || bytes !== undefined) && {
          quota: {
            windowSeconds: numberOf(typed, 'window') ?? 86_400,
            ...(calls !== undefined && { calls }),
            ...(bytes !== undefined && { bytes }),
          },
        }),
      }),
    );
    around.out(typed.options.json === true ? JSON.stringify(grant) : lineOf(grant));
    return EXIT.ok;
  },
};

/** `./commonway grant list AGENCY` */
export const grantList: Command = {
  name: 'grant list',
  summary: "lists who may call an agency's services, and who could",
  arguments: [{ name: 'AGENCY', summary: 'kz.population' }],
  options: { ...FOLDER, ...JSON_OPTION },
  async run(around, typed) {
    const [agency = ''] = typed.arguments;
    const grants = await withOwner(around, typed, agency, (store) => listGrants(store, agency));
    if (typed.options.json === true) around.out(JSON.stringify(grants));
    else for (const grant of grants) around.out(lineOf(grant));
    return EXIT.ok;
  },
};

/** `./commonway grant revoke AGENCY ID --ground TEXT` */
export const grantRevoke: Command = {
  name: 'grant revoke',
  summary: 'ends a grant at once',
  arguments: [
    { name: 'AGENCY', summary: 'whose service it is for: kz.population' },
    { name: 'ID', summary: 'of the grant' },
  ],
  options: { ...FOLDER, ground: { type: 'string', value: 'TEXT', summary: 'why' }, ...BY },
  async run(around, typed) {
    const [agency = '', id = ''] = typed.arguments;
    const ground = demandOption(typed, 'grant revoke', 'ground');
    await withOwner(around, typed, agency, (store) => revokeGrant(store, id, ground, by(typed), agency));
    around.out(`${id} is revoked.`);
    return EXIT.ok;
  },
};

/** `./commonway why AGENCY ID` */
export const why: Command = {
  name: 'why',
  summary: 'says why a call was refused, by the id in the answer',
  arguments: [
    { name: 'AGENCY', summary: 'whose service was called: kz.population' },
    { name: 'ID', summary: 'the "detail" of the refusal' },
  ],
  options: { ...FOLDER, ...JSON_OPTION },
  async run(around, typed) {
    const [agency = '', id = ''] = typed.arguments;
    const denial = await withOwner(around, typed, agency, (store) => whyDenied(store, id, agency));
    if (typed.options.json === true) around.out(JSON.stringify(denial));
    else {
      around.out(`${denial.caller} wanted to call ${denial.method} of ${denial.service} at ${denial.at}.`);
      around.out(`${denial.missing} Ask ${denial.askAgency}.`);
    }
    return EXIT.ok;
  },
};

/** The store of the state whose agency a name begins with. */
function withOwner<T>(
  around: Surroundings,
  typed: Typed,
  name: string,
  work: (store: StateStore) => Promise<T>,
): Promise<T> {
  return withStateStore(around, unionFolder(around, typed), stateOfAgency(name), work);
}

const by = (typed: Typed): string => textOf(typed, 'by') ?? 'operator';

function subjectOf(text: string) {
  if (text.startsWith('group:')) return { kind: 'group', name: text.slice('group:'.length) } as const;
  return { kind: text.includes('/') ? 'system' : 'agency', name: text } as const;
}

function purposeOf(typed: Typed): Purpose {
  const [agreement, article, ground] = ['agreement', 'article', 'ground'].map((name) => textOf(typed, name));
  if (agreement !== undefined && article !== undefined) return { agreement, article };
  if (ground !== undefined && agreement === undefined) return { ground };
  throw new Failure('CLI_ARGUMENT_MISSING', {
    command: 'grant add',
    argument: '--ground, or --agreement with --article',
  });
}

function lineOf(grant: Grant): string {
  const { id, subject, method, path, purpose, expires, quota, revokedAt } = grant;
  const ground = 'ground' in purpose ? purpose.ground : `${purpose.agreement}, article ${purpose.article}`;
  const limit =
    quota === null
      ? ''
      : `, ${quota.calls ?? quota.bytes} ${quota.calls === undefined ? 'bytes' : 'calls'} in ${quota.windowSeconds} s`;
  const end = revokedAt === null ? `until ${expires}` : `revoked ${revokedAt}`;
  return `${id}  ${subject.kind} ${subject.name} -> ${serviceName(grant)} ${method} ${path} (${ground}), ${end}${limit}`;
}

function numberOf(typed: Typed, name: string): number | undefined {
  const text = textOf(typed, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw new Failure('CLI_OPTION_WRONG', { command: 'grant add', reason: `--${name} takes a whole number.` });
  return Number(text);
}

function oneOf<W extends string>(typed: Typed, command: string, name: string, words: readonly W[]): W | undefined {
  const text = textOf(typed, name);
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found === undefined)
    throw new Failure('CLI_OPTION_WRONG', { command, reason: `--${name} is one of ${words.join(', ')}.` });
  return found;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('CLI_FILE_MISSING', { file, reason: (error as { code?: string }).code ?? '' });
  }
}
