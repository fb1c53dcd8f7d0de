import type { Fix } from '../../../domain/kserve/selection/fix.ts';
import type { JudgedRuntime, Match } from '../../../domain/kserve/selection/match.ts';
import { fixText } from '../../../domain/kserve/selection/words.ts';
import type { ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';

/** Each change that helps by itself, once; where none of a runtime or for one does, what the nearest would need. Another name comes last. */
export function fixTexts({ decision, rejected, nameFixes }: Match): readonly string[] {
  if (decision !== 'none') return [];
  const helping = rejected.flatMap(({ runtime, reasons }) => reasons.flatMap(({ fix }) => (fix?.chosen ? [verified(fix, runtime)] : [])));
  const first = helping.length > 0 ? helping : rejected.flatMap(neededText).slice(0, 1);
  return [...new Set([...first, ...nameFixes.map(({ fix, runtime }) => verified(fix, runtime))])];
}

function verified(fix: Fix, runtime: ServingRuntime): string {
  return `${fixText(fix, runtime)}; then ${runtime.name} is chosen (verified)`;
}

function neededText({ runtime, reasons }: JudgedRuntime): readonly string[] {
  const changes = reasons.flatMap(({ fix }) => (fix === undefined ? [] : fixText(fix, runtime)));
  return changes.length === reasons.length && changes.length > 0 ? [`for ${runtime.name}, ${changes.join(', and ')}`] : [];
}
