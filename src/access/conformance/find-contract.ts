import type { AccessContext } from '../context.ts';
import { serviceName } from '../names.ts';
import type { Service } from '../services.ts';
import { type Contract, readContract } from './contract.ts';
import type { JsonObject } from './plain-schema.ts';

/** What is remembered at most: documents of up to 2 MB each. */
const MOST_REMEMBERED = 64;

/** By the digest of the document, so that a version is read once and a new one is another. */
const remembered = new Map<string, Promise<Contract>>();

/**
 * What the calls of a service are held against; undefined where it was published without asking for it. Read once for each version of its
 * document and process.
 */
export async function findContract({ db }: Pick<AccessContext, 'db'>, service: Service): Promise<Contract | undefined> {
  const { description } = service;
  if (description === null) return undefined;
  const known = remembered.get(description);
  if (known !== undefined) return known;
  const reading = read(db, service);
  if (remembered.size >= MOST_REMEMBERED) remembered.delete(remembered.keys().next().value ?? '');
  remembered.set(description, reading);
  reading.catch(() => remembered.delete(description));
  return reading;
}

async function read(db: AccessContext['db'], service: Service): Promise<Contract> {
  const [row] = await db.query<{ openapi: JsonObject | null }>(
    'select openapi from access_service where agency = $1 and system = $2 and code = $3 and digest = $4',
    [service.agency, service.system, service.service, service.description],
  );
  // Published anew while the call was decided on: it was decided on by what is no longer there.
  if (row?.openapi == null) throw new Error(`the document of ${serviceName(service)} has changed`);
  return readContract(row.openapi);
}
