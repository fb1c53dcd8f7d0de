import type { Finding } from '../../finding.ts';
import type { JudgedRuntime, Match } from '../../kserve/selection/match.ts';
import type { Reason } from '../../kserve/selection/reasons.ts';
import { reasonText } from '../../kserve/selection/words.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, quoted } from '../check.ts';
import {
  type FailedSelection,
  FORMAT,
  fixBy,
  formatText,
  RUNTIME,
  reasonEvidence,
  recordedEvidence,
  type SelectionFinding,
} from './selection-facts.ts';

export const notFound: SelectionFinding = (failed) => {
  const { service, match } = failed;
  const { runtime: name = '' } = match.request;
  const near = match.nearName;
  const texts = [...(near === undefined ? [] : [`set ${RUNTIME} to "${near}"`]), ...withoutName(failed)];
  const message =
    match.decision === 'chosen'
      ? `KServe did not find a runtime called ${quoted(name)}; there is one now, which it takes when it tries again`
      : `no ServingRuntime in the namespace and no ClusterServingRuntime is called ${quoted(name)}`;
  return found('runtime-not-found', service.ref, message, {
    field: RUNTIME,
    evidence: [evidenceOf(service.ref, RUNTIME, name), ...recordedEvidence(failed)],
    fix:
      texts.length === 0
        ? undefined
        : {
            text: texts.join(', or '),
            ...(near !== undefined && { patch: { spec: { predictor: { model: { runtime: near } } } } }),
          },
  });
};

/** What comes of naming no runtime. */
function withoutName({ match }: FailedSelection): readonly string[] {
  const automatic = match.nameFixes.find(({ fix }) => fix.value === null);
  return automatic === undefined ? [] : [`leave ${RUNTIME} out: KServe would then choose ${automatic.runtime.name}`];
}

/** The one that has the name: a ServingRuntime hides a ClusterServingRuntime. */
function namedRuntime({ match }: FailedSelection): JudgedRuntime | undefined {
  const { rejected } = match;
  return rejected.find(({ runtime }) => runtime.scope === 'namespace') ?? rejected[0];
}

export const disabled: SelectionFinding = (failed) =>
  ofNamed(failed, {
    code: 'runtime-disabled',
    field: RUNTIME,
    asked: failed.match.request.runtime,
    text: (name) => `the runtime ${name} is disabled`,
    reasons: ['Disabled'],
  });

export const wrongProtocol: SelectionFinding = (failed) =>
  ofNamed(failed, {
    code: 'runtime-protocol',
    field: 'spec.predictor.model.protocolVersion',
    asked: failed.match.request.protocol,
    text: (name) => `the runtime ${name} does not speak protocol ${quoted(failed.match.request.protocol ?? '')}`,
    reasons: ['ProtocolMismatch'],
  });

export const wrongFormat: SelectionFinding = (failed) =>
  ofNamed(failed, {
    code: 'runtime-format',
    field: FORMAT,
    asked: formatText(failed.match.request),
    text: (name) => `the runtime ${name} does not serve ${quoted(formatText(failed.match.request))}`,
    reasons: ['FormatMissing', 'VersionMismatch'],
  });

interface AgainstNamed {
  readonly code: Code;
  /** What the service asks for, and where. */
  readonly field: string;
  readonly asked: string | undefined;
  readonly text: (name: string) => string;
  readonly reasons: readonly string[];
}

/** What speaks against the runtime that is named, in the words of `runtimes match`. */
function ofNamed(failed: FailedSelection, { code, field, asked, text, reasons }: AgainstNamed): Finding<Code> {
  const { service, match } = failed;
  const named = namedRuntime(failed);
  const judged = named?.reasons.filter(({ reason }) => reasons.includes(reason.reason)) ?? [];
  // That it is disabled says all.
  const why = judged.filter(({ reason }) => reason.reason !== 'Disabled').map(({ reason }) => `; it ${reasonOf(reason, named, match)}`);
  return found(code, service.ref, `${text(quoted(match.request.runtime ?? ''))}${why.join('')}`, {
    field,
    evidence: [
      evidenceOf(service.ref, field, asked ?? '<unset>'),
      ...judged.flatMap((one) => (named === undefined ? [] : [reasonEvidence(named.runtime, one)])),
      ...recordedEvidence(failed),
    ],
    fix: fixBy(named === undefined ? [] : [named], withoutName(failed)),
  });
}

function reasonOf(reason: Reason, named: JudgedRuntime | undefined, { request }: Match): string {
  return named === undefined ? '' : reasonText(reason, named.runtime, request);
}
