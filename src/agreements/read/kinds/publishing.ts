import Type, { type Static } from 'typebox';
import { closed, Day, KEBAB_KEY, Kebab, keyed, LANGUAGE_KEY, NAME_KEY, Name, optional, Words } from './words.ts';

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'a digest of 64 small hexadecimal digits' });

/** `texts/approvals.yaml`: who stands by the texts of which language, as they were then. */
export const ApprovalsFile = keyed(LANGUAGE_KEY, closed({ by: Words, role: Words, on: Day, digest: Digest }));
export type ApprovalsFile = Static<typeof ApprovalsFile>;

/** `migrations/<name>.yaml`: how answers of drafts come from one contract to the next. */
export const MigrationFile = closed({
  migration: Kebab,
  from: Digest,
  to: Digest,
  services: keyed(
    KEBAB_KEY,
    closed({
      fields: keyed(
        NAME_KEY,
        closed({
          from: optional(Name),
          values: optional(Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 200 }))),
          ask: optional(Type.Literal('again', { description: '`again`' })),
        }),
      ),
    }),
  ),
});
export type MigrationFile = Static<typeof MigrationFile>;
