import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { parseServiceName, parseSystemName } from '../../access/index.ts';
import { Failure, type Json } from '../../storage/index.ts';

const text = (maxLength: number) => Type.String({ maxLength });
const Subscribing = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    topic: text(230),
    subscriber: text(165),
    types: Type.String({ pattern: '^[a-z0-9.-]*$', maxLength: 100 }),
    subject: text(200),
    starts: Type.Enum(['now', 'earliest']),
    expires: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
  },
  { additionalProperties: false },
);

/** What the node of a subscriber asks of the node of a topic. */
export type Subscribe = Static<typeof Subscribing>;

/** @throws Failure MESSAGES_MALFORMED */
export function readSubscribe(body: Json): Subscribe {
  if (!Value.Check(Subscribing, body)) throw new Failure('MESSAGES_MALFORMED');
  parseSystemName(body.subscriber);
  parseServiceName(body.topic);
  return body;
}
