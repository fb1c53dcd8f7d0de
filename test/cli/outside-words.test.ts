// Words that every plain object answers to, in every place where a word from outside is looked up.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/cluster/connect.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { statusFault } from '../../tools/api-server/faults.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../tools/api-server/server.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';

const WORDS = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];

/** A word of the same shape that means nothing: each letter is the next one. */
function twinOf(word: string): string {
  return word.replace(/[a-y]/gi, (letter) => String.fromCharCode(letter.charCodeAt(0) + 1));
}

/** What a table gives away that is asked for what it does not hold. */
const GIVEN_AWAY = /native code|\[object |\[Function|function \w*\(|PRIVATE KEY/;

/** What the program makes of a word is what it makes of any other. */
async function assertOrdinary(run: (word: string) => Promise<CliResult>, word: string): Promise<void> {
  const given = await run(word);
  assert.doesNotMatch(given.stdout + given.stderr, GIVEN_AWAY);
  assert.deepEqual(general(given, word), general(await run(twinOf(word)), twinOf(word)));
}

/** Without the word, in any spelling, and without what is computed from it. */
function general(result: CliResult, word: string): CliResult {
  const spellings = [word, word.toUpperCase(), word.toLowerCase(), `-${word.toLowerCase().replaceAll('_', '')}-`];
  const without = (text: string): string =>
    spellings
      .reduce((rest, spelling) => rest.replaceAll(spelling, spelling.startsWith('-') ? '-WORD-' : 'WORD'), text)
      .replace(/[0-9a-f]{10}\b/g, 'HASH');
  return { ...result, stdout: without(result.stdout), stderr: without(result.stderr) };
}

function runtime(name: string, spec: object, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name, namespace: 'default', creationTimestamp: '2026-10-01T00:00:00Z', ...metadata },
    spec,
  } as KubeObject;
}

/** A runtime in which a word stands wherever one can. Labels are made as JSON has them. */
function runtimeOf(word: string): KubeObject {
  const labels = JSON.parse(`{${JSON.stringify(word)}: "x"}`) as object;
  const spec = { supportedModelFormats: [{ name: word, version: word, autoSelect: true }], protocolVersions: [word], containers: [] };
  return runtime('a', spec, { labels, annotations: { 'serving.kserve.io/server-type': word } });
}

const PLACES: Readonly<Record<string, (word: string) => readonly string[]>> = {
  'a command': (word) => [word],
  'a subcommand': (word) => ['runtimes', word],
  'a flag': (word) => ['runtimes', 'list', `--${word}`],
  'a value of -o': (word) => ['runtimes', 'list', '-o', word],
  'a value of --color': (word) => ['runtimes', 'list', '--color', word],
  'a model format': (word) => ['runtimes', 'list', '--model-format', word],
  'a model format with a version': (word) => ['runtimes', 'list', '--model-format', `${word}:${word}`],
  'a protocol': (word) => ['runtimes', 'list', '--protocol', word],
  'a label': (word) => ['runtimes', 'list', '-l', word],
  'a value of a label': (word) => ['runtimes', 'list', '-l', `${word}=${word}`],
  'a column of labels': (word) => ['runtimes', 'list', '-L', word],
  'a field selector': (word) => ['runtimes', 'list', '--field-selector', `${word}=x`],
  'a kind': (word) => ['rbac', 'check', 'get', word],
  'a kind with a group': (word) => ['rbac', 'check', 'get', `pods.${word}`],
  'a kind that is accepted': (word) => ['rbac', 'check', 'get', word, '--allow-unknown'],
  'a verb': (word) => ['rbac', 'check', word, 'pods'],
  'a verb that is accepted': (word) => ['rbac', 'check', word, 'pods', '--allow-unknown'],
  'a subresource': (word) => ['rbac', 'check', 'get', 'pods', `--subresource=${word}`],
  'a name': (word) => ['rbac', 'check', 'get', `pods/${word}`],
  'a URL': (word) => ['rbac', 'check', 'get', `/${word}`],
  'a task': (word) => ['rbac', 'check', '--for', word],
  'a user': (word) => ['rbac', 'check', 'get', 'pods', '--for-user', word],
  'a group': (word) => ['rbac', 'check', 'get', 'pods', '--for-group', word],
  'a time': (word) => ['rbac', 'check', 'get', 'pods', `--wait=1${word}`],
  'a shell': (word) => ['completion', word],
  'help on a word': (word) => ['help', word],
  'completion of a flag': (word) => ['__complete', 'runtimes', 'list', `--${word}=`],
  'completion after a flag': (word) => ['__complete', 'runtimes', 'list', `--${word}`, ''],
  'completion of a word': (word) => ['__complete', word, ''],
};

describe('a word that every object answers to', () => {
  for (const [place, argv] of Object.entries(PLACES))
    for (const word of WORDS)
      it(`is one like any other as ${place}: ${word}`, () =>
        assertOrdinary((one) => runCli({ argv: argv(one), cluster: fakeCluster({ objects: [runtimeOf(one)] }) }), word));

  for (const format of ['', '-o wide', '-o json', '-o yaml', '-o name', '--show-labels'])
    for (const word of WORDS)
      it(`is one like any other in a runtime, ${format || 'in a table'}: ${word}`, () =>
        assertOrdinary((one) => runCli({ argv: `runtimes list ${format}`, cluster: fakeCluster({ objects: [runtimeOf(one)] }) }), word));
});

describe('a word that every object answers to, over the wire', () => {
  let folder = '';
  let server: ApiServer | undefined;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'outside-words-'));
  });
  afterEach(async () => server?.close());
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function over(options: ApiServerOptions, argv: readonly string[], change = (text: string) => text): Promise<CliResult> {
    await server?.close();
    server = await startApiServer({ users: [{ name: 'ana', credential: 'certificate' }], ...options });
    const file = join(folder, 'config');
    writeFileSync(file, change(server.kubeconfig('ana')));
    const result = await runCli({ argv, connect, env: { KUBECONFIG: file, HOME: folder }, now: new Date() });
    const general = (text: string): string =>
      text
        .replaceAll(server?.url ?? '', 'SERVER')
        .replace(/127\.0\.0\.1:\d+/g, 'HOST')
        .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME');
    return { ...result, stdout: general(result.stdout), stderr: general(result.stderr) };
  }

  const REFUSED = { path: '/apis/serving.kserve.io/v1alpha1/clusterservingruntimes' };
  // The server's reason is letters only: others are not taken for one.
  for (const word of ['constructor', 'toString', 'hasOwnProperty', 'valueOf'])
    for (const format of ['', '-o json', '-o yaml', '-o name'])
      for (const [command, on] of [
        ['runtimes list', REFUSED],
        ['version', { path: '/version' }],
        ['version', {}],
        ['rbac check get pods', {}],
      ] as const) {
        const argv = `${command} ${format}`.trim();
        if (command !== 'runtimes list' && format === '-o name') continue;
        it(`is one like any other as a reason of ${JSON.stringify(on)}: ${argv}: ${word}`, () =>
          assertOrdinary((one) => over({ faults: [{ on, fault: statusFault(418, one, 'no') }] }, argv.split(' ')), word));
      }

  const NAMED: Readonly<Record<string, (text: string, word: string) => string>> = {
    'a user': (text, word) => text.replace(/name: ana$/m, `name: ${word}`).replace(/user: ana$/m, `user: ${word}`),
    'a missing user': (text, word) => text.replace(/user: ana$/m, `user: ${word}`),
    'a cluster': (text, word) => text.replace(/name: test$/m, `name: ${word}`).replace(/cluster: test$/m, `cluster: ${word}`),
    'a missing cluster': (text, word) => text.replace(/cluster: test$/m, `cluster: ${word}`),
    'a missing context': (text, word) => text.replace(/current-context: .*/, `current-context: ${word}`),
    'a key of a user': (text, word) => text.replace('client-certificate-data', `${word}: x\n      client-certificate-data`),
    'an auth-provider': (text, word) => text.replace(/client-certificate-data[\s\S]*?(?=\n\w)/, `auth-provider:\n        name: ${word}`),
    'the version of a plugin': (text, word) =>
      text.replace(/client-certificate-data[\s\S]*?(?=\n\w)/, `exec:\n        command: x\n        apiVersion: ${word}`),
    'extra of impersonation': (text, word) =>
      text.replace('client-certificate-data', `as: bob\n      as-user-extra:\n        ${word}: [x]\n      client-certificate-data`),
  };
  for (const [place, change] of Object.entries(NAMED))
    for (const word of WORDS)
      it(`is one like any other in the kubeconfig, as ${place}: ${word}`, () =>
        assertOrdinary((one) => over({}, ['version', '-o', 'json'], (text) => change(text, one)), word));

  for (const flag of [
    'context',
    'cluster',
    'user',
    'as',
    'as-group',
    'as-uid',
    'request-timeout',
    'server',
    'tls-server-name',
    'proxy-url',
  ])
    for (const word of WORDS)
      it(`is one like any other as --${flag}: ${word}`, () =>
        assertOrdinary(
          (one) => over({}, ['rbac', 'check', 'get', 'pods', `--${flag}=${one}`, ...(flag === 'as-group' ? ['--as=x'] : [])]),
          word,
        ));
});
