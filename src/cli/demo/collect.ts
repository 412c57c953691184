import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Explanation } from '../../agreements/index.ts';
import type { SealedDecision } from '../../applications/index.ts';
import type { Sealed } from '../../crypto/index.ts';
import { type Verdict, verifyFile } from '../../documents/index.ts';
import type { AccessContent } from '../../persons/index.ts';
import { type Json, systemClock } from '../../storage/index.ts';
import { readAnchors } from '../../union/index.ts';
import { linksTo, waitFor } from './citizen.ts';
import type { FormClient, Page } from './form-client.ts';
import { stuck } from './stuck.ts';

/** A sealed file that she downloaded, kept in the demo's folder and verified offline under the pinned anchor. */
export interface KeptFile {
  file: string;
  verdict: Verdict;
  content: Json;
}

/** Downloads sealed files as she would, keeps them, and verifies each by the anchor that this machine has pinned. */
export function fileKeeper(client: FormClient, folder: string, anchors: string) {
  mkdirSync(folder, { recursive: true });
  return async (href: string, name: string): Promise<KeptFile> => {
    const bytes = await client.download(href);
    const file = join(folder, name);
    writeFileSync(file, bytes);
    const verdict = await verifyFile(bytes, { anchors: readAnchors(anchors), now: systemClock.now() });
    const { content } = JSON.parse(bytes.toString('utf8')) as { content: Json };
    return { file, verdict, content };
  };
}

export type Keep = ReturnType<typeof fileKeeper>;

/** A case as the demo tells it. */
export interface ToldCase {
  id: string;
  state: string;
  authority: string;
  outcome: string;
  months: number;
  explanation: Pick<Explanation, 'rule' | 'article' | 'reference' | 'facts'>[];
  digests: { contract: string; annex: string; texts: string };
}

/** Every decision of an application, from its sealed file, and how many officers confirmed them altogether. */
export async function collectCases(
  client: FormClient,
  keep: Keep,
  application: string,
): Promise<{ cases: ToldCase[]; confirmations: number }> {
  const proofs = await client.open(`/applications/${application}/proofs`);
  const cases: ToldCase[] = [];
  let confirmations = 0;
  for (const href of linksTo(proofs, `/applications/${application}/decisions/`)) {
    const state = href.split('/').at(-1) ?? '';
    const { content, verdict } = await keep(href, `decision-${state}.commonway.json`);
    demandValid(verdict, href);
    const { payload } = (content as unknown as { decision: Sealed<SealedDecision> }).decision;
    confirmations += payload.confirmations;
    cases.push({
      id: payload.case,
      state: payload.state,
      authority: payload.agency,
      outcome: payload.outcome,
      months: payload.decision.months,
      explanation: payload.decision.explanation.map(({ rule, article, reference, facts }) => ({
        rule,
        article,
        reference,
        facts,
      })),
      digests: payload.decision.digests,
    });
  }
  return { cases, confirmations };
}

/** Every document that came with a decision, once its issuer's sealed file is there. */
export async function collectDocuments(client: FormClient, keep: Keep, application: string) {
  const page = await client.open(`/applications/${application}`);
  const documents: { type: string; issuer: string; verified: boolean; file: string }[] = [];
  for (const href of linksTo(page, '/documents/')) {
    await waitFor(client, href, (shown) => linksTo(shown, `${href}/file`).length > 0);
    const { content, verdict, file } = await keep(`${href}/file`, `document-${href.slice(-8)}.commonway.json`);
    const { type, issuer } = content as unknown as { type: string; issuer: { state: string; agency: string } };
    documents.push({ type, issuer: issuer.agency, verified: verdict.verdict === 'valid', file });
  }
  return documents;
}

/** Her access record for an application, once every state's notice and proof are there. */
export async function collectAccess(client: FormClient, keep: Keep, application: string, atLeast: number) {
  const path = `/access?application=${application}`;
  const page = await waitFor(client, path, (shown) => proofLinks(shown).length >= atLeast);
  const record: { state: string; agency: string; purpose: string; ground: string; at: string; proof: string }[] = [];
  for (const href of proofLinks(page)) {
    const id = href.split('/')[2] ?? '';
    const { content, verdict } = await keep(href, `access-${id.slice(-8)}.commonway.json`);
    const { entry } = content as unknown as { entry: AccessContent };
    record.push({
      state: entry.state,
      agency: entry.agency,
      purpose: entry.purpose,
      ground: entry.ground.article,
      at: entry.at,
      proof: verdict.verdict === 'valid' ? 'verified' : verdict.code,
    });
  }
  return record.sort((one, other) => (one.at < other.at ? -1 : 1));
}

function proofLinks(page: Page): string[] {
  return linksTo(page, '/access/').filter((href) => href.endsWith('/proof'));
}

function demandValid({ verdict, code }: Verdict, what: string): void {
  if (verdict !== 'valid') throw stuck(`${what} does not verify: ${verdict} ${code}`);
}
