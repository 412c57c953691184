import { isLanguage } from '../../texts/index.ts';
import { isOwnPath, redirect } from '../http/answer.ts';
import { setCookie } from '../http/cookies.ts';
import type { Pages } from '../http/routes.ts';
import { isSecure } from '../http/visit.ts';

/** Language and colours: wishes of the browser's owner, kept in a cookie. Plain links, since they change nothing of hers. */
export function addWishes(pages: Pages): void {
  pages.anybody.get('/language', ({ ctx, query, reply }) => {
    if (isLanguage(query.to)) setCookie(reply, 'language', query.to, isSecure(ctx));
    return redirect(backOf(query.back));
  });
  pages.anybody.get('/appearance', ({ ctx, query, reply }) => {
    if (query.to === 'light' || query.to === 'dark' || query.to === 'auto')
      setCookie(reply, 'scheme', query.to, isSecure(ctx));
    return redirect(backOf(query.back));
  });
}

const backOf = (path: string | undefined): string => (path !== undefined && isOwnPath(path) ? path : '/');
