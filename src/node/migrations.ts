import { migrations as access } from '../access/index.ts';
import { migrations as agreements } from '../agreements/index.ts';
import { migrations as applications } from '../applications/index.ts';
import { migrations as audit } from '../audit/index.ts';
import { migrations as calls } from '../calls/index.ts';
import { migrations as cases } from '../cases/index.ts';
import { migrations as documents } from '../documents/index.ts';
import { migrations as exchange } from '../exchange/index.ts';
import { migrations as files } from '../files/index.ts';
import { migrations as identity } from '../identity/index.ts';
import { migrations as ledger } from '../ledger/index.ts';
import { migrations as mailbox } from '../mailbox/index.ts';
import { migrations as messages } from '../messages/index.ts';
import { migrations as persons } from '../persons/index.ts';
import { migrations as registers } from '../registers/index.ts';
import type { Migrations } from '../storage/index.ts';
import { migrations as union } from '../union/index.ts';

/** Every room's tables, lower floors first; storage brings its own. */
export const allMigrations: Migrations[] = [
  ledger,
  audit,
  union,
  persons,
  agreements,
  files,
  exchange,
  calls,
  access,
  messages,
  identity,
  registers,
  documents,
  mailbox,
  applications,
  cases,
];
