import { digestOf } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';

/**
 * The lot of a sealed application for one deciding state: a whole number from 0 to 2^52 - 1 that rules draw by.
 *
 * It is made of the application as its home node signed it, so whoever holds that file works out the same number. Who applies cannot
 * choose it, since the signature is not hers; who decides cannot either, since nothing of it is his. The home node could try several
 * signatures before it sends one: it knows nobody among whom is drawn.
 *
 * @param application the sealed application, signature included
 * @example lotOf(sealed, 'ru') // 2683915532019444
 */
export function lotOf(application: Json, state: string): number {
  return Number.parseInt(digestOf({ domain: 'commonway/lot/1', application, state }).slice(0, 13), 16);
}
