import { inclusion } from '../../ledger/index.ts';
import { Failure, isFailure, type Json } from '../../storage/index.ts';
import { sealFile } from '../../union/index.ts';
import type { DocumentsContext } from '../context.ts';
import { getRow } from '../rows.ts';
import { freshStatusList } from '../status/lists.ts';
import type { DocumentContent } from '../types.ts';
import { demandInclusion } from './ledger-trust.ts';

/**
 * The offline file of a document that this state issued: the credential, its status now, the proof that the ledger has it and that
 * enough other states saw that, the charter and the manifests; sealed byte for byte. Made anew each time it is asked for.
 * @throws Failure DOCUMENTS_UNKNOWN; DOCUMENTS_NOT_PROVEN as long as too few witnesses have seen the leaf: ask again
 * @example writeFileSync('decision.commonway.json', await documentFile(ctx, id))
 */
export async function documentFile(ctx: DocumentsContext, id: string): Promise<Buffer> {
  const row = await getRow(ctx.db, id);
  const { leaf } = row;
  const proof = await inclusion(ctx, row.leafId);
  if (!proof) throw new Failure('DOCUMENTS_NOT_PROVEN', { id });
  try {
    await demandInclusion(
      ctx.trust,
      ctx.trust.self,
      { kind: 'document', content: leaf, proof },
      ctx.trust.witnessQuorum(),
    );
  } catch (error) {
    if (isFailure(error, 'LEDGER_PROOF_WITNESSES')) throw new Failure('DOCUMENTS_NOT_PROVEN', { id });
    throw error;
  }
  const content: DocumentContent = {
    id,
    type: row.type,
    issuer: { state: ctx.trust.self, agency: row.agency },
    credential: row.credential,
    paper: row.paper,
    status: await freshStatusList(ctx, row.list),
    leaf,
    proof,
  };
  return sealFile({ trust: ctx.trust, key: ctx.seal, clock: ctx.clock }, 'document', content as unknown as Json);
}
