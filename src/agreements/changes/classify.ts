import type { Agreement } from '../types.ts';
import { annexChanges } from './annexes.ts';
import { contractChanges } from './contract.ts';
import {
  type CaseEffect,
  type ChangeKind,
  CONSEQUENCES,
  type DraftEffect,
  type Layer,
  type MovingEffect,
} from './kinds.ts';
import { serviceChanges } from './services.ts';
import { textChanges } from './texts.ts';

/** What differs, before anything is said of it. */
export interface Difference {
  kind: ChangeKind;
  /** What it is about, as the agreement names it: `pension/statesOfWork`, `P.PN.01.TRN.002`. */
  what: string;
  /** The state whose annex it is. */
  state?: string;
  /** Before and after, in short, where that can be said in a line. */
  from?: string;
  to?: string;
}

/** One change between two versions, with what follows from it in each phase. */
export interface Change extends Difference {
  layer: Layer;
  drafts: DraftEffect;
  examined: CaseEffect;
  /** When an officer moves a case to the newer version. */
  moving: MovingEffect;
  /** Nothing that is decided changes, ever. */
  decided: 'asItWas';
  /** A draft's answer cannot be taken along without a word of the designer in migrations/, and there is none. */
  migrationMissing: boolean;
}

/**
 * Every change between two versions of an agreement, in the order of layers and files. A pure function of the two: everybody who has
 * both sees the same list. Where the digests of a layer differ and nothing that is compared does, one change of the kind `…-other` says so.
 *
 * @example classifyChanges(old, next).filter(({ migrationMissing }) => migrationMissing) // what must not be published yet
 */
export function classifyChanges(before: Agreement, after: Agreement): Change[] {
  const contract = [...contractChanges(before, after), ...serviceChanges(before, after)];
  if (contract.length === 0 && before.contractDigest !== after.contractDigest) {
    contract.push({ kind: 'contract-other', what: after.name, from: before.version, to: after.version });
  }
  return [...contract, ...annexChanges(before, after), ...textChanges(before, after)].map((one) => ({
    ...one,
    ...CONSEQUENCES[one.kind],
    decided: 'asItWas' as const,
    migrationMissing: needsMigration(before, after, one),
  }));
}

function needsMigration(before: Agreement, after: Agreement, { kind, what }: Difference): boolean {
  if (kind !== 'field-type') return false;
  const [service = '', field = ''] = what.split('/');
  return !after.migrations.some(
    ({ from, to, services }) =>
      from === before.contractDigest && to === after.contractDigest && Object.hasOwn(services[service] ?? {}, field),
  );
}
