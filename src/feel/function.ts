import type { Machine } from './machine.ts';
import type { FeelParameter, FeelType } from './types.ts';
import type { FeelValue } from './values.ts';

/**
 * A FEEL function as a value: defined in an expression, in the agreement, or built in. A call is charged to the machine of the
 * evaluation that makes it.
 */
export class FeelFunction {
  readonly parameters: readonly FeelParameter[];
  readonly result: FeelType;
  /** Calls it with as many arguments as it has parameters, each of its parameter's type. */
  readonly call: (machine: Machine, args: readonly FeelValue[]) => FeelValue;

  constructor(
    parameters: readonly FeelParameter[],
    result: FeelType,
    call: (machine: Machine, args: readonly FeelValue[]) => FeelValue,
  ) {
    this.parameters = parameters;
    this.result = result;
    this.call = call;
  }
}
