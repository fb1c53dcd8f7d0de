import type { ClusterError, StatusCause } from '../../../errors.ts';
import { fieldOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { FieldPath, Violation } from '../../kubernetes/schema/violation.ts';
import { parseForbidden } from '../../rbac/forbidden-message.ts';
import type { ServerVerdict } from './server-verdict.ts';

const DENIED = /^admission webhook "[^"]*" denied the request: /;
const UNKNOWN_FIELD = /unknown field "((?:[^"\\]|\\.)*)"/g;
const NOT_DRY = /does not support dry run/;
/** Codes of the API server for an object that it looked at and does not want. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 409, 422]);

/** What a failed dry run says of a manifest: that it is refused, and for which fields, or that it was not looked at. */
export function verdictOn(error: ClusterError, object: KubeObject): ServerVerdict {
  const { message } = error;
  const why = whyUntried(error);
  if (why !== undefined) return { state: 'untried', why, missing: missingIn(error), failure: error };
  const causes = error.reason === 'Invalid' ? firstOfFields(error.details?.causes ?? []) : [];
  return { state: 'refused', violations: causes.length > 0 ? causes.map((cause) => ofCause(cause, object)) : inMessage(message, object) };
}

/** What names no field repeats what those say that do, and so do further ones of the same field. */
function firstOfFields(causes: readonly StatusCause[]): readonly StatusCause[] {
  const named = causes.filter(({ field }) => field !== '' && field !== '<nil>');
  return [...new Map((named.length > 0 ? named : causes).toReversed().map((cause) => [cause.field, cause])).values()].toReversed();
}

/** A server that does not have a kind answers as for any path that it does not know. */
function missingIn({ reason, details, fromStatus }: ClusterError): 'namespace' | 'kind' | undefined {
  if (reason !== 'NotFound') return undefined;
  if (!fromStatus) return 'kind';
  return details?.kind === 'namespaces' ? 'namespace' : undefined;
}

function whyUntried({ reason, message, code = 0, fromStatus }: ClusterError): string | undefined {
  if (reason === 'Forbidden' && parseForbidden(message) !== undefined) return message.replace(/^[^:]*\bis forbidden: /, 'forbidden: ');
  // A webhook may refuse with any code, also that of a fault of its own.
  if (DENIED.test(message)) return undefined;
  if (NOT_DRY.test(message)) return message;
  return fromStatus && REFUSALS.has(code) ? undefined : message;
}

function ofCause({ field, message }: StatusCause, object: KubeObject): Violation {
  return { path: locate(object, field), text: field === '' || field === '<nil>' ? message : `${field}: ${message}` };
}

function inMessage(message: string, object: KubeObject): readonly Violation[] {
  const fields = [...message.matchAll(UNKNOWN_FIELD)].map(([, field = '']) => field);
  if (fields.length > 0) return [...new Set(fields)].map((field) => ({ path: locate(object, field), text: `unknown field "${field}"` }));
  const text = message.replace(DENIED, '').replace(/^.* cannot be handled as an? \S+: /, '');
  return [{ path: [], text }];
}

/** Steps that the longest names of a path can take: KServe's are far shorter. */
const MOST_STEPS = 100;

/** The path that a server's text means: names with dots are told by what the object has. Of what is not there, the steps as they are. */
function locate(object: unknown, field: string): FieldPath {
  const path: (string | number)[] = [];
  let value = object;
  for (let rest = field; rest !== '' && path.length < MOST_STEPS; ) {
    const { step, length } = nextStep(value, rest);
    path.push(step);
    value = fieldOf(value, String(step));
    rest = rest.slice(length).replace(/^\./, '');
  }
  return path;
}

function nextStep(value: unknown, rest: string): { readonly step: string | number; readonly length: number } {
  const [bracket, inside = ''] = /^\[([^\]]*)\]/.exec(rest) ?? [];
  if (bracket !== undefined) return { step: /^\d+$/.test(inside) ? Number(inside) : inside, length: bracket.length };
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const known = names.filter((name) => rest.startsWith(name) && /^(?:$|[.[])/.test(rest.slice(name.length)));
  const step = known.reduce((longest, name) => (name.length > longest.length ? name : longest), '');
  const name = step === '' ? (/^[^.[]*/.exec(rest)?.[0] ?? '') : step;
  return { step: name, length: Math.max(name.length, 1) };
}
