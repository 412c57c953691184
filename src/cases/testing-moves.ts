import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { agreementLibrary, getAgreement } from '../agreements/index.ts';
import { edit, filesOf } from '../agreements/testing.ts';
import { ratify } from '../applications/testing.ts';
import { openCaseFile, queueOf } from './read.ts';
import { makeClaim, officer, testDecider } from './testing.ts';

const ANNA = officer('anna');

/** The pension as it will be: a newer version, with what a test changes of it. */
async function newer(t: TestContext, change: (files: Map<string, Uint8Array>) => void) {
  const files = filesOf('agreements', 'pension');
  edit(files, 'agreement.yaml', 'version: 1.0.0', 'version: 1.1.0');
  change(files);
  const folder = mkdtempSync(join(tmpdir(), 'pension-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return getAgreement(folder);
}

/** More months are wanted than she has in Russia. */
export const stricter = (files: Map<string, Uint8Array>) =>
  edit(files, 'rules/months.yaml', 'monthsHere >= 12', 'monthsHere >= 120');

/** Russia's open case, and a newer contract that all states have ratified. */
export async function movableCase(
  t: TestContext,
  change: (files: Map<string, Uint8Array>) => void = stricter,
  ratified = true,
) {
  const decider = await testDecider(t);
  const after = await newer(t, change);
  if (ratified) await ratify(decider.ctx.trust, decider.founded, after);
  const ctx = { ...decider.ctx, agreements: agreementLibrary([decider.agreement, after]) };
  const transaction = await decider.deliver(makeClaim(decider));
  const [row] = await queueOf(ctx, ANNA, 'waiting');
  const id = row?.id ?? '';
  const file = () => openCaseFile(ctx, ANNA, id);
  const seen = async () => ({
    to: after.contractDigest,
    basis: (await file()).state.basis,
    reason: 'The rules of 1.0 count a year wrongly',
  });
  return { ...decider, ctx, after, id, transaction, file, seen };
}
