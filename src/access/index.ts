/** Access: which information system may call what, on which ground, how much of it and until when. Deny by default. Floor 2. */
import type { Migrations } from '../storage/index.ts';
import sql from './sql/001-access.sql';
import persons from './sql/002-persons.sql';
import channels from './sql/003-channels.sql';
import conformance from './sql/004-conformance.sql';

export { ACCESS_CHANGED, listChanges } from './change.ts';
export { isCalled, openChannel } from './channels.ts';
export {
  answerSchemas,
  type Content,
  checkAnswerContent,
  checkParameters,
  checkRequestContent,
  findOperation,
  type Problem,
  requestSchemas,
  wantsJson,
} from './conformance/check.ts';
export { findContract } from './conformance/find-contract.ts';
export type { AccessContext } from './context.ts';
export { type Allowed, decide, listAllowed, listServices, type Wanted } from './decide.ts';
export { type Denial, whyDenied } from './denials.ts';
export { accessFailures } from './failures.ts';
export {
  addGrant,
  type Grant,
  listGrants,
  type NewGrant,
  type Purpose,
  type Quota,
  revokeGrant,
  type Subject,
} from './grants.ts';
export { setGroup } from './groups.ts';
export { minimise } from './minimise.ts';
export {
  parseServiceName,
  parseSystemName,
  type ServiceId,
  type SystemId,
  serviceName,
  stateOfAgency,
  systemName,
} from './names.ts';
export { canonicalPath } from './path.ts';
export {
  type CallParts,
  type NamedPerson,
  namedInAnswer,
  namedInCall,
  type PersonPlace,
  readPersonPlaces,
} from './person-places.ts';
export { countBytes, takeCall } from './quota.ts';
export { currentRules, type Rules } from './rules.ts';
export {
  type Conformance,
  disableService,
  findOpenApi,
  HOLDINGS,
  type Holding,
  type NewService,
  publishService,
  type Service,
} from './services.ts';
export {
  addSystem,
  type Connection,
  demandProven,
  type NewSystem,
  removeSystem,
  type Shown,
  type System,
} from './systems.ts';

/** The tables of this room. */
export const migrations: Migrations = {
  room: 'access',
  files: [
    { name: '001-access', sql },
    { name: '002-persons', sql: persons },
    { name: '003-channels', sql: channels },
    { name: '004-conformance', sql: conformance },
  ],
};
