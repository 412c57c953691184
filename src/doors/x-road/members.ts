import { currentRules, stateOfAgency } from '../../access/index.ts';
import type { DoorsContext } from '../context.ts';
import { escapeXml } from './errors.ts';
import { instanceOf, MEMBER_CLASS, stateOf } from './identifiers.ts';
import { zip } from './zip.ts';

/** A member of an instance, or one of its subsystems. */
interface Listed {
  instance: string;
  memberCode: string;
  subsystem?: string;
  name: string;
}

/** The agencies of a state; of this one their systems too, which manifests do not list and other nodes therefore do not know. */
async function listMembers(ctx: DoorsContext, state: string): Promise<Listed[]> {
  const instance = instanceOf(state);
  const { systems, services } = await currentRules(ctx);
  const known = [...systems.values(), ...services.values()].filter(({ agency }) => stateOfAgency(agency) === state);
  return ctx.trust.manifest(state).agencies.flatMap(({ id, name }) => {
    const member = { instance, memberCode: id.slice(state.length + 1), name: name.en ?? id };
    const codes = new Set(known.filter(({ agency }) => agency === id).map(({ system }) => system));
    return [member, ...[...codes].sort().map((subsystem) => ({ ...member, subsystem }))];
  });
}

/** The answer of `listClients`: undefined for an instance that is none of the union. */
export async function listClients(
  ctx: DoorsContext,
  instance: string | undefined,
  asJson: boolean,
): Promise<{ type: string; body: string } | undefined> {
  const state = instance === undefined ? ctx.trust.self : stateOf(instance);
  if (state === undefined || !ctx.trust.states().includes(state)) return undefined;
  const members = await listMembers(ctx, state);
  if (asJson) return { type: 'application/json;charset=utf-8', body: JSON.stringify({ member: members.map(jsonOf) }) };
  return { type: 'text/xml;charset=utf-8', body: clientListXml(members) };
}

function jsonOf({ instance, memberCode, subsystem, name }: Listed): unknown {
  const id = {
    object_type: subsystem === undefined ? 'MEMBER' : 'SUBSYSTEM',
    xroad_instance: instance,
    member_class: MEMBER_CLASS,
    member_code: memberCode,
  };
  return subsystem === undefined
    ? { id, name }
    : { id: { ...id, subsystem_code: subsystem }, name, subsystem_name: subsystem };
}

function clientListXml(members: readonly Listed[]): string {
  const items = members.map(({ instance, memberCode, subsystem, name }) => {
    const kind = subsystem === undefined ? 'MEMBER' : 'SUBSYSTEM';
    const parts = [
      `<id:xRoadInstance>${escapeXml(instance)}</id:xRoadInstance>`,
      `<id:memberClass>${MEMBER_CLASS}</id:memberClass>`,
      `<id:memberCode>${escapeXml(memberCode)}</id:memberCode>`,
      ...(subsystem === undefined ? [] : [`<id:subsystemCode>${escapeXml(subsystem)}</id:subsystemCode>`]),
    ];
    return `<xroad:member><xroad:id id:objectType="${kind}">${parts.join('')}</xroad:id><xroad:name>${escapeXml(name)}</xroad:name></xroad:member>`;
  });
  const namespaces = 'xmlns:xroad="http://x-road.eu/xsd/xroad.xsd" xmlns:id="http://x-road.eu/xsd/identifiers"';
  return `<?xml version="1.0" encoding="UTF-8"?><xroad:clientList ${namespaces}>${items.join('')}</xroad:clientList>`;
}

/** The configuration that tools read members and subsystems from: a ZIP with the shared parameters of every instance. */
export async function verificationConf(ctx: DoorsContext): Promise<Buffer> {
  const own = instanceOf(ctx.trust.self);
  const files = await Promise.all(
    ctx.trust.states().map(async (state) => ({
      name: `verificationconf/${instanceOf(state)}/shared-params.xml`,
      bytes: Buffer.from(sharedParams(instanceOf(state), await listMembers(ctx, state)), 'utf8'),
    })),
  );
  return zip([{ name: 'verificationconf/instance-identifier', bytes: Buffer.from(own, 'utf8') }, ...files]);
}

function sharedParams(instance: string, members: readonly Listed[]): string {
  const own = members.filter(({ subsystem }) => subsystem === undefined);
  const parts = own.map(({ memberCode, name }) => {
    const systems = members
      .filter((one) => one.memberCode === memberCode && one.subsystem !== undefined)
      .map(({ subsystem = '' }) => {
        const code = escapeXml(subsystem);
        return `<subsystem id="${escapeXml(`${memberCode}/${subsystem}`)}"><subsystemCode>${code}</subsystemCode></subsystem>`;
      });
    const id = `<memberClass><code>${MEMBER_CLASS}</code><description>${MEMBER_CLASS}</description></memberClass><memberCode>${escapeXml(memberCode)}</memberCode>`;
    return `<member id="${escapeXml(memberCode)}">${id}<name>${escapeXml(name)}</name>${systems.join('')}</member>`;
  });
  const top = '<ns2:conf xmlns:ns2="http://x-road.eu/xsd/xroad.xsd">';
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${top}<instanceIdentifier>${escapeXml(instance)}</instanceIdentifier>${parts.join('')}</ns2:conf>`;
}
