import type { Fix } from '../../../domain/kserve/selection/fix.ts';
import type { JudgedRuntime, Match } from '../../../domain/kserve/selection/match.ts';
import type { ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { kindOf, quotedIfEmpty } from './messages.ts';

/** The change, as an imperative. */
export function fixText({ target, field, value }: Fix, runtime: ServingRuntime): string {
  const place = target === 'runtime' ? `${field} of ${kindOf(runtime)} ${runtime.name}` : field;
  return value === null ? `remove ${place}` : `set ${place} to ${typeof value === 'string' ? quotedIfEmpty(value) : JSON.stringify(value)}`;
}

/** Each change that helps by itself, once; where none does, what the nearest runtime would need. */
export function fixTexts({ decision, rejected }: Match): readonly string[] {
  if (decision !== 'none') return [];
  const helping = rejected.flatMap(({ runtime, reasons }) =>
    reasons.flatMap(({ fix }) => (fix?.chosen ? [`${fixText(fix, runtime)}; then ${runtime.name} is chosen (verified)`] : [])),
  );
  return helping.length > 0 ? [...new Set(helping)] : rejected.flatMap(neededText).slice(0, 1);
}

function neededText({ runtime, reasons }: JudgedRuntime): readonly string[] {
  const changes = reasons.flatMap(({ fix }) => (fix === undefined ? [] : fixText(fix, runtime)));
  return changes.length === reasons.length && changes.length > 0 ? [`for ${runtime.name}, ${changes.join(', and ')}`] : [];
}
