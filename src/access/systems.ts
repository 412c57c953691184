import { X509Certificate } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { digestHex } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';
import { recordChange } from './change.ts';
import type { AccessContext } from './context.ts';
import { parseSystemName, type SystemId, stateOfAgency, systemName } from './names.ts';

/** How the two ends of a connection are known: `mutual` both by certificate, `tls` the node alone, `plain` neither. */
export type Connection = 'mutual' | 'tls' | 'plain';

/** An information system of this state, and how it reaches the node. */
export interface System extends SystemId {
  /** The weakest connection it may use. Weaker than `mutual` only from listed addresses: there its identity is a header it wrote. */
  connection: Connection;
  /** Hex SHA-256 of the DER form of each certificate that is its own. */
  certificates: string[];
  /** IP addresses and networks (`10.0.0.0/8`) it calls from without a certificate. */
  addresses: string[];
  /** How codes of errors are written to it: `upper` is `Server.ServerProxy.AccessDenied`, `lower` `server.serverproxy.access_denied`. */
  dialect: 'upper' | 'lower';
  /** Whether errors have statuses of their own (400, 403, 404, 503) rather than 500 for nearly everything. */
  strict: boolean;
  /** Whether it may change what its agency offers and grants, over the node's own API. */
  administrator: boolean;
}

export interface NewSystem {
  /** `kz.pension-fund/registry` */
  name: string;
  connection?: Connection;
  /** PEM texts. */
  certificates?: readonly string[];
  addresses?: readonly string[];
  dialect?: System['dialect'];
  strict?: boolean;
  administrator?: boolean;
  by: string;
}

/**
 * Registers an information system of this state, or changes one.
 * @throws Failure ACCESS_NAME, ACCESS_AGENCY_FOREIGN, UNION_AGENCY_UNKNOWN, ACCESS_CERTIFICATE, ACCESS_ADDRESS
 * @example await addSystem(ctx, { name: 'kz.pension-fund/registry', certificates: [pem], by: 'operator' })
 */
export async function addSystem(ctx: AccessContext, input: NewSystem): Promise<System> {
  const id = parseSystemName(input.name);
  demandOwnAgency(ctx, id.agency);
  const system: System = {
    ...id,
    connection: input.connection ?? 'mutual',
    certificates: (input.certificates ?? []).map(fingerprintOf),
    addresses: [...(input.addresses ?? [])],
    dialect: input.dialect ?? 'lower',
    strict: input.strict ?? false,
    administrator: input.administrator ?? false,
  };
  addressList(system.addresses);
  await ctx.db.transaction(async (tx) => {
    await tx.query(
      `insert into access_system (agency, code, connection, certificates, addresses, dialect, strict, administrator)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (agency, code) do update set connection = excluded.connection, certificates = excluded.certificates,
         addresses = excluded.addresses, dialect = excluded.dialect, strict = excluded.strict,
         administrator = excluded.administrator, removed_at = null`,
      [
        id.agency,
        id.system,
        system.connection,
        system.certificates,
        system.addresses,
        system.dialect,
        system.strict,
        system.administrator,
      ],
    );
    const { agency, system: code, ...content } = system;
    await recordChange(tx, ctx, { by: input.by, kind: 'system', about: `${agency}/${code}`, content });
  });
  return system;
}

/** @throws Failure ACCESS_SYSTEM_UNKNOWN */
export async function removeSystem(ctx: AccessContext, name: string, by: string): Promise<void> {
  const { agency, system } = parseSystemName(name);
  await ctx.db.transaction(async (tx) => {
    const gone = await tx.query(
      'update access_system set removed_at = $3 where agency = $1 and code = $2 and removed_at is null returning 1',
      [agency, system, ctx.clock.now()],
    );
    if (gone.length === 0) throw new Failure('ACCESS_SYSTEM_UNKNOWN', { system: name });
    await recordChange(tx, ctx, { by, kind: 'system-removed', about: name, content: {} });
  });
}

/** What a connection shows of who is at its other end. */
export interface Shown {
  encrypted: boolean;
  /** Hex SHA-256 of the certificate that the other end proved to hold. */
  fingerprint?: string | undefined;
  address: string;
}

const STRENGTH: Readonly<Record<Connection, number>> = { plain: 0, tls: 1, mutual: 2 };

/**
 * Holds what a caller says to be against how it came.
 * @throws Failure ACCESS_SYSTEM_UNPROVEN
 */
export function demandProven(system: System, shown: Shown): void {
  const unproven = (reason: string) => new Failure('ACCESS_SYSTEM_UNPROVEN', { system: systemName(system), reason });
  if (shown.fingerprint !== undefined) {
    if (system.certificates.includes(shown.fingerprint)) return;
    throw unproven('the certificate is not one of its own');
  }
  const came: Connection = shown.encrypted ? 'tls' : 'plain';
  if (STRENGTH[came] < STRENGTH[system.connection]) throw unproven(`it must connect ${WORDS[system.connection]}`);
  const { address, version } = plainAddress(shown.address);
  if (version === undefined || !knownList(system.addresses).check(address, version))
    throw unproven('the address is not one of its own');
}

const WORDS: Readonly<Record<Connection, string>> = {
  mutual: 'with its certificate',
  tls: 'over TLS',
  plain: 'from its address',
};

/** An IPv4 address in the clothes of IPv6: connections are compared without them. */
const isMapped = (address: string): boolean => /^::ffff:/i.test(address) || address.includes('%');

function plainAddress(address: string): { address: string; version: 'ipv4' | 'ipv6' | undefined } {
  const bare = address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
  const kind = isIP(bare);
  return { address: bare, version: kind === 4 ? 'ipv4' : kind === 6 ? 'ipv6' : undefined };
}

/** @throws Failure ACCESS_ADDRESS */
/** By the list of a system as the rules in force have it: what does not change is not read anew for every call. */
const lists = new WeakMap<readonly string[], BlockList>();

function knownList(addresses: readonly string[]): BlockList {
  const known = lists.get(addresses);
  if (known !== undefined) return known;
  const list = addressList(addresses);
  lists.set(addresses, list);
  return list;
}

function addressList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of addresses) {
    const [address = '', prefix] = entry.split('/');
    const version = plainAddress(address).version;
    const bits = prefix === undefined ? undefined : Number(prefix);
    const most = version === 'ipv4' ? 32 : 128;
    if (version === undefined || (bits !== undefined && !(/^\d{1,3}$/.test(prefix ?? '') && bits <= most)))
      throw new Failure('ACCESS_ADDRESS', { address: entry.slice(0, 60) });
    if (isMapped(address)) throw new Failure('ACCESS_ADDRESS', { address: entry.slice(0, 60) });
    if (bits === undefined) list.addAddress(address, version);
    else list.addSubnet(address, bits, version);
  }
  return list;
}

function fingerprintOf(pem: string): string {
  try {
    return digestHex(new X509Certificate(pem).raw);
  } catch {
    throw new Failure('ACCESS_CERTIFICATE', { reason: 'it is not a certificate in PEM form' });
  }
}

/** @throws Failure ACCESS_AGENCY_FOREIGN, UNION_AGENCY_UNKNOWN */
export function demandOwnAgency({ trust }: Pick<AccessContext, 'trust'>, agency: string): void {
  if (stateOfAgency(agency) !== trust.self) throw new Failure('ACCESS_AGENCY_FOREIGN', { agency, state: trust.self });
  trust.agency(trust.self, agency);
}
