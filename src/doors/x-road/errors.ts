/** Which of the two gateways made an error: the caller's (`clientproxy`) or the provider's (`serverproxy`). */
export type Side = 'client' | 'server';

/** An error of a gateway, in the protocol's own words. */
export class XRoadError extends Error {
  readonly side: Side;
  /** `access_denied` */
  readonly code: string;
  /** The UUID under which the server's log has it; given by whoever answers where it is left out. */
  readonly detail: string | undefined;

  constructor(side: Side, code: string, message: string, detail?: string) {
    super(message);
    this.side = side;
    this.code = code;
    this.detail = detail;
  }
}

/** A path that servers read in several ways: the one refusal that is the caller's own fault by its status, 400. */
export const AMBIGUOUS_PATH = 'ambiguous_path';

/** Refused, and not begun: each call of the service wants a signature of its own. Between our own nodes; the caller's asks again. */
export const WANTS_MESSAGE = 'signature_per_message_required';

/** The type in lower case, as from version 7.8: `server.serverproxy.access_denied`. */
export function typeOf({ side, code }: Pick<XRoadError, 'side' | 'code'>): string {
  if (code === AMBIGUOUS_PATH) return `client.${code}`;
  return `server.${side}proxy.${code}`;
}

const WORDS: Readonly<Record<string, string>> = { clientproxy: 'ClientProxy', serverproxy: 'ServerProxy', io: 'IO' };

/** The type as up to version 7.7: `Server.ServerProxy.AccessDenied`. */
export function upperType(type: string): string {
  const word = (text: string) => WORDS[text] ?? `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return type
    .split('.')
    .map((part) => part.split('_').map(word).join(''))
    .join('.');
}

const STRICT: Readonly<Record<string, number>> = {
  access_denied: 403,
  ssl_authentication_failed: 403,
  unknown_service: 404,
  unknown_member: 404,
  service_disabled: 503,
  maintenance_mode: 503,
  quota_exceeded: 503,
  network_error: 503,
  unknown_host: 503,
  io_error: 503,
  service_failed: 503,
  logging_failed: 503,
  internal_error: 503,
  inconsistent_response: 503,
};

/** How an answer is to be written for a caller. */
export interface ErrorStyle {
  dialect: 'upper' | 'lower';
  strict: boolean;
  /** Values of `Accept`, as they came. */
  accept: readonly string[];
}

/** An error as it goes out. */
export interface ErrorAnswer {
  status: number;
  type: string;
  headers: string[];
  body: Buffer;
}

/** Writes an error: JSON, or XML where an element of `Accept` is exactly `text/xml`, `application/xml` or `text/*`. */
export function writeError(error: XRoadError, style: ErrorStyle, detail: string): ErrorAnswer {
  const lower = typeOf(error);
  const type = style.dialect === 'upper' ? upperType(lower) : lower;
  const compatible = lower.startsWith('server.') ? 500 : 400;
  const status = style.strict ? (STRICT[error.code] ?? 400) : compatible;
  const xml = xmlWanted(style.accept);
  const fields = { type, message: error.message, detail };
  const body = xml === undefined ? JSON.stringify(fields) : errorXml(fields);
  const headers = [
    'Content-Type',
    `${xml ?? 'application/json'};charset=utf-8`,
    'X-Road-Error',
    type,
    ...(style.strict && status === 503 ? ['Retry-After', '30'] : []),
  ];
  return { status, type, headers, body: Buffer.from(body, 'utf8') };
}

/** The media type in which XML is wanted; parameters such as `q` make an element another one, as the published gateways have it. */
export function xmlWanted(accept: readonly string[]): string | undefined {
  const elements = accept.flatMap((value) => value.split(',')).map((element) => element.trim());
  const found = elements.find((element) => ['text/xml', 'application/xml', 'text/*'].includes(element));
  return found === 'text/*' ? 'text/xml' : found;
}

function errorXml({ type, message, detail }: { type: string; message: string; detail: string }): string {
  const parts = [tag('type', type), tag('message', message), tag('detail', detail)];
  return `<?xml version="1.0" encoding="utf-8"?><error>${parts.join('')}</error>`;
}

/** An XML element with text. */
export function tag(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

/** Text for an element or an attribute. Characters that XML 1.0 cannot have become U+FFFD. */
export function escapeXml(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[<>&"]/g, (character) => escapes[character] ?? character);
}
