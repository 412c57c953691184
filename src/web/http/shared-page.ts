import type { VNode } from 'preact';
import type { View } from '../ui/index.ts';
import { type Answer, page, type SharedAnswer } from './answer.ts';
import type { Visit } from './visit.ts';

/**
 * A page that is the same for everybody who is not signed in: it is made once for a language and an appearance, and kept for as long as
 * `edition` stays what it is. Whoever is signed in gets her own, and so does who asks with a query.
 *
 * @param edition all that the page shows beside the words of this program
 * @param make must not use what is a visitor's own: the view it is given has no form token
 * @example sharedPage(visit, editionOf(offers), (view) => <StartPage view={view} offers={offers} />)
 */
export function sharedPage(
  { view, request }: Visit,
  edition: string,
  make: (view: View) => VNode,
): Answer | SharedAnswer {
  if (view.session !== undefined || request.method !== 'GET' || request.url.includes('?')) return page(make(view));
  const { language, scheme, expired, demo, states } = view;
  const key = [request.url, language, scheme, expired, demo, states.join(' '), edition].join('\n');
  return { kind: 'shared', key, make: () => make(ofNobody(view)) };
}

function ofNobody(view: View): View {
  return Object.create(view, {
    formToken: {
      get() {
        throw new Error('a page for everybody holds no form token');
      },
    },
  }) as View;
}
