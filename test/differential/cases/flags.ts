import { type Case, type Entries, type Given, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';

const path = (namespace: string) => ({ path: `/apis/serving.kserve.io/v1alpha1/namespaces/${namespace}/servingruntimes` });
const bearer = (name: string) => ({ authorization: `Bearer ${secret(name)}` });
type Expected = Pick<Case, 'sees' | 'fails' | 'differs'>;

function flags(name: string, words: readonly string[], expected: Expected, more: Given & { entries?: Entries } = {}): Case {
  const { entries = {}, ...given } = more;
  return {
    section: '7',
    name,
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ ...entries, cluster: { ...clusterOf(api), ...entries.cluster }, user: { token: secret('u'), ...entries.user } }),
      flags: words,
      ...given,
    }),
    ...expected,
  };
}

/** docs/connection.md 7: how flags are spelled. */
export const flagCases: readonly Case[] = [
  flags('-n team2', ['-n', 'team2'], { sees: path('team2') }),
  flags('-nteam2', ['-nteam2'], { sees: path('team2') }),
  flags('-n=team2', ['-n=team2'], { sees: path('team2') }),
  flags('--namespace team2', ['--namespace', 'team2'], { sees: path('team2') }),
  flags('--namespace=team2', ['--namespace=team2'], { sees: path('team2') }),
  flags('the last one wins', ['-n', 'one', '--namespace=two', '-nthree'], { sees: path('three') }),
  flags('the next word is always the value', ['--token', '--context'], { sees: { authorization: 'Bearer --context' } }),
  flags('a value may start with a dash', ['--token=-x'], { sees: { authorization: 'Bearer -x' } }),
  flags('a value may hold equals signs', ['--token=a=b==', '-n', 'x'], { sees: { authorization: 'Bearer a=b==' } }),
  flags('underscores are dashes', ['--tls_server_name=api.example.test'], { sees: { serverName: 'api.example.test' } }),
  flags('-Anteam2: letters together, the rest is a value', ['-Anteam2'], {
    sees: { path: '/apis/serving.kserve.io/v1alpha1/servingruntimes' },
  }),
  flags('-A', ['-A'], { sees: { path: '/apis/serving.kserve.io/v1alpha1/servingruntimes' } }),
  flags('-A=false', ['-A=false'], { sees: path('team') }),
  flags('-A wins over -n', ['-A', '-n', 'x'], { sees: { path: '/apis/serving.kserve.io/v1alpha1/servingruntimes' } }),
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((value) =>
    flags(
      `--insecure-skip-tls-verify=${value}`,
      [`--insecure-skip-tls-verify=${value}`],
      { sees: bearer('u') },
      { entries: { cluster: { 'certificate-authority-data': undefined } } },
    ),
  ),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((value) =>
    flags(
      `--insecure-skip-tls-verify=${value}`,
      [`--insecure-skip-tls-verify=${value}`],
      { fails: 'x509: certificate signed by unknown authority' },
      { entries: { cluster: { 'certificate-authority-data': undefined } } },
    ),
  ),
  flags('a boolean takes no other values', ['--insecure-skip-tls-verify=yes'], {
    fails: 'invalid argument "yes" for "--insecure-skip-tls-verify" flag: ',
  }),
  flags(
    'a boolean does not take the next word',
    ['--insecure-skip-tls-verify', '-n', 'x'],
    { sees: path('x') },
    { entries: { cluster: { 'certificate-authority-data': undefined } } },
  ),
  flags('a flag that does not exist', ['--bogus'], { fails: 'error: unknown flag: --bogus' }),
  flags('a letter that does not exist', ['-Z'], { fails: "error: unknown shorthand flag: 'Z' in -Z" }),
  flags('a value that is missing', ['--token'], { fails: 'error: flag needs an argument: --token' }),
  flags('a value that is missing after a letter', ['-n'], { fails: "error: flag needs an argument: 'n' in -n" }),
  flags(
    'flags of kubectl that do not matter here',
    ['--match-server-version=false', '--profile=none', '--log-flush-frequency=5s', '--vmodule=x=1'],
    { sees: bearer('u') },
  ),
  flags('--cache-dir', ['--cache-dir=DIR/elsewhere'], { sees: bearer('u') }),
  flags(
    'an empty value of each flag changes nothing',
    [
      '--kubeconfig=',
      '--context=',
      '--cluster=',
      '--user=',
      '--server=',
      '--token=',
      '--username=',
      '--password=',
      '--as=',
      '--as-uid=',
      '--certificate-authority=',
      '--client-certificate=',
      '--client-key=',
      '--tls-server-name=',
      '--request-timeout=',
    ],
    {
      sees: { ...bearer('u'), ...path('team'), impersonation: [], clientCertificate: undefined, serverName: undefined },
    },
  ),
  flags('a sign of repeated --token: the last one', ['--token', secret('one'), '--token', secret('two')], { sees: bearer('two') }),
  flags(
    'environment variables of other programs do not matter',
    [],
    { sees: { ...bearer('u'), ...path('team') } },
    {
      env: {
        KUBE_TOKEN: 'x',
        KUBECTL_NAMESPACE: 'x',
        NAMESPACE: 'x',
        KUBE_CONTEXT: 'x',
        KUBERNETES_SERVICE_HOST: '127.0.0.1',
        KUBERNETES_SERVICE_PORT: '9',
        KUBECTL_COMMAND_HEADERS: 'x',
      },
    },
  ),
  flags('-v=0', ['-v=0'], { sees: bearer('u') }),
  flags('-v 9', ['-v', '9'], { sees: bearer('u') }),
  flags('--v=6', ['--v=6'], { sees: bearer('u') }),
];
