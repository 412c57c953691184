import { Check } from 'typebox/schema';
import type { CloudEvent } from '../../client/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import { LIMITS } from '../limits.ts';

/** How a topic describes its events. */
export interface Description {
  /** `json-schema`: of the data of every event. `openapi`: a document whose `webhooks` are the types of the events. */
  format: 'json-schema' | 'openapi';
  schema: { [key: string]: Json };
}

type Schema = Json;
const JSON_MEDIA = 'application/json';

/**
 * Reads a description: every reference put in, so that to hold data against it takes no longer than the two are large.
 * @throws Failure MESSAGES_TOPIC_SCHEMA
 */
export function readDescription({ format, schema }: Description): (type: string) => Schema | undefined {
  if (Buffer.byteLength(JSON.stringify(schema)) > LIMITS.schema.bytes)
    throw unfit(`it is larger than ${LIMITS.schema.bytes} bytes`);
  if (format === 'json-schema') {
    const whole = putIn(schema, schema);
    return () => whole;
  }
  if (typeof schema.openapi !== 'string' || !schema.openapi.startsWith('3.1')) throw unfit('it is not of OpenAPI 3.1');
  const webhooks = memberOf(schema, 'webhooks');
  if (webhooks === undefined) throw unfit('it has no webhooks');
  const types = Object.keys(webhooks as object).map((type) => {
    const path = ['post', 'requestBody', 'content', JSON_MEDIA, 'schema'];
    const found = path.reduce<Json | undefined>(memberOf, memberOf(webhooks, type));
    if (found === undefined) throw unfit(`the webhook ${type.slice(0, 60)} has no post with content of ${JSON_MEDIA}`);
    return [type, putIn(found, schema)] as const;
  });
  const byType = new Map<string, Schema>(types);
  return (type) => byType.get(type);
}

/**
 * Holds an event against the description of its topic.
 * @throws Failure MESSAGES_EVENT
 */
export function demandDescribed(event: CloudEvent, description: Description | undefined): void {
  if (description === undefined) return;
  const schema = readDescription(description)(event.type);
  if (schema === undefined)
    throw new Failure('MESSAGES_EVENT', { reason: 'the topic describes no event of this type' });
  if (event.data === undefined || !Check(schema as object, event.data))
    throw new Failure('MESSAGES_EVENT', { reason: 'its data are not as the topic describes them' });
}

/** A schema with what its references point to in their place. */
function putIn(schema: Json, document: Json): Schema {
  let parts = 0;
  const walk = (value: Json, open: readonly string[]): Json => {
    parts++;
    if (parts > LIMITS.schema.parts) throw unfit(`with its references it has more than ${LIMITS.schema.parts} parts`);
    if (Array.isArray(value)) return value.map((one) => walk(one, open));
    if (typeof value !== 'object' || value === null) return value;
    for (const word of ['pattern', 'patternProperties', '$dynamicRef', '$recursiveRef'])
      if (Object.hasOwn(value, word) && typeof value[word] !== 'boolean' && !isNameOf(value, word))
        throw unfit(`${word} is not taken`);
    const { $ref } = value;
    if (typeof $ref === 'string') {
      if (open.includes($ref)) throw unfit('a reference leads to itself');
      return walk(pointed(document, $ref), [...open, $ref]);
    }
    const skipped = ['$defs', 'definitions', 'components'];
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !skipped.includes(name) || isNameOf(value, name))
        .map(([name, one]) => [name, walk(one, open)]),
    );
  };
  return walk(schema, []);
}

/** Whether a word is the name of a property here, not a keyword: what stands under it is a schema with a type of its own. */
function isNameOf(holder: { [key: string]: Json }, word: string): boolean {
  const below = holder[word];
  return holder.type === undefined && typeof below === 'object' && below !== null && 'type' in below;
}

function pointed(document: Json, ref: string): Json {
  if (!ref.startsWith('#')) throw unfit('a reference leads out of it');
  const found = ref
    .slice(1)
    .split('/')
    .slice(1)
    .map((token) => decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json | undefined>(memberOf, document);
  if (found === undefined) throw unfit('a reference leads nowhere');
  return found;
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as { [key: string]: Json })[name];
}

const unfit = (reason: string): Failure => new Failure('MESSAGES_TOPIC_SCHEMA', { reason });
