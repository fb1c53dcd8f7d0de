import { goUnquote } from '../../text/go-unquote.ts';
import type { AccessRequest } from './access-review.ts';

/** What the API server's authorizer refused, and to whom. */
export interface Denial {
  readonly user: string;
  readonly request: AccessRequest;
  /** The authorizer's own words, if it gave any; may span lines. */
  readonly reason?: string;
}

// From the first character on, and with one way to read each: what follows a colon is the reason's, however much it looks like a
// refusal, and a long message takes no longer than its length.
/** In one quoted text: no name has as many, and JavaScript keeps a place on its stack for each. */
const MOST_ESCAPES = 10_000;
const PREFIX = '(?:[Ee]rror(?: from server(?: \\([A-Za-z]+\\))?)?: )?';
const QUOTED = `("[^"\\\\]*(?:\\\\.[^"\\\\]*){0,${MOST_ESCAPES}}")`;
const REFUSAL = new RegExp(
  `^${PREFIX}(?:[^\\s":]+ (?:${QUOTED} )?is )?forbidden: User ${QUOTED} cannot (\\S+) ` +
    `(?:resource ${QUOTED} in API group ${QUOTED} (?:in the namespace ${QUOTED}|at the cluster scope)|path ${QUOTED})` +
    '(?:: ([\\s\\S]*))?$',
);

/**
 * Reads the message of a 403 `Status`, bare or after a prefix such as `Error from server (Forbidden): `; undefined if it is not the
 * authorizer's (quota, admission and Pod Security also say "forbidden"), or names nobody.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go
 */
export function parseForbidden(message: string): Denial | undefined {
  const match = REFUSAL.exec(message);
  if (match === null || match[2] === '""') return undefined;
  const [, name, user, verb = '', resource, group, namespace, path, reason] = match;
  const asked = path === undefined ? { resource, group, namespace, name } : { path };
  return { user: plain(user), request: toRequest(verb, asked), ...(reason !== undefined && { reason }) };
}

const BODY = new RegExp(
  `forbidden: User ${QUOTED} cannot (\\S+) ` +
    `(?:resource ${QUOTED} in API group ${QUOTED} (?:in the namespace ${QUOTED}|at the cluster scope)|path ${QUOTED})`,
  'y',
);
const NAME_BEFORE = new RegExp(`[^\\s":]+ (?:${QUOTED} )?is $`);
/** Characters before a refusal that may hold the name of what was refused. */
const BEFORE = 700;

/** Every refusal of the authorizer anywhere in a text, without its reason, in time that grows with the length of the text alone. */
export function findDenials(text: string): readonly Denial[] {
  const found: Denial[] = [];
  for (let at = text.indexOf('forbidden: User "'); at >= 0; at = text.indexOf('forbidden: User "', at + 1)) {
    BODY.lastIndex = at;
    const [whole, user, verb = '', resource, group, namespace, path] = BODY.exec(text) ?? [];
    if (whole === undefined || user === '""' || [resource, group, namespace].some(hasBlank)) continue;
    const name = NAME_BEFORE.exec(text.slice(Math.max(0, at - BEFORE), at))?.[1];
    found.push({ user: plain(user), request: toRequest(verb, path === undefined ? { resource, group, namespace, name } : { path }) });
  }
  return found;
}

/** No word of the API holds one: a line was broken there. */
function hasBlank(word: string | undefined): boolean {
  return word !== undefined && /\s/.test(word);
}

interface Quoted {
  readonly resource?: string | undefined;
  readonly group?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly path?: string | undefined;
}

function toRequest(verb: string, quoted: Quoted): AccessRequest {
  if (quoted.path !== undefined) return { verb, path: plain(quoted.path) };
  const [resource = '', ...subresource] = plain(quoted.resource).split('/');
  return {
    verb,
    group: plain(quoted.group),
    resource,
    namespace: plain(quoted.namespace),
    ...(subresource.length > 0 && { subresource: subresource.join('/') }),
    // The leading name is the only part that the server does not escape for HTML.
    ...(quoted.name !== undefined && { name: goUnquote(quoted.name) }),
  };
}

function plain(quoted: string | undefined): string {
  return quoted === undefined ? '' : unescapeHtml(goUnquote(quoted));
}

function unescapeHtml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
