import type { SavedQueue } from '../../cases/index.ts';
import { Button, Form, Select, TextField, type View } from '../ui/index.ts';
import { CHOICES, type QueueWish, wishQuery } from './queue-wish.ts';

/** The queues that he keeps, each with how many cases are in it now. */
export function SavedQueues({
  view,
  queues,
  current,
}: {
  view: View;
  queues: readonly (SavedQueue & { count: number })[];
  current: string;
}) {
  const { say } = view;
  if (queues.length === 0) return null;
  return (
    <nav aria-label={say('desk.saved.title')}>
      <ul class="cw-filters">
        {queues.map(({ name, query, count }) => (
          <li key={name}>
            <a href={`/desk?${query}`} aria-current={query === current ? 'true' : undefined}>
              {`${name} (${view.number(count)})`}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A native form that asks by GET, so that a way to look has an address; below it the same can be kept under a name. */
export function FilterForm({
  view,
  wish,
  services,
  kept,
  wrong,
}: {
  view: View;
  wish: QueueWish;
  services: readonly { value: string; label: string }[];
  /** The name under which he keeps this way to look. */
  kept: string | undefined;
  wrong?: string | undefined;
}) {
  const { say } = view;
  const choose = (name: keyof typeof CHOICES, label: string, words: (value: string) => string) => (
    <Select
      view={view}
      name={name}
      label={label}
      value={wish[name]}
      none={say(name === 'sort' ? 'desk.filter.sort.due' : 'desk.filter.any')}
      options={CHOICES[name].map((value) => ({ value, label: words(value) }))}
    />
  );
  const query = wishQuery(wish);
  return (
    <details class="cw-details" open={query !== '' || wrong !== undefined}>
      <summary>{say('desk.filter.title')}</summary>
      <div>
        <form action="/desk" method="get" class="cw-filter-form">
          {services.length < 2 ? null : (
            <Select
              view={view}
              name="service"
              none={say('desk.filter.any')}
              label={say('desk.filter.service')}
              value={wish.service}
              options={[...services]}
            />
          )}
          {choose('stage', say('desk.filter.stage'), (value) =>
            say(value === 'confirmation' ? 'desk.stage.confirmation' : 'desk.stage.examination'),
          )}
          {choose('whose', say('desk.filter.whose'), (value) =>
            say(value === 'mine' ? 'desk.filter.whose.mine' : 'desk.filter.whose.nobody'),
          )}
          {choose('due', say('desk.filter.due'), (value) =>
            say(value === 'late' ? 'desk.filter.due.late' : 'desk.filter.due.week'),
          )}
          {choose('waits', say('desk.filter.waits'), () => say('desk.filter.waits.yes'))}
          {choose('sort', say('desk.filter.sort'), () => say('desk.filter.sort.filed'))}
          <Button kind="secondary">{say('desk.filter.show')}</Button>
        </form>
        {query === '' ? null : (
          <>
            <p>
              <a href="/desk">{say('desk.filter.all')}</a>
            </p>
            <Form view={view} action={kept === undefined ? '/desk/queues' : '/desk/queues/forget'}>
              <input type="hidden" name="query" value={query} />
              {kept === undefined ? (
                <TextField
                  view={view}
                  name="name"
                  label={say('desk.saved.keep')}
                  {...(wrong === undefined ? {} : { error: wrong })}
                />
              ) : (
                <input type="hidden" name="name" value={kept} />
              )}
              <Button kind="secondary" about={kept ?? ''}>
                {say(kept === undefined ? 'desk.saved.save' : 'desk.saved.forget')}
              </Button>
            </Form>
          </>
        )}
      </div>
    </details>
  );
}
