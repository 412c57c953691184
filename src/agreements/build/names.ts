import type { Draft } from '../read/draft.ts';
import type { Path, Source } from '../read/yaml.ts';

/** Names that the platform gives to every expression. */
const PLATFORM_NAMES = {
  home: 'the state of the applicant',
  decider: 'the deciding state',
  claimDate: 'the date of the claim',
  entitlementDate: 'the date of entitlement',
  decisionDate: 'the date of the decision',
  lot: 'the lot of the application',
  asked: 'the state that an opinion is asked of',
  articles: 'the articles of the explanation',
} as const;

/** Words that FEEL keeps for itself. */
const KEYWORDS = new Set(
  'if then else for in return some every satisfies and or not between instance of function external true false null item partial date time duration string number list context range matches contains count min max sum mean all any flatten union reverse sort floor ceiling abs modulo sqrt log exp odd even median stddev mode is before after meets overlaps finishes includes during starts coincides now today product concatenate append remove split replace substring'.split(
    ' ',
  ),
);

/** Every name that expressions of the contract can meet: each may mean one thing only. */
interface NameBook {
  /** Takes a name, or says who has it. */
  take(name: string, as: string, source: Source, path: Path): void;
}

/** Starts with what the platform and the language have taken. */
export function openNameBook(draft: Draft): NameBook {
  const taken = new Map<string, string>(Object.entries(PLATFORM_NAMES));
  for (const word of KEYWORDS) taken.set(word, 'the rule language');
  return {
    take(name, as, source, path) {
      const other = taken.get(name);
      if (other !== undefined) draft.findings.add('AGREEMENT_NAME_TAKEN', { name, other }, source.at(path, true));
      else taken.set(name, as);
    },
  };
}
