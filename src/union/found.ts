import { generateKey, type Sealed, type SigningKey, seal } from '../crypto/index.ts';
import { Failure, type Instant } from '../storage/index.ts';
import { type Charter, charterDigest, charterState, sealCharter, usualThreshold } from './charter.ts';
import { listedKeys, type MadeKeys, makeNodeKeys, plainKey } from './make-node-keys.ts';
import { demandManifest, type Manifest } from './manifest.ts';
import type { NodeKeys } from './node-keys.ts';
import type { VersionSigner } from './signer.ts';

/** A state that founds a union. */
export interface Founder {
  /** Code, e.g. `kz`. */
  state: string;
  name: string;
  /** The portal's address, e.g. `http://kz.localhost:8080`. */
  portal: string;
  exchangePort: number;
  /** Where the others reach the exchange; default 127.0.0.1. */
  exchangeHost?: string;
  agencies: { id: string; name: Record<string, string>; roles: string[] }[];
}

export interface FoundedUnion {
  charter: Sealed<Charter>;
  manifests: Sealed<Manifest>[];
  /** By state. */
  keys: Record<string, NodeKeys>;
  roots: Record<string, SigningKey>;
  /** The second person of each state, where the union was founded with them. Never on a node. */
  approvers: Record<string, SigningKey>;
}

/**
 * Founds a union on one machine: roots, the first charter signed by all, each state's keys and first manifest. This is for `up`, the
 * demo and tests; real states make their roots each for itself and meet over `VersionSigner` and `assembleCharter`.
 * @param input.approvers whether each state has a second person from the beginning, without whom it ratifies and publishes nothing
 * @param input.at the founding moment: all keys are valid from it
 * @example const { charter, manifests, keys } = foundUnion({ name: 'eaeu', demo: true, states, at: clock.now(), expires })
 */
export function foundUnion(input: {
  name: string;
  demo: boolean;
  states: Founder[];
  at: Instant;
  expires: Instant;
  approvers?: boolean;
}): FoundedUnion {
  const states = [...input.states].sort((a, b) => (a.state < b.state ? -1 : 1));
  const roots = Object.fromEntries(states.map(({ state }) => [state, generateKey()])) as Record<string, SigningKey>;
  const rootOf = (state: string): SigningKey => roots[state] as SigningKey;
  const charter = sealCharter(
    {
      union: input.name,
      version: 1,
      demo: input.demo,
      created: input.at,
      expires: input.expires,
      threshold: usualThreshold(states.length),
      states: states.map(({ state, name }) => charterState(state, name, rootOf(state))),
      previous: null,
    },
    states.map(({ state }) => rootOf(state)),
  );
  const keys: Record<string, NodeKeys> = {};
  const approvers: Record<string, SigningKey> = {};
  const manifests = states.map((founder) => {
    const made = makeNodeKeys(
      { ...founder, agencies: founder.agencies.map(({ id }) => id) },
      rootOf(founder.state),
      input.at,
    );
    keys[founder.state] = made.keys;
    const manifest = firstManifest(founder, charter.payload, made, input.at);
    if (input.approvers === true) {
      const approver = generateKey();
      approvers[founder.state] = approver;
      manifest.keys.push({ purpose: 'approval', key: plainKey(approver.public), from: input.at });
    }
    return seal('manifest', demandManifest(manifest), [rootOf(founder.state)]);
  });
  return { charter, manifests, keys, roots, approvers };
}

/**
 * The keys and the first manifest of a state that joins a union, under the charter version that admits it.
 * @throws Failure UNION_STATE_UNKNOWN, UNION_ROOT_FOREIGN where the charter gives the state another root, UNION_SIGNED_OTHER_CONTENT
 * @example const { keys, manifest } = firstManifestOf({ founder, charter, root, signer, at: clock.now() })
 */
export function firstManifestOf(input: {
  founder: Founder;
  charter: Charter;
  root: SigningKey;
  signer: VersionSigner;
  at: Instant;
  /** A second person's key, without whom the state ratifies and publishes nothing. */
  approver?: SigningKey;
}): { keys: NodeKeys; manifest: Sealed<Manifest> } {
  const { founder, charter, root, at, approver } = input;
  const { state } = founder;
  const entry = charter.states.find((one) => one.state === state);
  if (entry === undefined) throw new Failure('UNION_STATE_UNKNOWN', { state });
  if (entry.root.id !== root.public.id) throw new Failure('UNION_ROOT_FOREIGN');
  const made = makeNodeKeys({ ...founder, agencies: founder.agencies.map(({ id }) => id) }, root, at);
  const manifest = firstManifest(founder, charter, made, at);
  if (approver !== undefined) manifest.keys.push({ purpose: 'approval', key: plainKey(approver.public), from: at });
  return { keys: made.keys, manifest: input.signer.signManifest(manifest) };
}

function firstManifest(founder: Founder, charter: Charter, made: MadeKeys, at: Instant): Manifest {
  const { state } = founder;
  return {
    union: charter.union,
    state,
    version: 1,
    issued: at,
    charter: charterDigest(charter),
    previous: null,
    endpoints: {
      exchange: { host: founder.exchangeHost ?? '127.0.0.1', port: founder.exchangePort },
      portal: founder.portal,
    },
    certificates: [made.certificate],
    keys: listedKeys(made, at),
    ledger: { origin: `commonway/${charter.union}/${state}` },
    agencies: founder.agencies.map((agency) => ({
      ...agency,
      keys: [{ key: plainKey((made.keys.agencies[agency.id] as SigningKey).public), from: at }],
    })),
  };
}
