import type { PublicKey } from '../../crypto/index.ts';
import { quorumOf } from '../../ledger/proof/index.ts';
import type { WebContext } from '../context.ts';

/** Whom this node believes about a state's ledger, as the browser's verifier takes it. */
export interface ShownTrust {
  origin: string;
  ledgerKeys: readonly PublicKey[];
  /** Each other state's keys as a witness: a state counts once. */
  witnesses: readonly (readonly PublicKey[])[];
  quorum: number;
}

/** From the node's own charter and manifests, never from the state that sent the proof. */
export function ledgerTrust(ctx: Pick<WebContext, 'trust'>, state: string): ShownTrust {
  const { trust } = ctx;
  const others = trust.states().filter((other) => other !== state);
  return {
    origin: trust.manifest(state).ledger.origin,
    ledgerKeys: trust.keys(state, 'ledger'),
    witnesses: others.map((other) => trust.keys(other, 'witness')),
    quorum: quorumOf(others.length),
  };
}
