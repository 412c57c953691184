import type { Health } from '../../health/index.ts';
import { Findings, nameIn } from '../shown/findings.tsx';
import { Layout, Notification, PageHeading, Table, type Tone, type View } from '../ui/index.ts';

const TONES = { pass: 'success', warn: 'warning', fail: 'danger' } as const satisfies Record<string, Tone>;

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
      <Findings view={view} findings={findings} />
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
