import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { exportSigningKey, importSigningKey, privateKeyPem, type SigningKey } from '../crypto/index.ts';
import { describeError, Failure } from '../storage/index.ts';

/** The keys that a state's node signs with. The root is not among them: it stays offline. */
export interface NodeKeys {
  messages: SigningKey;
  seal: SigningKey;
  documents: SigningKey;
  /** The certificate of the `documents` key under the state's root, in base64 DER, leaf first: the `x5c` of documents. */
  documentsChain: string[];
  ledger: SigningKey;
  witness: SigningKey;
  ratification: SigningKey;
  /** Mutual TLS: the key of the certificate that the manifest pins. */
  tls: { certificatePem: string; privateKeyPem: string };
  /** By agency id. */
  agencies: Record<string, SigningKey>;
}

const SINGLE = ['messages', 'seal', 'documents', 'ledger', 'witness', 'ratification'] as const;

/**
 * Writes a node's keys into a folder of mode 0700, each file of mode 0600: `<purpose>.key.json`, `agency.<id>.key.json`,
 * `tls.key.pem`, `tls.cert.pem`, `documents.chain.json`.
 */
export function writeNodeKeys(folder: string, keys: NodeKeys): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const purpose of SINGLE) writeSecret(folder, `${purpose}.key.json`, exportSigningKey(keys[purpose]));
  for (const [id, key] of Object.entries(keys.agencies))
    writeSecret(folder, `agency.${id}.key.json`, exportSigningKey(key));
  writeSecret(folder, 'tls.key.pem', keys.tls.privateKeyPem);
  writeSecret(folder, 'tls.cert.pem', keys.tls.certificatePem);
  writeSecret(folder, 'documents.chain.json', `${JSON.stringify(keys.documentsChain)}\n`);
}

/** @throws Failure UNION_KEYS_FORM for a file that is missing or is no key */
export function readNodeKeys(folder: string): NodeKeys {
  const key = (name: string): SigningKey =>
    read(folder, `${name}.key.json`, (text) => importSigningKey(JSON.parse(text)));
  const agencies: Record<string, SigningKey> = {};
  for (const name of listFolder(folder)) {
    const found = /^(agency\.(.+))\.key\.json$/.exec(name);
    if (found) agencies[found[2] as string] = key(found[1] as string);
  }
  return {
    messages: key('messages'),
    seal: key('seal'),
    documents: key('documents'),
    documentsChain: read(folder, 'documents.chain.json', (text) => JSON.parse(text) as string[]),
    ledger: key('ledger'),
    witness: key('witness'),
    ratification: key('ratification'),
    tls: {
      certificatePem: read(folder, 'tls.cert.pem', (text) => text),
      privateKeyPem: read(folder, 'tls.key.pem', (text) => text),
    },
    agencies,
  };
}

/** Keeps the TLS key and certificate that a renewal will go over to: `next.tls.key.pem`, `next.tls.cert.pem`. */
export function writeNextTls(folder: string, { certificatePem, privateKeyPem }: NodeKeys['tls']): void {
  writeSecret(folder, 'next.tls.cert.pem', certificatePem);
  writeSecret(folder, 'next.tls.key.pem', privateKeyPem);
}

/** What a renewal that has begun will go over to; undefined where none has. */
export function findNextTls(folder: string): NodeKeys['tls'] | undefined {
  if (!existsSync(join(folder, 'next.tls.key.pem'))) return undefined;
  return {
    certificatePem: read(folder, 'next.tls.cert.pem', (text) => text),
    privateKeyPem: read(folder, 'next.tls.key.pem', (text) => text),
  };
}

/** Forgets it, once it is the present one. */
export function dropNextTls(folder: string): void {
  for (const name of ['next.tls.key.pem', 'next.tls.cert.pem']) rmSync(join(folder, name), { force: true });
}

/** Writes one key alone, e.g. a root, with mode 0600. */
export function writeKeyFile(folder: string, name: string, key: SigningKey): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeSecret(folder, `${name}.key.json`, exportSigningKey(key));
}

/** Reads one key that stands alone. @throws Failure UNION_KEYS_FORM */
export function readKeyFile(folder: string, name: string): SigningKey {
  return read(folder, `${name}.key.json`, (text) => importSigningKey(JSON.parse(text)));
}

/** The TLS form of a signing key and its certificate. */
export function tlsOf(key: SigningKey, certificatePem: string): NodeKeys['tls'] {
  return { certificatePem, privateKeyPem: privateKeyPem(key) };
}

function writeSecret(folder: string, name: string, text: string): void {
  const draft = join(folder, `.${name}.${process.pid}`);
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, join(folder, name));
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new Failure('UNION_KEYS_FORM', { file: folder, reason: describeError(error) });
  }
}

function read<T>(folder: string, name: string, parse: (text: string) => T): T {
  const file = join(folder, name);
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // Of a parser's error only the kind is told: its message would quote the key.
    throw new Failure('UNION_KEYS_FORM', { file, reason: describeError(error) });
  }
}
