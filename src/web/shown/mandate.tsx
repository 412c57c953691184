import type { Draft, SealedApplication } from '../../applications/index.ts';
import { SummaryList, type View } from '../ui/index.ts';

/** For whom somebody acts, where that is not herself; or who acted for the applicant, by her own mandate. */
export function MandateLine({
  view,
  mandate,
}: {
  view: View;
  mandate: SealedApplication['actor']['mandate'] | undefined;
}) {
  if (mandate === null || mandate === undefined) return null;
  if (mandate.kind === 'given') {
    const { holder, until } = mandate;
    const words = { name: holder.name, number: holder.number, until: view.date(until) };
    return (
      <SummaryList
        tight
        rows={[{ key: view.say('common.mandate.acting'), value: view.say('common.mandate.acting.words', words) }]}
      />
    );
  }
  const { name, number } = mandate;
  return (
    <SummaryList
      tight
      rows={[{ key: view.say('common.mandate'), value: view.say('common.mandate.words', { name, number }) }]}
    />
  );
}

/** The same of a draft: of somebody else's, whose it is, and by which mandate. */
export function DraftMandate({ view, draft }: { view: View; draft: Pick<Draft, 'mandate' | 'given'> }) {
  const { mandate, given } = draft;
  if (given === undefined) return <MandateLine view={view} mandate={mandate} />;
  return (
    <>
      <SummaryList tight rows={[{ key: view.say('common.mandate'), value: given.applicant }]} />
      <MandateLine view={view} mandate={given} />
    </>
  );
}
