import type { SealedApplication } from '../../applications/index.ts';
import { SummaryList, type View } from '../ui/index.ts';

/** For whom somebody acts, where that is not herself. */
export function MandateLine({
  view,
  mandate,
}: {
  view: View;
  mandate: SealedApplication['actor']['mandate'] | undefined;
}) {
  if (mandate === null || mandate === undefined) return null;
  const { name, number } = mandate;
  return (
    <SummaryList
      tight
      rows={[{ key: view.say('common.mandate'), value: view.say('common.mandate.words', { name, number }) }]}
    />
  );
}
