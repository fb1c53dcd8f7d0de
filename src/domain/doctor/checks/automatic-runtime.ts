import { didYouMean } from '../../../text/did-you-mean.ts';
import type { Evidence, Finding } from '../../finding.ts';
import type { ModelRequest } from '../../kserve/model.ts';
import { formatFits, protocolFits } from '../../kserve/runtime-selection.ts';
import { modelFormatText, type ServingRuntime } from '../../kserve/serving-runtime.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, quoted } from '../check.ts';
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

/** KServe says the same of every reason: which it is, only the runtimes tell. */
export function noneFound(service: Service, failure: Failure, request: ModelRequest | undefined): Finding<Code> {
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
