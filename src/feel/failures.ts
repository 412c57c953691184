import { FEEL_ERRORS } from './errors.ts';

/** What is refused at run time. */
const AT_RUN_TIME = {
  FEEL_FACT_TYPE: 'The fact at {path} is not {expected}.',
  FEEL_VALUE_SIZE: 'The value is nested deeper than {deepest} levels or has more than {most} parts.',
  FEEL_LINE: 'The line has no {what}.',
  DMN_FILE_TOO_LARGE: 'The file has more than {most} characters.',
  DMN_XML: 'The file is no XML that can be read: {reason}.',
  DMN_NOT_A_MODEL: 'The file holds no decision model: its first element is {found}, not definitions.',
  DMN_HIT_POLICY: "There is no hit policy '{policy}'.",
  DMN_NOT_WRITABLE: 'The model holds the sign {sign}, which no XML file can hold.',
  DMN_TEXT: '{where} has a text that is no expression of the language.',
  DMN_NOT_EXPRESSIBLE: '{where} has {what}, which agreements do not have.',
  DMN_UNKNOWN: "The model has nothing to decide that is called '{name}'.",
  FEEL_BUDGET_SPENT: 'The evaluation was ended, since it had taken as many steps as it may.',
} as const;

/** Every refusal of this room: code and sentence. Those of expressions have a hint as well, in `FEEL_ERRORS`. */
export const FEEL_FAILURES: Readonly<Record<string, string>> = {
  ...AT_RUN_TIME,
  ...Object.fromEntries(Object.entries(FEEL_ERRORS).map(([code, [message]]) => [code, message])),
};
