import { setTimeout as pause } from 'node:timers/promises';
import { apply } from '../../src/cli/demo/apply.ts';
import { signIn } from '../../src/cli/demo/citizen.ts';
import { FormClient } from '../../src/cli/demo/form-client.ts';
import { confirmQueue } from '../../src/cli/demo/officer.ts';
import { answersOf, type StoryPlace, type Teller } from '../../src/cli/demo/story.ts';

/** People and officers who do not give up: where a page breaks off because its node died, they do it again, as people do. */
const PAUSE_MS = 300;

async function untilItWorks<T>(work: () => Promise<T>, giveUp: () => boolean): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (giveUp()) throw error;
      await pause(PAUSE_MS);
    }
  }
}

/** Applies once; begins again with a new draft when a node died on the way. Gives the application's id. */
export async function applyStubbornly(place: StoryPlace, who: Teller, giveUp: () => boolean): Promise<string> {
  return untilItWorks(async () => {
    const client = new FormClient(place.portals[who.state] ?? '');
    try {
      await signIn(client, who.id);
      return await apply(client, { service: 'pension/pension', answers: answersOf(who) });
    } finally {
      await client.close();
    }
  }, giveUp);
}

/** An officer who works through his queue again and again until told to stop. */
export async function workStubbornly(
  place: StoryPlace,
  state: string,
  officer: string,
  done: () => boolean,
): Promise<void> {
  while (!done()) {
    const client = new FormClient(place.portals[state] ?? '');
    try {
      await signIn(client, officer);
      while (!done()) {
        await confirmQueue(client);
        await pause(PAUSE_MS);
      }
    } catch {
      // His node died, or a colleague was faster: he signs in again.
      await pause(PAUSE_MS);
    } finally {
      await client.close();
    }
  }
}
