import type { Evidence, Finding } from '../../finding.ts';
import type { JudgedRuntime, Match } from '../../kserve/selection/match.ts';
import { reasonText, some } from '../../kserve/selection/words.ts';
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

/** KServe says the same of every reason: which it is, only the runtimes tell. */
export const noneFound: SelectionFinding = (failed) => {
  const { match } = failed;
  if (match.decision === 'undecided') return notAllRead(failed);
  if (match.decision === 'chosen') return foundSince(failed);
  const byProtocol = nearMiss(match, 'ProtocolMismatch');
  if (byProtocol !== undefined) return forProtocol(failed, byProtocol);
  const byName = nearMiss(match, 'NotAutoSelectable');
  return byName === undefined ? noRuntime(failed) : forAutoSelect(failed, byName);
};

/** A runtime against which nothing else speaks: one change would make it fit. */
function nearMiss({ rejected }: Match, wanted: string): JudgedRuntime | undefined {
  return rejected.find(({ reasons }) => reasons.length === 1 && reasons[0]?.reason.reason === wanted);
}

function shared(failed: FailedSelection): { readonly field: string; readonly evidence: readonly Evidence[] } {
  const { service, match } = failed;
  return { field: FORMAT, evidence: [evidenceOf(service.ref, FORMAT, formatText(match.request)), ...recordedEvidence(failed)] };
}

function notAllRead(failed: FailedSelection): Finding<Code> {
  const asked = quoted(formatText(failed.match.request));
  return found(
    'no-supporting-runtime',
    failed.service.ref,
    `KServe found no runtime for ${asked}; not all runtimes could be read, so whether the format, its version or the protocol is at fault is not known`,
    shared(failed),
  );
}

function foundSince(failed: FailedSelection): Finding<Code> {
  const { match, service } = failed;
  const name = match.chosen?.name ?? '';
  return found(
    'no-runtime',
    service.ref,
    `KServe found no runtime for ${quoted(formatText(match.request))}; "${name}" serves it now, and KServe takes it when it tries again`,
    {
      ...shared(failed),
      fix: { text: 'wait a few minutes: KServe tries again, ever more seldom; any change of the service makes it try at once' },
    },
  );
}

function forProtocol(failed: FailedSelection, near: JudgedRuntime): Finding<Code> {
  const { service, match } = failed;
  const { request, rejected } = match;
  const field = 'spec.predictor.model.protocolVersion';
  return found(
    'no-runtime-for-protocol',
    service.ref,
    `runtimes for ${quoted(formatText(request))} exist, but none that KServe may choose speaks the protocol: "${near.runtime.name}" ${textAgainst(near, match)}`,
    {
      field,
      evidence: [evidenceOf(service.ref, field, request.protocol ?? '<unset>'), ...evidenceAgainst(near), ...shared(failed).evidence],
      fix: fixBy([near, ...rejected]),
    },
  );
}

function forAutoSelect(failed: FailedSelection, near: JudgedRuntime): Finding<Code> {
  const { service, match } = failed;
  return found(
    'runtime-not-auto-selectable',
    service.ref,
    `the runtime "${near.runtime.name}" serves ${quoted(formatText(match.request))}, but without autoSelect: true KServe does not choose it`,
    {
      ...shared(failed),
      evidence: [...evidenceAgainst(near), ...shared(failed).evidence],
      fix: fixBy([near]) ?? {
        text: `set ${RUNTIME} to ${near.runtime.name}`,
        patch: { spec: { predictor: { model: { runtime: near.runtime.name } } } },
      },
    },
  );
}

function noRuntime(failed: FailedSelection): Finding<Code> {
  const { service, match } = failed;
  const { request, rejected, others, otherFormats } = match;
  const asked = quoted(formatText(request));
  const count = rejected.length + others;
  const [near] = rejected;
  const base = { ...shared(failed), fix: fixBy(rejected) };
  if (count === 0) return found('no-runtime', service.ref, `no runtime serves ${asked}: there are no runtimes at all`, base);
  const what = count === 1 ? 'the only runtime does not serve' : `none of ${count} runtimes serves`;
  const why =
    near === undefined
      ? `; listed are ${some(otherFormats, 'no formats', MOST_FORMATS)}`
      : `; nearest is "${near.runtime.name}" (${textAgainst(near, match)})`;
  return found('no-runtime', service.ref, `${what} the model format ${asked}${why}`, {
    ...base,
    evidence: [...base.evidence, ...(near === undefined ? [] : evidenceAgainst(near))],
  });
}

const MOST_FORMATS = 8;

function textAgainst({ runtime, reasons }: JudgedRuntime, { request }: Match): string {
  return reasons.map(({ reason }) => reasonText(reason, runtime, request)).join('; ');
}

function evidenceAgainst({ runtime, reasons }: JudgedRuntime): readonly Evidence[] {
  return reasons.map((judged) => reasonEvidence(runtime, judged));
}
