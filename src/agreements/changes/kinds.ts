/** The layer of an agreement that a change is in: it says whose word the change needs. */
export type Layer = 'contract' | 'annex' | 'texts';

/** What becomes of a draft. */
export type DraftEffect =
  /** Shown at once, wherever the draft stands. */
  | 'follows'
  /** Asked when she opens the draft next. */
  | 'asked'
  /** Looked at again; asked again where the answer does not fit any more. */
  | 'rechecked'
  /** Not asked any more. */
  | 'dropped'
  /** Taken along as the migration says. */
  | 'mapped'
  /** Evidence is asked for again. */
  | 'evidence'
  /** Used from the day on which the new version runs. */
  | 'moves'
  /** Counts by its own date, whatever day it was published. */
  | 'byDate';

/** What becomes of a case under examination. */
export type CaseEffect =
  | 'follows'
  /** It goes on as it was filed. */
  | 'stays'
  /** The answer stays in its log. */
  | 'kept';

/** What a change means when an officer moves a case under examination to the newer version. */
export type MovingEffect =
  /** The case goes along. */
  | 'goes'
  /** Whether this very case can go along is looked at: its answers, its evidence, its deciders. */
  | 'tested';

/** The kinds of changes between two versions. A closed list: what is compared and not named here is `contract-other`. */
export interface ChangeKinds {
  'texts-changed': 'texts';
  'translation-approved': 'texts';
  'translation-draft': 'texts';
  'party-added': 'contract';
  'party-removed': 'contract';
  'entry-changed': 'contract';
  'article-changed': 'contract';
  'role-changed': 'contract';
  'transaction-added': 'contract';
  'transaction-removed': 'contract';
  'transaction-changed': 'contract';
  'timer-changed': 'contract';
  'evidence-added': 'contract';
  'evidence-removed': 'contract';
  'evidence-facts': 'contract';
  'evidence-terms': 'contract';
  'service-added': 'contract';
  'service-removed': 'contract';
  'field-added-required': 'contract';
  'field-added-optional': 'contract';
  'field-removed': 'contract';
  'field-renamed': 'contract';
  'field-type': 'contract';
  'field-required': 'contract';
  'field-optional': 'contract';
  'field-options-added': 'contract';
  'field-options-removed': 'contract';
  'field-condition': 'contract';
  'pages-changed': 'contract';
  'deciders-changed': 'contract';
  'stages-changed': 'contract';
  'deadline-changed': 'contract';
  'disclosure-changed': 'contract';
  'events-changed': 'contract';
  'rule-added': 'contract';
  'rule-removed': 'contract';
  'rule-version-added': 'contract';
  'rule-changed': 'contract';
  'document-changed': 'contract';
  'contract-other': 'contract';
  'annex-rule': 'annex';
  'annex-role': 'annex';
  'annex-confirmations': 'annex';
  'annex-deadline': 'annex';
  'annex-other': 'annex';
}

export type ChangeKind = keyof ChangeKinds;

interface Consequence {
  layer: Layer;
  drafts: DraftEffect;
  examined: CaseEffect;
  moving: MovingEffect;
}

/** What may leave a case without what the newer version wants of it. */
const TESTED: readonly ChangeKind[] = [
  'party-removed',
  'evidence-added',
  'evidence-facts',
  'evidence-terms',
  'service-removed',
  'field-added-required',
  'field-removed',
  'field-renamed',
  'field-type',
  'field-required',
  'field-options-removed',
  'field-condition',
  'pages-changed',
  'deciders-changed',
  'contract-other',
];

const contract = (drafts: DraftEffect, examined: CaseEffect = 'stays'): Omit<Consequence, 'moving'> => ({
  layer: 'contract',
  drafts,
  examined,
});
const annex = (drafts: DraftEffect): Omit<Consequence, 'moving'> => ({ layer: 'annex', drafts, examined: 'stays' });
const TEXTS: Omit<Consequence, 'moving'> = { layer: 'texts', drafts: 'follows', examined: 'follows' };

const EFFECTS: Readonly<Record<ChangeKind, Omit<Consequence, 'moving'>>> = {
  'texts-changed': TEXTS,
  'translation-approved': TEXTS,
  'translation-draft': TEXTS,
  'party-added': contract('moves'),
  'party-removed': contract('moves'),
  'entry-changed': contract('moves'),
  'article-changed': contract('moves'),
  'role-changed': contract('moves'),
  'transaction-added': contract('moves'),
  'transaction-removed': contract('moves'),
  'transaction-changed': contract('moves'),
  'timer-changed': contract('moves'),
  'evidence-added': contract('evidence'),
  'evidence-removed': contract('dropped', 'kept'),
  'evidence-facts': contract('evidence'),
  'evidence-terms': contract('evidence'),
  'service-added': contract('moves'),
  'service-removed': contract('dropped', 'kept'),
  'field-added-required': contract('asked'),
  'field-added-optional': contract('asked'),
  'field-removed': contract('dropped', 'kept'),
  'field-renamed': contract('mapped', 'kept'),
  'field-type': contract('mapped', 'kept'),
  'field-required': contract('asked'),
  'field-optional': contract('moves'),
  'field-options-added': contract('moves'),
  'field-options-removed': contract('rechecked', 'kept'),
  'field-condition': contract('rechecked'),
  'pages-changed': contract('moves'),
  'deciders-changed': contract('rechecked'),
  'stages-changed': contract('moves'),
  'deadline-changed': contract('moves'),
  'disclosure-changed': contract('moves'),
  'events-changed': contract('moves'),
  'rule-added': contract('byDate'),
  'rule-removed': contract('byDate'),
  'rule-version-added': contract('byDate'),
  'rule-changed': contract('byDate'),
  'document-changed': contract('moves'),
  'contract-other': contract('moves'),
  'annex-rule': annex('byDate'),
  'annex-role': annex('evidence'),
  'annex-confirmations': annex('moves'),
  'annex-deadline': annex('moves'),
  'annex-other': annex('moves'),
};

/** What follows from each kind for a draft and for a case under examination. What is decided is shown as it was, whatever changes. */
export const CONSEQUENCES = Object.fromEntries(
  Object.entries(EFFECTS).map(([kind, effects]) => [
    kind,
    { ...effects, moving: TESTED.includes(kind as ChangeKind) ? 'tested' : 'goes' },
  ]),
) as Readonly<Record<ChangeKind, Consequence>>;
