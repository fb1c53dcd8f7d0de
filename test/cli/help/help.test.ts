import assert from 'node:assert/strict';
import { CATALOGUE } from '../../../src/cli/commands.ts';
import { parseCommandLine } from '../../../src/cli/parse/parse.ts';
import { nodesOf } from '../../../src/cli/parse/tree.ts';
import { runCli } from '../../support/run-cli.ts';
import { sampleCatalogue } from '../sample.ts';

const catalogue = sampleCatalogue();

const ROOT = `kubectl kserve shows which KServe runtimes exist, which one KServe picks for a model, why a model is
not ready, and which permissions an account has or lacks. It never shows a refusal as an empty list.

Examples:
  # The first thing
  kubectl kserve runtimes list

Usage:
  kubectl kserve <command> [flags]

Commands:
  runtimes, runtime, rt  Look at runtimes
  rbac                   Ask about rights

General options:
  -h, --help     Show help
      --version  The same as version --client

Use "kubectl kserve <command> --help" for more about a command.
`;

const NOUN = `Look at runtimes.

Examples:
  # Those of the namespace in use
  kubectl kserve runtimes list

  # All
  kubectl kserve runtimes list -A

Usage:
  kubectl kserve runtimes <command> [flags]

Commands:
  list, get, ls  List runtimes

General options:
  -h, --help  Show help

Use "kubectl kserve runtimes <command> --help" for more about a command.
`;

const CHECK = `Asks.

Usage:
  kubectl kserve rbac check VERB RESOURCE [flags]

Options:
      --groups=G,...  Groups

General options:
      --color=WHEN  When to use colour; auto means on a terminal (default auto)
      --no-color    The same as --color=never
  -h, --help        Show help

Exit codes:
  0    yes
  2    the command line is wrong
  124  never came, though it was waited for, and waited, and waited for, as long as anybody would
       wait for it
`;

const LIST_START = `Lists runtimes of a namespace and those of the cluster.

Examples:
  # Those of the namespace in use
  kubectl kserve runtimes list

  # All
  kubectl kserve runtimes list -A

Usage:
  kubectl kserve runtimes list [NAME...] [flags]

Options:
  -A, --all-namespaces         All namespaces; wins over --namespace
  -l, --selector=SELECTOR      Show only objects whose labels match, such as 'team=ml,stage in
                               (dev,test)'
      --no-headers             Leave out the header line
      --show-labels            Add all labels as the last column
  -L, --label-columns=KEY,...  Add a column for each of these labels
      --chunk-size=N           Objects to request at a time; 0 means all at once (default 500)
  -o, --output=FORMAT          Output format: wide, json, yaml, name; as in kubectl also
                               jsonpath=TEMPLATE, jsonpath-as-json=TEMPLATE, jsonpath-file=FILE,
                               custom-columns=HEADER:PATH,..., custom-columns-file=FILE
      --scope=SCOPE            Which scopes (default all)
  -w, --watch                  Go on

Connection options:
      --kubeconfig=FILE             Kubeconfig file to use
`;

describe('help', () => {
  it('of the program is on stdout with code 0', async () => {
    assert.deepEqual(await runCli({ argv: '', catalogue }), { code: 0, stdout: ROOT, stderr: '' });
    assert.deepEqual(await runCli({ argv: '-h', catalogue }), { code: 0, stdout: ROOT, stderr: '' });
  });

  it('of a bare noun is on stderr with code 2, on stdout with 0 if asked for', async () => {
    assert.deepEqual(await runCli({ argv: 'rt', catalogue }), { code: 2, stdout: '', stderr: NOUN });
    assert.deepEqual(await runCli({ argv: 'rt -h', catalogue }), { code: 0, stdout: NOUN, stderr: '' });
  });

  it('of a command shows its options, and those of the connection if it has one', async () => {
    assert.equal((await runCli({ argv: 'rbac check --help', catalogue })).stdout, CHECK);
    const list = (await runCli({ argv: 'runtimes list --help', catalogue })).stdout;
    assert.equal(list.slice(0, LIST_START.length), LIST_START);
    assert.doesNotMatch(list, /vmodule|kuberc/);
  });

  it('names the program as it was started', async () => {
    const { stdout } = await runCli({ argv: 'rt -h', catalogue, argv0: 'kubectl-kserve' });
    assert.equal(stdout, NOUN.replaceAll('kubectl kserve', 'kubectl-kserve'));
  });

  it('fits the terminal', async () => {
    const narrow = await runCli({ argv: 'runtimes list -h', catalogue, isTTY: true, columns: 80 });
    assert.ok(
      narrow.stdout.split('\n').every((line) => line.length <= 80),
      narrow.stdout,
    );
    assert.match(narrow.stdout, /^ {6}--insecure-skip-tls-verify {4}Do not verify the API server's certificate;$/m);
    const tiny = await runCli({ argv: 'runtimes list -h', catalogue, isTTY: true, columns: 20 });
    assert.match(tiny.stdout, /^ {2}--certificate-authority=FILE\n {6}Certificate\n/m);
    const wide = await runCli({ argv: 'rbac check -h', catalogue, isTTY: true, columns: 300 });
    assert.equal(wide.stdout, CHECK);
  });
});

describe('the catalogue', () => {
  const commands = CATALOGUE.commands;

  it('has examples of every command that can be run, and of what most people come for', () => {
    for (const { path, examples } of [...commands, { path: [], examples: CATALOGUE.examples }]) {
      assert.ok(examples.length > 0, path.join(' '));
      for (const { words, does } of examples) {
        assert.ok(words.startsWith(path.join(' ')), words);
        assert.equal(parseCommandLine((words.split(' | ')[0] ?? '').split(' '), CATALOGUE).kind, 'run', words);
        assert.match(does, /^[A-Z].*[^.]$/);
      }
    }
  });

  it('has help that shows no example twice', async () => {
    for (const { path } of nodesOf(CATALOGUE)) {
      const { stdout } = await runCli({ argv: [...path, '-h'] });
      const what = stdout.split('\n').filter((line) => line.startsWith('  # '));
      assert.deepEqual(what, [...new Set(what)], path.join(' '));
    }
  });

  it('starts summaries with a capital and ends them without a stop', () => {
    const summaries = commands.flatMap(({ summary, options }) => [summary, ...Object.values(options).map((option) => option.summary)]);
    for (const summary of [...summaries, ...CATALOGUE.groups.map((group) => group.summary)]) assert.match(summary, /^[A-Z].*[^.]$/);
  });

  it('gives a name and a letter one meaning in all commands, so that a line can be split before its command is known', () => {
    const seen = new Map<string, string>();
    for (const { options } of commands) {
      for (const [name, { type, short }] of Object.entries(options)) {
        const takesValue = type !== 'boolean';
        for (const [key, meaning] of [[name, `${takesValue}`], ...(short === undefined ? [] : [[`-${short}`, name]])] as const) {
          assert.equal(seen.get(key) ?? meaning, meaning, `${name} ${key}`);
          seen.set(key, meaning);
        }
      }
    }
  });

  it('has help for every place', async () => {
    for (const { path } of nodesOf(CATALOGUE)) {
      const { code, stdout, stderr } = await runCli({ argv: [...path, '-h'] });
      assert.deepEqual([code, stderr], [0, ''], path.join(' '));
      assert.doesNotMatch(stdout, / $/m);
      assert.ok(
        stdout.split('\n').every((line) => line.length <= 110 || line.startsWith('  kubectl')),
        path.join(' '),
      );
    }
  });
});
