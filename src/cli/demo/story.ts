import { setTimeout as pause } from 'node:timers/promises';
import type { Persona } from '../../identity/index.ts';
import { apply, type Tell } from './apply.ts';
import { signIn, waitFor } from './citizen.ts';
import { collectAccess, collectCases, collectDocuments, fileKeeper, type ToldCase } from './collect.ts';
import { collectLedger, collectTransactions, type ToldLedger, type ToldTransaction } from './collect-exchange.ts';
import { FormClient } from './form-client.ts';
import { confirmQueue } from './officer.ts';
import { stuck } from './stuck.ts';

/** A persona with what she would answer, as `seeds/personas` has it. */
export type Teller = Pick<Persona, 'id' | 'state' | 'name'> & { works: string[]; numbers?: Record<string, string> };

export interface StoryPlace {
  /** Portal of each state. */
  portals: Readonly<Record<string, string>>;
  /** The officers of each state that confirm. */
  officers: Readonly<Record<string, readonly string[]>>;
  /** Where the files go, and where this machine's anchors are. */
  folder: string;
  anchors: string;
}

export interface Story {
  application: { id: string; home: string; service: string };
  cases: ToldCase[];
  transactions: ToldTransaction[];
  documents: { type: string; issuer: string; verified: boolean; file: string }[];
  accessRecord: { state: string; agency: string; purpose: string; ground: string; at: string; proof: string }[];
  ledger: ToldLedger[];
}

const SERVICE = 'pension/pension';
/** Three of the four others. */
const QUORUM = 3;
const ROUNDS = 60;

/**
 * Tells the main job through the real pages: she asks, looks, sends; officers of each paying state confirm; decisions, documents and her
 * access record come home; every file is verified offline.
 */
export async function tellStory(place: StoryPlace, persona: Teller, tell: Tell): Promise<Story> {
  const client = new FormClient(place.portals[persona.state] ?? '');
  try {
    await signIn(client, persona.id);
    tell(`${persona.name} signs in at her own state, ${persona.state}`);
    const id = await apply(client, { service: SERVICE, answers: answersOf(persona) }, tell);
    tell(`one application is sent: ${id}`);
    await confirmUntilDecided(place, client, id, persona.works, tell);
    return {
      application: { id, home: persona.state, service: SERVICE },
      ...(await collect(place, client, id, persona, tell)),
    };
  } finally {
    await client.close();
  }
}

/** Field by field what she answers: the names of the numbers are those of the page's own fields. */
export function answersOf({ works, numbers = {} }: Teller): Record<string, string | string[]> {
  const given = Object.entries(numbers).map(([state, number]) => [`foreignNumbers.${state}`, number]);
  return {
    statesOfWork: works,
    kindOfPension: 'old-age',
    payingStates: works,
    consent: 'yes',
    contactLanguage: 'en',
    ...Object.fromEntries(given),
  };
}

/** Officers of every paying state work through their queues until all have decided. */
async function confirmUntilDecided(
  place: StoryPlace,
  client: FormClient,
  id: string,
  states: string[],
  tell: Tell,
): Promise<void> {
  const officers = await Promise.all(
    states.flatMap((state) => (place.officers[state] ?? []).map((officer) => atDesk(place, state, officer))),
  );
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const { desk, officer, state } of officers) {
        if ((await confirmQueue(desk)) > 0) tell(`${officer} of ${state} looked at the evidence and confirmed`);
      }
      if ((await decidedStates(client, id)).length === states.length) return;
      await pause(100);
    }
    throw stuck(`not every state has decided: ${(await decidedStates(client, id)).join(', ')}`);
  } finally {
    await Promise.all(officers.map(({ desk }) => desk.close()));
  }
}

async function atDesk(place: StoryPlace, state: string, officer: string) {
  const desk = new FormClient(place.portals[state] ?? '');
  await signIn(desk, officer);
  return { desk, officer, state };
}

async function decidedStates(client: FormClient, id: string): Promise<string[]> {
  const page = await client.open(`/applications/${id}/proofs`);
  const links = page.root.querySelectorAll(`a[href^="/applications/${id}/decisions/"]`);
  return links.map((link) => link.getAttribute('href')?.split('/').at(-1) ?? '');
}

async function collect(place: StoryPlace, client: FormClient, id: string, persona: Teller, tell: Tell) {
  const keep = fileKeeper(client, place.folder, place.anchors);
  await waitFor(client, `/applications/${id}`, ({ status }) => status === 200);
  const { cases, confirmations } = await collectCases(client, keep, id);
  for (const one of cases) {
    const { rule, article } = one.explanation.at(-1) ?? { rule: '', article: '' };
    tell(`${one.state}: ${one.outcome}, ${one.months} full months; ${rule} by ${article}`);
  }
  const documents = await collectDocuments(client, keep, id);
  for (const one of documents)
    tell(`${one.issuer} issued ${one.type}; verified offline: ${one.verified ? 'yes' : 'NO'}`);
  const transactions = await collectTransactions(client, keep, id);
  for (const one of transactions)
    tell(
      `${one.from} -> ${one.to} ${one.code}: ${one.status}, receipt signed, places ${one.ledgerIndex.from} and ${one.ledgerIndex.to} in the two ledgers`,
    );
  // One use for who she is, one for each question to a register, one for each decision, one at least for each officer who confirmed it.
  const accessRecord = await collectAccess(client, keep, id, 1 + persona.works.length * 2 + confirmations);
  for (const one of accessRecord)
    tell(`${one.agency} used her data: ${one.purpose}, ${one.ground}; proof ${one.proof}`);
  const ledger: ToldLedger[] = [];
  for (const [state, portal] of Object.entries(place.portals)) {
    const reader = new FormClient(portal);
    ledger.push(await collectLedger(reader, place.folder, state, QUORUM).finally(() => reader.close()));
  }
  return { cases, transactions, documents, accessRecord, ledger };
}
