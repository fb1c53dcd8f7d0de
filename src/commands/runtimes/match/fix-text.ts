import type { JudgedRuntime, Match } from '../../../domain/kserve/selection/match.ts';
import { fixText } from '../../../domain/kserve/selection/words.ts';

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
