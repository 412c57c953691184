import { currentRules, type Grant, listGrants, type Rules, serviceName, systemName } from '../../access/index.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Empty, Table, Tag, type View } from '../ui/index.ts';
import { addPlace, Frame, type Place, placesOf } from './frame.tsx';

/** Which systems there are, what they serve, and who may call what on which ground until when. */
export function addRights(pages: Pages): void {
  addPlace(pages, 'get', '/console/rights', 'access.read', async ({ ctx, view, session }) => {
    const [rules, grants] = [await currentRules(ctx), await listGrants(ctx)];
    return page(
      <RightsPage view={view} places={placesOf(ctx, session)} {...{ rules, grants }} now={ctx.clock.now()} />,
    );
  });
}

export function RightsPage({
  view,
  places,
  rules,
  grants,
  now,
}: {
  view: View;
  places: readonly Place[];
  rules: Pick<Rules, 'systems' | 'services'>;
  grants: readonly Grant[];
  now: string;
}) {
  const { say } = view;
  const nothing = rules.systems.size + rules.services.size + grants.length === 0;
  return (
    <Frame view={view} places={places} title={say('console.rights.title')} lead={say('console.rights.lead')}>
      {nothing ? <Empty icon="link" title={say('console.rights.none')} /> : null}
      {grants.length === 0 ? null : (
        <Table
          caption={say('console.rights.grants')}
          columns={[
            { title: say('console.rights.who') },
            { title: say('console.rights.what') },
            { title: say('console.rights.why') },
            { title: say('console.rights.until') },
            { title: say('console.rights.stands') },
          ]}
          rows={grants.map((grant) => [
            whom(grant),
            `${grant.method} ${serviceName(grant)}${grant.path}`,
            'ground' in grant.purpose ? grant.purpose.ground : `${grant.purpose.agreement}, ${grant.purpose.article}`,
            view.date(grant.expires),
            <Standing key="stands" view={view} grant={grant} now={now} />,
          ])}
        />
      )}
      {rules.services.size === 0 ? null : (
        <Table
          caption={say('console.rights.services')}
          columns={[{ title: say('console.rights.service') }, { title: say('console.rights.persons') }]}
          rows={[...rules.services.values()].map((service) => [
            serviceName(service),
            (service.persons ?? []).length === 0 ? '–' : say('console.rights.personal'),
          ])}
        />
      )}
      {rules.systems.size === 0 ? null : (
        <Table
          caption={say('console.rights.systems')}
          columns={[{ title: say('console.rights.system') }, { title: say('console.rights.connection') }]}
          rows={[...rules.systems.values()].map((system) => [
            systemName(system),
            say(`console.rights.connection.${system.connection}`),
          ])}
        />
      )}
    </Frame>
  );
}

const whom = ({ subject }: Grant): string => subject.name;

function Standing({ view, grant, now }: { view: View; grant: Grant; now: string }) {
  if (grant.revokedAt !== null) return <Tag tone="neutral">{view.say('console.rights.revoked')}</Tag>;
  return grant.expires <= now ? (
    <Tag tone="neutral">{view.say('console.rights.over')}</Tag>
  ) : (
    <Tag tone="success">{view.say('console.rights.holds')}</Tag>
  );
}
