import { Failure, type Json } from '../../storage/index.ts';
import { demandInclusion } from '../files/ledger-trust.ts';
import type { ProofContent } from '../files/relayed-files.ts';
import { demandMembers } from './shape.ts';
import { type Circumstances, type Finding, fact } from './verdict.ts';

/**
 * Checks the proof of an entry of an access record: the ledger of the state that used the data has exactly this entry. How many
 * witnesses saw it is told and not demanded: a notice leaves before they all have.
 */
export async function checkProof({ file }: Circumstances): Promise<Finding> {
  const { entry, proof } = demandMembers<ProofContent>(file.content, { entry: 'object', proof: 'object' });
  if (typeof entry.state !== 'string' || !file.trust.everStates().includes(entry.state)) {
    throw new Failure('DOCUMENTS_FILE_FORM', { reason: 'its entry names no state of the union' });
  }
  const content = entry as unknown as Json;
  const inclusion = await demandInclusion(file.trust, entry.state, { kind: 'access', content, proof }, 0);
  const needed = file.trust.witnessQuorum();
  return {
    asOf: file.sealedAt,
    facts: [
      ...fact('state', file.trust.stateName(entry.state)),
      ...fact('agency', entry.agency),
      ...fact('at', entry.at),
      ...fact('purpose', entry.purpose),
      ...fact('ground', entry.ground?.article),
      ...fact('fields', entry.fields?.join(', ')),
      ...fact('counter', entry.counter),
      ...fact('ledgerIndex', inclusion.index),
      ...fact('witnesses', inclusion.witnessed),
      ...fact('witnessesNeeded', needed),
    ],
  };
}
