import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../storage/index.ts';
import { moveCase, previewMove } from './move-case.ts';
import { officer, person } from './testing.ts';
import { movableCase } from './testing-moves.ts';

const fails = (code: string) => (error: unknown) => isFailure(error, code);

test('a case is moved by nobody else than an officer of its agency with a role for its service', async (t) => {
  const { ctx, id, file, seen } = await movableCase(t);
  const wanted = await seen();
  const granted = (role: string, service = '*') => ({ grants: [{ agency: 'ru.pension-fund', role, service }] });
  for (const [who, code] of [
    [person('aigerim'), 'CASE_NOT_FOUND'],
    [officer('askar', { agency: 'kz.pension-fund' }), 'CASE_NOT_FOUND'],
    [officer('vera', { agency: 'ru.population', ...granted('examiner') }), 'CASE_NOT_FOUND'],
    [officer('ivan', { grants: [] }), 'IDENTITY_NOT_PERMITTED'],
    [officer('ivan', granted('registrar')), 'IDENTITY_NOT_PERMITTED'],
    [officer('ivan', granted('examiner', 'pension/other')), 'IDENTITY_NOT_PERMITTED'],
  ] as const) {
    await assert.rejects(moveCase(ctx, who, id, wanted), fails(code));
    await assert.rejects(previewMove(ctx, who, id), fails(code));
  }
  assert.equal((await file()).state.moved, undefined);
  await moveCase(ctx, officer('pyotr', granted('lead', 'pension/pension')), id, wanted);
});
