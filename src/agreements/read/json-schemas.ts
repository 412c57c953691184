import type { Json } from '../../storage/index.ts';
import { FILE_KINDS, type FileKindName } from './file-kinds.ts';

/** A JSON Schema of a kind of file, for editors and other tools. */
export interface FileSchema {
  kind: FileKindName;
  /** The files that it is for, as a pattern: `services/*.yaml`. */
  files: string;
  /** What such a file says. */
  says: string;
  /** JSON Schema 2020-12. */
  schema: { [key: string]: Json };
}

/**
 * The JSON Schemas of all kinds of files, made of what the reader itself checks with: there is no second wording that could differ. A
 * file that fits may still be refused, since a schema sees one file and not how files fit together.
 * @example fileSchemas().find(({ kind }) => kind === 'form')?.schema.$id // 'urn:commonway:agreement-file:form'
 */
export function fileSchemas(): FileSchema[] {
  return (Object.keys(FILE_KINDS) as FileKindName[]).map((kind) => {
    const { files, says, schema } = FILE_KINDS[kind];
    return {
      kind,
      files,
      says,
      schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:commonway:agreement-file:${kind}`,
        title: files,
        description: says,
        ...(JSON.parse(JSON.stringify(schema)) as { [key: string]: Json }),
      },
    };
  });
}
