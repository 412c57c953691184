import { addMilliseconds, Failure, type Instant, type Tx } from '../../storage/index.ts';

const SHARES = 16;

/** Questions that one state may ask within an hour: a node in wrong hands must not be able to drain the registers of the others. */
export const QUESTIONS_PER_HOUR = 20_000;

/**
 * Counts a question of a state. The limit is kept in 16 shares, one of which the question's reference draws, so that questions at
 * once do not queue for one row; a state that asks about many persons meets the limit at about its whole.
 *
 * @throws Failure REGISTERS_RATE
 */
export async function countQuestion(
  tx: Tx,
  asking: { state: string; digest: string; now: Instant },
  limit: number = QUESTIONS_PER_HOUR,
): Promise<void> {
  const share = Number.parseInt(asking.digest.slice(0, 2), 16) % SHARES;
  const hour = `${asking.now.slice(0, 13)}:00:00.000Z`;
  const [row] = await tx.query<{ asked: number }>(
    `insert into register_questions (home, hour, share, asked) values ($1, $2, $3, 1)
     on conflict (home, hour, share) do update set asked = register_questions.asked + 1 returning asked`,
    [asking.state, hour, share],
  );
  // The first question of an hour sweeps out what no limit asks for any more.
  if (row?.asked === 1) {
    const old = addMilliseconds(asking.now, -2 * 86_400_000);
    await tx.query('delete from register_questions where home = $1 and hour < $2', [asking.state, old]);
  }
  if ((row?.asked ?? 0) > Math.ceil(limit / SHARES))
    throw new Failure('REGISTERS_RATE', { state: asking.state, limit });
}
