import assert from 'node:assert/strict';

/** What `./commonway demo --json` prints. */
export interface Told {
  ok: boolean;
  folder: string;
  application: { id: string; home: string; service: string };
  cases: {
    id: string;
    state: string;
    authority: string;
    outcome: string;
    months: number;
    explanation: { rule: string; article: string; reference: string; facts: Fact[] }[];
    digests: { contract: string; annex: string; texts: string };
  }[];
  transactions: {
    code: string;
    from: string;
    to: string;
    pattern: string;
    status: string;
    requestDigest: string;
    receipt: Record<string, unknown>;
    file: string;
    ledgerIndex: { from: number; to: number };
  }[];
  documents: { type: string; issuer: string; verified: boolean; file: string }[];
  accessRecord: { state: string; agency: string; purpose: string; ground: string; at: string; proof: string }[];
  ledger: { state: string; size: number; root: string; witnesses: string[] }[];
}

/** One thing that a rule rested on. */
export interface Fact {
  name: string;
  value: unknown;
  evidence?: string;
}

type Check = (value: unknown, place: string) => void;

const text: Check = (value, place) => assert.ok(typeof value === 'string' && value !== '', `${place} is a text`);
const truth: Check = (value, place) => assert.equal(typeof value, 'boolean', `${place} is true or false`);
const count: Check = (value, place) => assert.ok(Number.isInteger(value) && (value as number) >= 0, `${place} counts`);
const like =
  (pattern: RegExp): Check =>
  (value, place) =>
    assert.match(String(value), pattern, place);
const among = (...words: string[]) => like(new RegExp(`^(${words.join('|')})$`));
const anything: Check = (value, place) => assert.ok(value !== undefined && value !== null, `${place} is there`);
const some =
  (check: Check): Check =>
  (value, place) => {
    assert.ok(Array.isArray(value), `${place} is a list`);
    for (const [at, one] of value.entries()) check(one, `${place}[${at}]`);
  };
/** An object with exactly these members. */
const exactly =
  (members: Record<string, Check>): Check =>
  (value, place) => {
    assert.ok(typeof value === 'object' && value !== null, `${place} is an object`);
    assert.deepEqual(Object.keys(value).sort(), Object.keys(members).sort(), place);
    for (const [name, check] of Object.entries(members))
      check((value as Record<string, unknown>)[name], `${place}.${name}`);
  };

const state = among('am', 'by', 'kg', 'kz', 'ru');
const digest = like(/^[0-9a-f]{64}$/);
const id = like(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const day = like(/^\d{4}-\d\d-\d\d$/);
const moment = like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const agency = like(/^(am|by|kg|kz|ru)\.[a-z-]+$/);
const pattern = among(
  'notification',
  'informationDistribution',
  'queryResponse',
  'requestConfirm',
  'requestResponse',
  'mutualObligation',
);
const file = like(/^\/.+\.commonway\.json$/);
/** A fact has a name; its value may be null, and it may say where it comes from. */
const fact: Check = (value, place) => {
  text((value as Fact | undefined)?.name, `${place}.name`);
  assert.ok('value' in (value as Fact), `${place}.value is there`);
};

const told = exactly({
  ok: truth,
  folder: like(/^\//),
  application: exactly({ id, home: state, service: text }),
  cases: some(
    exactly({
      id,
      state,
      authority: agency,
      outcome: among('granted', 'partly', 'refused'),
      months: count,
      explanation: some(exactly({ rule: text, article: text, reference: day, facts: some(fact) })),
      digests: exactly({ contract: digest, annex: digest, texts: digest }),
    }),
  ),
  transactions: some(
    exactly({
      code: like(/^P\.PN\.01\.TRN\.\d{3}$/),
      from: state,
      to: state,
      pattern,
      status: text,
      requestDigest: digest,
      receipt: anything,
      file,
      ledgerIndex: exactly({ from: count, to: count }),
    }),
  ),
  documents: some(exactly({ type: text, issuer: agency, verified: truth, file })),
  accessRecord: some(exactly({ state, agency, purpose: text, ground: text, at: moment, proof: text })),
  ledger: some(exactly({ state, size: count, root: like(/^[A-Za-z0-9+/]{43}=$/), witnesses: some(text) })),
});

/** Demands that a text is one JSON object of exactly the promised shape, on one line. */
export function readTold(printed: string): Told {
  assert.equal(printed.trimEnd().split('\n').length, 1, 'one object, one line');
  const value = JSON.parse(printed) as Told;
  told(value, 'demo');
  return value;
}
