import assert from 'node:assert/strict';
import { runCli } from '../../support/run-cli.ts';
import { sampleCatalogue } from '../sample.ts';

const catalogue = sampleCatalogue();
const FORMATS = 'custom-columns,custom-columns-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,wide,yaml';
const LIST = "See 'kubectl kserve runtimes list --help' for usage.";

// argv → the two lines on stderr.
const cases: readonly [string, string, string][] = [
  ['runtimes list --bogus', 'unknown flag: --bogus', LIST],
  ['runtimes list --bogus=x', 'unknown flag: --bogus', LIST],
  ['runtimes list --name-space x', 'unknown flag: --name-space (did you mean "--namespace"?)', LIST],
  ['runtimes list --all_namespace', 'unknown flag: --all_namespace (did you mean "--all-namespaces"?)', LIST],
  ['runtimes list --outptu=json', 'unknown flag: --outptu (did you mean "--output"?)', LIST],
  ['runtimes list --groups=x', 'unknown flag: --groups\nhint: --groups is a flag of rbac check', LIST],
  ['runtimes list --__proto__=x', 'unknown flag: --__proto__', LIST],
  ['runtimes list -Z', "unknown shorthand flag: 'Z' in -Z", LIST],
  ['runtimes list -AZ', "unknown shorthand flag: 'Z' in -Z", LIST],
  ['runtimes list -x=1', "unknown shorthand flag: 'x' in -x=1", LIST],
  ['runtimes list -é', "unknown shorthand flag: 'é' in -é", LIST],
  ['runtimes list -A=', "unknown shorthand flag: '=' in -=", LIST],
  ['runtimes list -o', "flag needs an argument: 'o' in -o", LIST],
  ['runtimes list -Ao', "flag needs an argument: 'o' in -o", LIST],
  ['runtimes list --output', 'flag needs an argument: --output', LIST],
  ['runtimes list -n', "flag needs an argument: 'n' in -n", LIST],
  ['runtimes list --as-group', 'flag needs an argument: --as-group', LIST],
  ['runtimes list --=x', 'bad flag syntax: --=x', LIST],
  ['runtimes list ---x', 'bad flag syntax: ---x', LIST],
  ['runtimes list --chunk-size=x', 'invalid argument "x" for "--chunk-size" flag: strconv.ParseInt: parsing "x": invalid syntax', LIST],
  ['runtimes list --chunk-size=', 'invalid argument "" for "--chunk-size" flag: strconv.ParseInt: parsing "": invalid syntax', LIST],
  [
    'runtimes list --chunk-size=1e3',
    'invalid argument "1e3" for "--chunk-size" flag: strconv.ParseInt: parsing "1e3": invalid syntax',
    LIST,
  ],
  [
    'runtimes list --chunk-size=99999999999999999999',
    'invalid argument "99999999999999999999" for "--chunk-size" flag: strconv.ParseInt: parsing "99999999999999999999": value out of range',
    LIST,
  ],
  ['runtimes list --chunk-size=-1', 'invalid argument "-1" for "--chunk-size" flag: must be at least 0', LIST],
  ['runtimes list -v x', 'invalid argument "x" for "-v, --v" flag: strconv.ParseInt: parsing "x": invalid syntax', LIST],
  ['runtimes list -A=x', 'invalid argument "x" for "-A, --all-namespaces" flag: strconv.ParseBool: parsing "x": invalid syntax', LIST],
  ['runtimes list --watch=yes', 'invalid argument "yes" for "-w, --watch" flag: strconv.ParseBool: parsing "yes": invalid syntax', LIST],
  [
    'runtimes list --scope=clutser',
    'invalid argument "clutser" for "--scope" flag: must be one of: all, namespace, cluster (did you mean "cluster"?)',
    LIST,
  ],
  ['runtimes list --scope zzz', 'invalid argument "zzz" for "--scope" flag: must be one of: all, namespace, cluster', LIST],
  ['runtimes list -o bogus', `unable to match a printer suitable for the output format "bogus", allowed formats are: ${FORMATS}`, LIST],
  [
    'runtimes list -o jsn',
    `unable to match a printer suitable for the output format "jsn", allowed formats are: ${FORMATS} (did you mean "json"?)`,
    LIST,
  ],
  [
    'runtimes list -o go-template={{.items}}',
    `unable to match a printer suitable for the output format "go-template={{.items}}", allowed formats are: ${FORMATS}\nhint: This program has no go-template printer: use -o jsonpath=TEMPLATE, or filter -o json, for example with jq.`,
    LIST,
  ],
  ['runtimes list --scope=', 'invalid argument "" for "--scope" flag: needs a value', LIST],
  ['runtimes list --color=', 'invalid argument "" for "--color" flag: needs a value', LIST],
  ['runtimes list --scope=cluster --scope=', 'invalid argument "" for "--scope" flag: needs a value', LIST],
  [
    'rbac check get pods --groups=',
    'invalid argument "" for "--groups" flag: needs a value',
    "See 'kubectl kserve rbac check --help' for usage.",
  ],
  ['runtimes list --bogus -o bogus --help', 'unknown flag: --bogus', LIST],
  ['--bogus', 'unknown flag: --bogus', "See 'kubectl kserve --help' for usage."],
  ['runtimes -Z list', "unknown shorthand flag: 'Z' in -Z", LIST],
  ['bogus', 'unknown command "bogus"', "See 'kubectl kserve -h' for help and examples"],
  ['runtims list', 'unknown command "runtims" (did you mean "runtimes"?)', "See 'kubectl kserve -h' for help and examples"],
  ['list -A', 'unknown command "list" (did you mean "runtimes list"?)', "See 'kubectl kserve -h' for help and examples"],
  ['check', 'unknown command "check" (did you mean "rbac check"?)', "See 'kubectl kserve -h' for help and examples"],
  ['rbac list', 'unknown command "list"', "See 'kubectl kserve rbac -h' for help and examples"],
  ['rbac chekc', 'unknown command "chekc" (did you mean "check"?)', "See 'kubectl kserve rbac -h' for help and examples"],
  ['bogus --bogus', 'unknown command "bogus"', "See 'kubectl kserve -h' for help and examples"],
  ['get runtimes -A', 'unknown command "get" (did you mean "runtimes list"?)', "See 'kubectl kserve -h' for help and examples"],
  ['ls rt mine', 'unknown command "ls" (did you mean "runtimes list"?)', "See 'kubectl kserve -h' for help and examples"],
  ['get runtimes bogus', 'unknown command "get" (did you mean "runtimes list"?)', "See 'kubectl kserve -h' for help and examples"],
  ['runtimes list --version', 'unknown flag: --version', LIST],
  ['bogus get', 'unknown command "bogus"', "See 'kubectl kserve -h' for help and examples"],
  ['help bogus', 'unknown command "bogus"', "See 'kubectl kserve -h' for help and examples"],
  ['runtimes -- list', 'unknown command "list" (did you mean "list"?)', "See 'kubectl kserve runtimes -h' for help and examples"],
  [
    'runtimes list a b c d',
    'unexpected argument: "d" (this command takes [NAME...])',
    "See 'kubectl kserve runtimes list -h' for help and examples",
  ],
  ['rbac check get', 'missing argument: this command takes VERB RESOURCE', "See 'kubectl kserve rbac check -h' for help and examples"],
  ['runtimes list \u001b[31m --\u001b]0;x', 'unknown flag: --^[]0;x', LIST],
];

describe('misuse', () => {
  for (const [line, message, see] of cases) {
    it(`refuses ${JSON.stringify(line)}`, async () => {
      const result = await runCli({ argv: line, catalogue });
      assert.deepEqual(result, { code: 2, stdout: '', stderr: `error: ${message}\n${see}\n` });
    });
  }

  const subjects = ['--sa', '--for-user', '--for-group', '--for', '--wait', '--subresource'];
  for (const flag of subjects) {
    it(`takes no empty ${flag} for none`, async () => {
      const argv = ['rbac', 'check', 'list', 'clusterservingruntimes', flag, ''];
      const { code, stdout, stderr } = await runCli({ argv });
      assert.deepEqual([code, stdout, stderr.split('\n')[0]], [2, '', `error: invalid argument "" for "${flag}" flag: needs a value`]);
    });
  }

  it('takes no empty filter for none', async () => {
    for (const flag of ['--model-format', '--protocol', '--scope']) {
      const { code, stderr } = await runCli({ argv: ['runtimes', 'list', flag, ''] });
      assert.deepEqual([code, stderr.split('\n')[0]], [2, `error: invalid argument "" for "${flag}" flag: needs a value`]);
    }
  });

  const RUNTIMES = 'kubectl kserve runtimes list';
  const DOCTOR = 'kubectl kserve doctor NAME';
  for (const [line, ...commands] of [
    ['isvc', 'kubectl get isvc', DOCTOR],
    ['InferenceServices iris', 'kubectl get isvc', DOCTOR],
    ['get isvc iris', 'kubectl get isvc', DOCTOR],
    ['describe isvc iris', 'kubectl get isvc', DOCTOR],
    ['describe', 'kubectl kserve runtimes describe NAME', DOCTOR],
    ['get', RUNTIMES, 'kubectl get isvc'],
    ['get pods', RUNTIMES, 'kubectl get isvc'],
    ['status iris', DOCTOR],
    ['logs iris', `${DOCTOR} --logs`, 'kubectl logs -l serving.kserve.io/inferenceservice=NAME -c kserve-container'],
    ['servingruntimes', RUNTIMES],
    ['apply', 'kubectl kserve doctor -f FILE', 'kubectl apply -f FILE'],
  ] as const)
    it(`points from ${line} to what exists`, async () => {
      const { code, stdout, stderr } = await runCli({ argv: line });
      assert.deepEqual([code, stdout], [2, '']);
      const lines = stderr.split('\n');
      assert.match(lines[0] ?? '', /^error: unknown command "\w+"$/);
      assert.match(lines[1] ?? '', /^hint: .+:$/);
      assert.deepEqual(
        lines.slice(2, -2).map((text) => text.trim()),
        commands,
      );
    });

  it('takes a word that a command or a noun has for that', async () => {
    for (const [line, meant] of [
      ['list', 'runtimes list'],
      ['explain', 'rbac explain'],
      ['get runtimes', 'runtimes list'],
    ] as const)
      assert.match((await runCli({ argv: line })).stderr, new RegExp(`\\(did you mean "${meant}"\\?\\)\n`));
  });

  it('names the program as it was started', async () => {
    const direct = await runCli({ argv: 'bogus', argv0: 'kubectl-kserve', catalogue });
    assert.equal(direct.stderr, 'error: unknown command "bogus"\nSee \'kubectl-kserve -h\' for help and examples\n');
  });
});
