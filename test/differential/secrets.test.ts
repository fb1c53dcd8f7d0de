import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allCases } from './all-cases.ts';
import { type Case, kubeconfig } from './case.ts';
import { unmet } from './confinement.ts';
import type { Run } from './observation.ts';
import { createPki } from './pki.ts';
import { bundledProgram, run } from './programs.ts';
import { linesWithSecrets, secret } from './secrets.ts';
import { forEachCase } from './suite.ts';

/** Sections of docs/connection.md whose cases hold credentials of each kind. */
const SECTIONS = new Set(['2.4', '2.5', '2.6', '3', '3.1', '3.2', '5', '6.3']);
const cases = [...allCases.filter(({ section, needs }) => SECTIONS.has(section) && unmet(needs) === undefined), ...echoes()];

/** Servers that give away what they were sent. */
function echoes(): readonly Case[] {
  const echo = (name: string, status: number, user: object): Case => ({
    section: '8',
    name,
    api: {
      answer: ({ authorization = '' }) => ({
        status,
        headers: {
          'Content-Type': 'text/plain',
          Warning: `299 - "you sent ${authorization}"`,
          'Set-Cookie': `session=${secret('cookie')}`,
          'X-Echo': authorization,
        },
        body: `rejected ${authorization}`,
      }),
    },
    given: (api, { clusterOf }) => ({ config: kubeconfig({ cluster: clusterOf(api), user }) }),
  });
  return [
    echo('a server that echoes a token in a refusal', 403, { token: secret('echo') }),
    echo('a server that echoes a token in a failure', 500, { token: secret('echo') }),
    echo('a server that echoes a token in a page', 200, { token: secret('echo') }),
    echo('a server that echoes a password', 401, { username: 'ana', password: secret('echo') }),
  ];
}

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

  it('are all that is hidden: the requests are told', () => {
    const told = [...results.values()].filter((result) => !(result instanceof Error) && /^GET https:.* 200 OK/m.test(result.stderr));
    assert.ok(told.length > 50, `${told.length} runs tell of a request`);
  });

  it('were there to be shown: the cases send them', () => {
    const sent = [...results.values()].flatMap((result) =>
      result instanceof Error ? [] : result.requests.map((request) => request.authorization ?? ''),
    );
    assert.ok(sent.filter((value) => linesWithSecrets(value).length > 0).length > 50, sent.join('\n'));
  });
});
