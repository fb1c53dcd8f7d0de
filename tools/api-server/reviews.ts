// The five review APIs: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access

import type { Identity } from '../../src/domain/kubernetes/identity.ts';
import type { AccessRequest } from '../../src/domain/rbac/access-review.ts';
import { bindingsOf, danglingErrors, type RbacObjects } from '../../src/domain/rbac/authorizer.ts';
import { badRequest, refuse, type StatusCause } from './answer.ts';
import type { Authorizer } from './authorization.ts';

interface ReviewSpec {
  readonly namespace?: string;
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  readonly nonResourceAttributes?: Readonly<Record<string, string>>;
}

export interface Review {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly spec: ReviewSpec;
}

export interface ReviewContext {
  readonly caller: Identity;
  /** Of the URL; `''` at the cluster scope. */
  readonly namespace: string;
  readonly authorizer: Authorizer;
  readonly rbac: RbacObjects;
  /** A webhook authorizer has no list of rules. */
  readonly hasWebhook: boolean;
  readonly now: Date;
}

const ONE_BLOCK = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';

/** The review with its `status`. */
export function review(kind: string, body: Review, context: ReviewContext): object {
  switch (kind) {
    case 'SelfSubjectAccessReview':
      validate(body, []);
      return withStatus(body, context.authorizer(context.caller, question(body.spec)));
    case 'SubjectAccessReview':
      validate(body, [...subjectCauses(body.spec), ...metadataCauses(body)]);
      return withStatus(body, context.authorizer(subject(body.spec), question(body.spec)));
    case 'LocalSubjectAccessReview':
      return localReview(body, context);
    case 'SelfSubjectRulesReview':
      return rulesReview(body, context);
    case 'SelfSubjectReview':
      return selfReview(context);
    default:
      throw new Error(`no review ${kind}`);
  }
}

function localReview(body: Review, context: ReviewContext): object {
  const { namespace } = context;
  if ((body.metadata.namespace ?? namespace) !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  validate(body, [...subjectCauses(body.spec), ...localCauses(body.spec, namespace)]);
  const status = context.authorizer(subject(body.spec), question(body.spec));
  return withStatus({ ...body, metadata: { ...body.metadata, namespace } }, status);
}

function rulesReview(body: Review, { caller, rbac, hasWebhook }: ReviewContext): object {
  const namespace = body.spec.namespace ?? '';
  if (namespace === '') throw badRequest('no namespace on request');
  const bindings = bindingsOf(caller, namespace, rbac);
  const rules = bindings.flatMap((binding) => binding.rules ?? []);
  const errors = [hasWebhook ? 'webhook authorizer does not support user rule resolution' : '', danglingErrors(bindings)];
  const evaluationError = errors.filter((error) => error !== '').join(', ');
  const status = {
    resourceRules: rules
      .filter(({ resources = [] }) => resources.length > 0)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames && { resourceNames }) })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: hasWebhook,
    ...(evaluationError === '' ? {} : { evaluationError }),
  };
  // The server does not repeat the namespace.
  return { kind: body.kind, apiVersion: body.apiVersion, metadata: {}, spec: {}, status };
}

function selfReview({ caller, now }: ReviewContext): object {
  const { user: username, uid, groups, extra } = caller;
  const userInfo = { username, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) };
  const metadata = { creationTimestamp: now.toISOString().replace(/\.\d+Z$/, 'Z') };
  return { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata, status: { userInfo } };
}

function withStatus({ kind, apiVersion, metadata, spec }: Review, { allowed, ...rest }: ReturnType<Authorizer>): object {
  return { kind, apiVersion, metadata, spec, status: { allowed, ...rest } };
}

function question({ resourceAttributes, nonResourceAttributes }: ReviewSpec): AccessRequest {
  if (nonResourceAttributes !== undefined) return { verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' };
  const { verb = '', group = '', resource = '', subresource = '', namespace = '', name = '' } = resourceAttributes ?? {};
  return { verb, group, resource, subresource, namespace, name };
}

function subject({ user = '', uid, groups = [], extra }: ReviewSpec): Identity {
  return { user, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) };
}

function invalid(field: string, value: unknown, message: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${message}`, field };
}

/** The server prints its own Go struct, whose fields have no JSON names. */
function goAttributes({ path, verb }: Readonly<Record<string, string>>): object {
  return { Path: path ?? '', Verb: verb ?? '' };
}

function blockCauses({ resourceAttributes, nonResourceAttributes }: ReviewSpec): readonly StatusCause[] {
  if ((resourceAttributes === undefined) !== (nonResourceAttributes === undefined)) return [];
  return [invalid('spec', nonResourceAttributes === undefined ? null : goAttributes(nonResourceAttributes), ONE_BLOCK)];
}

function subjectCauses({ user = '', groups = [] }: ReviewSpec): readonly StatusCause[] {
  return user === '' && groups.length === 0 ? [invalid('spec.user', '', 'at least one of user or group must be specified')] : [];
}

function metadataCauses({ metadata }: Review): readonly StatusCause[] {
  return Object.keys(metadata).length === 0 ? [] : [invalid('metadata', metadata, 'must be empty')];
}

function localCauses({ resourceAttributes, nonResourceAttributes }: ReviewSpec, namespace: string): readonly StatusCause[] {
  const asked = resourceAttributes?.namespace ?? '';
  return [
    ...(resourceAttributes === undefined || asked === namespace
      ? []
      : [invalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')]),
    ...(nonResourceAttributes === undefined
      ? []
      : [invalid('spec.nonResourceAttributes', goAttributes(nonResourceAttributes), 'disallowed on this kind of request')]),
  ];
}

function validate({ spec, apiVersion }: Review, more: readonly StatusCause[]): void {
  const causes = [...blockCauses(spec), ...more];
  if (causes.length === 0) return;
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  throw refuse({
    code: 422,
    reason: 'Invalid',
    message: `.authorization.k8s.io "" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`,
    details: { group: apiVersion.split('/')[0] ?? '', causes },
  });
}
