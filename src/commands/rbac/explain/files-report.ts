import type { Identity } from '../../../domain/kubernetes/identity.ts';
import { missingText } from '../../../domain/rbac/escalation.ts';
import type { ExitCode } from '../../../errors.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import { objectText } from '../question/names.ts';
import type { TriedManifest } from './found.ts';

const ANSWERS = { yes: 'yes', no: 'no', untested: 'unknown' } as const;

function placeText({ source }: TriedManifest): string {
  return `${source.file}:${source.line}`;
}

function manifestLines(one: TriedManifest, who: string): readonly string[] {
  const { applicable, object, why, missing } = one;
  const what = `${objectText({ kind: object.kind, ...object.metadata })}, ${placeText(one)}`;
  if (applicable === 'yes') return [`yes: ${who} may apply ${what}`];
  if (missing.length === 0) return [`${ANSWERS[applicable]}: ${what}: ${why ?? 'refused'}`];
  return [
    `no: ${who} may not grant by ${what} what ${who} does not hold: escalation`,
    '  Missing:',
    ...missing.map((rule) => `    ${missingText(rule)}`),
    '  Hold them, be allowed "bind" on the role or "escalate" on roles, or ask somebody who is ("rbac who-can escalate clusterroles").',
  ];
}

export function filesText(found: readonly TriedManifest[], who: string): readonly string[] {
  return found.flatMap((one) => manifestLines(one, who));
}

/** docs/schema/access-explanation.schema.json. */
export function filesReport(found: readonly TriedManifest[], identity: Identity | undefined, exitCode: ExitCode): object {
  return {
    apiVersion: REPORT_VERSION,
    kind: 'AccessExplanationList',
    ...(identity !== undefined && { identity }),
    items: [],
    manifests: found.map(({ object, source, applicable, why, missing }) => ({
      object: {
        kind: object.kind,
        ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
        name: object.metadata.name,
      },
      source,
      applicable,
      ...(why !== undefined && { why }),
      ...(missing.length > 0 && { code: 'escalation', missing }),
    })),
    summary: { answer: exitCode === 0 ? 'yes' : exitCode === 1 ? 'no' : 'unknown', exitCode },
  };
}
