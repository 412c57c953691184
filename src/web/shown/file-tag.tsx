import { Tag, type View } from '../ui/index.ts';

const SHOWN = {
  quarantined: { tone: 'neutral', icon: 'clock', words: 'portal.file.quarantined' },
  clean: { tone: 'success', icon: 'check', words: 'portal.file.clean' },
  refused: { tone: 'danger', icon: 'alert', words: 'portal.file.refused' },
} as const;

/** Where a file stands on its way through quarantine. */
export function FileTag({ view, status }: { view: View; status: keyof typeof SHOWN }) {
  const { tone, icon, words } = SHOWN[status];
  return (
    <Tag tone={tone} icon={icon}>
      {view.say(words)}
    </Tag>
  );
}
