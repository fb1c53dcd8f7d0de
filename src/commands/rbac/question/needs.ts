import { KSERVE_KINDS } from '../../../domain/kserve/kinds.ts';
import type { RequiredAccess } from '../../../domain/kserve/required-access.ts';
import { isServed } from '../../../domain/kserve/resource-lookup.ts';
import type { ApiResource, Discovery } from '../../../domain/kubernetes/resource.ts';
import type { KnownKind } from '../../../domain/rbac/grant.ts';
import type { Question } from '../../../domain/rbac/question.ts';

function allResources(discovery: Discovery | undefined): readonly ApiResource[] {
  return (discovery?.groups ?? []).flatMap(({ versions }) => versions.flatMap(({ resources }) => resources));
}

function kindOf({ group, resource, scope }: RequiredAccess, known: readonly ApiResource[]): KnownKind {
  const found = known.find((kind) => kind.group === group && kind.plural === resource);
  if (found === undefined) return { group, plural: resource, kind: resource, namespaced: scope === 'namespace' };
  return { group, plural: resource, kind: found.kind, namespaced: found.namespaced };
}

function namespacesOf({ scope, namespace }: RequiredAccess, namespaces: readonly string[]): readonly string[] {
  if (scope === 'cluster') return [''];
  return namespace === undefined ? namespaces : [namespace];
}

/** The rights of a task → questions. Each right keeps its own scope: `namespaces` (`['']`: all) is for those that have none. */
export function questionsFromNeeds(
  needs: readonly RequiredAccess[],
  namespaces: readonly string[],
  discovery: Discovery | undefined,
): readonly Question[] {
  const known = [...allResources(discovery), ...KSERVE_KINDS];
  return needs.flatMap((need) => {
    const { group, resource, subresource, name, reason } = need;
    const shared = {
      kind: kindOf(need, known),
      installed: isServed({ group, plural: resource }, discovery),
      neededFor: reason,
      ...(need.optional && { optional: need.optional }),
    };
    const target = { group, resource, ...(subresource !== undefined && { subresource }), ...(name !== undefined && { name }) };
    return namespacesOf(need, namespaces).flatMap((namespace) =>
      need.verbs.map((verb) => ({ ...shared, request: { verb, ...target, namespace } })),
    );
  });
}
