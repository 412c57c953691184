import Type, { type Static } from 'typebox';
import { Address, closed, listOf } from './schemas.ts';

const Endpoint = closed({
  method: Type.String({ pattern: '^(\\*|[A-Z]+)$', maxLength: 20 }),
  path: Type.String({ pattern: '^(/.*)?$', maxLength: 500 }),
});

/** A service, a channel or a topic as those see it who may use it. */
export const Offered = closed({
  service: Address,
  kind: Type.Enum(['REST', 'OPENAPI', 'MESSAGES', 'EVENTS']),
  endpoints: listOf(Endpoint, 10_000),
});
export type Offered = Static<typeof Offered>;
