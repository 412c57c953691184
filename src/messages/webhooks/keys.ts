import { type PublicKey, publicKeyJson } from '../../crypto/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { MessagesContext } from '../context.ts';

/** The keys by which this node signs what it brings to webhooks, as of now. */
export function webhookKeys({ trust, keys, clock }: MessagesContext): ReturnType<typeof publicKeyJson>[] {
  const now = clock.now();
  const isValid = ({ id }: PublicKey): boolean => {
    try {
      trust.key(trust.self, 'messages', id, now);
      return true;
    } catch (error) {
      if (isFailure(error)) return false;
      throw error;
    }
  };
  const own = keys.messages.public;
  const listed = trust.keys(trust.self, 'messages').filter((key) => key.id !== own.id && isValid(key));
  return [own, ...listed].map(publicKeyJson);
}
