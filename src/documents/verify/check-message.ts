import { type VerifiedMessage, verifyReceiptFile, verifyTransactionFile } from '../../exchange/index.ts';
import type { TrustView } from '../../union/index.ts';
import { type Circumstances, type Finding, fact, type VerifiedFact } from './verdict.ts';

/** Checks a message or a whole transaction with its contents: for its parties. The exchange room knows how. */
export async function checkTransaction({ file }: Circumstances): Promise<Finding> {
  const { messages } = await verifyTransactionFile(file.content, file.trust);
  return { asOf: file.sealedAt, facts: messages.flatMap((message) => factsOf(message, file.trust)) };
}

/** Checks the receipt of a message, without the message's content. */
export async function checkReceipt({ file }: Circumstances): Promise<Finding> {
  const message = await verifyReceiptFile(file.content, file.trust);
  return { asOf: message.receivedAt, facts: factsOf(message, file.trust) };
}

/** How far the ledgers have proven it is told, not demanded: the signatures of both sides hold without them. */
function factsOf({ head, bodyDigest, receivedAt, ledger }: VerifiedMessage, trust: TrustView): VerifiedFact[] {
  return [
    ...fact('message', head.id),
    ...fact('messageType', head.type),
    ...fact('transaction', head.transaction?.code),
    ...fact('from', trust.stateName(head.from)),
    ...fact('to', trust.stateName(head.to)),
    ...fact('sentAt', head.created),
    ...fact('receivedAt', receivedAt),
    ...fact('bodyDigest', bodyDigest),
    ...fact('ledgerIndexFrom', ledger.sent?.index),
    ...fact('ledgerIndexTo', ledger.received?.index),
    ...fact('witnesses', ledger.received?.witnessed),
  ];
}
