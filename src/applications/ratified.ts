import { type Agreement, contractInCommon } from '../agreements/index.ts';
import { Failure, type PlainDate } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';

/**
 * The agreement to begin a draft under: the newest contract that every one of its parties has ratified for the day, ours among them. A
 * difference is refused here, before a person fills anything in.
 * @throws Failure AGREEMENT_NOT_FOUND, AGREEMENT_NOT_RATIFIED naming the first state without the newest contract
 */
export function agreementInForce(
  ctx: Pick<ApplicationsContext, 'trust' | 'agreements'>,
  name: string,
  day: PlainDate,
): Agreement {
  const { self } = ctx.trust;
  const versions = ctx.agreements.versions(name).filter(({ parties }) => parties.includes(self));
  const [newest] = versions;
  if (newest === undefined) throw new Failure('AGREEMENT_NOT_FOUND', { agreement: name });
  const running = contractInCommon(versions, ctx.trust, name, day);
  const agreement = running === undefined ? undefined : ctx.agreements.byContract(running.contract);
  if (agreement !== undefined) return agreement;
  const state = newest.parties.find((party) => ctx.trust.ratified(party, name, day)?.contract !== newest.contract);
  throw new Failure('AGREEMENT_NOT_RATIFIED', { state: state ?? self, agreement: name });
}
