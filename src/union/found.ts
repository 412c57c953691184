import {
  generateKey,
  issueCertificate,
  makeCertificate,
  type PublicKey,
  publicKeyJson,
  type Sealed,
  type SigningKey,
  seal,
} from '../crypto/index.ts';
import type { Instant } from '../storage/index.ts';
import { type Charter, charterDigest, charterState, sealCharter, usualThreshold } from './charter.ts';
import { demandManifest, type Manifest, type Purpose } from './manifest.ts';
import { type NodeKeys, tlsOf } from './node-keys.ts';

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
}

const PURPOSES_MADE = ['messages', 'seal', 'documents', 'ledger', 'witness', 'ratification'] as const;

/**
 * Founds a union on one machine: roots, the first charter signed by all, each state's keys and first manifest. This is for `up`, the
 * demo and tests; real states make their roots each for itself and meet over `VersionSigner` and `assembleCharter`.
 * @param input.at the founding moment: all keys are valid from it
 * @example const { charter, manifests, keys } = foundUnion({ name: 'eaeu', demo: true, states, at: clock.now(), expires })
 */
export function foundUnion(input: {
  name: string;
  demo: boolean;
  states: Founder[];
  at: Instant;
  expires: Instant;
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
  const manifests = states.map((founder) => {
    const made = makeNodeKeys(founder, rootOf(founder.state), input.at);
    keys[founder.state] = made.keys;
    const manifest = firstManifest(founder, charter.payload, made);
    return seal('manifest', demandManifest(manifest), [rootOf(founder.state)]);
  });
  return { charter, manifests, keys, roots };
}

interface MadeKeys {
  keys: NodeKeys;
  transport: SigningKey;
  fingerprint: string;
  at: Instant;
}

function makeNodeKeys(founder: Founder, root: SigningKey, at: Instant): MadeKeys {
  const { state, name } = founder;
  const host = founder.exchangeHost ?? '127.0.0.1';
  const own = Object.fromEntries(PURPOSES_MADE.map((purpose) => [purpose, generateKey()])) as Pick<
    NodeKeys,
    (typeof PURPOSES_MADE)[number]
  >;
  // P-256 where others' libraries meet it: every TLS stack and every wallet knows it.
  own.documents = generateKey('es256');
  const transport = generateKey('es256');
  // The manifest says when a certificate counts; its own dates only must not be in the way.
  const dates = { notBefore: yearsFrom(at, -1), notAfter: yearsFrom(at, 50) };
  const sans = [...new Set([host, `${state}.localhost`])];
  const certificate = makeCertificate({ key: transport, commonName: state, ...dates, sans });
  const documentsCertificate = issueCertificate({
    issuerKey: root,
    issuerName: { commonName: `${name} root` },
    subjectKey: own.documents.public,
    subjectName: { commonName: `${name} documents` },
    ...dates,
  });
  const keys: NodeKeys = {
    ...own,
    documentsChain: [documentsCertificate.der.toString('base64')],
    tls: tlsOf(transport, certificate.pem),
    agencies: Object.fromEntries(founder.agencies.map(({ id }) => [id, generateKey()])),
  };
  return { keys, transport, fingerprint: certificate.fingerprint, at };
}

function firstManifest(founder: Founder, charter: Charter, { keys, transport, fingerprint, at }: MadeKeys): Manifest {
  const { state } = founder;
  const listed = (purpose: Purpose, key: SigningKey) => ({ purpose, key: plain(key), from: at });
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
    certificates: [{ fingerprint, pem: keys.tls.certificatePem }],
    keys: [...PURPOSES_MADE.map((purpose) => listed(purpose, keys[purpose])), listed('transport', transport)],
    ledger: { origin: `commonway/${charter.union}/${state}` },
    agencies: founder.agencies.map((agency) => ({
      ...agency,
      keys: [{ key: plain(keys.agencies[agency.id] as SigningKey), from: at }],
    })),
  };
}

const plain = (key: SigningKey): PublicKey => publicKeyJson(key.public) as PublicKey;

function yearsFrom(at: Instant, years: number): Instant {
  const date = new Date(at);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString();
}
