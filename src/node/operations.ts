import type { AgreementLibrary } from '../agreements/index.ts';

/** What a transaction of a contract does here; none for a contract or code that this node does not know. */
export function operationOf(
  { agreements }: { agreements: AgreementLibrary },
  contract: string,
  code: string,
): string | undefined {
  return agreements.byContract(contract)?.transactions[code]?.operation;
}
