import type { Verdict } from '../../documents/index.ts';
import type { Failure } from '../../storage/index.ts';
import type { TextId } from '../../texts/index.ts';
import { Notification, type Tone, type View } from '../ui/index.ts';

const LOOKS: Readonly<Record<Verdict['verdict'], { tone: Tone; title: TextId; words: TextId }>> = {
  valid: { tone: 'success', title: 'verify.valid', words: 'verify.valid.words' },
  revoked: { tone: 'danger', title: 'verify.revoked', words: 'verify.revoked.words' },
  invalid: { tone: 'danger', title: 'verify.invalid', words: 'verify.invalid.words' },
  stale: { tone: 'warning', title: 'verify.stale', words: 'verify.stale.words' },
  'not-usable': { tone: 'warning', title: 'verify.notUsable', words: 'verify.notUsable.words' },
};

/** A file of another union is neither genuine nor changed: nothing here can say. */
const OF_ANOTHER_UNION = { tone: 'warning', title: 'verify.other', words: 'verify.other.words' } as const;

/** What is no file of ours is said so already: its form needs no words. */
const SAID_ALREADY: readonly string[] = ['UNION_FILE_FORM'];

/** A reason nobody but an engineer could use is said as what it means to everybody; its code stands beside it. */
function reasonWords(view: View, { verdict, code, params }: Verdict): string | undefined {
  if (verdict === 'not-usable' && SAID_ALREADY.includes(code)) return undefined;
  return view.find(`error.${code}`, params) ?? (verdict === 'invalid' ? view.say('error.UNION_FILE_FORM') : undefined);
}

/** What a check found, in one sentence, with the moment it is about or the code of the reason. */
export function VerdictNote({ view, verdict }: { view: View; verdict: Verdict }) {
  const { say } = view;
  const { tone, title, words } = verdict.code === 'UNION_ANCHOR_MISMATCH' ? OF_ANOTHER_UNION : LOOKS[verdict.verdict];
  return (
    <Notification tone={tone} title={say(title)}>
      <p>{say(words)}</p>
      {verdict.asOf === undefined ? null : (
        <p class="cw-small">{say('verify.asOf', { date: view.date(verdict.asOf) })}</p>
      )}
      {verdict.verdict === 'valid' ? null : (
        <p class="cw-small">
          {reasonWords(view, verdict)} <span class="cw-code">{verdict.code}</span>
        </p>
      )}
    </Notification>
  );
}

/** What the code of a printed page proves, and what it cannot: it is read without its file, so nobody knows whether it was revoked. */
export function PaperNote({
  view,
  failure,
  withoutClaims = false,
}: {
  view: View;
  failure?: Failure;
  withoutClaims?: boolean;
}) {
  const { say } = view;
  if (failure !== undefined) {
    return (
      <Notification tone="danger" title={say('verify.code.wrong')}>
        <p>{view.find(`error.${failure.code}`, failure.params) ?? say('error.DOCUMENTS_PAPER_FORM')}</p>
        <p class="cw-small cw-code">{failure.code}</p>
      </Notification>
    );
  }
  return (
    <Notification tone={withoutClaims ? 'warning' : 'info'} title={say('verify.code.genuine')}>
      <p>{say(withoutClaims ? 'verify.code.short' : 'verify.code.compare')}</p>
      <p>{say('verify.code.status')}</p>
    </Notification>
  );
}
