import { currentRules, demandProven, type Shown, type System, systemName } from '../../access/index.ts';
import { Failure } from '../../storage/index.ts';
import type { DoorsContext } from '../context.ts';

/** The header by which a caller says which system it is, where its connection alone does not tell. */
export const SYSTEM_HEADER = 'commonway-system';

/**
 * Who calls. The certificate tells; where several systems have it, or a system may come without one from its address, the header says
 * which is meant, and that is held against the connection.
 * @throws Failure DOORS_API_UNPROVEN
 */
export async function callerOf(ctx: DoorsContext, shown: Shown, claimed: string | undefined): Promise<System> {
  const systems = [...(await currentRules(ctx)).systems.values()];
  const proven = systems.filter((system) => isProven(system, shown));
  const meant = claimed === undefined ? proven : proven.filter((system) => systemName(system) === claimed);
  const [only] = meant;
  if (only === undefined) throw new Failure('DOORS_API_UNPROVEN', { reason: 'no system of this node is known by it' });
  if (meant.length > 1)
    throw new Failure('DOORS_API_UNPROVEN', { reason: `several systems are: name yours in ${SYSTEM_HEADER}` });
  return only;
}

function isProven(system: System, shown: Shown): boolean {
  try {
    demandProven(system, shown);
    return true;
  } catch {
    return false;
  }
}
