import type { ComponentChildren } from 'preact';
import { type Agreement, type Field, isFileAnswer } from '../../agreements/index.ts';
import type { Json } from '../../storage/index.ts';
import { SummaryList, type View } from '../ui/index.ts';
import { answerWords, textOf } from './agreement-words.ts';

/** A question and its answer. */
interface Given {
  field: Field;
  value: Json | undefined;
}

/** Where a file of the answers can be opened; undefined where it cannot. */
export type FileHref = (digest: string) => string | undefined;

/** An answer as a page shows it: words, a file to open, a list thing by thing. */
export function AnswerValue({
  view,
  agreement,
  field,
  value,
  fileHref = () => undefined,
}: Given & { view: View; agreement: Agreement; fileHref?: FileHref }): ComponentChildren {
  if (isFileAnswer(value)) {
    const href = fileHref(value.digest);
    const words = answerWords(view, agreement, field, value);
    return href === undefined ? words : <a href={href}>{words}</a>;
  }
  const { list } = field;
  if (list === undefined || !Array.isArray(value) || value.length === 0) {
    return answerWords(view, agreement, field, value);
  }
  const item = textOf(view, agreement, list.item);
  return (
    <ol class="cw-things">
      {value.map((thing, index) => (
        <li key={index}>
          <span class="cw-hide">{view.say('portal.thing.title', { item, number: index + 1 })}</span>
          <SummaryList tight rows={thingRows(view, agreement, answersOf(list.fields, thing), fileHref)} />
        </li>
      ))}
    </ol>
  );
}

/** The answers about one thing, in the order of its questions; what was not asked of it is left out. */
function answersOf(fields: Readonly<Record<string, Field>>, thing: Json): Given[] {
  if (typeof thing !== 'object' || thing === null || Array.isArray(thing)) return [];
  return Object.values(fields).flatMap((field) =>
    Object.hasOwn(thing, field.name) ? [{ field, value: thing[field.name] }] : [],
  );
}

/** Questions and answers as rows of a summary. */
export function thingRows(view: View, agreement: Agreement, given: readonly Given[], fileHref?: FileHref) {
  return given.map(({ field, value }) => ({
    key: textOf(view, agreement, field.text),
    value: <AnswerValue {...{ view, agreement, field, value }} {...(fileHref === undefined ? {} : { fileHref })} />,
  }));
}
