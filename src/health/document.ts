import { texts } from '../texts/index.ts';
import { type Health, nextStep } from './examine.ts';
import { wordsOf } from './words.ts';

/**
 * The health of a node as JSON, in the form of draft-inadarei-api-health-check-06 (`application/health+json`): `status` is pass, warn or
 * fail, `checks` are the figures by name, and `findings`, a member of our own, says what to do. Words are English.
 */
export function healthDocument({ state, at, status, findings, observations }: Health): object {
  const english = texts('en');
  const checks = observations.map(({ name, samples }) => [
    name,
    samples.map(({ labels, value }) => {
      const component = Object.values(labels).join(' ');
      return { ...(component === '' ? {} : { componentId: component }), observedValue: value, time: at };
    }),
  ]);
  return {
    status,
    version: '1',
    serviceId: state,
    time: at,
    findings: findings.map((finding) => {
      const { command, section } = nextStep(finding, state);
      const { code, severity, about, since, params } = finding;
      return {
        code,
        severity,
        about,
        since,
        ...wordsOf(finding, { say: english.say, nameOf: (one) => one }),
        command,
        docs: section,
        params,
      };
    }),
    checks: Object.fromEntries(checks),
  };
}
