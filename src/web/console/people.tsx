import { listOfficers, type OfficerAccount } from '../../identity/index.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Table, type View } from '../ui/index.ts';
import { addPlace, Frame, type Place, placesOf } from './frame.tsx';

/** Who may do what at this state's agencies. Officers only: nobody is shown to whom the portal belongs. */
export function addPeople(pages: Pages): void {
  addPlace(pages, 'get', '/console/people', 'people.read', async ({ ctx, view, session }) =>
    page(<PeoplePage view={view} places={placesOf(ctx, session)} officers={await listOfficers(ctx.db)} />),
  );
}

export function PeoplePage({
  view,
  places,
  officers,
}: {
  view: View;
  places: readonly Place[];
  officers: readonly OfficerAccount[];
}) {
  const { say } = view;
  return (
    <Frame view={view} places={places} title={say('console.people.title')} lead={say('console.people.lead')}>
      {[...Map.groupBy(officers, ({ agency }) => agency)].map(([agency, some]) => (
        <Table
          key={agency}
          caption={view.agencyName(agency)}
          columns={[
            { title: say('console.people.account') },
            { title: say('console.people.officer') },
            { title: say('console.people.roles') },
          ]}
          rows={some.map(({ id, name, grants }) => [
            <code key="id">{id}</code>,
            name,
            grants.map(({ role, service }) => (service === '*' ? role : `${role} (${service})`)).join(', '),
          ])}
        />
      ))}
    </Frame>
  );
}
