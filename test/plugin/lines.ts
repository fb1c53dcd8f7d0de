import { delimiter, join } from 'node:path';
import { tokenOf } from '../../tools/api-server/authentication.ts';

/** What both programs find. In files, words and values `DIR` is the working folder; in files `SERVER` is the server, and `AUTHORITY` its authority, as PEM. */
export interface Line {
  readonly what: string;
  readonly files?: Readonly<Record<string, string | object>>;
  readonly plugins?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  /** As whom the server was asked; absent where both fail. */
  readonly as?: string;
  /** Both must fail, and say this. */
  readonly says?: string;
  /** kubectl is refused earlier, in other words. */
  readonly isReworded?: true;
  /** Only Windows has it. */
  readonly isOfWindows?: true;
  /** kubectl lets cmd.exe act on the arguments of a batch file: we do not. */
  readonly oursAlone?: true;
}

const API_VERSION = 'client.authentication.k8s.io/v1';
const HOSTILE = ['a & b', '%PATH%', '100%', '"&calc&"', '^|<>', 'c:\\x y\\', '{"a":"b c"}', ''];
/** What kubectl's own quoting gets through cmd.exe too. */
const PLAIN = ['a b', '', 'c:\\x y\\', '--b=c', 'C:\\d'];

/** Source of a plugin that says the token, if it got just these arguments. */
function login(token: string, args: readonly string[] = []): string {
  const reply = JSON.stringify({ apiVersion: API_VERSION, kind: 'ExecCredential', status: { token } });
  return `
    const got = JSON.stringify(process.argv.slice(2));
    if (got !== ${JSON.stringify(JSON.stringify(args))}) throw new Error(got);
    process.stdout.write(${JSON.stringify(reply)});`;
}

const CLUSTER = { server: 'SERVER', 'certificate-authority': join('DIR', 'ca.crt') };

/** A kubeconfig whose only context has the name of its user. */
function config(name: string, user: object, cluster: object = CLUSTER): object {
  return {
    'current-context': name,
    contexts: [{ name, context: { cluster: 'k', user: name, namespace: 'team' } }],
    clusters: [{ name: 'k', cluster }],
    users: [{ name, user }],
  };
}

function withToken(name: string): object {
  return config(name, { token: tokenOf({ name }) });
}

function exec(command: string, args: readonly string[] = []): object {
  return config('u', { exec: { command, args, apiVersion: API_VERSION, interactiveMode: 'Never' } });
}

const ANA = withToken('ana');
const BOB = withToken('bob');
const HOME = { files: { 'home/.kube/config': ANA } };
const ONE = { words: ['--kubeconfig=DIR/one'] };
const LOGIN = login(tokenOf({ name: 'ana' }));
const KUBECONFIG = ['DIR/none', 'DIR/one', 'DIR/two'].join(delimiter);

/** As the users `ana` and `bob`, who may list, and `nobody`. */
export const LINES: readonly Line[] = [
  { what: 'no kubeconfig', says: 'The connection to the server localhost:8080 was refused' },
  { what: 'the kubeconfig of the home folder', ...HOME, as: 'ana' },
  { what: 'a kubeconfig by its path', files: { one: BOB }, ...ONE, as: 'bob' },
  { what: 'a kubeconfig below the working folder', files: { 'sub/one': BOB }, words: ['--kubeconfig', join('sub', 'one')], as: 'bob' },
  { what: 'a missing kubeconfig', ...HOME, words: ['--kubeconfig', join('DIR', 'no', 'one')], says: 'no such file or directory' },
  { what: 'a list of kubeconfigs', files: { one: BOB, two: ANA }, env: { KUBECONFIG }, as: 'bob' },
  { what: 'the other context of a list', files: { one: BOB, two: ANA }, env: { KUBECONFIG }, words: ['--context=ana'], as: 'ana' },
  { what: 'a list with empty parts', files: { one: BOB }, env: { KUBECONFIG: `${delimiter}${KUBECONFIG}${delimiter}` }, as: 'bob' },
  { what: 'a list of missing files', ...HOME, env: { KUBECONFIG }, says: 'The connection to the server localhost:8080 was refused' },
  { what: 'a path in quotes in a list', files: { 'a;b': BOB }, env: { KUBECONFIG: '"DIR/a;b";DIR/c' }, as: 'bob', isOfWindows: true },
  { what: 'a variable in another case', files: { one: BOB }, env: { kubeconfig: 'DIR/one' }, as: 'bob', isOfWindows: true },
  { what: 'a kubeconfig with the line ends of Windows', files: { 'home/.kube/config': yamlOf(ANA).replaceAll('\n', '\r\n') }, as: 'ana' },
  { what: 'a broken kubeconfig', files: { one: 'users: [5]' }, ...ONE, says: 'cannot unmarshal number' },
  { what: 'a context that is not there', ...HOME, words: ['--context=d'], says: 'context was not found for specified context: d' },
  { what: 'a context that is not there, with -n', ...HOME, words: ['--context=d', '-n', 'x'], says: 'context "d" does not exist' },
  { what: 'a cluster that is not there', ...HOME, words: ['--cluster=d'], says: 'no server found for cluster "d"' },
  { what: 'a user that is not there', ...HOME, words: ['--user=d'], says: 'auth info "d" does not exist' },
  { what: 'somebody else', ...HOME, words: ['--as=bob', '--as-group=listers'], as: 'ana' },
  { what: 'somebody who may not', files: { one: withToken('nobody') }, ...ONE, says: 'is forbidden' },
  { what: 'a wrong token', ...HOME, words: ['--token=wrong'], says: 'You must be logged in to the server', isReworded: true },
  {
    what: 'files beside the kubeconfig',
    files: {
      'sub/one': config('u', { tokenFile: join('secrets', 'token') }, { server: 'SERVER', 'certificate-authority': join('pki', 'ca.crt') }),
      'sub/pki/ca.crt': 'AUTHORITY',
      'sub/secrets/token': `${tokenOf({ name: 'bob' })}\r\n`,
    },
    words: ['--kubeconfig', join('sub', 'one')],
    as: 'bob',
  },
  {
    what: 'authorities that are missing',
    files: { one: config('u', {}, { server: 'SERVER', 'certificate-authority': join('pki', 'ca.crt') }) },
    ...ONE,
    says: 'unable to read certificate-authority',
  },
  {
    what: 'a server that nobody vouches for',
    files: { one: config('u', { token: 't' }, { server: 'SERVER' }) },
    ...ONE,
    says: 'certificate signed by unknown authority',
  },
  {
    what: 'a server that is not there',
    ...HOME,
    words: ['--server=https://127.0.0.1:1'],
    says: 'The connection to the server 127.0.0.1:1 was refused',
  },
  { what: 'a plugin in PATH', files: { one: exec('log-in') }, plugins: { 'bin/log-in': LOGIN }, ...ONE, as: 'ana' },
  {
    what: 'a plugin below the kubeconfig',
    files: { 'sub/one': exec(join('bin', 'log-in')) },
    plugins: { 'sub/bin/log-in': LOGIN },
    words: ['--kubeconfig=sub/one'],
    as: 'ana',
  },
  {
    what: 'a plugin that is a program, with arguments',
    files: { one: exec(process.execPath, ['DIR/log-in.cjs', ...HOSTILE]), 'log-in.cjs': login(tokenOf({ name: 'ana' }), HOSTILE) },
    ...ONE,
    as: 'ana',
  },
  {
    what: 'a plugin with arguments',
    files: { one: exec('log-in', PLAIN) },
    plugins: { 'bin/log-in': login(tokenOf({ name: 'ana' }), PLAIN) },
    ...ONE,
    as: 'ana',
  },
  {
    what: 'a batch file with arguments that cmd.exe acts on',
    files: { one: exec('log-in', HOSTILE) },
    plugins: { 'bin/log-in': login(tokenOf({ name: 'ana' }), HOSTILE) },
    ...ONE,
    as: 'ana',
    oursAlone: true,
  },
  {
    what: 'a .bat file',
    files: { one: exec('log-in.bat'), 'bin/log-in.bat': `@"${process.execPath}" "%~dp0log-in.cjs" %*\r\n`, 'bin/log-in.cjs': LOGIN },
    ...ONE,
    as: 'ana',
    isOfWindows: true,
  },
  {
    what: 'a plugin in the working folder',
    files: { one: exec('log-in') },
    plugins: { 'log-in': LOGIN },
    ...ONE,
    says: 'exec: executable log-in not found',
  },
  {
    what: 'a plugin in the working folder too',
    files: { one: exec('log-in') },
    plugins: { 'log-in': LOGIN, 'bin/log-in': LOGIN },
    ...ONE,
    says: 'exec: executable log-in not found',
    isOfWindows: true,
  },
  {
    what: 'a plugin that fails',
    files: { one: exec('log-in') },
    plugins: { 'bin/log-in': 'process.exitCode = 3' },
    ...ONE,
    says: 'exec: executable log-in failed with exit code 3',
  },
  {
    what: 'a plugin that is not allowed',
    files: {
      one: exec('log-in'),
      kuberc: { apiVersion: 'kubectl.config.k8s.io/v1beta1', kind: 'Preference', credentialPluginPolicy: 'DenyAll' },
    },
    plugins: { 'bin/log-in': LOGIN },
    env: { KUBERC: join('DIR', 'kuberc') },
    ...ONE,
    says: 'policy set to "DenyAll"',
  },
  { what: 'one object', ...HOME, words: ['lightgbm-server'], as: 'ana' },
  { what: 'an object that is not there', ...HOME, words: ['nothing'], says: '"nothing" not found' },
  { what: 'JSON', ...HOME, words: ['-o', 'json', 'lightgbm-server'], as: 'ana' },
  { what: 'a template', ...HOME, words: ['-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.kind}{"\\n"}{end}'], as: 'ana' },
  {
    what: 'a template from a file',
    files: { ...HOME.files, 'a b/t': '{.items[*].metadata.name}' },
    words: ['-o', `jsonpath-file=${join('a b', 't')}`],
    as: 'ana',
  },
  { what: 'columns', ...HOME, words: ['-o', 'custom-columns=NAME:.metadata.name,"A B":.kind'], as: 'ana' },
];

/** What only a parser of YAML reads. */
function yamlOf(config: object): string {
  return `# by hand\n${JSON.stringify(config, null, 2)}\n`;
}
