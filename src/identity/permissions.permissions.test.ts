import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../storage/index.ts';
import { may, must, type OfficerVerb } from './permissions.ts';
import roles from './roles.json' with { type: 'json' };
import type { Account, Grant, Session } from './types.ts';

const FUND = 'kz.pension-fund';
const VERBS: OfficerVerb[] = [
  'case.list',
  'case.read',
  'case.confirm',
  'case.return',
  'case.refuse',
  'case.correct',
  'case.move',
  'case.assign',
  'register.read',
  'register.correct',
  'node.read',
  'node.act',
  'access.read',
  'agreement.read',
  'statistics.read',
  'people.read',
  'enrolment.begin',
  'enrolment.confirm',
];

function sessionOf(account: Account): Session {
  const at = '2026-11-22T09:00:00.000Z';
  return {
    id: 's',
    account,
    method: 'development',
    assurance: 'substantial',
    createdAt: at,
    seenAt: at,
    expiresAt: at,
  };
}

function officer(grants: Partial<Grant>[], agency = FUND): Session {
  const full = grants.map((grant) => ({ agency: FUND, role: 'examiner', service: '*', ...grant }));
  return sessionOf({ kind: 'officer', id: 'o', state: 'kz', agency, name: 'O.', grants: full });
}

const allowed = (session: Session | undefined, agency = FUND, service?: string): OfficerVerb[] =>
  VERBS.filter((verb) => may(session, verb, service === undefined ? { agency } : { agency, service }));

test('nobody, and no person, may do an officer’s work', () => {
  assert.deepEqual(allowed(undefined), []);
  assert.deepEqual(allowed(sessionOf({ kind: 'person', id: 'p', state: 'kz', localId: 'KZ-T-1', name: 'P.' })), []);
});

test('each role may do exactly what the table says', () => {
  for (const [role, verbs] of Object.entries(roles)) {
    assert.deepEqual(
      allowed(officer([{ role }])),
      VERBS.filter((verb) => verbs.includes(verb)),
      role,
    );
  }
});

test('an examiner decides cases and leaves registers alone; a registrar the other way round', () => {
  assert.deepEqual(allowed(officer([{ role: 'examiner' }])), [
    'case.list',
    'case.read',
    'case.confirm',
    'case.return',
    'case.correct',
    'case.move',
  ]);
  assert.deepEqual(allowed(officer([{ role: 'registrar' }])), ['register.read', 'register.correct']);
});

test('no role may do everything', () => {
  for (const role of Object.keys(roles)) assert.ok(allowed(officer([{ role }])).length < VERBS.length, role);
});

test('a role at one agency is nothing at another', () => {
  assert.deepEqual(allowed(officer([{}]), 'ru.pension-fund'), []);
});

test('a grant that names another agency than the officer’s own is worth nothing', () => {
  assert.deepEqual(allowed(officer([{ agency: 'ru.pension-fund' }]), 'ru.pension-fund'), []);
  assert.deepEqual(allowed(officer([{ agency: 'ru.pension-fund' }])), []);
});

test('a role for one service does not reach another, nor work that belongs to no service', () => {
  const session = officer([{ service: 'pension/old-age' }]);
  assert.ok(may(session, 'case.confirm', { agency: FUND, service: 'pension/old-age' }));
  assert.ok(!may(session, 'case.confirm', { agency: FUND, service: 'pension/disability' }));
  assert.ok(!may(session, 'case.confirm', { agency: FUND }));
});

test('an unknown role, also one named like a part of every object, may do nothing', () => {
  for (const role of ['king', 'constructor', '__proto__', 'toString'])
    assert.deepEqual(allowed(officer([{ role }])), []);
});

test('the guard refuses with the verb and the agency', () => {
  must(officer([{}]), 'case.read', { agency: FUND });
  assert.throws(
    () => must(undefined, 'case.read', { agency: FUND }),
    (error) => error instanceof Failure && error.code === 'IDENTITY_NOT_PERMITTED' && error.params.agency === FUND,
  );
});

test('no role of the console reads or decides anything of a person', () => {
  for (const role of ['operator', 'designer'] as const)
    assert.deepEqual(
      roles[role].filter((verb) => /^(case|register)\./.test(verb)),
      [],
    );
});
