import type { TextId } from '../../texts/index.ts';
import { Actions, ButtonLink, Layout, PageHeading, type View } from '../ui/index.ts';

const TITLES: Readonly<Record<number, TextId>> = {
  403: 'error.title.forbidden',
  404: 'error.title.missing',
  409: 'error.title.changed',
  410: 'error.title.gone',
  500: 'error.title.broken',
};

/** What went wrong, what to do, and the code that somebody at the help desk will ask for. */
export function ErrorPage({
  view,
  status,
  code,
  params = {},
  reference,
}: {
  view: View;
  status: number;
  code: string;
  params?: Record<string, string | number>;
  reference?: string;
}) {
  const { say } = view;
  const title = say(TITLES[status] ?? 'error.title.refused');
  return (
    <Layout view={view} title={title}>
      <PageHeading>{title}</PageHeading>
      <p class="cw-lead">{view.find(`error.${code}`, params) ?? say('error.unknown')}</p>
      <p>{view.find(`error.${code}.todo`, params) ?? say('error.todo')}</p>
      <p class="cw-subtle cw-small">
        {say('error.code')} <span class="cw-code">{reference === undefined ? code : `${code} ${reference}`}</span>
      </p>
      <Actions>
        <ButtonLink href={view.face === 'desk' ? '/desk' : '/'}>{say('error.home')}</ButtonLink>
      </Actions>
    </Layout>
  );
}
