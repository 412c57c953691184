import { type Agreement, isBusinessEvent, type Service } from '../../agreements/index.ts';
import type { Json } from '../../storage/index.ts';
import { LANGUAGES, type Language, texts } from '../../texts/index.ts';
import type { Offer } from '../portal/catalogue.ts';

/** What the catalogue says of a node beside its services. */
export interface CatalogueOf {
  /** The portal's own origin: `https://portal.example`. */
  origin: string;
  state: string;
  /** Who answers for the catalogue: the agency of the portal. */
  publisher: string;
  /** Names of agencies by language, of every state, as its manifest has them. */
  agencyName(id: string): Readonly<Record<string, string>>;
}

/** Named authority tables of the European Union's Publications Office, which the profile asks for. */
const AUTHORITY = 'http://publications.europa.eu/resource/authority';
const COUNTRIES: Readonly<Record<string, string>> = { am: 'ARM', by: 'BLR', kg: 'KGZ', kz: 'KAZ', ru: 'RUS' };
const TONGUES: Readonly<Record<Language, string>> = {
  en: 'ENG',
  ru: 'RUS',
  kk: 'KAZ',
  ky: 'KIR',
  hy: 'HYE',
  be: 'BEL',
};

const CONTEXT = {
  cpsv: 'http://purl.org/vocab/cpsv#',
  cv: 'http://data.europa.eu/m8g/',
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  eli: 'http://data.europa.eu/eli/ontology#',
  foaf: 'http://xmlns.com/foaf/0.1/',
  org: 'http://www.w3.org/ns/org#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

type Node = { '@id': string; '@type': string | string[]; [property: string]: Json };

/**
 * The services of a state as public data: JSON-LD in the terms of the Core Public Service Vocabulary Application Profile 3.2. Everything
 * it names stands in it, so that it is valid by itself against the profile's shapes.
 *
 * @see https://semiceu.github.io/CPSV-AP/releases/3.2.0/
 * @example JSON.stringify(cpsvApOf(catalogue(ctx), { origin, state: 'kz', publisher: 'kz.portal', agencyName }))
 */
export function cpsvApOf(offers: readonly Offer[], of: CatalogueOf): { '@context': Json; '@graph': Json[] } {
  const nodes = new Map<string, Node>();
  const put = (node: Node): { '@id': string } => {
    nodes.set(node['@id'], nodes.get(node['@id']) ?? node);
    return { '@id': node['@id'] };
  };
  const country = (state: string) =>
    put({ '@id': `${AUTHORITY}/country/${COUNTRIES[state] ?? state.toUpperCase()}`, '@type': 'dct:Location' });
  const agency = (id: string) =>
    put({
      ...{ '@id': `${of.origin}/catalogue.jsonld#agency-${id}`, '@type': ['cv:PublicOrganisation', 'foaf:Agent'] },
      ...{ 'dct:identifier': id, 'dct:title': langStrings(of.agencyName(id), id) },
      'skos:prefLabel': langStrings(of.agencyName(id), id),
      'dct:spatial': country(id.split('.')[0] ?? ''),
    });
  const words = (say: (language: Language) => string) =>
    langStrings(Object.fromEntries(LANGUAGES.map((language) => [language, say(language)])), '');
  const dataset = put({
    ...{ '@id': `${of.origin}/catalogue.jsonld#catalogue`, '@type': 'dcat:Dataset' },
    'dct:title': words((language) => texts(language).say('portal.services.title')),
    'dct:description': words((language) => texts(language).say('portal.services.lead')),
    'dct:publisher': agency(of.publisher),
  });
  for (const { agreement, service } of offers)
    put(serviceNode(agreement, service, { of, put, country, agency, words, dataset }));
  return { '@context': CONTEXT, '@graph': [...nodes.values()] };
}

interface Tools {
  of: CatalogueOf;
  put(node: Node): { '@id': string };
  country(state: string): { '@id': string };
  agency(id: string): { '@id': string };
  words(say: (language: Language) => string): Json[];
  dataset: { '@id': string };
}

function serviceNode(agreement: Agreement, service: Service, tools: Tools): Node {
  const { of, put, country, agency, words, dataset } = tools;
  const page = `${of.origin}/services/${agreement.name}/${service.name}`;
  const here = (name: string): string => `${of.origin}/catalogue.jsonld#${agreement.name}-${name}`;
  const text = (id: string) => words((language) => agreement.text(language, id));
  const rules = Object.values(agreement.articles).map(({ id, title, url }) =>
    put({
      ...{ '@id': here(`rule-${id}`), '@type': 'cpsv:Rule', 'dct:identifier': `${agreement.name}/${id}` },
      ...{ 'dct:title': text(title), 'dct:description': text(title) },
      ...(url === undefined ? {} : { 'cpsv:implements': put({ '@id': url, '@type': 'eli:LegalResource' }) }),
    }),
  );
  const inputs = service.evidence.flatMap((name) => {
    const type = agreement.evidence[name];
    return type === undefined
      ? []
      : [
          put({
            ...{ '@id': here(`evidence-${name}`), '@type': 'cv:EvidenceType' },
            ...{ 'dct:identifier': `${agreement.name}/${name}`, 'dct:title': text(type.title) },
          }),
        ];
  });
  const events = service.events.map((event) =>
    put({
      '@id': `${of.origin}/events/${event}`,
      '@type': ['cv:Event', isBusinessEvent(event) ? 'cv:BusinessEvent' : 'cv:LifeEvent'],
      'dct:identifier': event,
      'dct:title': words((language) => texts(language).say(`portal.events.${event}`)),
    }),
  );
  const authorities = agreement.parties.flatMap((state) => {
    const id = agreement.annexes[state]?.roles[service.decidedBy.role];
    return id === undefined ? [] : [agency(id)];
  });
  const document = service.document === undefined ? undefined : agreement.documents[service.document];
  return {
    ...{ '@id': page, '@type': 'cpsv:PublicService', 'dct:identifier': `${agreement.name}/${service.name}` },
    ...{ 'dct:title': text(service.title), 'dct:description': text(service.summary), 'dct:isPartOf': dataset },
    'dct:language': LANGUAGES.map((language) =>
      put({ '@id': `${AUTHORITY}/language/${TONGUES[language]}`, '@type': 'dct:LinguisticSystem' }),
    ),
    'dct:spatial': agreement.parties.map(country),
    'cv:hasCompetentAuthority': authorities,
    'cv:processingTime': { '@type': 'xsd:duration', '@value': service.deadline.decide },
    'cpsv:follows': rules,
    'cv:hasInputType': inputs,
    'cv:isGroupedBy': events,
    'cv:hasChannel': put({ '@id': `${page}#channel`, '@type': 'cv:Channel', 'dct:identifier': page }),
    ...(document === undefined
      ? {}
      : {
          'cpsv:produces': put({
            ...{ '@id': here(`document-${document.type}`), '@type': 'cv:Output' },
            ...{ 'dct:identifier': document.vct, 'dct:title': text(document.title) },
          }),
        }),
  };
}

/** In every language that there is; in none of them by its id. */
function langStrings(words: Readonly<Record<string, string>>, otherwise: string): Json[] {
  const given = Object.entries(words).filter(([, value]) => value !== '');
  const all = given.length === 0 ? [['en', otherwise]] : given;
  return all.map(([language = 'en', value = '']) => ({ '@language': language, '@value': value }));
}
