import type { Evidence, FindingObject, Fix } from '../../../domain/finding.ts';
import { isUnnamedVerb } from '../../../domain/kubernetes/verb.ts';
import { type AccessRequest, isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { MISSING_ROLE_FIX, missingRoleFault } from '../../../domain/rbac/allow-reason.ts';
import { questionResource } from '../../../domain/rbac/question.ts';
import { type OtherSubject, subjectLabel } from '../../../queries/asked-subject.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import { nameSelector, shellCommand } from '../../../text/shell.ts';
import { placeOf } from '../question/names.ts';
import { stop } from '../question/verdict-text.ts';
import type { CheckCause } from './causes.ts';
import type { Trap } from './false-yes.ts';
import type { NamedRule } from './named-rules.ts';

/** What a finding says of its own. */
interface Words {
  readonly object: FindingObject;
  readonly message: string;
  readonly evidence?: readonly Evidence[];
  /** Follows the message: after a colon, unless that is a whole sentence. */
  readonly fix?: Fix;
}

/** The words of a cause. All sentences of findings stand in this file. */
export function wordsOf(cause: CheckCause): Words {
  switch (cause.code) {
    case 'kind-not-served':
      return kindWords(cause.request, (resource) => `${resource} is not installed in this cluster.`);
    case 'kind-not-determined':
      return kindWords(
        cause.request,
        (resource) => `Whether ${resource} is installed could not be determined; if it is not, the request fails for everybody.`,
      );
    case 'denied-by-authorizer':
      return cause.isFinal ? deniedWords(cause.request, cause.reason) : objectionWords(cause.request, cause.reason ?? '');
    case 'conditional-decision':
      return conditionWords(cause.request, cause.condition ?? '');
    case 'dangling-role-ref':
      return {
        object: cause.role,
        message: missingRoleFault(cause.role),
        evidence: [{ object: cause.role, field: 'status.reason', value: cause.reason }],
        fix: { text: MISSING_ROLE_FIX },
      };
    case 'rolebinding-for-cluster-scope':
      return trapWords(cause.trap);
    case 'resource-names':
      return namedRuleWords(cause.rule);
    case 'role-exists':
    case 'role-name-taken':
      return roleWords(cause.role);
    default:
      return remarkWords(cause);
  }
}

type PlainRemark = Extract<
  CheckCause,
  {
    code:
      | 'cluster-wide-grant'
      | 'account-namespace'
      | 'optional-rights'
      | 'groups-unknown'
      | 'identity-unknown'
      | 'rbac-only'
      | 'excess-limits';
  }
>;

function remarkWords(cause: PlainRemark): Words {
  switch (cause.code) {
    case 'cluster-wide-grant':
      return { object: { kind: 'ClusterRoleBinding', name: cause.binding }, message: cause.sentence };
    case 'account-namespace':
      return {
        object: { kind: 'Namespace', name: cause.namespace },
        message: `Asked in the namespace ${JSON.stringify(cause.namespace)}, the ServiceAccount's own; name another with -n.`,
      };
    case 'optional-rights':
      return {
        object: task(cause.task),
        message: `Rights to ${cause.kinds.join(', ')} are optional: they do not count, and the commands do not grant them.`,
        fix: { text: 'To ask for them too, add --optional.' },
      };
    case 'groups-unknown':
      return groupsWords(cause.subject);
    case 'identity-unknown':
      return { object: CALLER, message: 'No grant can be named, because the server does not say who you are.' };
    case 'rbac-only':
      return {
        object: cause.subject === undefined ? CALLER : placeOf(cause.subject),
        message:
          'Evaluated here from the RBAC objects, because no access review was permitted: other authorizers are not seen (RBAC only).',
      };
    case 'excess-limits':
      return { object: task(cause.task), message: NOT_LOOKED_AT };
  }
}

/** What was not asked about, so that it may be there. */
export const NOT_LOOKED_AT =
  'Not looked at: kinds of other API groups that the task does not name, URLs, and RoleBindings in other namespaces.';

/** Whom the questions are about, where the server gives them no name. */
const CALLER: FindingObject = { kind: 'User', name: '' };

function task(name: string): FindingObject {
  return { kind: 'Task', name };
}

/** As `rbac explain` names what was asked, and where. */
function requestObject(request: AccessRequest): FindingObject {
  const namespace = isUrlRequest(request) ? '' : request.namespace;
  return { kind: 'Request', ...(namespace !== '' && { namespace }), name: questionResource(request) };
}

function kindWords(request: AccessRequest, say: (resource: string) => string): Words {
  const object = requestObject(request);
  return { object, message: say(object.name), evidence: [{ object, field: 'resource', value: object.name }] };
}

function deniedWords(request: AccessRequest, reason: string | undefined): Words {
  const object = requestObject(request);
  return {
    object,
    message: `An authorizer forbids it: ${reason ?? 'it gives no reason'}.`,
    evidence: [{ object, field: 'status.denied', value: reason ?? 'true' }],
    fix: { text: 'RBAC cannot lift that; the policy of that authorizer must change.' },
  };
}

function objectionWords(request: AccessRequest, reason: string): Words {
  const object = requestObject(request);
  return {
    object,
    message: `Another authorizer says: ${stop(reason)} It may require its own permission besides RBAC.`,
    evidence: [{ object, field: 'status.reason', value: reason }],
  };
}

function conditionWords(request: AccessRequest, condition: string): Words {
  const object = requestObject(request);
  return {
    object,
    message: `The authorizer would allow it under a condition: ${condition}`,
    evidence: [{ object, field: 'status.conditionalDecision', value: condition }],
  };
}

/** Why the yes of `kubectl auth can-i` is wrong, as two sentences. */
function trapWords({ kind, resource, namespace, grantedBy: by }: Trap): Words {
  const inside: FindingObject = { kind: 'Request', namespace, name: resource };
  const allowed: Evidence = { object: inside, field: 'status.allowed', value: 'true' };
  const binding = by === undefined ? 'a binding there' : `${by.binding.kind} ${JSON.stringify(by.binding.name)}`;
  const role = by === undefined ? '' : ` of ${by.role.kind} ${JSON.stringify(by.role.name)}`;
  return {
    object: by?.binding ?? inside,
    message:
      `In the namespace ${JSON.stringify(namespace)} ${binding}${role} covers ${kind}, so "kubectl auth can-i" would answer yes there. ` +
      `The request is refused all the same: ${kind} is cluster-scoped, and a RoleBinding grants only what is inside its namespace.`,
    evidence: by === undefined ? [allowed] : [allowed, { object: by.binding, field: 'roleRef.name', value: by.role.name }],
  };
}

const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9.:-]*$/;

function listNames(names: readonly string[]): string {
  return names.map((name) => (PLAIN_NAME.test(name) ? name : JSON.stringify(name))).join(', ');
}

/** What can be done within such a rule. */
function namedRuleWords({ request, names }: NamedRule): Words {
  const { verb, resource, subresource } = request;
  const object = requestObject(request);
  const evidence = [{ object, field: 'rules[].resourceNames', value: JSON.stringify(names) }];
  const only = `A rule allows ${verb} of ${resource} for ${names.length > 1 ? 'the names' : 'the name'} ${listNames(names)} only`;
  if (isUnnamedVerb(verb, subresource)) {
    return { object, evidence, message: `${only}, which never matches: the server does not look at names for ${verb}.` };
  }
  const isWholeList = request.name === undefined && (verb === 'list' || verb === 'watch');
  if (!isWholeList) return { object, evidence, message: `${only}.` };
  return { object, evidence, message: only, fix: { text: `ask with ${shellCommand([nameSelector(names[0] ?? '')])}.` } };
}

function groupsWords(subject: OtherSubject): Words {
  const label = subjectLabel(subject);
  const object = placeOf(subject.rbac);
  if (!subject.groupsImplied) return { object, message: `Other groups of ${label} than those are not known: one could give more.` };
  return {
    object,
    message: `The groups of ${label} are not known: a group could give more.`,
    fix: { text: 'Name them with --for-group.' },
  };
}

/** What is already there of a grant. */
function roleWords({ kind, namespace, name, usualName, exists }: FoundRole): Words {
  const object = { kind, ...(namespace !== undefined && { namespace }), name: usualName };
  const taken = `${kind} ${JSON.stringify(usualName)} exists`;
  if (exists && name === usualName) {
    return { object, message: `${taken} already with exactly these rules: only a binding to it is missing.` };
  }
  const other = `${taken} with other rules, so this grant does not use it`;
  return { object, message: exists ? `${other}: it binds to ${JSON.stringify(name)}, which exists already.` : `${other}.` };
}
