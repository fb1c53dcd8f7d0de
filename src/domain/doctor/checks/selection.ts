import { didYouMean } from '../../../text/did-you-mean.ts';
import type { Evidence, Finding, Fix } from '../../finding.ts';
import { type ModelRequest, toModelRequest } from '../../kserve/model.ts';
import { formatFits, protocolFits, type SelectionFailure, selectRuntime } from '../../kserve/runtime-selection.ts';
import { modelFormatText, type ServingRuntime, toServingRuntime } from '../../kserve/serving-runtime.ts';
import { fieldOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found, quoted, sentence } from '../check.ts';
import { at, isPresent, type Service } from '../service.ts';

interface Failure {
  readonly reason: string;
  readonly message: string;
}

/** KServe's own word on its selection; `lastFailureInfo` is never cleared, so it counts only while the status says so. */
function failureOf(service: Service): Failure | undefined {
  const status = at(service.object, 'status', 'modelStatus');
  const transition = textOf(fieldOf(status, 'transitionStatus'));
  if (transition !== 'InvalidSpec') return undefined;
  const info = fieldOf(status, 'lastFailureInfo');
  return { reason: textOf(fieldOf(info, 'reason')) ?? '', message: textOf(fieldOf(info, 'message')) ?? '' };
}

const INFO = 'status.modelStatus.lastFailureInfo';

function evidence({ ref, object }: Service, { reason, message }: Failure): Evidence[] {
  // A manifest has no status to quote.
  if (!isPresent(object.status)) return [];
  return [evidenceOf(ref, `${INFO}.reason`, reason), evidenceOf(ref, `${INFO}.message`, message)];
}

/** Runtimes that KServe looks at for the service, and whether they are all. */
function runtimesFor({ facts, ref }: Service): { readonly runtimes: readonly ServingRuntime[]; readonly complete: boolean } {
  return {
    runtimes: [
      ...facts.list('ServingRuntime', ref.namespace).map((object) => toServingRuntime(object, 'namespace')),
      ...facts.list('ClusterServingRuntime').map((object) => toServingRuntime(object, 'cluster')),
    ],
    complete: facts.isComplete('ServingRuntime', ref.namespace) && facts.isComplete('ClusterServingRuntime', undefined),
  };
}

/** What KServe will say of a service that is not applied yet; nothing where the runtimes leave that open. */
export function expectedSelection(service: Service): readonly Finding<Code>[] {
  const request = toModelRequest(service.object);
  if (request === undefined || request.format === '') return [];
  const { runtimes, complete } = runtimesFor(service);
  const selection = selectRuntime(request, runtimes);
  if (!('failure' in selection)) return multiNodeMismatch(service);
  // A runtime that is read and named decides alone; that there is none needs all of them.
  const isDecided = complete || 'runtime' in selection.failure;
  return isDecided ? [failedSelection(service, expectedFailure(selection.failure), request)] : [];
}

function expectedFailure(failure: SelectionFailure): Failure {
  if (failure.reason !== 'NoSupportingRuntime') return { reason: failure.reason, message: '' };
  const words =
    failure.check === 'protocol'
      ? 'Specified runtime does not support specified protocol version'
      : 'Specified runtime does not support specified framework/version';
  return { reason: failure.reason, message: failure.check === 'all' ? 'No runtime found to support specified framework/version' : words };
}

function invalidSpec(service: Service): readonly Finding<Code>[] {
  const failure = failureOf(service);
  if (failure === undefined || service.stopped) return [];
  return [failedSelection(service, failure, toModelRequest(service.object))];
}

function failedSelection(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  switch (failure.reason) {
    case 'RuntimeNotRecognized':
      return notFound(service, failure, request);
    case 'RuntimeDisabled':
      return disabled(service, failure, request);
    case 'NoSupportingRuntime':
      return noSupport(service, failure, request);
    case 'InvalidPredictorSpec':
      return invalidPredictor(service, failure, request);
    default:
      return found('invalid-predictor-spec', service.ref, `KServe refuses the spec: ${sentence(failure.message || failure.reason)}`, {
        evidence: evidence(service, failure),
      });
  }
}

const RUNTIME = 'spec.predictor.model.runtime';

function notFound(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  const name = request?.runtime ?? '';
  const { runtimes } = runtimesFor(service);
  const names = [...new Set(runtimes.map((runtime) => runtime.name))];
  const near = nearestName(name, names);
  return found(
    'runtime-not-found',
    service.ref,
    `no ServingRuntime in the namespace and no ClusterServingRuntime is called ${quoted(name)}`,
    {
      field: RUNTIME,
      evidence: [evidenceOf(service.ref, RUNTIME, name), ...evidence(service, failure)],
      fix:
        near === undefined
          ? undefined
          : { text: `set ${RUNTIME} to "${near}", or leave it out so that KServe chooses`, patch: runtimePatch(near) },
    },
  );
}

function nearestName(name: string, names: readonly string[]): string | undefined {
  return (
    didYouMean(name, names) ?? names.find((candidate) => name.length > 2 && (candidate.startsWith(name) || name.startsWith(candidate)))
  );
}

function runtimePatch(runtime: string): object {
  return { spec: { predictor: { model: { runtime } } } };
}

function namedRuntime(service: Service, request: ModelRequest | undefined): ServingRuntime | undefined {
  const named = runtimesFor(service).runtimes.filter(({ name }) => name === request?.runtime);
  return named.find(({ scope }) => scope === 'namespace') ?? named[0];
}

function runtimeRef(runtime: ServingRuntime) {
  const { name, namespace } = runtime;
  return runtime.scope === 'namespace'
    ? { kind: 'ServingRuntime', ...(namespace !== undefined && { namespace }), name }
    : { kind: 'ClusterServingRuntime', name };
}

function disabled(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  const runtime = namedRuntime(service, request);
  const read = runtime === undefined ? [] : [evidenceOf(runtimeRef(runtime), 'spec.disabled', String(runtime.disabled))];
  return found('runtime-disabled', service.ref, `the runtime ${quoted(request?.runtime ?? '')} is disabled`, {
    field: RUNTIME,
    evidence: [evidenceOf(service.ref, RUNTIME, request?.runtime ?? ''), ...read, ...evidence(service, failure)],
  });
}

function noSupport(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  if (!failure.message.startsWith('Specified runtime')) return noneFound(service, failure, request);
  return failure.message.includes('protocol') ? wrongProtocol(service, failure, request) : wrongFormat(service, failure, request);
}

function wrongProtocol(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  const runtime = namedRuntime(service, request);
  const speaks = runtime?.protocolVersions.join(', ');
  const rest = speaks === undefined ? '' : `; it speaks ${speaks}`;
  return found(
    'runtime-protocol',
    service.ref,
    `the runtime ${quoted(request?.runtime ?? '')} does not speak protocol ${quoted(request?.protocol ?? '')}${rest}`,
    {
      field: 'spec.predictor.model.protocolVersion',
      evidence: [
        evidenceOf(service.ref, 'spec.predictor.model.protocolVersion', request?.protocol ?? ''),
        ...protocolEvidence(runtime),
        ...evidence(service, failure),
      ],
      fix: protocolFix(runtime),
    },
  );
}

function protocolEvidence(runtime: ServingRuntime | undefined): Evidence[] {
  return runtime === undefined ? [] : [evidenceOf(runtimeRef(runtime), 'spec.protocolVersions', runtime.protocolVersions.join(', '))];
}

function protocolFix(runtime: ServingRuntime | undefined): Fix | undefined {
  const [protocol] = runtime?.protocolVersions ?? [];
  if (protocol === undefined) return undefined;
  return {
    text: `set protocolVersion to ${protocol}, or use another runtime`,
    patch: { spec: { predictor: { model: { protocolVersion: protocol } } } },
  };
}

function wrongFormat(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  const runtime = namedRuntime(service, request);
  const lists = runtime?.supportedModelFormats.map(modelFormatText).join(', ');
  const rest = lists === undefined ? '' : `; it lists ${lists}`;
  return found(
    'runtime-format',
    service.ref,
    `the runtime ${quoted(request?.runtime ?? '')} does not serve ${quoted(formatText(request))}${rest}`,
    {
      field: RUNTIME,
      evidence: [
        evidenceOf(service.ref, 'spec.predictor.model.modelFormat', formatText(request)),
        ...formatEvidence(runtime),
        ...evidence(service, failure),
      ],
    },
  );
}

function formatEvidence(runtime: ServingRuntime | undefined): Evidence[] {
  if (runtime === undefined) return [];
  return [evidenceOf(runtimeRef(runtime), 'spec.supportedModelFormats', runtime.supportedModelFormats.map(modelFormatText).join(', '))];
}

function formatText(request: ModelRequest | undefined): string {
  if (request === undefined) return '';
  return modelFormatText({ name: request.format, ...(request.version !== undefined && { version: request.version }) });
}

/** KServe says the same of every reason: which it is, only the runtimes tell. */
function noneFound(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  const { runtimes, complete } = runtimesFor(service);
  const asked = formatText(request);
  const shared = {
    field: 'spec.predictor.model.modelFormat',
    evidence: [evidenceOf(service.ref, 'spec.predictor.model.modelFormat', asked), ...evidence(service, failure)],
  };
  if (!complete || request === undefined) {
    return found(
      'no-supporting-runtime',
      service.ref,
      `KServe found no runtime for ${quoted(asked)}; not all runtimes could be read, so whether the format, its version or the protocol is at fault is not known`,
      shared,
    );
  }
  return nearMiss(service, request, runtimes, shared) ?? found('no-runtime', service.ref, noRuntimeText(request, runtimes), shared);
}

type Shared = { readonly field: string; readonly evidence: readonly Evidence[] };

/** A runtime that one change would make fit. */
function nearMiss(service: Service, request: ModelRequest, all: readonly ServingRuntime[], shared: Shared): Finding<Code> | undefined {
  const runtimes = all.filter((runtime) => !runtime.disabled && !runtime.multiModel && runtime.multiNode === request.multiNode);
  const byProtocol = runtimes.find((runtime) => formatFits(request, runtime, 'auto'));
  if (byProtocol !== undefined && !runtimes.some((one) => fitsAll(request, one))) {
    return forProtocol(service, request, byProtocol, shared);
  }
  const byName = runtimes.find((runtime) => formatFits(request, runtime, 'explicit') && protocolFits(request.protocol, runtime));
  return byName && !fitsAll(request, byName) ? forAutoSelect(service, request, byName, shared) : undefined;
}

function fitsAll(request: ModelRequest, runtime: ServingRuntime): boolean {
  return formatFits(request, runtime, 'auto') && protocolFits(request.protocol ?? 'v1', runtime);
}

function forProtocol(service: Service, request: ModelRequest, runtime: ServingRuntime, shared: Shared): Finding<Code> {
  const asked = request.protocol === undefined ? 'v1, which KServe assumes where protocolVersion is not set' : quoted(request.protocol);
  const speaks = runtime.protocolVersions.join(', ');
  return found(
    'no-runtime-for-protocol',
    service.ref,
    `runtimes for ${quoted(formatText(request))} exist, but none that KServe may choose speaks protocol ${asked}; "${runtime.name}" speaks ${speaks}`,
    {
      ...shared,
      field: 'spec.predictor.model.protocolVersion',
      evidence: [
        evidenceOf(service.ref, 'spec.predictor.model.protocolVersion', request.protocol ?? '<unset>'),
        ...protocolEvidence(runtime),
        ...shared.evidence,
      ],
      fix: protocolFix(runtime),
    },
  );
}

function forAutoSelect(service: Service, request: ModelRequest, runtime: ServingRuntime, shared: Shared): Finding<Code> {
  return found(
    'runtime-not-auto-selectable',
    service.ref,
    `the runtime "${runtime.name}" serves ${quoted(formatText(request))}, but without autoSelect: true KServe does not choose it`,
    {
      ...shared,
      evidence: [evidenceOf(runtimeRef(runtime), 'spec.supportedModelFormats[].autoSelect', 'false'), ...shared.evidence],
      fix: { text: `name it: ${RUNTIME}: ${runtime.name}`, patch: runtimePatch(runtime.name) },
    },
  );
}

function noRuntimeText(request: ModelRequest, runtimes: readonly ServingRuntime[]): string {
  if (runtimes.length === 0) return `no runtime serves ${quoted(formatText(request))}: there are no runtimes at all`;
  const formats = runtimes.flatMap((runtime) => runtime.supportedModelFormats.map((format) => ({ format, runtime })));
  const base = `none of ${runtimes.length} runtimes serves the model format ${quoted(formatText(request))}`;
  const sameName = formats
    .filter(({ format }) => format.name === request.format)
    .map(({ format, runtime }) => `${modelFormatText(format)} (${runtime.name}${runtime.disabled ? ', disabled' : ''})`);
  if (sameName.length > 0) return `${base}; listed are ${[...new Set(sameName)].slice(0, MOST_NAMES).join(', ')}`;
  const near = didYouMean(request.format, [...new Set(formats.map(({ format }) => format.name))]);
  return near === undefined ? base : `${base}; did you mean "${near}"?`;
}

const MOST_NAMES = 5;

function invalidPredictor(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  const isContainer = /^no container configuration found|^failed to find \S+ in ServingRuntime containers/.test(failure.message);
  const runtime = request?.runtime === undefined ? '' : ` "${request.runtime}"`;
  const message = isContainer
    ? `the runtime${runtime} has no container that KServe can run: ${sentence(failure.message)}`
    : `KServe cannot build the Pod of the predictor: ${sentence(failure.message)}`;
  return found(isContainer ? 'runtime-without-container' : 'invalid-predictor-spec', service.ref, message, {
    field: RUNTIME,
    evidence: evidence(service, failure),
  });
}

/** KServe panics where only the service is multi-node: no Event, no status. */
function multiNodeMismatch(service: Service): readonly Finding<Code>[] {
  const request = toModelRequest(service.object);
  if (request?.runtime === undefined || service.stopped) return [];
  const runtime = namedRuntime(service, request);
  if (runtime === undefined || runtime.multiNode === request.multiNode || !request.multiNode) return [];
  return [
    found(
      'multi-node-mismatch',
      service.ref,
      `spec.predictor.workerSpec is set, but the runtime "${runtime.name}" has no workerSpec: KServe fails without a word`,
      {
        field: 'spec.predictor.workerSpec',
        evidence: [evidenceOf(service.ref, RUNTIME, runtime.name), evidenceOf(runtimeRef(runtime), 'spec.workerSpec', '<none>')],
      },
    ),
  ];
}

export const SELECTION_CHECKS: readonly Check[] = [
  { name: 'multi-node', codes: ['multi-node-mismatch'], needs: ['ServingRuntime', 'ClusterServingRuntime'], run: multiNodeMismatch },
  {
    name: 'runtime-selection',
    codes: [
      'no-runtime',
      'no-runtime-for-protocol',
      'runtime-not-auto-selectable',
      'no-supporting-runtime',
      'runtime-not-found',
      'runtime-disabled',
      'runtime-protocol',
      'runtime-format',
      'runtime-without-container',
      'invalid-predictor-spec',
    ],
    needs: [],
    run: invalidSpec,
  },
];
