import { type Finding, type Health, nextStep, wordsOf } from '../../health/index.ts';
import { Icon, Layout, Notification, PageHeading, Table, Tag, type Tone, type View } from '../ui/index.ts';

const TONES = { pass: 'success', warn: 'warning', fail: 'danger', info: 'info' } as const satisfies Record<
  string,
  Tone
>;

/** What an operator should know now, the worst first, each with what to type next; below it the figures. */
export function HealthPage({ view, health }: { view: View; health: Health }) {
  const { say } = view;
  const { status, at, findings, observations } = health;
  const rows = observations.flatMap(({ name, samples }) =>
    samples.map(({ labels, value }) => [
      <code key="name">{name}</code>,
      Object.values(labels).map(nameIn(view)).join(' · '),
      view.number(value),
    ]),
  );
  return (
    <Layout view={view} title={say('health.title')} wide>
      <PageHeading caption={view.stateName(view.state)} lead={say('health.lead')}>
        {say('health.title')}
      </PageHeading>
      <Notification tone={TONES[status]} title={say(`health.status.${status}`)}>
        <p>{say('health.at', { when: view.date(at) })}</p>
      </Notification>
      {findings.length === 0 ? null : (
        <section aria-labelledby="findings">
          <h2 id="findings">{say('health.findings')}</h2>
          <ul class="cw-findings">
            {findings.map((finding, index) => (
              <li key={index} data-color={TONES[finding.severity]}>
                <FindingCard view={view} finding={finding} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <Table
        caption={say('health.figures')}
        columns={[
          { title: say('health.figure') },
          { title: say('health.of') },
          { title: say('health.value'), number: true },
        ]}
        rows={rows}
      />
    </Layout>
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
const nameIn =
  (view: View) =>
  (about: string): string =>
    view.states.includes(about) ? view.stateName(about) : about;
