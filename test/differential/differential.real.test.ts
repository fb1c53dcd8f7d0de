import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD_MS, kubectlOrSkip } from '../support/kubectl-or-skip.ts';
import { allCases } from './all-cases.ts';
import type { Case } from './case.ts';
import { unmet } from './confinement.ts';
import { createPki } from './pki.ts';
import { bundledProgram, kubectlProgram } from './programs.ts';
import { compareAll } from './suite.ts';
import { judge, type Result } from './verdict.ts';

/** A part of the suite, to work on: `DIFFERENTIAL='^5 ' npx mocha test/differential/differential.real.test.ts`. */
const wanted = new RegExp(process.env.DIFFERENTIAL ?? '');
const chosen = allCases.filter((one) => wanted.test(title(one)));
const runnable = chosen.filter(isRunnable);

describe('kubectl and kubectl-kserve do the same', () => {
  let results = new Map<Case, Result | Error>();

  before(async function () {
    this.timeout(BUILD_MS);
    const kubectl = kubectlProgram(await kubectlOrSkip(this));
    const folder = await mkdtemp(join(tmpdir(), 'differential-'));
    try {
      results = await compareAll(runnable, { kubectl, ours: await bundledProgram(folder) }, await createPki());
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  for (const one of runnable) {
    it(title(one), () => {
      const result = results.get(one);
      if (result === undefined || result instanceof Error) throw result ?? new Error('the case did not run');
      judge(one, result);
    });
  }
});

function title({ section, name }: Case): string {
  return `${section} ${name}`;
}

/** What this machine cannot show is no test of the run, but said; where nothing may be left out it is an error. */
function isRunnable(one: Case): boolean {
  const reason = unmet(one.needs);
  if (reason !== undefined && process.env.REQUIRE_CONTROL_PLANE) throw new Error(`REQUIRE_CONTROL_PLANE is set: ${reason}`);
  if (reason !== undefined) process.stderr.write(`Not compared with kubectl: ${title(one)}: ${reason}\n`);
  return reason === undefined;
}
