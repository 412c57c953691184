import type { Instant, PlainDate } from '../storage/index.ts';

/** How sure the state is that the person is who she says (levels of ISO/IEC 29115 and eIDAS, in their order). */
export const ASSURANCES = ['low', 'substantial', 'high'] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** A role that an officer holds at an agency, for one service (`pension/old-age`) or for all of them (`*`). */
export interface Grant {
  agency: string;
  role: string;
  service: string;
}

/** A person's account at her home state. */
export interface PersonAccount {
  kind: 'person';
  /** The subject that every other room knows her by. */
  id: string;
  state: string;
  /** The key of her row in the state's population register. */
  localId: string;
  name: string;
  /** Only of a demonstration's persona: the day on which her story plays. */
  today?: PlainDate;
}

/** An officer's account, kept by the agency that employs him. */
export interface OfficerAccount {
  kind: 'officer';
  id: string;
  state: string;
  agency: string;
  name: string;
  grants: Grant[];
  today?: PlainDate;
}

export type Account = PersonAccount | OfficerAccount;

/** Somebody who signed in. The token itself is never in here. */
export interface Session {
  /** Names the session in lists and records. */
  id: string;
  account: Account;
  /** The sign-in method: `development`, `passkey`, `enrolment`. */
  method: string;
  assurance: Assurance;
  /** How surely she is known, where that is more than the sign-in proved: for what is bound in the session. */
  proofing?: Assurance;
  createdAt: Instant;
  seenAt: Instant;
  /** When it ends whatever she does. */
  expiresAt: Instant;
}

/** The lower of two levels: proof of who somebody is, and of what she shows for it, count as their weaker half. */
export function lower(one: Assurance, other: Assurance): Assurance {
  return reaches(one, other) ? other : one;
}

/** Whether a level reaches another. @example reaches('substantial', 'low'); // true */
export function reaches(level: Assurance, needed: Assurance): boolean {
  return ASSURANCES.indexOf(level) >= ASSURANCES.indexOf(needed);
}
