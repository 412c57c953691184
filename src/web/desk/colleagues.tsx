import { assignCase, type CaseFile, noteOnCase } from '../../cases/index.ts';
import { listOfficers, may, type OfficerAccount } from '../../identity/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { type Answer, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { Button, Form, Select, TextArea, type View } from '../ui/index.ts';

/** What is wrong with what was sent, beside its field. */
export interface Wrong {
  field: string;
  message: string;
}

/** Who works on a case, and what officers tell each other about it. `show` is the page of the case with what is wrong. */
export function addColleagues(pages: Pages, show: (visit: OfficerVisit, wrong: Wrong) => Promise<Answer>): void {
  const act = (
    path: string,
    done: string,
    work: (visit: OfficerVisit, id: string) => Promise<void>,
    fields: Readonly<Record<string, string>>,
  ) =>
    pages.officer.post(`/desk/cases/:id/${path}`, async (visit) => {
      const id = visit.params.id ?? '';
      try {
        await work(visit, id);
      } catch (error) {
        if (!isFailure(error) || !Object.hasOwn(fields, error.code)) throw error;
        const message = visit.view.find(`error.${error.code}`, error.params) ?? error.code;
        return show(visit, { field: fields[error.code] ?? '', message });
      }
      return redirect(`/desk/cases/${id}?done=${done}`);
    });
  act(
    'assign',
    'assigned',
    ({ ctx, session, fields }, id) => {
      const named = (name: string) => (fields.one(name) === '' ? undefined : fields.one(name));
      // The button that gives back names nobody; a list in which nobody was chosen is no wish.
      if (fields.one('act') === 'give' && named('to') === undefined) throw new Failure('CASE_COLLEAGUE', {});
      return assignCase(ctx, session, id, { to: named('to'), seen: named('seen') });
    },
    { CASE_TAKEN: '', CASE_COLLEAGUE: 'to', CASE_NOT_OPEN: '' },
  );
  act('notes', 'noted', ({ ctx, session, fields }, id) => noteOnCase(ctx, session, id, fields.one('text')), {
    CASE_NOTE_MISSING: 'text',
    CASE_TEXT_LONG: 'text',
    CASE_NOT_OPEN: '',
  });
}

/** Officers of the agency who may read a case of this service, by name. */
export async function colleaguesOf({ db }: Pick<WebContext, 'db'>, { row }: CaseFile): Promise<OfficerAccount[]> {
  const place = { agency: row.agency, service: `${row.agreement}/${row.service}` };
  return (await listOfficers(db)).filter((account) => may({ account }, 'case.read', place));
}

/** Who works on a case, in words. */
export function workerOf(
  view: View,
  assignee: string | undefined,
  { officer, colleagues }: { officer: string; colleagues: readonly OfficerAccount[] },
): string {
  if (assignee === undefined) return view.say('desk.assign.nobody');
  return assignee === officer
    ? view.say('desk.assign.me')
    : (colleagues.find(({ id }) => id === assignee)?.name ?? assignee);
}

export function Colleagues({
  view,
  file,
  officer,
  colleagues,
  mayAssign,
  wrong,
}: {
  view: View;
  file: CaseFile;
  /** Who looks. */
  officer: string;
  colleagues: readonly OfficerAccount[];
  /** Whether he may give what is somebody else's. */
  mayAssign: boolean;
  wrong?: Wrong | undefined;
}) {
  const { say } = view;
  const { assignee, notes, phase } = file.state;
  const open = phase === 'received' || phase === 'inProgress';
  const isMine = assignee === officer;
  const nameOf = (id: string): string => colleagues.find((one) => one.id === id)?.name ?? id;
  const others = colleagues.filter(({ id }) => id !== assignee && id !== officer);
  const at = (field: string) => (wrong?.field === field ? { error: wrong.message } : {});
  return (
    <section class="cw-section" aria-labelledby="colleagues">
      <h2 id="colleagues">{say('desk.assign.title')}</h2>
      <p>{workerOf(view, assignee, { officer, colleagues })}</p>
      {!open ? null : (
        <Form view={view} action={`/desk/cases/${file.row.id}/assign`}>
          <input type="hidden" name="seen" value={assignee ?? ''} />
          {assignee === undefined ? (
            <>
              <input type="hidden" name="to" value={officer} />
              <Button kind="secondary">{say('desk.assign.take')}</Button>
            </>
          ) : isMine || mayAssign ? (
            <Button kind="secondary">{say('desk.assign.back')}</Button>
          ) : null}
        </Form>
      )}
      {!open || others.length === 0 || !(isMine || mayAssign) ? null : (
        <Form view={view} action={`/desk/cases/${file.row.id}/assign`}>
          <input type="hidden" name="seen" value={assignee ?? ''} />
          <input type="hidden" name="act" value="give" />
          <Select
            view={view}
            name="to"
            label={say('desk.assign.to')}
            options={others.map(({ id, name }) => ({ value: id, label: name }))}
            {...at('to')}
          />
          <Button kind="secondary">{say('desk.assign.give')}</Button>
        </Form>
      )}
      <h2>{say('desk.notes.title')}</h2>
      <p class="cw-subtle">{say('desk.notes.words')}</p>
      {notes.map(({ text, officer: by, at: when }) => (
        <article class="cw-piece" key={when}>
          <p class="cw-note-text">{text}</p>
          <p class="cw-subtle cw-small">{`${nameOf(by.id)}, ${view.date(when)}`}</p>
        </article>
      ))}
      {!open ? null : (
        <Form view={view} action={`/desk/cases/${file.row.id}/notes`}>
          <TextArea view={view} name="text" rows={3} label={say('desk.notes.new')} {...at('text')} />
          <Button kind="secondary">{say('desk.notes.add')}</Button>
        </Form>
      )}
    </section>
  );
}
