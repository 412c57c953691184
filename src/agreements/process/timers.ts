import type { Findings } from '../findings.ts';
import type { Agreement, Service } from '../types.ts';
import type { Places } from './places.ts';

/**
 * The timers of a process fit into each other: receipt before acceptance before response, and who decides has no longer than the other
 * side waits. Durations are compared by their bounds, a month being 28 to 31 days, so that only what is surely wrong is reported.
 * Finding: AGREEMENT_TIMER_ORDER
 */
export function checkTimers(agreement: Agreement, service: Service, places: Places, findings: Findings): void {
  const codes = [
    ...service.evidence.map((name) => agreement.evidence[name]?.transaction),
    service.claim,
    ...service.stages.map(({ sends }) => sends?.transaction),
    service.actions.correct?.transaction,
    service.actions.correct?.request,
  ];
  for (const code of new Set(codes)) {
    const timers = code === undefined ? undefined : agreement.transactions[code]?.timers;
    if (code === undefined || timers === undefined) continue;
    const { acknowledge, accept, respond } = timers;
    const ordered: [string, string | undefined, string, string | undefined][] = [
      ['acknowledge receipt', acknowledge, 'accept', accept],
      ['accept', accept, 'respond', respond],
      ['acknowledge receipt', acknowledge, 'respond', respond],
    ];
    for (const [first, earlier, second, later] of ordered) {
      if (earlier === undefined || later === undefined || !surelyLonger(earlier, later)) continue;
      const params = { code, first: `the time to ${first}`, earlier, second: `the time to ${second}`, later };
      findings.add('AGREEMENT_TIMER_ORDER', params, places.timers(code));
      break;
    }
  }
  const respond = agreement.transactions[service.claim]?.timers.respond;
  const times = [
    service.deadline,
    ...agreement.parties.flatMap((party) => agreement.annexes[party]?.deadlines[service.name] ?? []),
  ];
  for (const { decide } of respond === undefined ? [] : times) {
    if (respond === undefined || !surelyLonger(decide, respond)) continue;
    const second = 'the time to respond';
    const params = { code: service.claim, first: 'the time to decide', earlier: decide, second, later: respond };
    findings.add('AGREEMENT_TIMER_ORDER', params, places.deadline);
  }
}

function surelyLonger(one: string, other: string): boolean {
  return hoursOf(one, 28, 365) > hoursOf(other, 31, 366);
}

function hoursOf(duration: string, month: number, year: number): number {
  const { years, months, weeks, days, hours, minutes, seconds } = Temporal.Duration.from(duration);
  return (years * year + months * month + weeks * 7 + days) * 24 + hours + minutes / 60 + seconds / 3600;
}
