import { Failure } from '../storage/index.ts';

/** An information system of an agency of some state. */
export interface SystemId {
  /** `kz.pension-fund` */
  agency: string;
  /** `registry` */
  system: string;
}

/** What a system offers. */
export interface ServiceId extends SystemId {
  /** `life-events` */
  service: string;
}

const SYSTEM = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Codes that the doors answer themselves. */
export const RESERVED_SERVICES = ['listMethods', 'allowedMethods', 'getOpenAPI', 'getWsdl'];

/** `kz.pension-fund` -> `kz` */
export const stateOfAgency = (agency: string): string => agency.slice(0, agency.indexOf('.'));

/** `kz.pension-fund/registry` */
export const systemName = ({ agency, system }: SystemId): string => `${agency}/${system}`;

/** `kz.population/register/life-events` */
export const serviceName = ({ agency, system, service }: ServiceId): string => `${agency}/${system}/${service}`;

/** @throws Failure ACCESS_NAME */
export function parseSystemName(text: string): SystemId {
  const [agency = '', system = '', ...more] = text.split('/');
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9.-]+$/.test(agency) || !SYSTEM.test(system) || more.length > 0)
    throw new Failure('ACCESS_NAME', { what: 'system', name: text.slice(0, 80), form: 'AGENCY/SYSTEM' });
  return { agency, system };
}

/** @throws Failure ACCESS_NAME */
export function parseServiceName(text: string): ServiceId {
  const [agency = '', system = '', service = '', ...more] = text.split('/');
  const named = more.length === 0 && SYSTEM.test(service) && !RESERVED_SERVICES.includes(service);
  if (!named)
    throw new Failure('ACCESS_NAME', { what: 'service', name: text.slice(0, 80), form: 'AGENCY/SYSTEM/SERVICE' });
  return { ...parseSystemName(`${agency}/${system}`), service };
}
