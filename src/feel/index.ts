/**
 * The rule language: a typed compiler for FEEL (DMN 1.5), its decision tables, and its values.
 *
 * @example
 * const age = compile('age >= 60', { types: { age: NUMBER }, expect: BOOLEAN });
 * if (age.ok) age.compiled.evaluate({ age: 61 }); // true
 */
export { compile } from './compile/compile.ts';
export { compileFunctions, type FunctionsCompilation } from './compile/library.ts';
export type {
  Compilation,
  Compiled,
  CompileOptions,
  EvaluateOptions,
  FeelError,
  FunctionDefinition,
  FunctionLibrary,
  Scope,
} from './compiled.ts';
export { quoted } from './display.ts';
export { type CompiledModel, compileModel, type Facts } from './dmn/compile-model.ts';
export type {
  Boxed,
  BoxedEntry,
  BoxedFunction,
  BoxedTable,
  Decision,
  DecisionService,
  DmnModel,
  InputData,
  ItemDefinition,
  Knowledge,
} from './dmn/model.ts';
export { type DecisionText, type ModelTexts, modelTexts } from './dmn/model-texts.ts';
export { readModel } from './dmn/read-model.ts';
export { functionBody } from './dmn/rename.ts';
export { writeModel } from './dmn/write-model.ts';
export { childOf, childrenOf, readXml, textOf, type XmlElement } from './dmn/xml.ts';
export { FEEL_ERRORS, type FeelErrorCode } from './errors.ts';
export { FEEL_FAILURES } from './failures.ts';
export { FeelFunction } from './function.ts';
export { fromJson, toJson } from './json.ts';
export { toFeel } from './literal.ts';
export { DEFAULT_BUDGET, newTrace, type Problem, type ProblemCode, type RowHit, type Trace } from './machine.ts';
export { isNumber, parseNumber } from './number/decimal.ts';
export { FeelRange } from './range.ts';
export { type Answer, answerLine, type RunFeelOptions, runFeel } from './run-feel.ts';
export { typeOfSchema } from './schema.ts';
export { type Parsed, parseExpression, parseUnaryTests } from './syntax/parse.ts';
export type { Argument, CompareOperator, Node, NodeOf, UnaryTests } from './syntax/tree.ts';
export { compileTable } from './tables/compile-table.ts';
export type {
  CellPath,
  DecisionTable,
  HitPolicy,
  TableInput,
  TableOptions,
  TableOutput,
  TableRow,
} from './tables/table.ts';
export { FeelDate, makeDate, parseDate } from './time/date.ts';
export { FeelDateTime, parseDateTime } from './time/date-time.ts';
export { DaysTimeDuration, parseDuration, YearsMonthsDuration } from './time/duration.ts';
export { FeelTime, parseTime } from './time/time.ts';
export { parseType, typeText } from './type-text.ts';
export {
  ANY,
  BOOLEAN,
  contextOf,
  DATE,
  DATE_TIME,
  DAYS_TIME,
  type FeelParameter,
  type FeelType,
  functionOf,
  listOf,
  NULL,
  NUMBER,
  oneOf,
  rangeOf,
  STRING,
  TIME,
  YEARS_MONTHS,
} from './types.ts';
export type { FeelContext, FeelNumber, FeelValue } from './values.ts';
