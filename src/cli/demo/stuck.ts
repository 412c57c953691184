import { Failure } from '../../storage/index.ts';

/** The story does not go on: what the page showed instead. */
export function stuck(reason: string): Failure {
  return new Failure('CLI_STORY_STUCK', { reason });
}
