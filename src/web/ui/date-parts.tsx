import { describedBy, Fieldset, type QuestionProps } from './field.tsx';

/** The three fields of a date, as a person typed them. */
export interface DateParts {
  day: string;
  month: string;
  year: string;
}

/** The parts of a date, right or wrong, for showing it again. @example partsOf('2026-03-02') // { day: '2', month: '3', year: '2026' } */
export function partsOf(date: string | undefined): DateParts {
  const [, year = '', month = '', day = ''] = /^(.*)-(.*)-(.*)$/.exec(date ?? '') ?? [];
  return { day: withoutZeros(day), month: withoutZeros(month), year: withoutZeros(year) };
}

const withoutZeros = (part: string): string => part.replace(/^0+/, '');

/**
 * A date as three numbers (`<name>.day`, `.month`, `.year`): known dates are typed faster than picked, and every browser can.
 */
export function DateField({ parts, ...question }: QuestionProps & { parts: DateParts }) {
  const { view, name, error } = question;
  const one = (part: keyof DateParts, label: string, chars: 2 | 4) => (
    <div>
      <label for={part === 'day' ? name : `${name}.${part}`}>{label}</label>
      <input
        class="ds-input"
        id={part === 'day' ? name : `${name}.${part}`}
        name={`${name}.${part}`}
        value={parts[part]}
        inputMode="numeric"
        data-chars={chars}
        maxLength={chars}
        aria-describedby={part === 'day' ? describedBy(question) : undefined}
        aria-invalid={error === undefined ? undefined : 'true'}
      />
    </div>
  );
  return (
    <Fieldset {...question}>
      <div class="cw-dates">
        {one('day', view.say('common.date.day'), 2)}
        {one('month', view.say('common.date.month'), 2)}
        {one('year', view.say('common.date.year'), 4)}
      </div>
    </Fieldset>
  );
}
