import { Failure, type Tx } from '../../storage/index.ts';
import { accountOf } from '../residents.ts';
import type { IdentityContext, SignInMethod } from '../sign-in.ts';
import { digestOfHalf } from './code.ts';

interface EnrolmentRow {
  local_id: string;
  name: string;
  recovery: boolean;
}

/**
 * The sign-in with a code from an office, once: its halves are the fields `first` and `second`. Two officers have seen her and her document,
 * so a passkey that she makes now is bound as surely as can be; the code itself, which lay on paper, proves little.
 */
export function enrolmentSignIn(): SignInMethod {
  return {
    name: 'enrolment',
    refusal: () => undefined,
    offer: async () => ({ kind: 'code' }),
    // Nobody counts on being given another one.
    opens: async () => false,
    async finish(ctx, _request, { first = '', second = '' }) {
      const account = await ctx.db.transaction(async (tx) => {
        const enrolment = await useCode(tx, ctx, first, second);
        const found = await accountOf(tx, ctx, { number: enrolment.local_id, name: enrolment.name });
        if (found.known && enrolment.recovery) await forgetWaysIn(tx, found.account);
        return found.account;
      });
      return { account, assurance: 'low', proofing: 'high' };
    },
  };
}

/** @throws Failure IDENTITY_ENROLMENT_CODE whatever is wrong with it */
async function useCode(tx: Tx, { clock }: IdentityContext, first: string, second: string): Promise<EnrolmentRow> {
  const [used] = await tx.query<EnrolmentRow>(
    `update identity_enrolments set used_at = $3
     where first_digest = $1 and second_digest = $2 and used_at is null and expires_at > $3
     returning local_id, name, recovery`,
    [digestOfHalf(first), digestOfHalf(second), clock.now()],
  );
  if (used === undefined) throw new Failure('IDENTITY_ENROLMENT_CODE');
  return used;
}

/** What she has lost may be in other hands. */
async function forgetWaysIn(tx: Tx, account: string): Promise<void> {
  await tx.query('delete from identity_passkeys where account = $1', [account]);
  await tx.query('delete from identity_sessions where account = $1', [account]);
}
