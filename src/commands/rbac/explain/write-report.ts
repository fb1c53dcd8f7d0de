import { RBAC_GROUP } from '../../../domain/rbac/grant-object.ts';
import type { AccessFinding } from '../../../domain/rbac/near-miss/access-finding.ts';
import type { Answer } from '../../../domain/rbac/verdict.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import { exitCodeFor } from './decision.ts';

interface Written {
  /** Who asks, and of pasted errors about whom. */
  readonly head: object;
  readonly target: { readonly resource: string; readonly namespace?: string | undefined; readonly name: string } | undefined;
  readonly answer: Answer;
  readonly why?: string | undefined;
  readonly causes: readonly AccessFinding[];
}

const VERDICTS = { yes: 'allowed', no: 'noOpinion', unknown: 'unknown' } as const;

/** The explanation of whether a role or binding may be written, as docs/schema/access-explanation.schema.json has it. */
export function writeReport({ head, target, answer, why, causes }: Written): object {
  return {
    apiVersion: REPORT_VERSION,
    kind: 'AccessExplanation',
    ...head,
    question: { verb: 'apply', group: RBAC_GROUP, ...(target ?? { resource: 'roles' }), installed: 'yes' },
    verdict: VERDICTS[answer],
    allowed: answer === 'yes',
    ...(why !== undefined && (answer === 'no' ? { reason: why } : { error: why })),
    grants: [],
    causes,
    moreCauses: 0,
    hints: [],
    unread: [],
    warnings: [],
    summary: { answer, exitCode: exitCodeFor([answer]) },
  };
}
