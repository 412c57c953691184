import { BlockList, isIP } from 'node:net';

/** Networks of both versions. They are kept apart: an address of version 4 would be one of the mapped ones of version 6. */
export interface Networks {
  4: BlockList;
  6: BlockList;
}

/** Where no webhook of anybody stands unless the operator says so: this machine, private networks, what is set apart for other uses. */
const RESERVED = networksOf(
  [
    '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16',
    '198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3',
    // Also what carries an address of version 4 within it: it would lead there.
    '::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8',
  ].flatMap((line) => line.split(' ')),
);

/** Whether a text is an address, or a network in CIDR form. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsOf(version));
}

/** Networks as `mayStandAt` takes them. */
export function networksOf(networks: readonly string[]): Networks {
  const lists: Networks = { 4: new BlockList(), 6: new BlockList() };
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const version = isIP(address) as 4 | 6;
    lists[version].addSubnet(address, Number(bits ?? bitsOf(version)), familyOf(version));
  }
  return lists;
}

/** Whether a node may call at an address: a public one, or one of the listed networks. */
export function mayStandAt(address: string, listed: Networks): boolean {
  const version = isIP(address);
  if (version !== 4 && version !== 6) return false;
  const family = familyOf(version);
  return listed[version].check(address, family) || !RESERVED[version].check(address, family);
}

function bitsOf(version: number): number {
  return version === 4 ? 32 : 128;
}

function familyOf(version: number): 'ipv4' | 'ipv6' {
  return version === 4 ? 'ipv4' : 'ipv6';
}
