import { type NamedPerson, type Purpose, parseServiceName } from '../access/index.ts';
import { recordAccess } from '../persons/index.ts';
import { personOfNumber } from '../registers/index.ts';
import type { Tx } from '../storage/index.ts';
import type { MessagesContext } from './context.ts';
import type { HandedOut } from './pull.ts';
import { isSubscription } from './topics/subscriptions.ts';

/** Whom a message names, and what for it was sent. */
export interface Named {
  persons: NamedPerson[] | null;
  purpose: Purpose;
}

/** All of a content, where its parts have no names. */
const WHOLE = '*';

/**
 * Records that a channel's agency is given messages about persons: an entry for each of them and message, however often it is handed
 * out, in the transaction in which it goes out first.
 */
export async function recordReading(
  tx: Tx,
  ctx: MessagesContext,
  channel: string,
  messages: readonly (HandedOut & Named)[],
): Promise<void> {
  const { agency } = parseServiceName(channel);
  const { self } = ctx.trust;
  const named = messages
    .flatMap((message) => (message.persons ?? []).map(({ number, state = self }) => ({ message, number, state })))
    // One order for all, so that two systems that are given messages about the same persons do not wait for each other.
    .toSorted((a, b) => `${a.state} ${a.number}`.localeCompare(`${b.state} ${b.number}`));
  for (const { message, number, state } of named) {
    const { purpose } = message;
    const withheldUntil = 'agreement' in purpose ? ctx.withheldUntil?.(purpose) : undefined;
    const words =
      'ground' in purpose
        ? { purpose: 'call', ground: { kind: 'law' as const, article: purpose.ground } }
        : { purpose: `${purpose.agreement}.call`, ground: { kind: 'law' as const, article: purpose.article } };
    await recordAccess(tx, ctx, {
      subject: await personOfNumber(tx, self, { state, value: number }),
      agency,
      fields: fieldsOf(message, isSubscription(channel)),
      ...words,
      cause: `message/${message.id}`,
      ...(withheldUntil === undefined ? {} : { withheldUntil }),
    });
  }
}

function fieldsOf({ contentType, content }: HandedOut, isEvent: boolean): string[] {
  if (contentType !== 'application/json') return [WHOLE];
  const whole = JSON.parse(content.toString('utf8')) as unknown;
  const value = isEvent ? (whole as { data?: unknown }).data : whole;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [WHOLE];
  const names = Object.keys(value).filter((name) => name !== '' && name.length <= 100);
  return names.length === 0 || names.length > 200 ? [WHOLE] : names.map((name) => `/${name}`);
}
