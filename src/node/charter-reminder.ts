import { addMilliseconds, type Clock, type Instant } from '../storage/index.ts';
import type { TrustView } from '../union/index.ts';

const AGAIN_MS = 24 * 3_600_000;

/**
 * Says that the charter has expired: when it is first seen, and once a day as long as it lasts. Nothing else comes of it here.
 * @returns the look at the charter, to be taken from time to time
 * @example const look = charterReminder(ctx, (expires) => log.warn({ expires }, 'the charter has expired'))
 */
export function charterReminder(
  { trust, clock }: { trust: Pick<TrustView, 'charter' | 'expired'>; clock: Clock },
  say: (expires: Instant) => void,
): () => void {
  let next: Instant | undefined;
  return () => {
    if (!trust.expired()) {
      next = undefined;
      return;
    }
    const now = clock.now();
    if (next !== undefined && now < next) return;
    next = addMilliseconds(now, AGAIN_MS);
    say(trust.charter.expires);
  };
}
