import {
  generateKey,
  issueCertificate,
  makeCertificate,
  type PublicKey,
  publicKeyJson,
  type SigningKey,
} from '../crypto/index.ts';
import type { Instant } from '../storage/index.ts';
import type { Manifest } from './manifest.ts';
import { type NodeKeys, tlsOf } from './node-keys.ts';

/** Whose keys they are to be. */
export interface KeyOwner {
  state: string;
  /** The state's name, for certificates. */
  name: string;
  /** Where the others reach the exchange; default 127.0.0.1. */
  exchangeHost?: string;
  /** Ids of the agencies that this node signs for. */
  agencies: readonly string[];
}

/** A whole new set of keys, with what the manifest lists of its certificate. */
export interface MadeKeys {
  keys: NodeKeys;
  /** The key of the TLS certificate. */
  transport: SigningKey;
  certificate: Manifest['certificates'][number];
}

const PURPOSES_MADE = ['messages', 'seal', 'documents', 'ledger', 'witness', 'ratification'] as const;

/** Makes every key that a node needs, and the two certificates: of TLS by itself, of documents under the state's root. */
export function makeNodeKeys(owner: KeyOwner, root: SigningKey, at: Instant): MadeKeys {
  const { state, name, exchangeHost: host = '127.0.0.1' } = owner;
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
  const { pem, fingerprint } = makeCertificate({ key: transport, commonName: state, ...dates, sans });
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
    tls: tlsOf(transport, pem),
    agencies: Object.fromEntries(owner.agencies.map((id) => [id, generateKey()])),
  };
  return { keys, transport, certificate: { fingerprint, pem } };
}

/** The node's own keys as a manifest lists them, valid from a moment on. */
export function listedKeys({ keys, transport }: MadeKeys, from: Instant): Manifest['keys'] {
  return [
    ...PURPOSES_MADE.map((purpose) => ({ purpose, key: plainKey(keys[purpose].public), from })),
    { purpose: 'transport' as const, key: plainKey(transport.public), from },
  ];
}

/** A public key as plain JSON, as it is signed. */
export const plainKey = (key: PublicKey): PublicKey => publicKeyJson(key) as PublicKey;

function yearsFrom(at: Instant, years: number): Instant {
  const date = new Date(at);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString();
}
