/** Every refusal of this room at run time: code and sentence. What is wrong with an expression stands in `errors.ts`. */
export const FEEL_FAILURES = {
  FEEL_FACT_TYPE: 'The fact at {path} is not {expected}.',
  FEEL_VALUE_SIZE: 'The value is nested deeper than {deepest} levels or has more than {most} parts.',
  FEEL_LINE: 'The line has no {what}.',
  FEEL_BUDGET_SPENT: 'The evaluation was ended, since it had taken as many steps as it may.',
} as const;
