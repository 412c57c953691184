import type { Static, TSchema } from 'typebox';
import type { System } from '../../access/index.ts';
import type { Exchange } from '../../exchange/index.ts';
import type { MessagesContext } from '../../messages/index.ts';
import type { DoorsContext } from '../context.ts';

/** What the API works with. */
export type ApiContext = DoorsContext &
  MessagesContext & {
    /** Asks another state's node. */
    ask: Exchange['ask'];
  };

/** A request that was read and held against its operation. */
export interface Call<Body = unknown> {
  /** Who asks, as the connection proved it. */
  caller: System;
  /** Path, query and header parameters by name. */
  parameters: Readonly<Record<string, string>>;
  body: Body;
  /** Ends with the connection. */
  signal: AbortSignal;
}

export interface Answer {
  status: number;
  body: unknown;
}

export interface Parameter {
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: TSchema;
}

/** One operation: what the OpenAPI document says of it, and what it does. */
export interface Operation<Body extends TSchema = TSchema> {
  /** `sendMessage` */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with `{parameters}`. */
  path: string;
  tag: 'messages' | 'channels' | 'topics' | 'access';
  summary: string;
  description?: string;
  /** Only a system that its agency made an administrator may. */
  administrator?: boolean;
  parameters?: Readonly<Record<string, Parameter>>;
  body?: Body;
  /** In place of the media type of JSON: of each media type its schema, all of them what `Body` is. */
  media?: Readonly<Record<string, TSchema>>;
  /** By status. */
  answers: Readonly<Record<number, { description: string; schema: TSchema }>>;
  /** Statuses of its own refusals, beside those that any operation has. */
  refusals?: readonly number[];
  handle(ctx: ApiContext, call: Call<Static<Body>>): Promise<Answer>;
}

/** Makes an operation, so that its handler knows the type of its body. */
export const operation = <Body extends TSchema>(made: Operation<Body>): Operation => made as unknown as Operation;
