import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { provision, startEmbedded } from '../src/storage/index.ts';
import { processTree } from './_processes.ts';

const STATES = ['am', 'by', 'kg', 'kz', 'ru'];

/** A web server with a database, and nothing in it. */
const BARE_NODE = `
  import Fastify from 'fastify';
  import formbody from '@fastify/formbody';
  import cookie from '@fastify/cookie';
  import pg from 'pg';
  const pool = new pg.Pool({ connectionString: process.env.DATABASE });
  await pool.query('create table if not exists page (id int, body jsonb)');
  const app = Fastify();
  await app.register(formbody);
  await app.register(cookie);
  app.get('/', async () => (await pool.query('select count(*) from page')).rows);
  await app.listen({ host: '127.0.0.1', port: 0 });
  console.log('ready');
  process.once('SIGTERM', () => process.exit());
`;

/** The least that five states could run on: what is above it is what a union costs. */
export async function openBareUnion(root: string, folder: string) {
  const server = await startEmbedded({ folder, root });
  const nodes: ChildProcess[] = [];
  for (const state of STATES) {
    const url = await provision(server.adminUrl, { name: state, password: 'bare' });
    nodes.push(startBareNode(root, url));
  }
  await Promise.all(nodes.map((node) => node.stdout && once(node.stdout, 'data')));
  return {
    processes: [...nodes.map(({ pid }) => pid ?? 0), ...processTree(server.pid)],
    async stop() {
      for (const node of nodes) node.kill('SIGTERM');
      await Promise.all(nodes.map((node) => node.exitCode ?? once(node, 'exit')));
      await server.stop();
    },
  };
}

function startBareNode(root: string, database: string): ChildProcess {
  const node = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: root,
    env: { ...process.env, DATABASE: database },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  node.stdin?.end(BARE_NODE);
  return node;
}
