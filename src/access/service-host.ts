import { BlockList, isIP } from 'node:net';

/** Where no service of anybody stands: this host as such, link-local (there clouds give out their machines' credentials), groups. */
const NOBODY = new BlockList();
NOBODY.addSubnet('0.0.0.0', 8, 'ipv4');
NOBODY.addSubnet('169.254.0.0', 16, 'ipv4');
NOBODY.addSubnet('224.0.0.0', 3, 'ipv4');
NOBODY.addAddress('::', 'ipv6');
NOBODY.addSubnet('fe80::', 10, 'ipv6');
NOBODY.addSubnet('ff00::', 8, 'ipv6');

/**
 * Whether an address can be that of a service. A name is whatever it leads to; only addresses are told.
 * @param hostname of a URL as it was parsed: there every way of writing an address has become one
 */
export function canServe(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const kind = isIP(address);
  return kind === 0 || !NOBODY.check(address, kind === 4 ? 'ipv4' : 'ipv6');
}
