import type { Agreement } from '../agreements/index.ts';
import { Failure, type PlainDate } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';

/**
 * The agreement to begin a draft under: the newest contract that every party has ratified for the day. A difference is refused here,
 * before a person fills anything in.
 * @throws Failure AGREEMENT_NOT_FOUND, AGREEMENT_NOT_RATIFIED naming the first state without the newest contract
 */
export function agreementInForce(
  ctx: Pick<ApplicationsContext, 'trust' | 'agreements'>,
  name: string,
  day: PlainDate,
): Agreement {
  const newest = ctx.agreements.newest(name);
  if (newest === undefined) throw new Failure('AGREEMENT_NOT_FOUND', { agreement: name });
  const contract = ctx.trust.contractInCommon(newest.parties, name, day);
  const agreement = contract === undefined ? undefined : ctx.agreements.byContract(contract);
  if (agreement !== undefined) return agreement;
  const state = newest.parties.find(
    (party) => ctx.trust.ratified(party, name, day)?.contract !== newest.contractDigest,
  );
  throw new Failure('AGREEMENT_NOT_RATIFIED', { state: state ?? ctx.trust.self, agreement: name });
}
