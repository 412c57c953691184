// One import a catalogue: the build puts them into the program, so a page never waits for a file.

import beAgreements from './be/agreements.json' with { type: 'json' };
import beCommon from './be/common.json' with { type: 'json' };
import beConsole from './be/console.json' with { type: 'json' };
import beDesk from './be/desk.json' with { type: 'json' };
import beErrors from './be/errors.json' with { type: 'json' };
import beHealth from './be/health.json' with { type: 'json' };
import beIdentity from './be/identity.json' with { type: 'json' };
import beLetters from './be/letters.json' with { type: 'json' };
import bePersonas from './be/personas.json' with { type: 'json' };
import bePortal from './be/portal.json' with { type: 'json' };
import beRegulation from './be/regulation.json' with { type: 'json' };
import beVerify from './be/verify.json' with { type: 'json' };
import beWording from './be/wording.json' with { type: 'json' };
import enAgreements from './en/agreements.json' with { type: 'json' };
import enCommon from './en/common.json' with { type: 'json' };
import enConsole from './en/console.json' with { type: 'json' };
import enDesk from './en/desk.json' with { type: 'json' };
import enErrors from './en/errors.json' with { type: 'json' };
import enHealth from './en/health.json' with { type: 'json' };
import enIdentity from './en/identity.json' with { type: 'json' };
import enLetters from './en/letters.json' with { type: 'json' };
import enPersonas from './en/personas.json' with { type: 'json' };
import enPortal from './en/portal.json' with { type: 'json' };
import enRegulation from './en/regulation.json' with { type: 'json' };
import enVerify from './en/verify.json' with { type: 'json' };
import enWording from './en/wording.json' with { type: 'json' };
import hyAgreements from './hy/agreements.json' with { type: 'json' };
import hyCommon from './hy/common.json' with { type: 'json' };
import hyConsole from './hy/console.json' with { type: 'json' };
import hyDesk from './hy/desk.json' with { type: 'json' };
import hyErrors from './hy/errors.json' with { type: 'json' };
import hyHealth from './hy/health.json' with { type: 'json' };
import hyIdentity from './hy/identity.json' with { type: 'json' };
import hyLetters from './hy/letters.json' with { type: 'json' };
import hyPersonas from './hy/personas.json' with { type: 'json' };
import hyPortal from './hy/portal.json' with { type: 'json' };
import hyRegulation from './hy/regulation.json' with { type: 'json' };
import hyVerify from './hy/verify.json' with { type: 'json' };
import hyWording from './hy/wording.json' with { type: 'json' };
import kkAgreements from './kk/agreements.json' with { type: 'json' };
import kkCommon from './kk/common.json' with { type: 'json' };
import kkConsole from './kk/console.json' with { type: 'json' };
import kkDesk from './kk/desk.json' with { type: 'json' };
import kkErrors from './kk/errors.json' with { type: 'json' };
import kkHealth from './kk/health.json' with { type: 'json' };
import kkIdentity from './kk/identity.json' with { type: 'json' };
import kkLetters from './kk/letters.json' with { type: 'json' };
import kkPersonas from './kk/personas.json' with { type: 'json' };
import kkPortal from './kk/portal.json' with { type: 'json' };
import kkRegulation from './kk/regulation.json' with { type: 'json' };
import kkVerify from './kk/verify.json' with { type: 'json' };
import kkWording from './kk/wording.json' with { type: 'json' };
import kyAgreements from './ky/agreements.json' with { type: 'json' };
import kyCommon from './ky/common.json' with { type: 'json' };
import kyConsole from './ky/console.json' with { type: 'json' };
import kyDesk from './ky/desk.json' with { type: 'json' };
import kyErrors from './ky/errors.json' with { type: 'json' };
import kyHealth from './ky/health.json' with { type: 'json' };
import kyIdentity from './ky/identity.json' with { type: 'json' };
import kyLetters from './ky/letters.json' with { type: 'json' };
import kyPersonas from './ky/personas.json' with { type: 'json' };
import kyPortal from './ky/portal.json' with { type: 'json' };
import kyRegulation from './ky/regulation.json' with { type: 'json' };
import kyVerify from './ky/verify.json' with { type: 'json' };
import kyWording from './ky/wording.json' with { type: 'json' };
import type { Language } from './languages.ts';
import ruAgreements from './ru/agreements.json' with { type: 'json' };
import ruCommon from './ru/common.json' with { type: 'json' };
import ruConsole from './ru/console.json' with { type: 'json' };
import ruDesk from './ru/desk.json' with { type: 'json' };
import ruErrors from './ru/errors.json' with { type: 'json' };
import ruHealth from './ru/health.json' with { type: 'json' };
import ruIdentity from './ru/identity.json' with { type: 'json' };
import ruLetters from './ru/letters.json' with { type: 'json' };
import ruPersonas from './ru/personas.json' with { type: 'json' };
import ruPortal from './ru/portal.json' with { type: 'json' };
import ruRegulation from './ru/regulation.json' with { type: 'json' };
import ruVerify from './ru/verify.json' with { type: 'json' };
import ruWording from './ru/wording.json' with { type: 'json' };

/** Every text id, from the English catalogues: `portal.start.title`. */
export type TextId =
  | `common.${keyof typeof enCommon & string}`
  | `portal.${keyof typeof enPortal & string}`
  | `desk.${keyof typeof enDesk & string}`
  | `console.${keyof typeof enConsole & string}`
  | `error.${keyof typeof enErrors & string}`
  | `letter.${keyof typeof enLetters & string}`
  | `personas.${keyof typeof enPersonas & string}`
  | `verify.${keyof typeof enVerify & string}`
  | `regulation.${keyof typeof enRegulation & string}`
  | `wording.${keyof typeof enWording & string}`
  | `agreement.${keyof typeof enAgreements & string}`
  | `health.${keyof typeof enHealth & string}`
  | `identity.${keyof typeof enIdentity & string}`;

const AREAS = [
  'common',
  'portal',
  'desk',
  'console',
  'error',
  'letter',
  'personas',
  'verify',
  'regulation',
  'wording',
  'agreement',
  'health',
  'identity',
] as const;

function gather(...files: Record<string, string>[]): ReadonlyMap<string, string> {
  return new Map(
    AREAS.flatMap((area, index) =>
      Object.entries(files[index] ?? {}).map(([key, text]) => [`${area}.${key}`, text] as const),
    ),
  );
}

/** All messages, by language and id. */
export const catalogues: Readonly<Record<Language, ReadonlyMap<string, string>>> = {
  en: gather(
    enCommon,
    enPortal,
    enDesk,
    enConsole,
    enErrors,
    enLetters,
    enPersonas,
    enVerify,
    enRegulation,
    enWording,
    enAgreements,
    enHealth,
    enIdentity,
  ),
  ru: gather(
    ruCommon,
    ruPortal,
    ruDesk,
    ruConsole,
    ruErrors,
    ruLetters,
    ruPersonas,
    ruVerify,
    ruRegulation,
    ruWording,
    ruAgreements,
    ruHealth,
    ruIdentity,
  ),
  kk: gather(
    kkCommon,
    kkPortal,
    kkDesk,
    kkConsole,
    kkErrors,
    kkLetters,
    kkPersonas,
    kkVerify,
    kkRegulation,
    kkWording,
    kkAgreements,
    kkHealth,
    kkIdentity,
  ),
  ky: gather(
    kyCommon,
    kyPortal,
    kyDesk,
    kyConsole,
    kyErrors,
    kyLetters,
    kyPersonas,
    kyVerify,
    kyRegulation,
    kyWording,
    kyAgreements,
    kyHealth,
    kyIdentity,
  ),
  hy: gather(
    hyCommon,
    hyPortal,
    hyDesk,
    hyConsole,
    hyErrors,
    hyLetters,
    hyPersonas,
    hyVerify,
    hyRegulation,
    hyWording,
    hyAgreements,
    hyHealth,
    hyIdentity,
  ),
  be: gather(
    beCommon,
    bePortal,
    beDesk,
    beConsole,
    beErrors,
    beLetters,
    bePersonas,
    beVerify,
    beRegulation,
    beWording,
    beAgreements,
    beHealth,
    beIdentity,
  ),
};
