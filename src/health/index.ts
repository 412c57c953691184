/** Health: what an operator should know of a node now, and what to do about it. Reads other rooms, changes nothing. Floor 3. */
export type { HealthContext, HealthSources } from './context.ts';
export { healthDocument } from './document.ts';
export { examine, type Health, isReady, nextStep } from './examine.ts';
export type { Finding, Observation } from './finding.ts';
export { wordsOf } from './words.ts';
