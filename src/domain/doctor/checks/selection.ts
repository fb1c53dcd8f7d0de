import type { Finding } from '../../finding.ts';
import { type ModelRequest, toModelRequest } from '../../kserve/model.ts';
import { type SelectionFailure, selectRuntime } from '../../kserve/runtime-selection.ts';
import { fieldOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, found, sentence } from '../check.ts';
import { at, type Service } from '../service.ts';
import { noneFound } from './automatic-runtime.ts';
import { disabled, invalidPredictor, multiNodeMismatch, notFound, wrongFormat, wrongProtocol } from './named-runtime.ts';
import { evidence, type Failure, runtimesFor } from './selection-facts.ts';

/** KServe's own word on its selection; `lastFailureInfo` is never cleared, so it counts only while the status says so. */
function failureOf(service: Service): Failure | undefined {
  const status = at(service.object, 'status', 'modelStatus');
  const transition = textOf(fieldOf(status, 'transitionStatus'));
  if (transition !== 'InvalidSpec') return undefined;
  const info = fieldOf(status, 'lastFailureInfo');
  return { reason: textOf(fieldOf(info, 'reason')) ?? '', message: textOf(fieldOf(info, 'message')) ?? '' };
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

function noSupport(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
  if (!failure.message.startsWith('Specified runtime')) return noneFound(service, failure, request);
  return failure.message.includes('protocol') ? wrongProtocol(service, failure, request) : wrongFormat(service, failure, request);
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
