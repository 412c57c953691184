import { BlockList, isIP } from 'node:net';
import { Failure } from '../../storage/index.ts';

const OWN = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  OWN.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  OWN.addSubnet(network, bits, 'ipv6');

/**
 * That an address which somebody gave over the API is not one of the machine that the node runs on, nor one that means something else on
 * every network: the node would ask there in its own name. Names are what the node's resolver says; that is the operator's to keep. An
 * operator's own command may name any address.
 * @throws Failure ACCESS_URL
 */
export function demandElsewhere(address: string): void {
  const host = URL.parse(address)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const version = isIP(host);
  const isOwn =
    version === 0
      ? /^(.*\.)?localhost\.?$/i.test(host) || host === ''
      : OWN.check(host, version === 6 ? 'ipv6' : 'ipv4');
  if (isOwn) throw new Failure('ACCESS_URL', { reason: 'it is an address of the node itself' });
}
