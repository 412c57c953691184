import type { Operation } from './operation.ts';
import { Problem } from './schemas.ts';

const DESCRIPTION = `The own API of a Commonway node, for information systems of its state: durable messages to systems of any state of the
union, topics and subscriptions, services, access rights.

Who calls is told by the client certificate of the connection (mutual TLS); \`Commonway-System\` names the system where several have one
certificate. Every refusal is a problem document (RFC 9457) with a stable \`code\`. docs/integrate.md leads from the certificate to the
first message.`;

const TAGS = {
  messages: 'What your system sends.',
  channels: 'Where your system receives.',
  topics: 'Events that systems publish, and who gets them.',
  access: 'Services, grants, and why a call was refused.',
} as const;

/** Fields of every answer. */
const HEADERS = {
  RateLimit: {
    description: 'What is left of your requests, and when they begin anew.',
    schema: header('^"requests";r=\\d+;t=\\d+$'),
  },
  'RateLimit-Policy': { description: 'Requests in a window of seconds.', schema: header('^"requests";q=\\d+;w=\\d+$') },
  'Access-Control-Allow-Origin': {
    description: "The node's own portal, and nobody else.",
    schema: header('^https?://.+$'),
  },
};
const RETRY_AFTER = {
  'Retry-After': {
    description: 'In seconds.',
    schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 31_622_400 },
  },
};

/** What any operation may be refused with. */
const ALWAYS = [400, 401, 415, 429, 500, 503];
const WORDS: Readonly<Record<number, string>> = {
  400: 'It is not of its form.',
  401: 'The connection does not show a system of this node.',
  403: 'You may not.',
  404: 'There is no such thing, for you.',
  409: 'It does not fit what is there.',
  413: 'It is too large.',
  415: 'It is not JSON.',
  422: 'It cannot be done so.',
  429: 'A limit is reached.',
  500: 'The node failed. `instance` is its reference.',
  503: 'The node cannot work at this moment.',
};

/** The OpenAPI 3.1 document of some operations. */
export function openApiOf(operations: readonly Operation[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of operations) {
    const path = paths[one.path] ?? {};
    path[one.method.toLowerCase()] = describe(one);
    paths[one.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Commonway API',
      version,
      description: DESCRIPTION,
      contact: { name: 'The operator of the node', url: 'https://commonway.example/' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1', description: 'production: the node itself', 'x-internal': false }],
    security: [{ certificate: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: { certificate: { type: 'mutualTLS', description: 'The certificate of an information system.' } },
    },
  };
}

function describe(one: Operation): Record<string, unknown> {
  const refusals = [...new Set([...ALWAYS, ...(one.refusals ?? []), ...(one.administrator ? [403, 422] : [])])].sort();
  const answers = Object.entries(one.answers).map(([status, { description, schema }]) => [
    status,
    { description, headers: HEADERS, content: { 'application/json': { schema } } },
  ]);
  const problems = refusals.map((status) => [
    String(status),
    {
      description: WORDS[status],
      headers: status === 429 || status === 503 ? { ...HEADERS, ...RETRY_AFTER } : HEADERS,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  return {
    operationId: one.id,
    tags: [one.tag],
    summary: one.summary,
    description: [one.description ?? one.summary, one.administrator ? "For your agency's administrator system." : '']
      .join(' ')
      .trim(),
    ...(one.parameters !== undefined && {
      parameters: Object.entries(one.parameters).map(([name, parameter]) => ({
        name,
        in: parameter.in,
        required: parameter.required ?? false,
        ...(parameter.description !== undefined && { description: parameter.description }),
        schema: parameter.schema,
      })),
    }),
    ...(one.body !== undefined && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          Object.entries(one.media ?? { 'application/json': one.body }).map(([media, schema]) => [media, { schema }]),
        ),
      },
    }),
    responses: Object.fromEntries([...answers, ...problems]),
  };
}

function header(pattern: string): Record<string, unknown> {
  return { type: 'string', pattern, maxLength: 300 };
}
