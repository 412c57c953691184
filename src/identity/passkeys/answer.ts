import { fromBase64Url } from '../../crypto/index.ts';
import { Failure, type StoreContext } from '../../storage/index.ts';
import { type ChallengePurpose, spendChallenge } from './challenges.ts';

/** What a browser sends after its authenticator has signed: the JSON form of a credential (WebAuthn level 3, section 5.1.8). */
export interface PasskeyAnswer {
  id: string;
  rawId: string;
  type: 'public-key';
  clientExtensionResults: Record<string, never>;
  response: Readonly<Record<string, string>>;
}

/** Longer than any authenticator's answer without attestation. */
const LONGEST = 16_384;

/** Why an answer proves nothing. */
export type PasskeyReason =
  /** It is no answer of an authenticator. */
  | 'malformed'
  /** Its challenge was not this browser's, was answered before, or is over. */
  | 'challenge'
  /** No account here has this passkey. */
  | 'unknown'
  /** It names another account than the passkey's own. */
  | 'account'
  /** Origin, user verification, counter or signature do not hold. */
  | 'proof';

export const refused = (reason: PasskeyReason): Failure => new Failure('IDENTITY_PASSKEY_REFUSED', { reason });

/**
 * Reads a browser's answer: the members that the verifier needs, all of them texts.
 * @throws Failure IDENTITY_PASSKEY_REFUSED
 */
export function readAnswer(text: string): PasskeyAnswer {
  const value = text.length > LONGEST ? undefined : parse(text);
  if (!isRecord(value) || !isRecord(value.response)) throw refused('malformed');
  const { id } = value;
  if (typeof id !== 'string' || !/^[\w-]{1,1400}$/.test(id)) throw refused('malformed');
  const response = Object.entries(value.response).filter((entry): entry is [string, string] => {
    return typeof entry[1] === 'string';
  });
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: Object.fromEntries(response) };
}

/**
 * Spends the challenge that an answer is for, whatever comes of the rest: nothing can be tried twice.
 * @throws Failure IDENTITY_PASSKEY_REFUSED
 */
export async function spendChallengeOf(
  ctx: StoreContext,
  { response }: PasskeyAnswer,
  asked: { purpose: ChallengePurpose; browser: string },
): Promise<string> {
  const client = parse(decode(response.clientDataJSON ?? ''));
  // A page within a page of somebody else must not ask for a passkey; the verifier lets that pass.
  if (!isRecord(client) || typeof client.challenge !== 'string' || client.crossOrigin === true) {
    throw refused('malformed');
  }
  const { challenge } = client;
  if (!(await spendChallenge(ctx, { ...asked, challenge }))) throw refused('challenge');
  return challenge;
}

function decode(base64Url: string): string {
  try {
    return fromBase64Url(base64Url).toString('utf8');
  } catch {
    throw refused('malformed');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
