import type { Finding, FindingObject } from '../finding.ts';
import { namedRuntimes } from '../kserve/model.ts';
import { runtimeFindings } from '../kserve/runtime-findings.ts';
import { modelFormatText, type ServingRuntime, toServingRuntime } from '../kserve/serving-runtime.ts';
import { fieldOf, textOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';
import { evidenceOf, found } from './check.ts';
import { bySeverity } from './diagnose.ts';
import { type Facts, nameOf, namespaceOf } from './facts.ts';
import { refOf } from './service.ts';

export type RuntimeKind = 'ServingRuntime' | 'ClusterServingRuntime';

/** One runtime of a report. */
export interface RuntimeReport {
  readonly kind: RuntimeKind;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly disabled: boolean;
  /** `NAME` or `NAME:VERSION`. */
  readonly modelFormats: readonly string[];
  /** Empty: any. */
  readonly protocolVersions: readonly string[];
  /** InferenceServices that name it, or that KServe has given it; undefined if not all of them were read. */
  readonly usedBy?: readonly FindingObject[] | undefined;
  readonly findings: readonly Finding[];
}

/** What a runtime is, who uses it, and what is wrong with it. */
export function reportRuntime(object: KubeObject, facts: Facts): RuntimeReport {
  const kind: RuntimeKind = object.kind === 'ClusterServingRuntime' ? 'ClusterServingRuntime' : 'ServingRuntime';
  const runtime = toServingRuntime(object, kind === 'ServingRuntime' ? 'namespace' : 'cluster');
  const namespace = kind === 'ServingRuntime' ? namespaceOf(object) : undefined;
  const others = [
    ...facts.list('ServingRuntime', namespace).map((other) => toServingRuntime(other, 'namespace')),
    ...facts.list('ClusterServingRuntime').map((other) => toServingRuntime(other, 'cluster')),
  ].filter((other) => !isSame(other, runtime));
  const users = facts.list('InferenceService', namespace).filter((service) => uses(service, runtime, facts));
  return {
    kind,
    ...(namespace !== undefined && { namespace }),
    name: runtime.name,
    disabled: runtime.disabled,
    modelFormats: runtime.supportedModelFormats.map(modelFormatText),
    protocolVersions: runtime.protocolVersions,
    usedBy: facts.isComplete('InferenceService', namespace) ? users.map(refOf) : undefined,
    findings: bySeverity([...disabledFinding(object, runtime, users), ...runtimeFindings(runtime, others)]),
  };
}

function isSame(a: ServingRuntime, b: ServingRuntime): boolean {
  return a.scope === b.scope && a.namespace === b.namespace && a.name === b.name;
}

/** KServe's own word, and what the spec names: a ServingRuntime hides a ClusterServingRuntime of its name. */
function uses(service: KubeObject, { scope, name }: ServingRuntime, facts: Facts): boolean {
  const given = (field: string) => textOf(fieldOf(service.status, field)) === name;
  if (given(scope === 'cluster' ? 'clusterServingRuntimeName' : 'servingRuntimeName')) return true;
  if (!namedRuntimes(service, 'stored').includes(name)) return false;
  return scope === 'namespace' || facts.find('ServingRuntime', namespaceOf(service), name) === undefined;
}

/** KServe does not take it, and fails for a service that names it. */
function disabledFinding(object: KubeObject, { disabled, name }: ServingRuntime, users: readonly KubeObject[]): readonly Finding[] {
  if (!disabled) return [];
  const ref = refOf(object);
  const names = users.map((user) => `${namespaceOf(user)}/${nameOf(user)}`);
  const rest =
    names.length === 0
      ? ''
      : `, and ${names.length} InferenceService${names.length === 1 ? ' uses' : 's use'} it (${names.slice(0, MOST_NAMES).join(', ')})`;
  return [
    found('runtime-disabled', ref, `the runtime "${name}" is disabled${rest}`, {
      severity: names.length === 0 ? 'info' : 'error',
      field: 'spec.disabled',
      evidence: [evidenceOf(ref, 'spec.disabled', 'true')],
      fix: { text: 'set spec.disabled to false, or let the services use another runtime' },
    }),
  ];
}

const MOST_NAMES = 5;
