import type { Verdict } from '../../documents/index.ts';
import type { TextId } from '../../texts/index.ts';
import { Notification, type Tone, type View } from '../ui/index.ts';

const LOOKS: Readonly<Record<Verdict['verdict'], { tone: Tone; title: TextId; words: TextId }>> = {
  valid: { tone: 'success', title: 'verify.valid', words: 'verify.valid.words' },
  revoked: { tone: 'danger', title: 'verify.revoked', words: 'verify.revoked.words' },
  invalid: { tone: 'danger', title: 'verify.invalid', words: 'verify.invalid.words' },
  stale: { tone: 'warning', title: 'verify.stale', words: 'verify.stale.words' },
  'not-usable': { tone: 'warning', title: 'verify.notUsable', words: 'verify.notUsable.words' },
};

/** A reason nobody but an engineer could use is said as what it means to everybody; its code stands beside it. */
function reasonWords(view: View, { verdict, code, params }: Verdict): string | undefined {
  return view.find(`error.${code}`, params) ?? (verdict === 'invalid' ? view.say('error.UNION_FILE_FORM') : undefined);
}

/** What a check found, in one sentence, with the moment it is about or the code of the reason. */
export function VerdictNote({ view, verdict }: { view: View; verdict: Verdict }) {
  const { say } = view;
  const { tone, title, words } = LOOKS[verdict.verdict];
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
