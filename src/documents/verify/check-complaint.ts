import { type Complaint, judgeComplaint } from '../../ledger/index.ts';
import { Failure } from '../../storage/index.ts';
import { demandMembers } from './shape.ts';
import { type Circumstances, type Finding, fact } from './verdict.ts';

/** What a complaint file holds: the state that is complained about, and the complaint as its ledger room keeps it. */
export interface ComplaintContent {
  against: string;
  complaint: Complaint;
}

/**
 * Checks a complaint: that the log of the state did what is said. What only the word of the complaining node stands for (in which order
 * it saw two checkpoints, which bytes it was served) is told as such.
 */
export async function checkComplaint({ file }: Circumstances): Promise<Finding> {
  const { against, complaint } = demandMembers<ComplaintContent>(file.content, {
    against: 'text',
    complaint: 'object',
  });
  const { at, evidence, origin } = complaint;
  demandMembers(complaint as never, { at: 'text', evidence: 'object', id: 'text', origin: 'text' });
  const { trust } = file;
  if (!trust.everStates().includes(against) || against === file.sealedBy.state) {
    throw new Failure('DOCUMENTS_FILE_FORM', { reason: 'it is about no other state of the union' });
  }
  if (origin.replace(/\/\d+$/, '') !== trust.manifest(against).ledger.origin.replace(/\/\d+$/, '')) {
    throw new Failure('DOCUMENTS_FILE_PARTS', { reason: 'the log is not that of the state' });
  }
  const others = trust.states().filter((state) => state !== against);
  const judged = await judgeComplaint(evidence, {
    origin,
    ledgerKeys: trust.keys(against, 'ledger'),
    witnesses: others.map((state) => trust.keys(state, 'witness')),
    quorum: trust.witnessQuorum(),
  });
  if (!judged.verified) throw new Failure(judged.code, judged.params);
  return {
    asOf: file.sealedAt,
    facts: [
      ...fact('state', trust.stateName(against)),
      ...fact('complaint', evidence.kind),
      ...fact('at', at),
      ...fact('complaintProof', judged.proven ? 'signatures' : 'word'),
    ],
  };
}
