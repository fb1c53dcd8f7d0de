// Acting as somebody else, classic and constrained (KEP-5284).
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation

import { type Identity, parseServiceAccountUser } from '../../src/domain/kubernetes/identity.ts';
import type { AccessRequest, ResourceAccessRequest } from '../../src/domain/rbac/access-review.ts';
import { isUrlRequest } from '../../src/domain/rbac/access-review.ts';
import { badRequest } from './answer.ts';
import type { ApiRequest } from './api.ts';
import { ANONYMOUS, identityOf } from './authentication.ts';
import { type Authorizer, denial } from './authorization.ts';

const AUTHENTICATION = 'authentication.k8s.io';
const EXTRA = 'impersonate-extra-';

/** Whom the request acts as; the caller itself without impersonation headers. */
export function impersonate(request: ApiRequest, caller: Identity, target: AccessRequest, isAllowed: Authorizer): Identity {
  const wanted = wantedIdentity(request);
  if (wanted === undefined) return caller;
  const refusal = refusalOf(classicRights(wanted), caller, isAllowed, request);
  if (refusal === undefined) return withImpliedGroups(wanted);
  const mode = constrainedMode(wanted);
  if (mode === undefined) throw refusal;
  const constrained = refusalOf(constrainedRights(wanted, mode, target), caller, isAllowed, request);
  if (constrained === undefined) return withImpliedGroups(wanted);
  // The server repeats the mode that last worked for the caller: a caller with any classic right is taken for one it did work for.
  throw hasClassicRight(caller, isAllowed) ? refusal : constrained;
}

function wantedIdentity({ headers }: ApiRequest): Identity | undefined {
  const user = headers['impersonate-user']?.[0] ?? '';
  const uid = headers['impersonate-uid']?.[0];
  const groups = headers['impersonate-group'] ?? [];
  const extra = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(EXTRA))
      .map(([name, values]) => [decodeURIComponent(name.slice(EXTRA.length)).toLowerCase(), values ?? []]),
  );
  if (user !== '') return { user, groups, ...(uid === undefined ? {} : { uid }), ...(Object.keys(extra).length === 0 ? {} : { extra }) };
  if (uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  throw badRequest(withoutUser(uid ?? '', groups, extra));
}

function withoutUser(uid: string, groups: readonly string[], extra: Readonly<Record<string, readonly string[]>>): string {
  const strings = (values: readonly string[]) => `{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
  const list = groups.length === 0 ? '[]string(nil)' : `[]string${strings(groups)}`;
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:[]string${strings(values)}`);
  const map = entries.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${entries.join(', ')}}`;
  return `requested &user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list}, Extra:${map}} without impersonating a user name`;
}

function right(
  verb: string,
  group: string,
  resource: string,
  name: string,
  more: Partial<ResourceAccessRequest> = {},
): ResourceAccessRequest {
  return { verb, group, resource, name, namespace: '', ...more };
}

/** One right for each part of the identity, in the order in which the server asks. */
function classicRights({ user, uid, groups, extra = {} }: Identity): readonly ResourceAccessRequest[] {
  const account = parseServiceAccountUser(user);
  return [
    account === undefined
      ? right('impersonate', '', 'users', user)
      : right('impersonate', '', 'serviceaccounts', account.name, { namespace: account.namespace }),
    ...(uid === undefined ? [] : [right('impersonate', AUTHENTICATION, 'uids', uid)]),
    ...groups.map((group) => right('impersonate', '', 'groups', group)),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => right('impersonate', AUTHENTICATION, 'userextras', value, { subresource: key })),
    ),
  ];
}

function constrainedMode({ user, uid, groups, extra }: Identity): string | undefined {
  if (parseServiceAccountUser(user) === undefined) return 'user-info';
  return uid === undefined && groups.length === 0 && extra === undefined ? 'serviceaccount' : undefined;
}

/** First the right on the very request, then those on the identity. */
function constrainedRights(wanted: Identity, mode: string, target: AccessRequest): readonly AccessRequest[] {
  const on = { ...target, verb: `impersonate-on:${mode}:${target.verb}` };
  const identity = classicRights(wanted).map((one) => ({ ...one, verb: `impersonate:${mode}`, group: AUTHENTICATION }));
  return [isUrlRequest(target) ? on : { ...on, name: target.name ?? '' }, ...identity];
}

function refusalOf(rights: readonly AccessRequest[], caller: Identity, isAllowed: Authorizer, { url }: ApiRequest) {
  for (const one of rights) {
    const status = isAllowed(caller, one);
    if (!status.allowed) return denial(caller, one, status, url);
  }
  return undefined;
}

function hasClassicRight(caller: Identity, isAllowed: Authorizer): boolean {
  return ['users', 'groups', 'serviceaccounts'].some((resource) => isAllowed(caller, right('impersonate', '', resource, '')).allowed);
}

function withImpliedGroups(wanted: Identity): Identity {
  if (wanted.user === ANONYMOUS.user) return ANONYMOUS;
  const { user, groups } = wanted;
  const implied = groups.length === 0 ? identityOf({ name: user }).groups : [...groups, 'system:authenticated'];
  return { ...wanted, groups: [...new Set(implied)] };
}
