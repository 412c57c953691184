/** Every code of a compile error: what is wrong, and what to do about it. `{...}` are filled in. */
export const FEEL_ERRORS = {
  FEEL_SYNTAX: ['{what} cannot stand here.', 'Check brackets, quotes and commas just before this place.'],
  FEEL_EMPTY: ['There is no expression here.', 'Write an expression, or null if that is meant.'],
  FEEL_TOO_LONG: ['The expression has {length} characters.', 'Split it into named rules of at most {most} characters.'],
  FEEL_TOO_DEEP: ['The expression is nested deeper than {most} levels.', 'Give inner parts names of their own.'],
  FEEL_TOO_LARGE: ['The type of this has more than {most} parts.', 'Give parts of it rules of their own.'],
  FEEL_NUMBER: ['The number {text} is out of range.', 'Numbers have 34 digits and an exponent up to 6144.'],
  FEEL_TEXT: [
    'The text has an escape that does not exist: {text}.',
    'Use \\n, \\t, \\", \\\\ or \\u with four hexadecimal digits.',
  ],
  FEEL_LITERAL: [
    '{text} is no date, time or duration.',
    'Write @"2021-01-31", @"10:30:00", @"2021-01-31T10:30:00", @"P1Y" or @"PT2H".',
  ],
  FEEL_UNKNOWN_NAME: ['Nothing here is called {name}.', '{hint}'],
  FEEL_UNKNOWN_ENTRY: ['{type} has no {name}.', '{hint}'],
  FEEL_UNKNOWN_FUNCTION: ['There is no function called {name}.', '{hint}'],
  FEEL_UNKNOWN_TYPE: [
    'There is no type called {name}.',
    'Types are number, string, boolean, date, time, date and time, days and time duration, years and months duration, list<...>, range<...>, context<...>, function<...> and Any.',
  ],
  FEEL_NOT_A_FUNCTION: ['{type} cannot be called.', 'Only a function can be followed by round brackets.'],
  FEEL_ARGUMENTS: ['{name} does not take {given}.', 'It is called as {signatures}.'],
  FEEL_PARAMETER: ['{name} has no parameter called {parameter}.', 'It is called as {signatures}.'],
  FEEL_OPERANDS: ['{left} {operator} {right} has no meaning.', '{hint}'],
  FEEL_COMPARISON: ['{left} cannot be compared with {right}.', '{hint}'],
  FEEL_ENUMERATION: ['{value} is not one of the values that this can have.', 'It can be {values}.'],
  FEEL_CONDITION: ['A condition is true or false, this is {type}.', 'Compare it with something.'],
  FEEL_FILTER: [
    'A filter is a condition or a position, this is {type}.',
    'Write a comparison of the item, or a whole number.',
  ],
  FEEL_LOOP: [
    'One can go through a list or a range, not through {type}.',
    'Give a list, or whole numbers or dates as `1..10`.',
  ],
  FEEL_RANGE: [
    'A range from {left} to {right} has no meaning.',
    'Both ends are numbers, texts, dates, times or durations of one kind.',
  ],
  FEEL_RESULT: ['The value is {type}, but {expected} is wanted.', '{hint}'],
  FEEL_DUPLICATE: ['{name} is given twice.', 'Give each name once.'],
  FEEL_PATTERN: ['The pattern is wrong: {why}.', 'Patterns are those of XPath, without references to groups.'],
  FEEL_ALWAYS_NULL: ['This is always null: {why}.', 'Correct what it is made of, or write null.'],
  FEEL_CLOCK: ['{name} reads the clock.', 'A rule must give the same result tomorrow: take the date as a fact.'],
  FEEL_UNSUPPORTED: ['{what} is not offered.', '{hint}'],
  FEEL_RECURSION: ['{name} calls itself: {cycle}.', 'Functions and rules use only what does not use them.'],
  FEEL_TABLE: ['{what}', '{hint}'],
  FEEL_TABLE_OVERLAP: [
    'The rows {first} and {second} can both match.',
    'In a unique table only one row may match: narrow one, or use hit policy F.',
  ],
  FEEL_TABLE_UNREACHABLE: ['The row {row} can never decide.', '{hint}'],
  FEEL_TABLE_GAP: ['No row matches {example}.', 'Add a row for it, or a default output.'],
} as const satisfies Readonly<Record<string, readonly [message: string, hint: string]>>;

export type FeelErrorCode = keyof typeof FEEL_ERRORS;
