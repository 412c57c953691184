import type { PublicKey } from '../../crypto/index.ts';
import type { LedgerContext } from '../context.ts';

/** Another state's node as a witness of our log: the name it writes under its cosignatures, and its witness key. */
export interface WitnessPeer {
  name: string;
  key: PublicKey;
}

export interface WitnessingContext extends LedgerContext {
  /** Who witnesses at present; asked anew each time, since manifests change. */
  peers: () => readonly WitnessPeer[];
  /** Posts a body to a peer's `add-checkpoint` and gives its answer. Must end by itself in a few seconds. */
  submit: (peer: WitnessPeer, body: string) => Promise<{ status: number; body: string }>;
}
