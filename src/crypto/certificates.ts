import { isIP } from 'node:net';
import { Failure, type Instant } from '../storage/index.ts';
import {
  bits,
  boolean,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  printable,
  sequence,
  set,
  time,
  utf8,
} from './der.ts';
import { digestHex, sha256 } from './digests.ts';
import { randomBytes } from './ids.ts';
import { type PublicKey, publicHandle, type SigningKey } from './keys.ts';
import { rawSign } from './signatures.ts';
import type { Suite } from './suite.ts';

/** A distinguished name. `country` is an ISO 3166 code of two letters. */
export interface CertificateName {
  commonName: string;
  organisation?: string;
  country?: string;
}

export interface Certificate {
  pem: string;
  der: Buffer;
  /** Hex SHA-256 of the DER form: what manifests pin. */
  fingerprint: string;
}

const OIDS = {
  commonName: '2.5.4.3',
  country: '2.5.4.6',
  organisation: '2.5.4.10',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** RFC 8410 section 3 and RFC 5758 section 3.2: both without parameters. */
const ALGORITHMS: Record<Suite, string> = { ed25519: '1.3.101.112', es256: '1.2.840.10045.4.3.2' };

/** First bit of KeyUsage is digitalSignature, sixth keyCertSign, seventh cRLSign (RFC 5280 section 4.2.1.3). */
const USAGE = { sign: bits(Buffer.from([0x80]), 7), authority: bits(Buffer.from([0x06]), 1) };

/**
 * A self-signed certificate for mutual TLS. Peers pin its fingerprint by the manifest, which also says when it counts; so its
 * own dates may be wide. `sans` are DNS names or IP addresses.
 * @throws Failure CRYPTO_CERTIFICATE for dates or names that cannot be written
 * @example makeCertificate({ key, commonName: 'kz', notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2120-01-01T00:00:00.000Z', sans: ['kz.localhost'] })
 */
export function makeCertificate(input: {
  key: SigningKey;
  commonName: string;
  notBefore: Instant;
  notAfter: Instant;
  sans: string[];
}): Certificate {
  const name = { commonName: input.commonName };
  return issue({ ...input, issuerKey: input.key, issuerName: name, subjectKey: input.key.public, subjectName: name }, [
    extension(OIDS.basicConstraints, sequence(), true),
    extension(OIDS.keyUsage, USAGE.sign, true),
    extension(OIDS.extendedKeyUsage, sequence(oid(OIDS.serverAuth), oid(OIDS.clientAuth))),
    extension(OIDS.subjectAltName, sequence(...input.sans.map(alternativeName))),
  ]);
}

/**
 * The certificate of a state's root key as an authority of its own: issues leaves only. It is a form of the key for tools that
 * want one; trust comes from the root key in the charter.
 */
export function makeRootCertificate(input: {
  key: SigningKey;
  name: CertificateName;
  notBefore: Instant;
  notAfter: Instant;
}): Certificate {
  const { key, name } = input;
  return issue({ ...input, issuerKey: key, issuerName: name, subjectKey: key.public, subjectName: name }, [
    extension(OIDS.basicConstraints, sequence(boolean(true), integer(Buffer.from([0]))), true),
    extension(OIDS.keyUsage, USAGE.authority, true),
  ]);
}

/**
 * A certificate for a document-signing key under a root (the `x5c` of SD-JWT VC takes `der` in base64).
 * @throws Failure CRYPTO_CERTIFICATE
 * @example const leaf = issueCertificate({ issuerKey: root, issuerName, subjectKey: key.public, subjectName, notBefore, notAfter });
 *   header.x5c = [leaf.der.toString('base64')]
 */
export function issueCertificate(input: {
  issuerKey: SigningKey;
  issuerName: CertificateName;
  subjectKey: PublicKey;
  subjectName: CertificateName;
  notBefore: Instant;
  notAfter: Instant;
  sans?: string[];
}): Certificate {
  const names = (input.sans ?? []).map(alternativeName);
  return issue(input, [
    extension(OIDS.basicConstraints, sequence(), true),
    extension(OIDS.keyUsage, USAGE.sign, true),
    ...(names.length > 0 ? [extension(OIDS.subjectAltName, sequence(...names))] : []),
  ]);
}

interface Issuance {
  issuerKey: SigningKey;
  issuerName: CertificateName;
  subjectKey: PublicKey;
  subjectName: CertificateName;
  notBefore: Instant;
  notAfter: Instant;
}

/** RFC 5280 section 4.1. */
function issue(input: Issuance, extensions: Buffer[]): Certificate {
  checkDates(input.notBefore, input.notAfter);
  const algorithm = sequence(oid(ALGORITHMS[input.issuerKey.public.suite]));
  // 128 random bits with the top ones fixed: positive, never zero, never shortened.
  const serial = randomBytes(16);
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  const own = [
    extension(OIDS.subjectKeyId, octets(keyIdentifier(input.subjectKey))),
    extension(OIDS.authorityKeyId, sequence(implicit(0, keyIdentifier(input.issuerKey.public)))),
  ];
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    distinguishedName(input.issuerName),
    sequence(time(input.notBefore), time(input.notAfter)),
    distinguishedName(input.subjectName),
    publicHandle(input.subjectKey).export({ format: 'der', type: 'spki' }),
    explicit(3, sequence(...extensions, ...own)),
  );
  const der = sequence(body, algorithm, bits(signatureForm(input.issuerKey, body)));
  return { der, pem: pemOf(der), fingerprint: digestHex(der) };
}

/** X.509 carries an ECDSA signature as a SEQUENCE of two integers (RFC 3279 section 2.2.3), Ed25519 as it is. */
function signatureForm(key: SigningKey, body: Buffer): Buffer {
  const signature = rawSign(key, body);
  if (key.public.suite === 'ed25519') return signature;
  return sequence(integer(signature.subarray(0, 32)), integer(signature.subarray(32)));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

/** RFC 7093 section 2, method 4: 160 bits of SHA-256 over the SubjectPublicKeyInfo. */
function keyIdentifier(key: PublicKey): Buffer {
  return sha256(publicHandle(key).export({ format: 'der', type: 'spki' })).subarray(0, 20);
}

function distinguishedName(name: CertificateName): Buffer {
  const parts: Buffer[] = [];
  if (name.country !== undefined) {
    if (!/^[A-Z]{2}$/.test(name.country)) throw refused('a country is two capital letters');
    parts.push(attribute(OIDS.country, printable(name.country)));
  }
  if (name.organisation !== undefined) parts.push(attribute(OIDS.organisation, utf8(plain(name.organisation))));
  parts.push(attribute(OIDS.commonName, utf8(plain(name.commonName))));
  return sequence(...parts);
}

const attribute = (id: string, value: Buffer): Buffer => set(sequence(oid(id), value));

function plain(text: string): string {
  if (text.length === 0 || text.length > 64 || /\p{Cc}/u.test(text) || !text.isWellFormed()) {
    throw refused('a name is 1 to 64 letters without control characters');
  }
  return text;
}

function alternativeName(name: string): Buffer {
  const version = isIP(name);
  if (version === 4) return implicit(7, Buffer.from(name.split('.').map(Number)));
  if (version === 6) return implicit(7, ipv6Bytes(name));
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) throw refused('a host name has foreign letters');
  return implicit(2, Buffer.from(name));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function checkDates(notBefore: Instant, notAfter: Instant): void {
  for (const at of [notBefore, notAfter]) {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(at) || Number.isNaN(Date.parse(at))) {
      throw refused('a date is not an RFC 3339 time in UTC');
    }
  }
  if (notBefore >= notAfter) throw refused('it would end before it begins');
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const refused = (reason: string): Failure => new Failure('CRYPTO_CERTIFICATE', { reason });
