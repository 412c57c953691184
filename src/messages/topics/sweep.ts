import { addMilliseconds, type JobHandler } from '../../storage/index.ts';
import type { MessagesContext } from '../context.ts';
import { SWEEP } from './queues.ts';

/** How much longer than the event itself its id is known: who publishes it again by mistake publishes nothing. */
const ID_KEPT_MS = 30 * 86_400_000;

/** Deletes the contents of events whose time is over, and some time later that they were. */
export function sweepJob(ctx: MessagesContext): JobHandler {
  return {
    queue: SWEEP,
    async run(jobs) {
      const topics = jobs.map(({ payload }) => (payload as { topic: string }).topic);
      return async (tx) => {
        const now = ctx.clock.now();
        await tx.query(
          'update messages_event set event = null, persons = null, subject = null where topic = any($1) and expires <= $2 and event is not null',
          [topics, now],
        );
        await tx.query('delete from messages_event where topic = any($1) and expires <= $2', [
          topics,
          addMilliseconds(now, -ID_KEPT_MS),
        ]);
      };
    },
  };
}
