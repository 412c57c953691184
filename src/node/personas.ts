import { type Persona, storePersonas } from '../identity/index.ts';
import { bindSubject } from '../persons/index.ts';
import type { StoreContext } from '../storage/index.ts';

/** Gives each persona of this state her account, and binds it to her row in the population register. Again changes nothing. */
export async function seatPersonas(ctx: StoreContext, personas: Persona[]): Promise<void> {
  await storePersonas(ctx.db, personas);
  await ctx.db.transaction(async (tx) => {
    for (const { id, localId } of personas) {
      if (localId !== undefined) await bindSubject(tx, ctx, { subject: id, localId });
    }
  });
}
