import { type Finding, nextStep, wordsOf } from '../../health/index.ts';
import { Icon, Tag, type Tone, type View } from '../ui/index.ts';

const TONES = { warn: 'warning', fail: 'danger', info: 'info' } as const satisfies Record<string, Tone>;

/** What was found wrong with a node, the worst first, each with what to type next. */
export function Findings({ view, findings }: { view: View; findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{view.say('health.findings')}</h2>
      <ul class="cw-findings">
        {findings.map((finding, index) => (
          <li key={index} data-color={TONES[finding.severity]}>
            <FindingCard view={view} finding={finding} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function FindingCard({ view, finding }: { view: View; finding: Finding }) {
  const { say } = view;
  const { title, meaning } = wordsOf(finding, { say, nameOf: nameIn(view) });
  const { command, section } = nextStep(finding, view.state);
  return (
    <>
      <Tag tone={TONES[finding.severity]} icon={finding.severity === 'info' ? 'info' : 'alert'}>
        {say(`health.severity.${finding.severity}`)}
      </Tag>
      <h3>{title}</h3>
      {finding.since === undefined ? null : (
        <p class="cw-subtle cw-small">
          <Icon name="clock" /> {say('health.since', { when: view.date(finding.since) })}
        </p>
      )}
      <p>{meaning}</p>
      <p>
        <strong>{say('health.next')}</strong>
      </p>
      <code class="cw-code">{command}</code>
      <p class="cw-subtle cw-small">{say('health.readOn', { where: section })}</p>
    </>
  );
}

/** States by their names, anything else as it is. */
export const nameIn =
  (view: View) =>
  (about: string): string =>
    view.states.includes(about) ? view.stateName(about) : about;
