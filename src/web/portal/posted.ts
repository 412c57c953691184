import { type Answers, type FieldState, type FileAnswer, readForm } from '../../agreements/index.ts';
import { keptFile, uploadFile } from '../../applications/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { PersonVisit } from '../http/visit.ts';
import type { WrongField } from '../ui/index.ts';

/**
 * The answers that a form brought about some questions, with the files in it taken into quarantine.
 * @returns the answers, and the files that were not taken, in words
 */
export async function readPosted(
  visit: PersonVisit,
  draft: string,
  asked: { fields: readonly FieldState[] },
): Promise<{ given: Answers; refused: WrongField[] }> {
  const { fields, view } = visit;
  const form = Object.fromEntries(fields.names().map((name) => [name, fields.all(name)]));
  const given = readForm(asked, form);
  const refused: WrongField[] = [];
  for (const { field } of asked.fields) {
    if (field.type !== 'file') continue;
    try {
      const file = await takeFile(visit, draft, field);
      if (file !== undefined) given[field.name] = { ...file };
    } catch (error) {
      if (!isFailure(error, 'FILE_KIND', 'FILE_TOO_LARGE', 'FILE_EMPTY', 'FILES_TOO_MUCH')) throw error;
      const message = view.find(`error.${error.code}`, error.params) ?? error.code;
      refused.push({ field: field.name, message });
    }
  }
  return { given, refused };
}

/** The file that was sent now; else the one that the page had taken before, unless she takes it out. */
async function takeFile(
  { ctx, actor, fields }: PersonVisit,
  draft: string,
  field: FieldState['field'],
): Promise<FileAnswer | undefined> {
  const sent = fields.file(field.name);
  // A browser sends an empty part without a name for a field that was left alone.
  if (sent !== undefined && (sent.name !== '' || sent.bytes.length > 0)) {
    return uploadFile(ctx, actor, draft, field, sent);
  }
  const digest = fields.one(`${field.name}.kept`);
  if (digest === '' || fields.has(`${field.name}.remove`)) return undefined;
  return keptFile(ctx, actor, draft, { digest, name: fields.one(`${field.name}.name`) });
}
