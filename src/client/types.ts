/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A message to be sent. */
export interface Outgoing {
  /** `kz.population/register/claims` */
  channel: string;
  /** `claim.filed` */
  type: string;
  /** Messages with one key are handed out in the order of their sending. */
  key?: string;
  /** A JSON value, or bytes with their `contentType`. */
  data?: Json;
  bytes?: Uint8Array;
  contentType?: string;
  /** Default: 14 days. */
  expiresInSeconds?: number;
  /** The same key gives the same message, however often it is sent. Default: a new one for this call. */
  idempotencyKey?: string;
}

export type Status = 'waiting' | 'received' | 'acknowledged' | 'dead' | 'refused' | 'expired' | 'dropped' | 'resent';

/** A message of one's own, and how it stands. */
export interface Sent {
  id: string;
  idempotencyKey: string;
  channel: string;
  type: string;
  key: string | null;
  contentType: string;
  size: number;
  created: string;
  expires: string;
  status: Status;
  statusAt: string;
  reason: { code: string; detail?: string; denial?: string; askAgency?: string } | null;
  resentAs: string | null;
}

/** A message that was received. */
export interface Incoming {
  id: string;
  /** `by.pension-fund/registry` */
  sender: string;
  type: string;
  key: string | null;
  created: string;
  receivedAt: string;
  expires: string;
  /** 1 for the first time. */
  delivery: number;
  contentType: string;
  /** Where its type is JSON. */
  data?: Json;
  /** Where it is something else. */
  dataBase64?: string;
}

/** Messages that are one's own for a time. */
export interface Lease {
  lease: string;
  until: string;
  messages: Incoming[];
}

export interface Rejected {
  id: string;
  reason?: string;
  retryAfterSeconds?: number;
  final?: boolean;
}

/** What was done with each message of a lease. */
export interface Settled {
  acknowledged: string[];
  rejected: string[];
  lost: string[];
  early: string[];
}

export interface Channel {
  name: string;
  address: string;
  ready: number;
  leased: number;
  dead: number;
}

/** What may be used of a service, a channel or a topic. */
export interface Offered {
  service: string;
  kind: 'REST' | 'OPENAPI' | 'MESSAGES' | 'EVENTS';
  endpoints: { method: string; path: string }[];
}

/** Why somebody was refused: what is missing, and whom to ask. */
export interface Denial {
  id: string;
  at: string;
  caller: string;
  service: string;
  method: string;
  reason: string;
  missing: string;
  askAgency: string;
}

/** A use of a person's data, in the shape of the Estonian data tracker. */
export interface Usage {
  logtime: string;
  /** What for, and on which ground. */
  action: string;
  /** The agency that gave the data, and the one that was given them; both the same where it used its own. */
  sender: string;
  receiver: string;
  id: string;
  purpose: string;
  ground: string;
  fields: string[];
  service: string | null;
  user: string | null;
}

/** Where the node is, and who calls. */
export interface ClientOptions {
  /** `https://node.example:4715` */
  url: string;
  /** PEM texts: the system's certificate and its key. */
  certificate?: string;
  key?: string;
  /** The node's own certificate (PEM), pinned: no outside authority is asked. Without it the usual authorities are. */
  nodeCertificate?: string;
  /** Where several systems have one certificate, or the node knows this one by its address: `kz.population/register`. */
  system?: string;
  /** How long a request may take; default 60 s. */
  timeoutMs?: number;
  /** How often what can be sent again without harm is tried; default 8. */
  tries?: number;
}
