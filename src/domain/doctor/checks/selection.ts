import type { Finding } from '../../finding.ts';
import { toModelRequest } from '../../kserve/model.ts';
import type { Match } from '../../kserve/selection/match.ts';
import { type FailureKind, failureKind, recordedKind } from '../../kserve/selection/words.ts';
import { fieldOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found, quoted, sentence } from '../check.ts';
import { at, type Service } from '../service.ts';
import { noneFound } from './automatic-runtime.ts';
import { disabled, notFound, wrongFormat, wrongProtocol } from './named-runtime.ts';
import {
  type FailedSelection,
  type Failure,
  matchOf,
  RUNTIME,
  recordedEvidence,
  runtimeRef,
  type SelectionFinding,
} from './selection-facts.ts';

/** KServe's own word on its selection; `lastFailureInfo` is never cleared, so it counts only while the status says so. */
function failureOf(service: Service): Failure | undefined {
  const status = at(service.object, 'status', 'modelStatus');
  const transition = textOf(fieldOf(status, 'transitionStatus'));
  if (transition !== 'InvalidSpec') return undefined;
  const info = fieldOf(status, 'lastFailureInfo');
  return { reason: textOf(fieldOf(info, 'reason')) ?? '', message: textOf(fieldOf(info, 'message')) ?? '' };
}

const FINDINGS: Readonly<Record<FailureKind, SelectionFinding>> = {
  RuntimeNotRecognized: notFound,
  RuntimeDisabled: disabled,
  protocol: wrongProtocol,
  format: wrongFormat,
  all: noneFound,
};

/** What KServe will say of a service that is not applied yet; nothing where the runtimes leave that open. */
export function expectedSelection(service: Service): readonly Finding<Code>[] {
  const match = matchOf(service);
  if (match === undefined || match.request.format === '') return [];
  if (match.failure === undefined) return chosenFindings(service, match);
  return [FINDINGS[failureKind(match.failure)]({ service, match, recorded: undefined })];
}

function invalidSpec(service: Service): readonly Finding<Code>[] {
  const recorded = failureOf(service);
  if (recorded === undefined || service.stopped) return [];
  const match = matchOf(service);
  const kind = match && recordedKind(recorded, match.request);
  if (match === undefined || kind === undefined) return [invalidPredictor(service, recorded, match)];
  return [FINDINGS[kind]({ service, match, recorded } satisfies FailedSelection)];
}

const WITHOUT_CONTAINER = /^no (?:workerSpec )?container configuration found|^failed to find \S+ in ServingRuntime containers/i;

/** KServe chose a runtime and cannot make a Pod of it. */
function invalidPredictor(service: Service, recorded: Failure, match: Match | undefined): Finding<Code> {
  const isContainer = WITHOUT_CONTAINER.test(recorded.message);
  const name = match?.chosen?.name ?? match?.request.runtime;
  const runtime = name === undefined ? '' : ` ${quoted(name)}`;
  const words = sentence(recorded.message || recorded.reason);
  const message = isContainer
    ? `the runtime${runtime} has no container that KServe can run: ${words}`
    : `KServe cannot build the Pod of the predictor: ${words}`;
  return found(isContainer ? 'runtime-without-container' : 'invalid-predictor-spec', service.ref, message, {
    field: RUNTIME,
    evidence:
      match === undefined
        ? [evidenceOf(service.ref, 'status.modelStatus.lastFailureInfo.message', recorded.message)]
        : recordedEvidence({ service, match, recorded }),
  });
}

/** What keeps KServe from deploying a runtime that it chooses. */
function chosenFindings(service: Service, match: Match): readonly Finding<Code>[] {
  return match.warnings.flatMap((warning) => {
    switch (warning.code) {
      case 'NoServingContainer':
        return [
          found(
            'runtime-without-container',
            service.ref,
            `the runtime ${quoted(warning.runtime.name)} has no container that KServe can run: ${warning.message}`,
            {
              field: RUNTIME,
              evidence: [
                evidenceOf(runtimeRef(warning.runtime), 'spec.containers[].name', warning.runtime.containerNames.join(', ') || '<none>'),
              ],
            },
          ),
        ];
      case 'WorkersMissing':
      case 'WorkersIgnored':
        return [multiNodeFinding(service, warning)];
      default:
        return [];
    }
  });
}

/** KServe panics where only the service is multi-node: no Event, no status. Where only the runtime is, it deploys the head alone. */
function multiNodeMismatch(service: Service): readonly Finding<Code>[] {
  // Who names none gets one that fits.
  const isNamed = toModelRequest(service.object)?.runtime !== undefined;
  const match = isNamed && !service.stopped ? matchOf(service) : undefined;
  return (match?.warnings ?? []).flatMap((warning) =>
    warning.code === 'WorkersMissing' || warning.code === 'WorkersIgnored' ? [multiNodeFinding(service, warning)] : [],
  );
}

type Workers = Extract<Match['warnings'][number], { code: 'WorkersMissing' | 'WorkersIgnored' }>;

function multiNodeFinding({ ref }: Service, { code, runtime }: Workers): Finding<Code> {
  const isMissing = code === 'WorkersMissing';
  const message = isMissing
    ? `spec.predictor.workerSpec is set, but the runtime "${runtime.name}" has no workerSpec: KServe fails and reports nothing`
    : `the runtime "${runtime.name}" is for several nodes, but spec.predictor.workerSpec is not set: KServe deploys just the head node`;
  return found('multi-node-mismatch', ref, message, {
    field: 'spec.predictor.workerSpec',
    evidence: [evidenceOf(ref, RUNTIME, runtime.name), evidenceOf(runtimeRef(runtime), 'spec.workerSpec', isMissing ? '<none>' : '<set>')],
    ...(!isMissing && { fix: { text: 'set spec.predictor.workerSpec: {}, or name a runtime for one node' } }),
  });
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
