import { Fieldset, type QuestionProps } from './field.tsx';

export interface Option {
  value: string;
  label: string;
  hint?: string;
  lang?: string;
}

interface ChoicesProps extends QuestionProps {
  options: Option[];
}

/** One of a few. The first control has the question's own id, so that the error summary leads to it. */
export function Radios({ options, value, ...question }: ChoicesProps & { value?: string | undefined }) {
  return (
    <Fieldset {...question}>
      <div class="cw-choices">
        {options.map((option, index) => (
          <Choice
            key={option.value}
            type="radio"
            {...{ option, index }}
            name={question.name}
            checked={option.value === value}
          />
        ))}
      </div>
    </Fieldset>
  );
}

/** Any of a few. An empty hidden field says that the question was on the page even when nothing is ticked. */
export function Checkboxes({
  options,
  values = [],
  ...question
}: ChoicesProps & { values?: readonly string[] | undefined }) {
  return (
    <Fieldset {...question}>
      <input type="hidden" name={question.name} value="" />
      <div class="cw-choices">
        {options.map((option, index) => (
          <Choice
            key={option.value}
            type="checkbox"
            {...{ option, index }}
            name={question.name}
            checked={values.includes(option.value)}
          />
        ))}
      </div>
    </Fieldset>
  );
}

function Choice({
  type,
  name,
  option,
  index,
  checked,
}: {
  type: 'radio' | 'checkbox';
  name: string;
  option: Option;
  index: number;
  checked: boolean;
}) {
  const id = index === 0 ? name : `${name}-${option.value}`;
  return (
    <div class="cw-choice">
      <input
        class="ds-input"
        type={type}
        id={id}
        name={name}
        value={option.value}
        checked={checked}
        aria-describedby={option.hint === undefined ? undefined : `${id}-about`}
      />
      <label for={id} lang={option.lang}>
        {option.label}
      </label>
      {option.hint === undefined ? null : <p id={`${id}-about`}>{option.hint}</p>}
    </div>
  );
}
