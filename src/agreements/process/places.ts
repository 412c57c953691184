import type { Draft } from '../read/draft.ts';
import type { Position, Service } from '../types.ts';

/** Where the parts of a service are written. */
export interface Places {
  service: Position;
  stage(index: number): Position;
  transaction(code: string): Position;
  timers(code: string): Position;
  deadline: Position;
  decidedBy: Position;
  evidence(index: number): Position;
  outcome: Position;
}

/** The places of a service's parts. */
export function placesOf(draft: Draft, service: Service): Places {
  const source = draft.services.items.get(service.name)?.source;
  const contract = draft.contract?.source;
  const nowhere = { file: `services/${service.name}.yaml`, line: 1, column: 1 };
  const at = (...path: (string | number)[]): Position => source?.at(path) ?? nowhere;
  return {
    service: at('service'),
    stage: (index) => at('stages', index),
    transaction: (code) => contract?.at(['transactions', code], true) ?? nowhere,
    timers: (code) => contract?.at(['transactions', code, 'timers']) ?? nowhere,
    deadline: at('deadline'),
    decidedBy: at('decidedBy'),
    evidence: (index) => at('evidence', index),
    outcome: at('decision', 'outcome'),
  };
}
