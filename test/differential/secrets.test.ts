import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allCases } from './all-cases.ts';
import type { Case } from './case.ts';
import { unmet } from './confinement.ts';
import type { Run } from './observation.ts';
import { createPki } from './pki.ts';
import { bundledProgram, run } from './programs.ts';
import { linesWithSecrets } from './secrets.ts';
import { forEachCase } from './suite.ts';

/** Sections of connection.md whose cases hold credentials of each kind. */
const SECTIONS = new Set(['2.4', '2.5', '2.6', '3', '3.1', '3.2', '5', '6.3']);
const cases = allCases.filter(({ section, needs }) => SECTIONS.has(section) && unmet(needs) === undefined);

describe('secrets', () => {
  let results = new Map<Case, Run | Error>();

  before(async function () {
    this.timeout(300_000);
    const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    try {
      const ours = await bundledProgram(folder);
      results = await forEachCase(cases, await createPki(), (given, world) =>
        run(ours, { ...given, flags: [...(given.flags ?? []), '-v=9'] }, world),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  for (const one of cases) {
    it(`stay hidden at -v=9: ${one.section} ${one.name}`, () => {
      const result = results.get(one);
      if (result === undefined || result instanceof Error) throw result ?? new Error('the case did not run');
      assert.deepEqual(linesWithSecrets(result.stdout + result.stderr), []);
    });
  }

  it('would be found in plain text, in base64 and as a key', () => {
    const shown = ['token s3cr3t-x', 'Basic YW5hOnMzY3IzdC1w', 'eHM6czNjcjN0', 'eHM6eDpzM2NyM3Q=', '-----BEGIN PRIVATE KEY-----'];
    assert.deepEqual(linesWithSecrets([...shown, 'Bearer <masked>', 'YW5hOm5vbmU='].join('\n')), shown);
  });

  it('were there to be shown: the cases send them', () => {
    const sent = [...results.values()].flatMap((result) =>
      result instanceof Error ? [] : result.requests.map((request) => request.authorization ?? ''),
    );
    assert.ok(sent.filter((value) => linesWithSecrets(value).length > 0).length > 50, sent.join('\n'));
  });
});
