import type { Instant } from '../storage/index.ts';

/** How bad it is: something is broken or about to lose something; something is to be done soon; good to know. */
export type Severity = 'fail' | 'warn' | 'info';

/**
 * Everything that a node can find about itself and its peers, and what to do next: a command, and the section of docs/operate.md. Words
 * are in the catalogues under `health.<code>.title` and `health.<code>.meaning`. `{about}` in a command is what the finding is about.
 */
export const STEPS = {
  databaseUnreachable: { command: 'logs {self}', section: 'a-postgresql-of-your-own' },
  diskLow: { command: 'retention show --state {self}', section: 'when-something-is-wrong' },
  migrationsMissing: { command: 'up', section: 'a-postgresql-of-your-own' },
  migrationsNewer: { command: 'status', section: 'a-postgresql-of-your-own' },
  sequencerStopped: { command: 'status', section: 'one-machine-five-states' },
  sequencerBehind: { command: 'logs {self}', section: 'when-something-is-wrong' },
  notWitnessed: { command: 'logs {self}', section: 'when-something-is-wrong' },
  witnessBehind: { command: 'logs {self}', section: 'when-something-is-wrong' },
  witnessAhead: { command: 'ledger reopen --state {self}', section: 'back-up-restore' },
  mirrorBehind: { command: 'logs {self}', section: 'when-something-is-wrong' },
  complaint: { command: 'complaint list --state {self}', section: 'when-something-is-wrong' },
  fork: { command: 'complaint list --state {self}', section: 'when-something-is-wrong' },
  promiseBroken: { command: 'complaint list --state {self}', section: 'when-something-is-wrong' },
  trustFork: { command: 'logs {self}', section: 'when-keys-are-lost-or-somebody-else-has-them' },
  charterExpires: {
    command: 'charter propose --expires DAY --out FILE',
    section: 'the-charter-a-state-joins-a-state-leaves',
  },
  charterNewer: { command: 'trust take FILE --state {self}', section: 'the-charter-a-state-joins-a-state-leaves' },
  charterWithoutUs: { command: 'status', section: 'the-charter-a-state-joins-a-state-leaves' },
  filesRefused: { command: 'logs {self}', section: 'trust' },
  keyExpires: { command: 'manifest renew --state {self}', section: 'trust' },
  certificateExpires: { command: 'manifest renew --state {self}', section: 'trust' },
  clockSkew: { command: 'logs {self}', section: 'when-something-is-wrong' },
  peerUnreachable: { command: 'logs {self}', section: 'when-something-is-wrong' },
  peerWaiting: { command: 'messages list --state {self}', section: 'when-something-is-wrong' },
  deadLetters: { command: 'messages list --state {self}', section: 'what-is-deleted-and-when' },
  jobsDead: { command: 'logs {self}', section: 'when-something-is-wrong' },
  jobsFailing: { command: 'logs {self}', section: 'when-something-is-wrong' },
  jobsLate: { command: 'status', section: 'when-something-is-wrong' },
  retentionOverdue: { command: 'retention run --state {self}', section: 'what-is-deleted-and-when' },
  noticesMissing: { command: 'access counts --state {self}', section: 'when-something-is-wrong' },
  statementOld: { command: 'access counts --state {self}', section: 'when-something-is-wrong' },
  alarm: { command: 'logs {self}', section: 'when-something-is-wrong' },
} as const satisfies Record<string, { command: string; section: string }>;

export type FindingCode = keyof typeof STEPS;

/** One thing that an operator should know. Nothing in it names a person or a case. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** What it is about: a state, a log, a queue, a key. */
  about?: string;
  since?: Instant;
  /** For the words. */
  params: Readonly<Record<string, string | number>>;
}

/** A figure, as metrics and the page show it. */
export interface Observation {
  /** Without the prefix: `exchange_waiting`. */
  name: string;
  help: string;
  samples: readonly { labels: Readonly<Record<string, string>>; value: number }[];
}

/** What one look gives. */
export interface Look {
  findings: Finding[];
  observations: Observation[];
}

/** An observation of one number. */
export const single = (name: string, help: string, value: number): Observation => ({
  name,
  help,
  samples: [{ labels: {}, value }],
});
