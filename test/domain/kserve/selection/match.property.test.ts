import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ModelRequest } from '../../../../src/domain/kserve/model.ts';
import { selectRuntime } from '../../../../src/domain/kserve/runtime-selection.ts';
import { matchRuntimes } from '../../../../src/domain/kserve/selection/match.ts';
import { rejectionReasons } from '../../../../src/domain/kserve/selection/reasons.ts';
import { createSelector } from '../../../../src/domain/kserve/selection/selector.ts';
import type { ServingRuntime } from '../../../../src/domain/kserve/serving-runtime.ts';
import { asking, someRequest, someRuntimes, WHOLE } from './arbitrary.ts';

const match = (request: ModelRequest, runtimes: readonly ServingRuntime[], showsAll = true) =>
  matchRuntimes(asking(request), createSelector(runtimes), WHOLE, showsAll);

const shuffled = someRuntimes.chain((runtimes) =>
  fc.shuffledSubarray([...runtimes], { minLength: runtimes.length, maxLength: runtimes.length }).map((others) => ({ runtimes, others })),
);

describe('matchRuntimes', () => {
  it('does not depend on the order of the runtimes', () => {
    fc.assert(
      fc.property(someRequest, shuffled, (request, { runtimes, others }) => {
        assert.deepEqual(match(request, runtimes), match(request, others));
      }),
    );
  });

  it('selects what the selection over all runtimes selects', () => {
    fc.assert(
      fc.property(someRequest, someRuntimes, (request, runtimes) => {
        const selection = selectRuntime(request, runtimes);
        const { decision, chosen, candidates, failure } = match(request, runtimes, false);
        assert.equal(decision, 'chosen' in selection ? 'chosen' : 'none');
        assert.equal(chosen, 'chosen' in selection ? selection.chosen : undefined);
        assert.deepEqual(
          candidates.map(({ runtime }) => runtime),
          'chosen' in selection ? selection.candidates : [],
        );
        assert.deepEqual(failure, 'failure' in selection ? selection.failure : undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it('has a reason against each runtime that is not chosen, and none against the one that is', () => {
    fc.assert(
      fc.property(someRequest, someRuntimes, (request, runtimes) => {
        const { chosen, candidates, rejected } = match(request, runtimes);
        for (const { runtime, reasons } of [...candidates, ...rejected]) assert.equal(reasons.length === 0, runtime === chosen);
      }),
      { numRuns: 1000 },
    );
  });

  it('prints no fix that does not do what it says', () => {
    let chosenCount = 0;
    fc.assert(
      fc.property(someRequest, someRuntimes, (request, runtimes) => {
        const { candidates, rejected } = match(request, runtimes);
        for (const { runtime, reasons } of [...candidates, ...rejected]) {
          for (const { reason, fix } of reasons) {
            if (fix === undefined) continue;
            const changed = apply(fix, request, runtime);
            const after = selectRuntime(
              changed.request,
              runtimes.map((one) => (one === runtime ? changed.runtime : one)),
            );
            const isChosen = 'chosen' in after && after.chosen === changed.runtime;
            assert.equal(isChosen, fix.chosen, JSON.stringify(fix));
            if (isChosen) chosenCount++;
            else assert.ok(!rejectionReasons(changed.request, changed.runtime).some((left) => left.reason === reason.reason));
          }
        }
      }),
      { numRuns: 2000 },
    );
    assert.ok(chosenCount > 100);
  });

  it('is not changed by a runtime that does not fit', () => {
    fc.assert(
      fc.property(someRequest, someRuntimes, (request, runtimes) => {
        const { chosen, candidates } = match(request, runtimes);
        const name = 'zz';
        const unfit = { ...(runtimes[0] ?? ({} as ServingRuntime)), name, scope: 'namespace' as const, disabled: true };
        const after = match(request, runtimes.length === 0 ? runtimes : [...runtimes, unfit]);
        assert.equal(after.chosen, chosen);
        assert.deepEqual(
          after.candidates.map(({ runtime }) => runtime),
          candidates.map(({ runtime }) => runtime),
        );
      }),
    );
  });

  it('makes the second the chosen one where the first is removed', () => {
    fc.assert(
      fc.property(someRequest, someRuntimes, (request, runtimes) => {
        const { candidates } = match(request, runtimes);
        const [first, second] = candidates;
        if (first === undefined) return;
        const after = match(
          request,
          runtimes.filter((runtime) => runtime !== first.runtime),
        );
        assert.equal(after.chosen, second?.runtime);
      }),
    );
  });
});

/** Applies a fix by its path alone, without the code that found it. */
function apply(
  { field, value }: { readonly field: string; readonly value: unknown },
  request: ModelRequest,
  runtime: ServingRuntime,
): { readonly request: ModelRequest; readonly runtime: ServingRuntime } {
  const entry = /^spec\.supportedModelFormats\[(\d+)\]\.(\w+)$/.exec(field);
  if (entry !== null) {
    const supportedModelFormats = runtime.supportedModelFormats.map((format, index) =>
      index === Number(entry[1]) ? { ...format, [entry[2] ?? '']: value } : format,
    );
    return { request, runtime: { ...runtime, supportedModelFormats } };
  }
  const ofRuntime = /^spec\.(disabled|multiModel)$/.exec(field);
  if (ofRuntime !== null) return { request, runtime: { ...runtime, [ofRuntime[1] ?? '']: value } };
  if (field === 'spec.predictor.workerSpec') return { request: { ...request, multiNode: value !== null }, runtime };
  const keys: Record<string, string> = { name: 'format', version: 'version', protocolVersion: 'protocol', runtime: 'runtime' };
  const key = keys[field.split('.').at(-1) ?? ''] ?? assert.fail(field);
  const { [key as keyof ModelRequest]: _, ...others } = request;
  return { request: { ...others, ...(value !== null && { [key]: value }) } as ModelRequest, runtime };
}
