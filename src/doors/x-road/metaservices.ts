import { findOpenApi, isCalled, listAllowed, listServices, type Service, type SystemId } from '../../access/index.ts';
import type { DoorsContext } from '../context.ts';
import { XRoadError } from './errors.ts';
import { partsOf, spelled } from './identifiers.ts';
import type { XRoadRequest } from './request.ts';

/** Service codes that the provider's gateway answers itself. */
export const METASERVICES = ['listMethods', 'allowedMethods', 'getOpenAPI'];

/**
 * Answers a metaservice with JSON. `listMethods` lists what a system offers only to callers that hold a grant at it: to others nothing
 * there is named.
 * @throws XRoadError
 */
export async function answerMetaservice(
  ctx: DoorsContext,
  caller: SystemId,
  provider: SystemId,
  request: XRoadRequest,
): Promise<unknown> {
  const code = request.service[4];
  if (request.method !== 'GET' || !['', '/'].includes(request.rawPath))
    throw new XRoadError('server', 'bad_request', `Metaservice ${code} takes GET without a path`);
  if (code === 'listMethods')
    return { service: (await listServices(ctx, caller, provider)).filter(isCalled).map(listed) };
  if (code === 'allowedMethods')
    return { service: (await listAllowed(ctx, caller, provider)).filter(isCalled).map(listed) };
  return openApiOf(ctx, caller, provider, new URLSearchParams(request.rawQuery).get('serviceCode'));
}

async function openApiOf(
  ctx: DoorsContext,
  caller: SystemId,
  provider: SystemId,
  code: string | null,
): Promise<unknown> {
  if (code === null || code === '')
    throw new XRoadError('server', 'bad_request', 'Missing serviceCode in message body');
  const found = (await listServices(ctx, caller, provider)).find(({ service }) => service === code);
  if (found === undefined) {
    const name = spelled('SERVICE', [...partsOf(provider), code]);
    throw new XRoadError('server', 'unknown_service', `Unknown service: ${name}`);
  }
  if (found.kind !== 'OPENAPI') throw new XRoadError('server', 'service_type', 'Invalid service type: REST');
  return findOpenApi(ctx, found);
}

function listed(service: Service): unknown {
  const [instance, memberClass, memberCode, subsystem] = partsOf(service);
  return {
    object_type: 'SERVICE',
    xroad_instance: instance,
    member_class: memberClass,
    member_code: memberCode,
    subsystem_code: subsystem,
    service_code: service.service,
    service_type: service.kind,
    endpoint_list: service.endpoints.map(({ method, path }) => ({ method, path })),
  };
}
