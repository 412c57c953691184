import { spawnSync } from 'node:child_process';

/** Brings the loopback of a new network namespace up by whatever this machine has for it, then becomes the command. */
const INSIDE = `
ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || python3 -c '
import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 0x41))' 2>/dev/null || exit 97
exec "$@"`;

/** The words that run a command where there is no network but loopback, or why this machine has no such place. */
export type LoopbackOnly = { words: readonly string[] } | { reason: string };

/** What a process finds there: its addresses, and what becomes of a connection to somewhere else (RFC 5737: nobody's). */
const PROBE = `
const { networkInterfaces } = require('node:os');
const { connect, createServer } = require('node:net');
const server = createServer().listen(0, '127.0.0.1', () => {
  connect(server.address().port, '127.0.0.1', function () {
    this.destroy();
    server.close();
    connect(80, '192.0.2.1').on('error', ({ code }) => console.log(JSON.stringify({ names: Object.keys(networkInterfaces()), code })));
  });
});`;

/** Finds out whether a network namespace of one's own is permitted here, and is what it should be. */
export function loopbackOnly(): LoopbackOnly {
  if (process.platform !== 'linux') return { reason: `${process.platform} has no network namespaces` };
  const words = ['unshare', '--net', '--user', '--map-root-user', 'sh', '-c', INSIDE, 'sh'];
  const [command = '', ...rest] = [...words, process.execPath, '-e', PROBE];
  const probe = spawnSync(command, rest, { encoding: 'utf8', timeout: 60_000 });
  if (probe.error !== undefined) return { reason: `unshare cannot be run: ${probe.error.message}` };
  if (probe.status === 97) return { reason: 'nothing on this machine can bring up a loopback interface' };
  if (probe.status !== 0)
    return { reason: `network namespaces are not permitted: ${probe.stderr.trim().split('\n')[0]}` };
  const { names, code } = JSON.parse(probe.stdout) as { names: string[]; code: string };
  if (names.join() !== 'lo' || code !== 'ENETUNREACH')
    return { reason: `the namespace has ${names.join()}, and a call outside ends with ${code}` };
  return { words };
}
