import type { Discovery } from './resource.ts';

/** What discovery lists for most kinds, in the order that people write them in. */
export const STANDARD_VERBS: readonly string[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

// Verbs that no kind lists in discovery, but that authorizers are asked about.
// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#request-verbs-special
const SPECIAL_VERBS = ['use', 'bind', 'escalate', 'approve', 'sign', 'attest', 'impersonate'];
const CONSTRAINED_IMPERSONATION = /^impersonate(-on)?:[a-z-]+(:[a-z]+)?$/;

/** HTTP methods that an authorizer sees for a URL that is no resource. */
export const URL_VERBS: readonly string[] = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/** The verbs that make sense for some resource: the standard ones, special ones, and what any served kind lists. */
export function knownVerbs(discovery: Discovery | undefined): readonly string[] {
  const served = (discovery?.groups ?? []).flatMap((group) =>
    group.versions.flatMap(({ resources }) => resources.flatMap(({ verbs }) => verbs)),
  );
  return [...new Set([...STANDARD_VERBS, ...SPECIAL_VERBS, ...served])];
}

/** True if the verb may be asked about. Case counts: the server's verbs are all lower case. */
export function isKnownVerb(verb: string, discovery: Discovery | undefined): boolean {
  return knownVerbs(discovery).includes(verb) || CONSTRAINED_IMPERSONATION.test(verb);
}

/**
 * True if the authorizer sees no name in such a request, although it may concern a named object. What is created under an object, such as
 * `pods/exec`, has the name of that object.
 */
export function isUnnamedVerb(verb: string, subresource: string | undefined): boolean {
  return verb === 'deletecollection' || (verb === 'create' && subresource === undefined);
}

/** True if `verb` is about taking someone's identity, so that users and groups are meant as themselves and not as kinds. */
export function isImpersonation(verb: string): boolean {
  return verb === 'impersonate' || verb.startsWith('impersonate:');
}

/** Of a reader: who may list may also look at one and follow changes, which most clients need. */
export const READ_VERBS: readonly string[] = ['get', 'list', 'watch'];
