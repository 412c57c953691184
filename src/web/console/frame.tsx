import type { ComponentChildren } from 'preact';
import type { Session } from '../../identity/index.ts';
import type { WebContext } from '../context.ts';
import type { Answer } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { Layout, PageHeading, type View } from '../ui/index.ts';
import { type ConsoleVerb, mayAtConsole, mustAtConsole, PLACES } from './access.ts';

/** The page of a place, for those who may see it. */
export function addPlace(
  pages: Pages,
  method: 'get' | 'post',
  path: string,
  verb: ConsoleVerb,
  handler: (visit: OfficerVisit) => Promise<Answer> | Answer,
): void {
  pages.officer[method](path, (visit) => {
    mustAtConsole(visit.ctx, visit.session, verb);
    return handler(visit);
  });
}

/** A page of the console: the places that its reader may see, the heading, the rest. */
export function Frame({
  view,
  places,
  title,
  lead,
  caption,
  wrong,
  refresh,
  back,
  children,
}: {
  view: View;
  places: readonly Place[];
  title: string;
  lead?: string;
  caption?: string;
  wrong?: boolean;
  /** Seconds after which it is loaded again. */
  refresh?: number;
  back?: string;
  children: ComponentChildren;
}) {
  return (
    <Layout
      view={view}
      title={title}
      places={places.map(({ href, name }) => [href, view.say(`console.place.${name}`)])}
      wide
      {...(wrong === undefined ? {} : { wrong })}
      {...(refresh === undefined ? {} : { refresh })}
      {...(back === undefined ? {} : { back })}
    >
      <PageHeading caption={caption ?? view.stateName(view.state)} {...(lead === undefined ? {} : { lead })}>
        {title}
      </PageHeading>
      {children}
    </Layout>
  );
}

export interface Place {
  href: string;
  name: (typeof PLACES)[number][1];
}

/** The places that somebody may see. */
export const placesOf = (ctx: Pick<WebContext, 'trust'>, session: Session): Place[] =>
  PLACES.filter(([, , verb]) => mayAtConsole(ctx, session, verb)).map(([href, name]) => ({ href, name }));
