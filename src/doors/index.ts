/** Doors: where agencies' information systems call in, in protocols they already speak. Floor 2. */
import type { Carry, DoorsContext } from './context.ts';
import { answerXRoad } from './x-road/door.ts';
import { type Listening, listen } from './x-road/listen.ts';

export type { Carry, DoorsContext } from './context.ts';
export { doorsFailures } from './failures.ts';
export { namesInXRoad } from './x-road/carried.ts';
export { serveXRoad } from './x-road/provide.ts';
export type { Listening };

/**
 * Opens the door for systems that speak the X-Road REST message protocol.
 * @throws Failure DOORS_PORT_TAKEN
 * @example const door = await openXRoadDoor(ctx, { carry, tls: keys.tls, listen: { host: '127.0.0.1', port: 4715 } });
 */
export function openXRoadDoor(
  ctx: DoorsContext,
  options: {
    carry: Carry;
    tls: { certificatePem: string; privateKeyPem: string };
    listen: { host: string; port: number };
  },
): Promise<Listening> {
  return listen({ listen: options.listen, tls: options.tls, answer: answerXRoad(ctx, options.carry) });
}
