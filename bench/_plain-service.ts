import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import { FormClient } from '../src/cli/demo/form-client.ts';
import { openDb, provision, startEmbedded } from '../src/storage/index.ts';

/** The forms of the application, from sign-in to sending, and what each deciding office does. */
const FORMS = 12;

/**
 * The least that anybody could build: a form service that stores a row for each page and each decision, durably, and nothing else.
 * It is the peer of the main job: what is on top of it is what evidence, signatures, ledgers and five states cost.
 */
export async function openPlainService(folder: string) {
  const server = await startEmbedded({ folder });
  const url = await provision(server.adminUrl, { name: 'plain', password: 'plain' });
  const db = openDb(url);
  await db.query('create table page (application int, name text, answers jsonb, at timestamptz default now())');
  const app = Fastify();
  await app.register(formbody);
  app.post('/page/:application/:name', async (request, reply) => {
    const { application, name } = request.params as { application: string; name: string };
    await db.query('insert into page (application, name, answers) values ($1, $2, $3)', [
      Number(application),
      name,
      JSON.stringify(request.body),
    ]);
    return reply.type('text/html').send('<main><form method="post"><input name="answer"></form></main>');
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    async measure(applications: number, atOnce: number, offices: number) {
      const seconds: number[] = [];
      const began = performance.now();
      let next = 0;
      const work = Array.from({ length: atOnce }, async () => {
        const client = new FormClient(origin);
        while (next < applications) {
          const id = next++;
          for (let form = 0; form < FORMS - 1; form++) await post(client, id, `form-${form}`);
          const sent = performance.now();
          await post(client, id, 'send');
          for (let office = 0; office < offices; office++) await post(client, id, `decision-${office}`);
          seconds.push((performance.now() - sent) / 1000);
        }
        await client.close();
      });
      await Promise.all(work);
      return { seconds, perMinute: (applications * offices) / ((performance.now() - began) / 60_000) };
    },
    async stop() {
      await app.close();
      await db.close();
      await server.stop();
    },
  };
}

async function post(client: FormClient, id: number, name: string): Promise<void> {
  await client.post(`/page/${id}/${name}`, { answer: 'x'.repeat(200) });
}
