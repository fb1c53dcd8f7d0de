// https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go
import type { V1LabelSelector, V1LabelSelectorRequirement } from '@kubernetes/client-node';
import { lookUp } from '../../text/look-up.ts';
import type { RoleNode } from './rbac-graph.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether the aggregation controller takes the rules of `source` into `target`. */
export function isAggregated(source: Pick<RoleNode, 'kind' | 'name' | 'labels'>, target: RoleNode): boolean {
  if (source.kind !== 'ClusterRole' || source.name === target.name) return false;
  return (target.selectors ?? []).some((selector) => selectorMatches(selector, source.labels));
}

function selectorMatches({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector, labels: Labels): boolean {
  const areEqual = Object.entries(matchLabels).every(([label, value]) => lookUp(labels, label) === value);
  return areEqual && matchExpressions.every((requirement) => requirementHolds(requirement, labels));
}

function requirementHolds({ key, operator, values = [] }: V1LabelSelectorRequirement, labels: Labels): boolean {
  const value = lookUp(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** Labels that make the controller take a role in, as the first selector that names any; undefined if no selector names labels. */
export function wantedLabels({ selectors = [] }: RoleNode): Labels | undefined {
  const plain = selectors?.find(
    ({ matchLabels = {}, matchExpressions = [] }) => matchExpressions.length === 0 && Object.keys(matchLabels).length > 0,
  );
  return plain?.matchLabels;
}
