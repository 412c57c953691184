import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import type { View } from './view.ts';

/** What every question has in common. `error` is said already, in the reader's language. */
export interface QuestionProps {
  view: View;
  name: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** The question is the page's heading: one thing per page. */
  heading?: boolean;
}

export const hintId = (name: string): string => `${name}-hint`;
export const errorId = (name: string): string => `${name}-error`;

/** The ids of what describes a control, for `aria-describedby`. */
export function describedBy({ name, hint, error }: Pick<QuestionProps, 'name' | 'hint' | 'error'>): string | undefined {
  const ids = [hint === undefined ? '' : hintId(name), error === undefined ? '' : errorId(name)].filter(Boolean);
  return ids.length === 0 ? undefined : ids.join(' ');
}

/** Hint and error of a question, in the order in which they are read. */
export function Explained({ view, name, hint, error }: Pick<QuestionProps, 'view' | 'name' | 'hint' | 'error'>) {
  return (
    <>
      {hint === undefined ? null : (
        <p class="cw-hint" id={hintId(name)}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p class="cw-message" id={errorId(name)}>
          <Icon name="alert" />
          <span>
            <span class="cw-hide">{view.say('common.wrong.word')} </span>
            {error}
          </span>
        </p>
      )}
    </>
  );
}

function Label({ name, label, heading }: Pick<QuestionProps, 'name' | 'label' | 'heading'>) {
  return (
    <label for={name} class={heading ? 'cw-question' : undefined}>
      {heading ? <h1>{label}</h1> : label}
    </label>
  );
}

/** One line of text. */
export function TextField({
  value = '',
  chars = 20,
  autocomplete,
  inputMode,
  maxLength,
  ...question
}: QuestionProps & {
  value?: string | undefined;
  chars?: 2 | 4 | 20 | 60;
  autocomplete?: 'off';
  inputMode?: 'numeric' | 'text';
  maxLength?: number;
}) {
  return (
    <div class={question.error === undefined ? 'cw-field' : 'cw-field cw-wrong'}>
      <Label {...question} />
      <Explained {...question} />
      <input
        class="ds-input"
        id={question.name}
        name={question.name}
        type="text"
        value={value}
        data-chars={chars}
        autocomplete={autocomplete}
        inputMode={inputMode}
        maxLength={maxLength}
        aria-describedby={describedBy(question)}
        aria-invalid={question.error === undefined ? undefined : 'true'}
      />
    </div>
  );
}

/** Several lines of text. */
export function TextArea({
  value = '',
  rows = 4,
  id,
  ...question
}: QuestionProps & {
  /** Where a page has several of that name. */
  id?: string;
  value?: string | undefined;
  rows?: number;
}) {
  return (
    <div class={question.error === undefined ? 'cw-field' : 'cw-field cw-wrong'}>
      <Label {...question} name={id ?? question.name} />
      <Explained {...question} name={id ?? question.name} />
      <textarea
        class="ds-input"
        id={id ?? question.name}
        name={question.name}
        rows={rows}
        aria-describedby={describedBy({ ...question, name: id ?? question.name })}
        aria-invalid={question.error === undefined ? undefined : 'true'}
      >
        {value}
      </textarea>
    </div>
  );
}

/** A choice from a longer list. */
export function Select({
  value,
  options,
  none,
  ...question
}: QuestionProps & {
  value?: string | undefined;
  options: { value: string; label: string; lang?: string }[];
  /** What it means to choose nothing, where that means something. */
  none?: string;
}) {
  return (
    <div class={question.error === undefined ? 'cw-field' : 'cw-field cw-wrong'}>
      <Label {...question} />
      <Explained {...question} />
      <select
        class="ds-input"
        id={question.name}
        name={question.name}
        aria-describedby={describedBy(question)}
        aria-invalid={question.error === undefined ? undefined : 'true'}
      >
        <option value="">{none ?? question.view.say('common.choose')}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value} lang={option.lang} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A group of controls under one question. */
export function Fieldset({ children, ...question }: QuestionProps & { children: ComponentChildren }) {
  const { name, label, heading, error } = question;
  return (
    <fieldset
      class={error === undefined ? 'cw-fieldset' : 'cw-fieldset cw-wrong'}
      aria-describedby={describedBy(question)}
      id={`${name}-group`}
    >
      <legend class={heading ? 'cw-question' : undefined}>{heading ? <h1>{label}</h1> : label}</legend>
      <Explained {...question} />
      {children}
    </fieldset>
  );
}

/**
 * A file to send. What was chosen before stays unless another is chosen: browsers never fill such a field again. `kept` names it, so
 * that it need not be sent twice when something else on the page was wrong.
 */
export function FileField({
  accept,
  now,
  kept,
  remove,
  ...question
}: QuestionProps & {
  accept: string;
  now?: string;
  kept?: { digest: string; name: string };
  remove?: string;
}) {
  const { name, error } = question;
  return (
    <div class={error === undefined ? 'cw-field cw-file' : 'cw-field cw-file cw-wrong'}>
      <Label {...question} />
      <Explained {...question} />
      {now === undefined || kept === undefined ? null : (
        <>
          <p>{now}</p>
          <input type="hidden" name={`${name}.kept`} value={kept.digest} />
          <input type="hidden" name={`${name}.name`} value={kept.name} />
          <div class="cw-choice">
            <input class="ds-input" type="checkbox" id={`${name}-remove`} name={`${name}.remove`} value="yes" />
            <label for={`${name}-remove`}>{remove}</label>
          </div>
        </>
      )}
      <input
        type="file"
        id={name}
        name={name}
        accept={accept}
        aria-describedby={describedBy(question)}
        aria-invalid={error === undefined ? undefined : 'true'}
      />
    </div>
  );
}
