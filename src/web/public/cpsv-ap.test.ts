import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { JsonLdParser } from 'jsonld-streaming-parser';
import { DataFactory, Parser, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';
import { agreementLibrary, getAgreement } from '../../agreements/index.ts';
import { catalogue } from '../portal/catalogue.ts';
import { testWeb, visitor } from '../testing.ts';
import { cpsvApOf } from './cpsv-ap.ts';

const ROOT = process.env.COMMONWAY_ROOT ?? process.cwd();
/** The shapes of CPSV-AP 3.2.0 as its editors publish them (SEMIC, CC BY 4.0). */
const SHAPES = join(ROOT, 'src', 'web', 'public', 'testing-cpsv-ap-shapes.ttl');
const DCT = 'http://purl.org/dc/terms/';

async function storeOf(jsonLd: unknown): Promise<Store> {
  const store = new Store();
  const parser = new JsonLdParser();
  for await (const quad of Readable.from([JSON.stringify(jsonLd)]).pipe(parser)) store.addQuad(quad);
  return store;
}

async function faultsOf(store: Store): Promise<string[]> {
  const shapes = new Store(new Parser().parse(readFileSync(SHAPES, 'utf8')));
  const report = await new SHACLValidator(shapes as never).validate(store as never);
  return report.results.map(({ focusNode, path }) => `${focusNode?.value} ${path?.value}`);
}

test('the catalogue of every shipped service is valid against the shapes of CPSV-AP 3.2', async () => {
  const names = ['pension', 'degree', 'school-enrolment', 'trademark', 'work-abroad', 'procurement-guarantee'];
  const agreements = await Promise.all(names.map((name) => getAgreement(join(ROOT, 'agreements', name))));
  const ctx = { agreements: agreementLibrary(agreements), trust: { self: 'kz' } } as Parameters<typeof catalogue>[0];
  const offers = catalogue(ctx);
  assert.ok(offers.length > 8);
  const of = {
    ...{ origin: 'https://kz.example', state: 'kz', publisher: 'kz.portal' },
    agencyName: (id: string): Record<string, string> => (id === 'kz.portal' ? { en: 'Portal', kk: 'Портал' } : {}),
  };
  const exported = cpsvApOf(offers, of);
  const store = await storeOf(exported);
  assert.deepEqual(await faultsOf(store), []);
  const services = store.getSubjects(null, DataFactory.namedNode('http://purl.org/vocab/cpsv#PublicService'), null);
  assert.equal(services.length, offers.length);
  for (const service of services) {
    const titles = store.getObjects(service, DataFactory.namedNode(`${DCT}title`), null);
    assert.equal(new Set(titles.map((title) => 'language' in title && title.language)).size, 6, service.value);
    const authorities = store.getObjects(service, 'http://data.europa.eu/m8g/hasCompetentAuthority', null);
    assert.ok(authorities.length > 0, `somebody decides on ${service.value}`);
  }
});

test('a service without a title, or with two identifiers, is found by the same check', async () => {
  const agreement = await getAgreement(join(ROOT, 'agreements', 'degree'));
  const offers = Object.values(agreement.services).map((service) => ({ agreement, service }));
  const of = { origin: 'https://kz.example', state: 'kz', publisher: 'kz.portal', agencyName: () => ({}) };
  const { '@graph': graph, ...rest } = cpsvApOf(offers, of);
  const broken = graph.map((node) => {
    const one = node as Record<string, unknown>;
    if (one['@type'] !== 'cpsv:PublicService') return node;
    const { 'dct:title': _title, ...without } = one;
    return { ...without, 'dct:identifier': ['1', '2'] };
  });
  const faults = await faultsOf(await storeOf({ ...rest, '@graph': broken }));
  const service = 'https://kz.example/services/degree/recognition';
  assert.deepEqual(faults.toSorted(), [`${service} ${DCT}identifier`, `${service} ${DCT}title`]);
});

test('anybody reads the catalogue, from any site, and it says who decides', async (t) => {
  const { app } = await testWeb(t);
  const answer = await visitor(app).get('/catalogue.jsonld');
  assert.equal(answer.headers['content-type'], 'application/ld+json; charset=utf-8');
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  assert.match(answer.body, /"cpsv:PublicService"/);
  assert.match(answer.body, /#agency-ru\.pension-fund/);
  assert.deepEqual(await faultsOf(await storeOf(JSON.parse(answer.body))), []);
});
