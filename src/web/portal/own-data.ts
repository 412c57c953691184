import { applicationsOf, heldDocuments, openDrafts } from '../../applications/index.ts';
import { filesOf } from '../../files/index.ts';
import { listEnrolments, listPasskeys, listSessions, type PersonAccount } from '../../identity/index.ts';
import { lettersOf } from '../../mailbox/index.ts';
import { type AccessEntry, accessRecord, listConsents, listLinks, listMandates } from '../../persons/index.ts';
import type { WebContext } from '../context.ts';

/** More of a kind than anybody has. */
const ALL = 100_000;
/** Entries of the access record that are read at once. */
const PAGE = 200;

/**
 * Everything that this node keeps for a person, as she may read it, for herself and for other programs (compare article 20 of the
 * General Data Protection Regulation). What an agreement lets an authority keep back from her is not in it before its day. Files that she
 * sent are named by digest and size, with the address below which she gets each.
 *
 * @returns what `JSON.stringify` takes
 * @example JSON.stringify(await ownData(ctx, person), null, 2)
 */
export async function ownData(ctx: WebContext, { id: person, name, localId, state }: PersonAccount) {
  const { db, clock } = ctx;
  const now = clock.now();
  const [drafts, applications] = [await openDrafts(db, person, now, ALL), await applicationsOf(db, person, ALL)];
  const documents = await heldDocuments(db, person);
  const withFiles = async <T extends { id: string }>(one: T) => ({
    ...one,
    files: (await filesOf(db, one.id)).map((file) => ({ ...file, address: `/files/${one.id}/${file.digest}` })),
  });
  return {
    kind: 'own-data',
    state,
    at: now,
    account: { name, number: localId },
    passkeys: await listPasskeys(db, person),
    sessions: await listSessions(ctx, person),
    enrolments: await listEnrolments(db, localId),
    links: await listLinks(db, person),
    consents: await listConsents(db, person),
    mandates: await listMandates(db, person),
    drafts: await Promise.all(drafts.map(withFiles)),
    applications: await Promise.all(applications.map(withFiles)),
    documents: documents.map(({ file, ...document }) => ({
      ...document,
      ...(file === undefined ? {} : { file: file.toString('base64') }),
    })),
    letters: await lettersOf(db, person, ALL),
    access: await wholeRecord(ctx, person),
  };
}

async function wholeRecord(ctx: WebContext, person: string): Promise<AccessEntry[]> {
  const entries: AccessEntry[] = [];
  for (let before: string | undefined; ; before = entries.at(-1)?.id) {
    const part = await accessRecord(ctx, person, { limit: PAGE, ...(before === undefined ? {} : { before }) });
    entries.push(...part);
    if (part.length < PAGE) return entries;
  }
}
