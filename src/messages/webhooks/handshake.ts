import type { WebhookClient } from './ask.ts';

/**
 * Asks a target whether it wants events of this node (CloudEvents, HTTP 1.1 Web Hooks, section 4): who cannot answer so is not sent any, and
 * nobody can make a node send to somebody who never asked.
 * @returns how many events a minute it takes (null: any number), or the word for why not
 */
export async function handshake(
  client: WebhookClient,
  origin: string,
): Promise<{ rate: number | null } | { refused: string }> {
  const { status, headers } = await client.ask({ method: 'OPTIONS', headers: { 'webhook-request-origin': origin } });
  if (status < 200 || status > 299) return { refused: `HTTP_${status}` };
  const allowed = headers['webhook-allowed-origin'];
  const isAllowed = typeof allowed === 'string' && (allowed === '*' || allowed.toLowerCase() === origin.toLowerCase());
  if (!isAllowed) return { refused: 'NOT_ALLOWED' };
  const rate = headers['webhook-allowed-rate'];
  if (typeof rate !== 'string' || !/^[1-9]\d{0,8}$/.test(rate)) return { rate: null };
  return { rate: Number(rate) };
}
