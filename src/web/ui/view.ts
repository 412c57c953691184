import type { Session } from '../../identity/index.ts';
import type { Instant, PlainDate } from '../../storage/index.ts';
import type { Language, Texts } from '../../texts/index.ts';

/** Light, dark, or as the system wishes. */
export type Scheme = 'auto' | 'light' | 'dark';

/** Everything a page may know of the request it answers: words, place, person. Components read it, none keeps it. */
export interface View {
  language: Language;
  say: Texts['say'];
  find: Texts['find'];
  /** A plain date or a moment, in the reader's words and the state's time zone. */
  date(value: PlainDate | Instant): string;
  shortDate(value: PlainDate | Instant): string;
  number(value: number): string;
  duration(iso: string): string;
  list(words: string[]): string;
  stateName(state: string): string;
  /** The name of an agency in the reader's language, from its state's manifest; its id when nobody knows it. */
  agencyName(agency: string): string;
  /** The state whose node this is. */
  state: string;
  /** All states of the union, in the charter's order. */
  states: readonly string[];
  demo: boolean;
  /** The charter has expired: shown loudly, work goes on. */
  expired: boolean;
  face: 'portal' | 'desk' | 'console';
  scheme: Scheme;
  /** Path and query of this page, to come back to it after changing the language. */
  here: string;
  /** Masked anew for every page; goes into each form. */
  formToken: string;
  assets: Assets;
  session?: Session;
  unread: number;
}

/** Addresses of the style sheet and the scripts, with their digests in the name. */
export interface Assets {
  style: string;
  script: string;
  proof: string;
  passkey: string;
}
