/** Doors: where agencies' information systems call in, in protocols they already speak. Floor 2. */
import { API_PREFIX, answerApi } from './api/door.ts';
import type { ApiContext } from './api/operation.ts';
import type { Carry, DoorsContext } from './context.ts';
import { answerXRoad } from './x-road/door.ts';
import { type Listening, listen } from './x-road/listen.ts';

export { allowedRoutes } from './api/allowed.ts';
export { operations as apiOperations } from './api/door.ts';
export type { ApiContext } from './api/operation.ts';
export type { Carry, DoorsContext } from './context.ts';
export { doorsFailures } from './failures.ts';
export { namesInXRoad } from './x-road/carried.ts';
export { serveXRoad } from './x-road/provide.ts';
export type { Listening };

/**
 * Opens the doors of a node on one port: the own API below `/api/`, and everything else for systems that speak the X-Road REST message
 * protocol.
 * @throws Failure DOORS_PORT_TAKEN
 * @example const door = await openDoors(ctx, { carry, tls: keys.tls, listen: { host: '127.0.0.1', port: 4715 } });
 */
export function openDoors(
  ctx: DoorsContext,
  options: {
    carry: Carry;
    /** What the own API works on; where it is left out, there is none. */
    api?: ApiContext;
    tls: { certificatePem: string; privateKeyPem: string };
    listen: { host: string; port: number };
  },
): Promise<Listening> {
  const xRoad = answerXRoad(ctx, options.carry);
  const api = options.api === undefined ? undefined : answerApi(options.api);
  return listen({
    listen: options.listen,
    tls: options.tls,
    answer: (request, response) => (api !== undefined && isApi(request.url) ? api : xRoad)(request, response),
  });
}

/** No path of the X-Road protocol begins so. */
const isApi = (url = ''): boolean => url.replace(/^https?:\/\/[^/?#]*/i, '').startsWith(API_PREFIX);
