// When a rule of a Role or ClusterRole covers a request.
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/rbac/v1/evaluation_helpers.go
import type { V1PolicyRule } from '@kubernetes/client-node';
import { type AccessRequest, isUrlRequest, type ResourceAccessRequest, type UrlAccessRequest } from './access-review.ts';

const ALL = '*';

/** Whether one rule alone allows the request; `namespace` plays no part, it is the binding that limits it. */
export function ruleAllows(rule: V1PolicyRule, request: AccessRequest): boolean {
  return isUrlRequest(request) ? ruleAllowsUrl(rule, request) : ruleAllowsResource(rule, request);
}

function ruleAllowsUrl(rule: V1PolicyRule, { verb, path }: UrlAccessRequest): boolean {
  return verbMatches(rule, verb) && nonResourceUrlMatches(rule, path);
}

function ruleAllowsResource(rule: V1PolicyRule, request: ResourceAccessRequest): boolean {
  return (
    verbMatches(rule, request.verb) &&
    apiGroupMatches(rule, request.group) &&
    resourceMatches(rule, request.resource, request.subresource ?? '') &&
    resourceNameMatches(rule, request.name ?? '')
  );
}

/** Case counts: a rule with `GET` never matches. */
function verbMatches(rule: V1PolicyRule, verb: string): boolean {
  return rule.verbs.some((one) => one === ALL || one === verb);
}

/** The core group is `''`; `core`, `v1` and `group/version` never match. */
function apiGroupMatches(rule: V1PolicyRule, group: string): boolean {
  return (rule.apiGroups ?? []).some((one) => one === ALL || one === group);
}

// `*` covers subresources too, `*/sub` one subresource of every kind; `pods` and `pods/log` do not cover each other.
function resourceMatches(rule: V1PolicyRule, resource: string, subresource: string): boolean {
  const wanted = subresource === '' ? resource : `${resource}/${subresource}`;
  return (rule.resources ?? []).some((one) => one === ALL || one === wanted || (subresource !== '' && one === `${ALL}/${subresource}`));
}

/** No names in the rule means any name; `*` is a literal name, and a request without a name never matches a named rule. */
function resourceNameMatches(rule: V1PolicyRule, name: string): boolean {
  const names = rule.resourceNames ?? [];
  return names.length === 0 || names.includes(name);
}

// `/foo/*` matches `/foo/` and all below it, not `/foo`.
export function nonResourceUrlMatches(rule: V1PolicyRule, path: string): boolean {
  return (rule.nonResourceURLs ?? []).some(
    (one) => one === ALL || one === path || (one.endsWith(ALL) && path.startsWith(one.replace(/\*+$/, ''))),
  );
}
