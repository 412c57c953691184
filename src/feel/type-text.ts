import type { FeelType } from './types.ts';

/**
 * A type as people and files write it: `list<context<from: date, months: number>>`; an enumeration as its values.
 *
 * @example typeText(listOf(NUMBER)) // 'list<number>'
 */
export function typeText(type: FeelType): string {
  switch (type.kind) {
    case 'any':
      return 'Any';
    case 'string':
      return type.values === undefined ? 'string' : type.values.map((value) => JSON.stringify(value)).join(' | ');
    case 'list':
      return `list<${typeText(type.item)}>`;
    case 'range':
      return `range<${typeText(type.of)}>`;
    case 'context': {
      const entries = Object.entries(type.entries).map(([name, of]) => `${name}: ${typeText(of)}`);
      return `context<${entries.join(', ')}>`;
    }
    case 'function':
      return `function<${type.parameters.map((parameter) => typeText(parameter.type)).join(', ')}> -> ${typeText(type.result)}`;
    default:
      return type.kind;
  }
}
