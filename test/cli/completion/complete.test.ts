import assert from 'node:assert/strict';
import { CATALOGUE } from '../../../src/cli/commands.ts';
import { completeWords } from '../../../src/cli/completion/complete.ts';
import type { Catalogue } from '../../../src/cli/parse/tree.ts';
import { createHost } from '../../support/run-cli.ts';
import { sampleCatalogue } from '../sample.ts';

const catalogue = sampleCatalogue();

const JSONPATHS = 'jsonpath=\njsonpath-as-json=\njsonpath-file=\n';
const TEMPLATES = `${JSONPATHS}custom-columns=\ncustom-columns-file=\n`;

/** The answer for words, of which the last is unfinished. */
async function complete(words: readonly string[], options: { catalogue?: Catalogue; env?: Record<string, string> } = {}): Promise<string> {
  const { host, written } = createHost({ argv: words, ...(options.env === undefined ? {} : { env: options.env }) });
  await completeWords(words, host, options.catalogue ?? catalogue);
  assert.equal(written().stderr, '');
  return written().stdout;
}

const DEBUG = 'Find out why an InferenceService is not ready';

describe('completion without a cluster', () => {
  const cases: readonly [readonly string[], string][] = [
    [[''], 'runtimes\tLook at runtimes\nrbac\tAsk about rights\n:4\n'],
    [[], 'runtimes\tLook at runtimes\nrbac\tAsk about rights\n:4\n'],
    [['r'], 'runtimes\tLook at runtimes\nrbac\tAsk about rights\n:4\n'],
    [['ru'], 'runtimes\tLook at runtimes\n:4\n'],
    [['x'], ':4\n'],
    [['x', ''], ':4\n'],
    [['help', 'ru'], 'runtimes\tLook at runtimes\n:4\n'],
    [['help', 'rt', ''], 'list\tList runtimes\n:4\n'],
    [['help'], ':4\n'],
    [['rt', ''], 'list\tList runtimes\n:4\n'],
    [['-n', 'a', 'runtimes', 'l'], 'list\tList runtimes\n:4\n'],
    [['-n', 'runtimes', ''], 'runtimes\tLook at runtimes\nrbac\tAsk about rights\n:4\n'],
    [['runtimes', 'list', '--sho'], '--show-labels\tAdd all labels as the last column\n:4\n'],
    [['runtimes', 'list', '--show-labels', '--sho'], ':4\n'],
    [['runtimes', 'list', '-L', 'a', '--lab'], '--label-columns\tAdd a column for each of these labels\n:4\n'],
    [['runtimes', 'list', '--kuberc'], ':4\n'],
    [['runtimes', 'list', '-w'], '-w\tGo on\n:4\n'],
    [['runtimes', 'list', '--', '-'], ':4\n'],
    [['runtimes', 'list', '-o', ''], `wide\njson\nyaml\nname\n${TEMPLATES}:6\n`],
    [['runtimes', 'list', '-o', 'j'], `json\n${JSONPATHS}:6\n`],
    [['runtimes', 'list', '-Ao', 'j'], `json\n${JSONPATHS}:6\n`],
    [['runtimes', 'list', '--output=j'], `json\n${JSONPATHS}:6\n`],
    [['runtimes', 'list', '-o=j'], `json\n${JSONPATHS}:6\n`],
    [['runtimes', 'list', '--output='], `wide\njson\nyaml\nname\n${TEMPLATES}:6\n`],
    [['runtimes', 'list', '--scope', 'c'], 'cluster\n:4\n'],
    [['runtimes', 'list', '--watch='], 'true\nfalse\n:4\n'],
    [['runtimes', 'list', '--bogus='], ':4\n'],
    [['runtimes', 'list', '--bogus', '-o', 'j'], `json\n${JSONPATHS}:6\n`],
    [['runtimes', 'list', '--chunk-size', ''], ':4\n'],
    [['runtimes', 'list', '--token', ''], ':4\n'],
    [['runtimes', 'list', '--kubeconfig', ''], ':0\n'],
    [['runtimes', 'list', '--kubeconfig=a'], ':0\n'],
    [['runtimes', 'list', 'wat'], 'watch\n:4\n'],
    [['runtimes', 'list', 'watch', 'wat'], ':4\n'],
    [['runtimes', 'list', '--', 'wat'], 'watch\n:4\n'],
    [['runtimes', 'list', 'a', 'b', 'c', ''], ':4\n'],
    [['rbac', 'check', '--groups', 'deb'], `debug\t${DEBUG}\n:6\n`],
    [['rbac', 'check', '--groups', 'deploy,deb'], `deploy,debug\t${DEBUG}\n:6\n`],
    [['rbac', 'check', '--groups', 'debug,deb'], ':6\n'],
  ];
  for (const [words, expected] of cases) {
    it(`answers ${JSON.stringify(words)}`, async () => {
      assert.equal(await complete(words), expected);
    });
  }

  it('offers the choices of the command at hand, however the flag is written', async () => {
    const choices = [
      [['runtimes', 'list'], `json\nname\nwide\nyaml\n${TEMPLATES}:6\n`],
      [['rbac', 'check'], `json\nyaml\nwide\n${TEMPLATES}:6\n`],
      [['version'], `json\nyaml\n${TEMPLATES}:6\n`],
      [['completion', 'status'], ':4\n'],
    ] as const;
    for (const [path, expected] of choices) {
      for (const flag of [['-o', ''], ['--output', ''], ['-o='], ['--output=']]) {
        assert.equal(await complete([...path, ...flag], { catalogue: CATALOGUE }), expected, [...path, ...flag].join(' '));
      }
    }
    assert.equal(await complete(['runtimes', 'list', '-o', 'n'], { catalogue: CATALOGUE }), 'name\n:4\n');
  });

  it('offers the tasks', async () => {
    const tasks = (typed: string) => complete(['rbac', 'check', '--for', typed], { catalogue: CATALOGUE });
    assert.equal(
      await tasks('de'),
      `deploy\tDeploy models as InferenceServices\ndeploy-llm\tDeploy models as LLMInferenceServices\ndebug\t${DEBUG}\n:4\n`,
    );
    assert.equal((await tasks('')).replace(/\t.*/g, ''), 'runtimes\ndeploy\ndeploy-llm\ncall\ndebug\nauthor-runtimes\nadminister\n:4\n');
  });

  it('offers the next of several verbs in one word', async () => {
    const verbs = (typed: string) => complete(['rbac', 'check', typed], { catalogue: CATALOGUE });
    assert.equal(await verbs('ge'), 'get\n:4\n');
    assert.equal(await verbs('get,li'), 'get,list\n:6\n');
    assert.equal(
      await verbs('get,list,'),
      `${['watch', 'create', 'update', 'patch', 'delete', 'deletecollection'].map((verb) => `get,list,${verb}\n`).join('')}:6\n`,
    );
  });

  it('answers __complete and __completeNoDesc alike, the latter without descriptions', async () => {
    assert.equal(await complete(['__complete', 'ru']), 'runtimes\tLook at runtimes\n:4\n');
    assert.equal(await complete(['__completeNoDesc', 'ru']), 'runtimes\n:4\n');
  });

  it('keeps to one line a candidate', async () => {
    const [list] = catalogue.commands;
    assert.ok(list !== undefined);
    const broken = { ...catalogue, groups: [], commands: [{ ...list, path: ['x'], summary: 'a\tb\nc\u001b[31m' }] };
    assert.equal(await complete([''], { catalogue: broken }), 'x\ta b c[31m\n:4\n');
  });
});
