import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { Failure } from '../../storage/index.ts';
import type { Register } from './register.ts';
import { resolve, type Written } from './resolve.ts';
import { RegisterSource } from './source.ts';

/** The registers of one state, by id. */
export type RegisterSet = ReadonlyMap<string, Register>;

/**
 * The registers that the definitions of a folder describe for a state.
 *
 * @param folder with one YAML file per kind of register; its shape is in `source.ts`
 * @throws Failure REGISTERS_DEFINITION_WRONG with the file and the place
 * @example loadRegisters('registers', 'kz').get('kz.population')
 */
export function loadRegisters(folder: string, state: string): RegisterSet {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const written = files
    .sort()
    .map((file) => ({ file, source: readDefinition(readFileSync(join(folder, file), 'utf8'), file) }));
  const registers = written
    .filter(({ source }) => source.states.includes(state))
    .map(({ file, source }) => resolve(source, state, file));
  const twice = registers.find((one, index) => registers.findIndex((other) => other.id === one.id) !== index);
  if (twice !== undefined) {
    throw new Failure('REGISTERS_DEFINITION_WRONG', {
      file: folder,
      path: 'register',
      reason: `${twice.id} stands twice`,
    });
  }
  return new Map(registers.map((register) => [register.id, register]));
}

/**
 * One definition from its text, checked for shape; `resolve` checks what it says.
 * @throws Failure REGISTERS_DEFINITION_WRONG
 */
export function readDefinition(text: string, file: string): Written {
  const wrong = (path: string, reason: string) => new Failure('REGISTERS_DEFINITION_WRONG', { file, path, reason });
  let value: unknown;
  try {
    value = parse(text, { uniqueKeys: true, maxAliasCount: 0 });
  } catch (error) {
    throw wrong('/', error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'no YAML');
  }
  if (Value.Check(RegisterSource, value)) return value as unknown as Written;
  const [first] = Value.Errors(RegisterSource, value);
  throw wrong(first?.instancePath || '/', first?.message ?? 'another shape');
}

/**
 * A register by its id.
 * @throws Failure REGISTERS_UNKNOWN
 */
export function getRegister(registers: RegisterSet, id: string): Register {
  const register = registers.get(id);
  if (register === undefined) throw new Failure('REGISTERS_UNKNOWN', { register: id.slice(0, 60) });
  return register;
}

/**
 * The register by which an agency testifies to an evidence type.
 * @throws Failure REGISTERS_NOT_SERVED
 */
export function registerServing(registers: RegisterSet, agency: string, type: string): Register {
  for (const register of registers.values()) {
    if (register.owner === agency && Object.hasOwn(register.serves, type)) return register;
  }
  throw new Failure('REGISTERS_NOT_SERVED', { agency: agency.slice(0, 60), type: type.slice(0, 60) });
}
