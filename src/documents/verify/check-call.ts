import { verifyCallFile } from '../../calls/index.ts';
import { type Circumstances, type Finding, fact } from './verdict.ts';

/** Checks a call of an information system: what was asked and answered, by whose signatures. The calls room knows how. */
export async function checkCall({ file }: Circumstances): Promise<Finding> {
  const { trust, sealedBy, sealedAt } = file;
  const { call, from, to, request, answer, receivedAt } = await verifyCallFile(file.content, trust, sealedBy.state);
  const ledger = (answer ?? request).ledger;
  return {
    asOf: sealedAt,
    facts: [
      ...fact('call', call),
      ...fact('from', trust.stateName(from)),
      ...fact('to', trust.stateName(to)),
      ...fact('sentAt', request.at),
      ...fact('askedHead', shown(request.head)),
      ...fact('askedBody', request.body?.digest),
      ...fact('answeredAt', answer?.at),
      ...fact('answeredHead', answer && shown(answer.head)),
      ...fact('answeredBody', answer?.body?.digest),
      ...fact('receivedAt', receivedAt),
      ...fact('ledgerIndex', ledger?.index),
      ...fact('witnesses', ledger?.witnessed),
    ],
  };
}

/** A head for people: its lines side by side, without what a terminal would obey. */
const shown = (head: Buffer): string =>
  head
    .toString('utf8')
    .trim()
    .replaceAll(/\r?\n/g, ' | ')
    .replaceAll(/\p{Cc}/gu, '?');
