import type { Migrations } from '../storage/index.ts';
import identity from './sql/001-identity.sql';
import passkeys from './sql/002-passkeys.sql';
import enrolments from './sql/003-enrolments.sql';
import eid from './sql/004-eid.sql';

export { findAccount, listOfficers, storeAccounts } from './accounts.ts';
export { developmentSignIn, isLoopback } from './development.ts';
export { readEidConfig } from './eid/config.ts';
export { EID_RETURN, eidSignIn } from './eid/sign-in.ts';
export {
  beginEnrolment,
  confirmEnrolment,
  DOCUMENTS,
  type EnrolmentContext,
  type IdentityDocument,
  type Shown,
} from './enrolment/enrolment.ts';
export { listEnrolments } from './enrolment/list.ts';
export { enrolmentSignIn } from './enrolment/sign-in.ts';
export { identityFailures } from './failures.ts';
export { type BindingOptions, bindingOptions, bindPasskey } from './passkeys/bind.ts';
export { listPasskeys, type Passkey, removePasskey } from './passkeys/list.ts';
export { passkeySignIn, type SigningOptions, signingOptions } from './passkeys/sign-in.ts';
export { may, must, type OfficerVerb, type Place, servicesFor } from './permissions.ts';
export { type Persona, personaFiles, readPersonas, storePersonas } from './personas.ts';
export {
  closeOtherSessions,
  closeSession,
  endSession,
  FRESH_MINUTES,
  findSession,
  isFresh,
  listSessions,
  type OpenSession,
  openSession,
} from './sessions.ts';
export {
  beginSignIn,
  type IdentityContext,
  type OfferedAccount,
  type SignInMethod,
  type SignInOffer,
  type SignInRequest,
  signIn,
  signInOffers,
} from './sign-in.ts';
export {
  type Account,
  type Assurance,
  type Grant,
  type OfficerAccount,
  type PersonAccount,
  reaches,
  type Session,
} from './types.ts';

/** The tables of this room. */
export const migrations: Migrations = {
  room: 'identity',
  files: [
    { name: '001-identity', sql: identity },
    { name: '002-passkeys', sql: passkeys },
    { name: '003-enrolments', sql: enrolments },
    { name: '004-eid', sql: eid },
  ],
};
