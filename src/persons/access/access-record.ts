import { type InclusionProof, inclusion, type LedgerReader, provable } from '../../ledger/index.ts';
import type { Clock, Instant } from '../../storage/index.ts';
import type { AccessContent } from './entry.ts';

/** One entry of a person's access record. */
export interface AccessEntry extends AccessContent {
  /** The entry exactly as it was logged: what the proof is about. */
  content: AccessContent;
  /** Whether its proof can be had: not as long as the ledger has not taken the leaf in. */
  proven: boolean;
  /** When the other state told us; missing for uses by agencies of this one. */
  receivedAt?: Instant;
}

/** A state's node, as far as reading needs it. */
export type AccessReader = LedgerReader & { clock: Clock };

interface EntryRow {
  content: AccessContent;
  leaf: string | null;
  proof: InclusionProof | null;
  received_at: Instant | null;
}

/**
 * Who used a person's data, newest first: by agencies of her own state, and of others as far as they told us. What an agreement lets them
 * keep back is not among it before its day; the counts tell that there is something.
 *
 * @param subject her account
 * @param options `application`: only uses for it; `limit` (200 at most) and `before`, the id of the last entry of the page before
 */
export async function accessRecord(
  reader: AccessReader,
  subject: string,
  options: { application?: string; limit?: number; before?: string } = {},
): Promise<AccessEntry[]> {
  const rows = await reader.db.query<EntryRow>(
    `select content, leaf, proof, received_at from access_entries
     where person = $1 and ($2::text is null or application = $2) and (withheld_until is null or withheld_until <= $5)
       and ($3::uuid is null or (at, id) < (select at, id from access_entries where person = $1 and id = $3))
     order by at desc, id desc limit $4`,
    [
      subject,
      options.application ?? null,
      options.before ?? null,
      Math.min(options.limit ?? 100, 200),
      reader.clock.now(),
    ],
  );
  const leaves = await provable(
    reader,
    rows.flatMap(({ leaf }) => leaf ?? []),
  );
  return rows.map((row) => toEntry(row, row.leaf === null || leaves.has(row.leaf)));
}

/** One entry of a person with its proof, where there is one already. */
export async function findAccess(
  reader: AccessReader,
  subject: string,
  id: string,
): Promise<(AccessEntry & { proof?: InclusionProof }) | undefined> {
  const [row] = await reader.db.query<EntryRow>(
    `select content, leaf, proof, received_at from access_entries
     where person = $1 and id = $2 and (withheld_until is null or withheld_until <= $3)`,
    [subject, id, reader.clock.now()],
  );
  if (row === undefined) return undefined;
  const proof = row.leaf === null ? row.proof : await inclusion(reader, row.leaf);
  return { ...toEntry(row, Boolean(proof)), ...(proof ? { proof } : {}) };
}

function toEntry({ content, received_at }: EntryRow, proven: boolean): AccessEntry {
  return { ...content, content, proven, ...(received_at === null ? {} : { receivedAt: received_at }) };
}

/** How often an agency says that it used a person's data, beside how many of its entries she can see. */
export interface AccessCount {
  state: string;
  agency: string;
  /** By the agency's own counter. */
  counted: number;
  /** Entries here. Fewer than counted: some are on their way, or were withheld. */
  shown: number;
}

/** The counts of every agency in a person's record. A proof shows that an entry is there; only the counts show that none is missing. */
export async function accessCounts({ db, clock }: AccessReader, subject: string): Promise<AccessCount[]> {
  return db.query<AccessCount>(
    `with counters as (
       select state, content->>'agency' as agency, max((content->>'counter')::int) as counted,
         (count(*) filter (where withheld_until is null or withheld_until <= $2))::int as shown
       from access_entries where person = $1
       -- At home an agency counts a person's uses altogether; elsewhere it knows her by reference only.
       group by state, agency, case when leaf is null then content->>'reference' end)
     select state, agency, sum(counted)::int as counted, sum(shown)::int as shown from counters
     group by state, agency order by state, agency`,
    [subject, clock.now()],
  );
}
