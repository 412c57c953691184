import type { Draft } from '../read/draft.ts';
import type { Agreement } from '../types.ts';

/** What stands in an agreement is ratified by states: nothing may stand there for nothing. Finding: AGREEMENT_UNUSED. */
export function checkUnused(draft: Draft, agreement: Agreement): void {
  const services = Object.values(agreement.services);
  const { findings } = draft;
  for (const { raw, source } of draft.rules.items.values()) {
    for (const name of Object.keys(raw.rules)) {
      if (services.some(({ decision }) => decision.rules.includes(name))) continue;
      findings.add('AGREEMENT_UNUSED', { name: `the rule ${name}` }, source.at(['rules', name], true));
    }
  }
  for (const [name, { source }] of draft.evidence.items) {
    if (services.some(({ evidence }) => evidence.includes(name))) continue;
    findings.add('AGREEMENT_UNUSED', { name: `the evidence ${name}` }, source.at(['evidence']));
  }
  for (const [name, { source }] of draft.documents.items) {
    if (services.some(({ document }) => document === name)) continue;
    findings.add('AGREEMENT_UNUSED', { name: `the document ${name}` }, source.at(['document']));
  }
  for (const [name, { source }] of draft.forms.items) {
    if ([...draft.services.items.values()].some(({ raw }) => raw.form === name)) continue;
    findings.add('AGREEMENT_UNUSED', { name: `the form ${name}` }, source.at(['form']));
  }
  const used = new Set([
    ...services.map(({ claim }) => claim),
    ...services.flatMap(({ actions: { correct } }) => [correct?.transaction, correct?.request]),
    ...services.flatMap(({ stages }) => stages.map(({ sends }) => sends?.transaction)),
    ...Object.values(agreement.evidence).map(({ transaction }) => transaction),
  ]);
  for (const code of Object.keys(agreement.transactions)) {
    if (used.has(code)) continue;
    const at = draft.contract?.source.at(['transactions', code], true);
    if (at !== undefined) findings.add('AGREEMENT_UNUSED', { name: `the transaction ${code}` }, at);
  }
}
