import type { RuntimePlace } from '../../../queries/runtimes.ts';
import { escapeText } from '../../../text/escape.ts';
import { askedText } from './filter-messages.ts';
import type { FoundNamespace, ListFacts } from './outcome.ts';
import { isFiltered, isSpread, type ListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

/** That there is nothing, where the server vouches for it, and what may be the reason. */
export function emptyMessages({ reading, request, hasTemplates, namespaces }: ListFacts): string[] {
  const places = reading.listed.map(placeOf).join(' or ');
  const none = isFiltered(request) ? `, so none serves ${askedText(request)}` : '';
  return [`No runtimes found ${places}${none}.`, ...(namespaces.some(isGone) ? [] : emptyReasons({ reading, request, hasTemplates }))];
}

function placeOf({ scope, namespace }: RuntimePlace): string {
  if (scope === 'cluster') return 'at the cluster scope';
  return namespace === undefined ? 'in any namespace' : `in ${escapeText(namespace)} namespace`;
}

function emptyReasons({ reading, request, hasTemplates }: Pick<ListFacts, 'reading' | 'request' | 'hasTemplates'>): string[] {
  const { labelSelector, fieldSelector } = request;
  if (labelSelector !== undefined) return [`hint: None matches the label selector "${escapeText(labelSelector)}".`];
  if (fieldSelector !== undefined) return [`hint: None matches the field selector "${escapeText(fieldSelector)}".`];
  return reading.listed.some(({ scope }) => scope === 'cluster') && !hasTemplates ? [INSTALL_RUNTIMES] : [];
}

/** That the namespace does not exist is said whatever else was found; that this is not known, only where nothing was. */
export function namespaceMessages({ reading, request, namespaces }: ListFacts, isEmpty: boolean): string[] {
  if (reading.listed.length === 0) return [];
  const gone = namespaces.filter(isGone);
  if (gone.length > 0) return gone.map(({ name }) => `error: namespaces "${escapeText(name)}" not found`);
  const isSelected = request.labelSelector !== undefined || request.fieldSelector !== undefined;
  const isAsked = reading.listed.some((answer) => answer.namespace !== undefined);
  const isUnverified = namespaces.some(({ state }) => state === 'unverified');
  return isEmpty && isAsked && !isSelected && isUnverified ? [UNVERIFIED] : [];
}

function isGone({ state }: FoundNamespace): boolean {
  return state === 'absent';
}

/** What there is to choose from on OpenShift AI, where nothing or no cluster-scoped runtimes are found. */
export function catalogueMessages({ reading, hasTemplates, request }: ListFacts, isEmpty: boolean): string[] {
  const isAbsent = reading.absent.some(({ scope }) => scope === 'cluster');
  return hasTemplates && request.scopes.includes('cluster') && (isEmpty || isAbsent) ? [TEMPLATES_HINT] : [];
}

/** Where a template found nothing in a list of one: its paths may be those of the object. */
export function listNote({ runtime: { scope, name, namespace } }: RuntimeRow, request: ListRequest): string {
  const kind = scope === 'cluster' ? 'clusterservingruntime' : 'servingruntime';
  const place = isSpread(request) && namespace !== undefined ? ` -n ${namespace}` : '';
  return `note: The template found nothing in the List that is answered. ${escapeText(`${kind}/${name}${place}`)} gives the object itself.`;
}

// https://kserve.github.io/website/docs/admin-guide/overview
const INSTALL_RUNTIMES =
  'hint: The runtimes are installed separately from KServe: apply kserve-cluster-resources.yaml of your KServe release, or install the Helm chart kserve-runtime-configs with kserve.servingruntime.enabled=true.';
// https://github.com/opendatahub-io/odh-dashboard/issues/9322
const TEMPLATES_HINT =
  'hint: On OpenShift AI the runtimes to choose from are Templates, and each deployed model gets a ServingRuntime made from one. To see them (on Open Data Hub with -n opendatahub): kubectl get templates.template.openshift.io -n redhat-ods-applications';
const UNVERIFIED = 'note: namespace not verified: the server answers with an empty list for one that does not exist, too.';
