import { whyDenied } from '../access/index.ts';
import type { Failure } from '../storage/index.ts';
import type { MessagesContext } from './context.ts';
import type { Reason } from './sent.ts';

/** Why something is refused, for who asked for it: nothing of what lies behind the refusal. */
export async function reasonOf(ctx: MessagesContext, error: Failure): Promise<Reason> {
  const { denial } = error.params;
  if (typeof denial !== 'string') return { code: error.code };
  const { missing, askAgency } = await whyDenied(ctx, denial, undefined);
  return { code: error.code, detail: missing, denial, askAgency };
}
