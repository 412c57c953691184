import { Failure, type Json } from '../../storage/index.ts';

/** The members that a content must have, each with what it is; no other may be there, since nobody would read it. */
export type Shape = Readonly<Record<string, 'text' | 'object' | 'list'>>;

/**
 * Reads the content of a file as an object with exactly these members.
 * @throws Failure DOCUMENTS_FILE_FORM
 */
export function demandMembers<T>(content: Json, shape: Shape): T {
  if (!isObject(content)) throw malformed('it is not an object');
  const names = Object.keys(content).sort();
  if (names.join() !== Object.keys(shape).sort().join())
    throw malformed(`its members are not ${Object.keys(shape).join(', ')}`);
  for (const [name, kind] of Object.entries(shape)) {
    const value = content[name];
    if (!isOf(kind, value)) throw malformed(`its member ${name} is no ${kind}`);
  }
  return content as unknown as T;
}

function isOf(kind: Shape[string], value: Json | undefined): boolean {
  if (kind === 'text') return typeof value === 'string';
  return kind === 'list' ? Array.isArray(value) : isObject(value);
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const malformed = (reason: string): Failure => new Failure('DOCUMENTS_FILE_FORM', { reason });
