import { cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { getAgreement } from '../../agreements/index.ts';
import { Failure } from '../../storage/index.ts';
import { places } from './union-folder.ts';

/** What a union is filled with: agreements, definitions of registers, seeds. */
const PARTS = ['agreements', 'registers', 'seeds'] as const;

/** Where a union's agreements, registers and seeds are read: the checkout, or its own copy where `--with` brought more. */
export function contentOf(folder: string, root: string): string {
  const { content } = places(folder);
  return existsSync(content) ? content : root;
}

/**
 * Looks at what `--with` is to bring, before anything is deleted: at least one agreement, none with a finding, and no file of the checkout
 * in the place of one of the folder's.
 * @throws Failure CLI_WITH_EMPTY, CLI_WITH_TAKEN, and the first finding of an agreement
 */
export async function demandContent(root: string, brought: string): Promise<void> {
  const folder = resolve(brought);
  const agreements = join(folder, 'agreements');
  const names = existsSync(agreements) ? readdirSync(agreements) : [];
  if (names.length === 0) throw new Failure('CLI_WITH_EMPTY', { folder });
  const taken = filesOf(folder).find((path) => existsSync(join(root, path)));
  if (taken !== undefined) throw new Failure('CLI_WITH_TAKEN', { folder, file: taken });
  for (const name of names) await getAgreement(join(agreements, name));
}

/** Makes a union's own copy of the checkout's agreements, registers and seeds, with those of the folder laid over it. */
export function bringContent(folder: string, root: string, brought: string): void {
  for (const from of [root, resolve(brought)]) {
    for (const part of PARTS) {
      if (existsSync(join(from, part)))
        cpSync(join(from, part), join(places(folder).content, part), { recursive: true });
    }
  }
}

/** The files below the three parts, each by its path in the folder; an agreement counts as one, by its own folder. */
function filesOf(folder: string): string[] {
  return PARTS.flatMap((part) => {
    const at = join(folder, part);
    if (!existsSync(at)) return [];
    if (part === 'agreements') return readdirSync(at).map((name) => join(part, name));
    return readdirSync(at, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(at, path)).isFile())
      .map((path) => join(part, path));
  });
}
