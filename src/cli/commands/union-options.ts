import { join, resolve } from 'node:path';
import { Failure } from '../../storage/index.ts';
import { type Option, type Surroundings, type Typed, textOf } from '../command.ts';

/** `--folder`, which every command about a union takes. */
export const FOLDER: Readonly<Record<string, Option>> = {
  folder: { type: 'string', value: 'FOLDER', summary: 'the union there; default: union below the data folder' },
};

/** The union's folder that is meant. */
export function unionFolder(around: Surroundings, typed: Typed): string {
  const given = textOf(typed, 'folder');
  return given === undefined ? join(around.home, 'union') : resolve(given);
}

/** Where this machine pins anchors. */
export function anchorFolder(around: Surroundings): string {
  return join(around.home, 'anchors');
}

/** @throws Failure CLI_PORT_WRONG; sixteen ports from it must exist, and those below 1024 are not for us */
export function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d{4,5}$/.test(text) || port < 1024 || port > 65_519) throw new Failure('CLI_PORT_WRONG', { port: text });
  return port;
}
