import type { View } from './view.ts';

/** One thing that is wrong, and the id of the control to put it right. */
export interface WrongField {
  field: string;
  message: string;
}

/**
 * What is wrong, before everything else on the page. It takes the focus when the page loads: `autofocus` without scripts, the
 * enhancement script where a browser minds only controls.
 */
export function ErrorSummary({ view, errors }: { view: View; errors: readonly WrongField[] }) {
  if (errors.length === 0) return null;
  return (
    <div class="cw-errors" role="alert" tabIndex={-1} autofocus data-focus aria-labelledby="errors-title">
      <h2 id="errors-title">{view.say('common.wrong.title')}</h2>
      <ul>
        {errors.map(({ field, message }) => (
          <li key={field}>{field === '' ? message : <a href={`#${field}`}>{message}</a>}</li>
        ))}
      </ul>
    </div>
  );
}
