import { type Discovery, resourceName } from '../kubernetes/resource.ts';
import { KSERVE_GROUP } from './kinds.ts';
import { KSERVE_NAMESPACE, type RequiredAccess } from './required-access.ts';
import { type Installed, isServed } from './resource-lookup.ts';

/** What a task takes on one cluster. */
export interface ApplicableNeeds {
  readonly needs: readonly RequiredAccess[];
  /** Kinds that the task is about where they are served, and that are not served here: `plural.group`, each once. */
  readonly leftOut: readonly string[];
}

function kindName({ resource, group }: RequiredAccess): string {
  return resourceName({ plural: resource, group });
}

function hasKserve(discovery: Discovery | undefined): boolean {
  const group = discovery?.groups.find(({ name }) => name === KSERVE_GROUP);
  return group?.versions.some(({ resources }) => resources.length > 0) ?? false;
}

function servedState(name: string, discovery: Discovery | undefined): Installed {
  const [plural = '', ...group] = name.split('.');
  return isServed({ plural, group: group.join('.') }, discovery);
}

/** A kind of KServe is asked about unless it is known to be absent from an installation; any other only where it is known to be served. */
function applies(need: RequiredAccess, discovery: Discovery | undefined): boolean {
  const { ifServed } = need;
  if (ifServed === undefined) return true;
  const state = servedState(ifServed, discovery);
  const isOwn = need.group === KSERVE_GROUP && ifServed === kindName(need);
  return isOwn ? state !== 'no' || !hasKserve(discovery) : state === 'yes';
}

/**
 * The needs of a task as they are on one cluster: without kinds that it does not serve and can do without, and in KServe's own namespace.
 * A cluster without KServe lacks nothing optional: there the whole task cannot be done. `discovery` is undefined if it failed.
 */
export function applicableNeeds(
  needs: readonly RequiredAccess[],
  discovery: Discovery | undefined,
  kserveNamespace: string = KSERVE_NAMESPACE,
): ApplicableNeeds {
  const [kept, dropped] = [needs.filter((need) => applies(need, discovery)), needs.filter((need) => !applies(need, discovery))];
  const isAbsent = (need: RequiredAccess): boolean => need.ifServed === kindName(need) && servedState(need.ifServed, discovery) === 'no';
  return {
    needs: kept.map((need) => (need.namespace === KSERVE_NAMESPACE ? { ...need, namespace: kserveNamespace } : need)),
    leftOut: [...new Set(dropped.filter(isAbsent).map(kindName))],
  };
}
