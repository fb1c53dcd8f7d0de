import { didYouMean } from '../../../text/did-you-mean.ts';
import type { Evidence, Finding } from '../../finding.ts';
import { type ModelRequest, toModelRequest } from '../../kserve/model.ts';
import { modelFormatText, type ServingRuntime } from '../../kserve/serving-runtime.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, quoted, sentence } from '../check.ts';
import type { Service } from '../service.ts';
import {
  evidence,
  type Failure,
  formatText,
  protocolEvidence,
  protocolFix,
  RUNTIME,
  runtimePatch,
  runtimeRef,
  runtimesFor,
} from './selection-facts.ts';

export function notFound(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
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

function namedRuntime(service: Service, request: ModelRequest | undefined): ServingRuntime | undefined {
  const named = runtimesFor(service).runtimes.filter(({ name }) => name === request?.runtime);
  return named.find(({ scope }) => scope === 'namespace') ?? named[0];
}

export function disabled(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  const runtime = namedRuntime(service, request);
  const read = runtime === undefined ? [] : [evidenceOf(runtimeRef(runtime), 'spec.disabled', String(runtime.disabled))];
  return found('runtime-disabled', service.ref, `the runtime ${quoted(request?.runtime ?? '')} is disabled`, {
    field: RUNTIME,
    evidence: [evidenceOf(service.ref, RUNTIME, request?.runtime ?? ''), ...read, ...evidence(service, failure)],
  });
}

export function wrongProtocol(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
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

export function wrongFormat(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
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

export function invalidPredictor(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
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
export function multiNodeMismatch(service: Service): readonly Finding<Code>[] {
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
