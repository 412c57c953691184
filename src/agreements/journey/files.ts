import type { Answers } from '../decision/types.ts';
import type { Agreement, Field, Service } from '../types.ts';
import { type FileAnswer, isFileAnswer, isGroup } from './answers.ts';
import { answerScope } from './asked.ts';
import { asStates, type JourneyInput, reachableAnswers } from './journey.ts';

/** A file that an application names: where, and what is said of it. */
export interface NamedFile extends FileAnswer {
  /** The field; of a thing in a list `list.field`. */
  field: string;
  /** The deciding states that receive it. */
  sentTo: string[];
}

/**
 * The files among the answers that are reached, in the order of the fields, each with who receives it. The same file given twice
 * stands here twice: it has two meanings, and one digest.
 * @param deciders the states that decide
 * @example filesNamed(agreement, service, input, ['ru']).map(({ field, digest }) => `${field} ${digest}`)
 */
export function filesNamed(
  agreement: Agreement,
  service: Service,
  input: JourneyInput,
  deciders: readonly string[],
): NamedFile[] {
  const answers = reachableAnswers(agreement, service, input);
  const receivers = (field: Field): string[] => {
    const { sentTo } = field.file ?? {};
    if (sentTo === undefined) return [...deciders];
    const wanted = asStates(sentTo.compiled.evaluate(answerScope(service, input.home, answers)));
    return deciders.filter((state) => wanted.includes(state));
  };
  return Object.values(service.fields).flatMap((field) => filesOfField(field, answers, '', receivers));
}

function filesOfField(
  field: Field,
  answers: Answers,
  prefix: string,
  receivers: (field: Field) => string[],
): NamedFile[] {
  const value = answers[field.name];
  if (field.type === 'file' && isFileAnswer(value)) {
    const { name, kind, size, digest } = value;
    return [{ field: `${prefix}${field.name}`, sentTo: receivers(field), name, kind, size, digest }];
  }
  const { list } = field;
  if (list === undefined || !Array.isArray(value)) return [];
  return value
    .filter(isGroup)
    .flatMap((thing) =>
      Object.values(list.fields).flatMap((one) => filesOfField(one, thing, `${field.name}.`, receivers)),
    );
}
