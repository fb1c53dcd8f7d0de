import type { Identity } from '../../../domain/kubernetes/identity.ts';
import type { AccessFinding } from '../../../domain/rbac/near-miss/access-finding.ts';
import type { ExitCode } from '../../../errors.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import { RBAC_TYPES } from '../../../queries/rbac-objects.ts';
import { objectText } from '../question/names.ts';
import { escalationFinding, escalationLines } from './escalation.ts';
import type { TriedManifest } from './found.ts';
import { writeReport } from './write-report.ts';

const ANSWERS = { yes: 'yes', no: 'no', untested: 'unknown' } as const;

/** Why the server refuses it, where it does so because the caller holds too little. */
function causesOf({ object: { kind, metadata }, missing }: TriedManifest, who: string): readonly AccessFinding[] {
  const { name, namespace } = metadata;
  return missing.length === 0 ? [] : [escalationFinding({ object: { kind, name, namespace }, who, missing })];
}

function manifestLines(one: TriedManifest, who: string): readonly string[] {
  const { applicable, object, source, why } = one;
  const what = `${objectText({ kind: object.kind, ...object.metadata })}, ${source.file}:${source.line}`;
  const [cause] = causesOf(one, who);
  if (applicable === 'yes') return [`yes: ${who} may apply ${what}`];
  if (cause === undefined) return [`${ANSWERS[applicable]}: ${what}: ${why ?? 'refused'}`];
  return [`no: ${what}`, ...escalationLines(cause).map((line) => `  ${line}`)];
}

export function filesText(found: readonly TriedManifest[], who: string): readonly string[] {
  return found.flatMap((one) => manifestLines(one, who));
}

/** docs/schema/access-explanation.schema.json. */
export function filesReport(
  found: readonly TriedManifest[],
  { identity, who, exitCode }: { readonly identity: Identity | undefined; readonly who: string; readonly exitCode: ExitCode },
): object {
  const head = identity === undefined ? {} : { identity };
  const items = found.map((one) => {
    const { kind, metadata } = one.object;
    const { name, namespace } = metadata;
    const target = { resource: RBAC_TYPES[kind].plural, ...(namespace !== undefined && { namespace }), name };
    const answer = ANSWERS[one.applicable];
    return writeReport({ head: { ...head, source: one.source }, target, answer, why: one.why, causes: causesOf(one, who) });
  });
  const answer = exitCode === 0 ? 'yes' : exitCode === 1 ? 'no' : 'unknown';
  return { apiVersion: REPORT_VERSION, kind: 'AccessExplanationList', items, summary: { answer, exitCode } };
}
