import type { SourcePlace } from '../../text/source-place.ts';
import type { Finding, FindingObject, Severity } from '../finding.ts';
import { fieldOf, textOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';
import { type ChainNode, chainOf } from './chain.ts';
import { bySeverity, diagnose } from './diagnose.ts';
import type { Facts, Unread } from './facts.ts';
import type { Installation } from './installation/installation.ts';
import type { ServerVerdict } from './manifests/server-verdict.ts';
import { type RuntimeReport, reportRuntime } from './runtime.ts';
import { isService, type Service, type ServiceKind, toService } from './service.ts';

/** One service of a report. */
export interface ServiceReport {
  readonly kind: ServiceKind;
  readonly namespace: string;
  readonly name: string;
  readonly ready: 'True' | 'False' | 'Unknown';
  /** When Ready became what it is, RFC 3339. */
  readonly since?: string | undefined;
  readonly deploymentMode?: string | undefined;
  readonly runtime?: { readonly name: string; readonly scope: 'namespace' | 'cluster' } | undefined;
  readonly stopped: boolean;
  readonly chain: ChainNode;
  readonly findings: readonly Finding[];
}

/** An object of a file that is to be applied, and who looked at it. */
export interface ManifestReport extends FindingObject {
  readonly source: SourcePlace;
  /** What the API server said of it in a dry run. */
  readonly dryRun: ServerVerdict['state'];
  /** Why it was not tried. */
  readonly why?: string | undefined;
  /** Where the schema comes from that it was held against, such as `cluster` or `KServe v0.20.0`; absent if there was none, or no need for one. */
  readonly schema?: string | undefined;
}

export interface Report {
  /** Objects of files that were looked at before they are applied. */
  readonly manifests: readonly ManifestReport[];
  /** KServe itself; absent if only services were asked about. */
  readonly installation?: Installation | undefined;
  readonly services: readonly ServiceReport[];
  /** Those that were asked about by name. */
  readonly runtimes: readonly RuntimeReport[];
  /** Of all of these, worst first. */
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
}

/** `objects` are services and runtimes. */
export function reportOn(objects: readonly KubeObject[], facts: Facts, unread: readonly Unread[]): Report {
  const services = objects.filter(isService).map((object) => reportService(toService(object, facts)));
  const runtimes = objects.filter((object) => !isService(object)).map((object) => reportRuntime(object, facts));
  const findings = bySeverity([...services, ...runtimes].flatMap((one) => one.findings));
  return { manifests: [], services, runtimes, findings, unread };
}

function reportService(service: Service): ServiceReport {
  const { ref, ready, deploymentMode, stopped } = service;
  return {
    ...ref,
    ready: ready?.status === 'True' || ready?.status === 'False' ? ready.status : 'Unknown',
    since: ready?.since,
    ...(ref.kind === 'InferenceService' && {
      deploymentMode: deploymentMode === 'unknown' ? undefined : deploymentMode,
      runtime: runtimeOf(service),
    }),
    stopped,
    chain: chainOf(service),
    findings: diagnose(service),
  };
}

/** The runtime that KServe says it uses (0.16 and newer). */
function runtimeOf({ object }: Service): ServiceReport['runtime'] {
  const own = textOf(fieldOf(object.status, 'servingRuntimeName'));
  if (own !== undefined && own !== '') return { name: own, scope: 'namespace' };
  const shared = textOf(fieldOf(object.status, 'clusterServingRuntimeName'));
  return shared === undefined || shared === '' ? undefined : { name: shared, scope: 'cluster' };
}

const WORSE: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1 };

/** Whether a finding is at least as bad. */
export function reaches(severity: Severity, { severity: of }: Finding): boolean {
  return WORSE[of] >= WORSE[severity];
}
