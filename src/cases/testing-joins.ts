import type { TestContext } from 'node:test';
import { loadFiles } from '../agreements/index.ts';
import { edit, filesOf } from '../agreements/testing.ts';
import type { JoinedBody, SealedDecision } from '../applications/index.ts';
import { type Sealed, type SigningKey, seal } from '../crypto/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { confirmCase, decisionsJoined, openCaseFile } from './index.ts';
import { makeClaim, officer, testDecider } from './testing.ts';

const [ANNA, OLEG] = [officer('anna'), officer('oleg')];
export const fails = (code: string) => (error: unknown) => isFailure(error, code);

/** Russia has granted; Kazakhstan decides on the same application, and their decisions are joined. */
export async function granted(t: TestContext, join: 'all' | 'anyRefusalBlocks' = 'anyRefusalBlocks') {
  const files = filesOf('agreements/pension');
  edit(files, 'services/pension.yaml', 'join: independent', `join: ${join}`);
  const { agreement } = loadFiles(files);
  const decider = await testDecider(t, 'ru', agreement);
  const { ctx, founded } = decider;
  const claim = makeClaim(decider);
  const transaction = await decider.deliver(claim);
  const [row] = await ctx.db.query<{ id: string }>('select id from cases');
  const id = row?.id ?? '';
  for (const who of [ANNA, OLEG]) {
    const { state } = await openCaseFile(ctx, who, id);
    await confirmCase(ctx, who, id, { proposal: state.proposal?.digest ?? '', basis: state.basis });
  }
  const file = () => openCaseFile(ctx, ANNA, id);
  const own = (await file()).state.decision as Sealed<SealedDecision>;
  /** What Kazakhstan's fund decided, as it signs it. */
  const theirs = (outcome: 'granted' | 'refused', change: Partial<SealedDecision> = {}, by = 'kz.pension-fund') => {
    const { payload } = own;
    const annex = decider.agreement.annexes.kz?.digest ?? '';
    const decision = { ...payload.decision, outcome, digests: { ...payload.decision.digests, annex } };
    const key = founded.keys.kz?.agencies[by] as SigningKey;
    return seal('decision', { ...payload, state: 'kz', agency: 'kz.pension-fund', outcome, decision, ...change }, [
      key,
    ]);
  };
  const application = claim.body.application.payload.id;
  const arrive = (body: Partial<JoinedBody>, from = 'kz') =>
    ctx.db.transaction((tx) =>
      decisionsJoined(ctx, tx, from, { application, decisions: [], refused: [], ...body } as unknown as Json),
    );
  const sent = async (type: string) =>
    (await ctx.db.query<{ body: Buffer }>('select body from exchange_sent where type = $1', [type])).map(
      ({ body }) => JSON.parse(body.toString()) as { document?: { id: string } },
    );
  const told = async () =>
    (await ctx.db.query(`select 1 from exchange_transaction where code = 'P.PN.01.TRN.003'`)).length;
  return { ...decider, transaction, id, own, theirs, arrive, file, sent, told };
}
