import assert from 'node:assert/strict';
import { binding, grant } from '../../../../tools/rbac-objects.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { A, ANA, BOT, reads, SR } from '../check/cases.ts';

const denial = (user: string, verb: string): string =>
  `servingruntimes.serving.kserve.io is forbidden: User "${user}" cannot ${verb} resource "servingruntimes" in API group "serving.kserve.io" in the namespace "a"`;
const escalation = `Error from server (Forbidden): roles.rbac.authorization.k8s.io "t" is forbidden: user "ana" (groups=["ml" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:
{APIGroups:["serving.kserve.io"], Resources:["servingruntimes"], Verbs:["list" "watch"]}`;
const podSecurity = 'pods "x" is forbidden: violates PodSecurity "restricted:latest": \u001b[31mallowPrivilegeEscalation != false';

interface Pasted {
  readonly name: string;
  readonly stdin: string;
  readonly argv?: string;
  readonly user?: typeof ANA;
  readonly code: number;
}

const objects = [
  ...['a', 'b', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  ...reads(BOT, { namespace: 'b' }, SR),
  ...grant('reader', 'ana', A, ['get'], SR),
  binding('stale', A, { kind: 'ClusterRole', name: 'gone' }, 'zoe'),
];

/** Asked by an administrator unless the case says who. */
const CASES: readonly Pasted[] = [
  { name: 'one', stdin: `Error from server (Forbidden): ${denial('ana', 'list')}\n`, code: 1 },
  { name: 'one-json', stdin: denial('ana', 'list'), argv: 'rbac explain - -o json', code: 1 },
  {
    name: 'log',
    stdin: [denial('ana', 'list'), 'ok', denial(BOT, 'list'), denial('ana', 'list'), denial('zoe', 'list')].join('\n'),
    code: 1,
  },
  {
    name: 'log-json',
    stdin: [denial('ana', 'list'), denial(BOT, 'list'), podSecurity, escalation].join('\n'),
    argv: 'rbac explain - -o json',
    code: 1,
  },
  { name: 'granted-by-now', stdin: denial('ana', 'get'), code: 0 },
  { name: '36-pod-security', stdin: podSecurity, code: 1 },
  { name: '36-nothing', stdin: 'all is well\n', code: 2 },
  { name: '49-escalation', stdin: escalation, code: 1 },
  { name: '52-anonymous', stdin: denial('system:anonymous', 'list'), code: 1 },
  { name: '52-anonymous-json', stdin: denial('system:anonymous', 'list'), argv: 'rbac explain - -o json', user: ANA, code: 3 },
  { name: '49-escalation-json', stdin: escalation, argv: 'rbac explain - -o json', code: 1 },
  { name: '49-escalation-twice', stdin: [escalation, escalation.replace('"t" is', '"u" is'), escalation].join('\n'), code: 1 },
  { name: 'name-star', stdin: denial('ana', 'get').replace(' is forbidden', ' "*" is forbidden'), code: 0 },
  { name: 'resource-star', stdin: denial('ana', 'list').replace('resource "servingruntimes"', 'resource "*"'), code: 3 },
  { name: 'own', stdin: denial('ana', 'list'), user: ANA, code: 1 },
  { name: 'somebody-unknown', stdin: denial('zoe', 'list'), user: ANA, code: 3 },
  { name: 'hostile', stdin: denial('a<b>&\\"c\\"\\u001b[31m', 'list'), code: 1 },
  { name: 'files', stdin: JSON.stringify(grant('t', 'zoe', A, ['list'], SR)[0]), argv: 'rbac explain -f -', code: 0 },
  {
    name: 'files-refused',
    stdin: JSON.stringify(grant('t', 'zoe', A, ['list'], SR)[0]),
    argv: 'rbac explain -f - -o yaml',
    user: ANA,
    code: 1,
  },
  { name: 'files-without', stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n', argv: 'rbac explain -f -', code: 2 },
  {
    name: 'files-malformed',
    stdin: 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: x}\nrules: 3\n',
    argv: 'rbac explain -f -',
    code: 2,
  },
  { name: 'words-too', stdin: '', argv: 'rbac explain - list', code: 2 },
];

describe('rbac explain of pasted errors', () => {
  for (const { name, stdin, argv = 'rbac explain -', user, code } of CASES) {
    it(`${name}: ${argv}`, async () => {
      const result = await runCli({ argv, stdin, cluster: fakeCluster({ objects, ...(user && { user }) }) });
      assert.equal(result.code, code, result.stderr);
      assertGolden(`rbac-explain/pasted-${name}`, argv, result);
      assertReport(result.stdout, argv);
    });
  }

  it('asks about the account of the error', async () => {
    const cluster = fakeCluster({ objects });
    await runCli({ argv: 'rbac explain -', stdin: denial(BOT, 'list'), cluster });
    const asked = cluster.requests
      .filter(({ path }) => path.endsWith('/subjectaccessreviews'))
      .map(({ body }) => JSON.parse(body).spec.user);
    assert.deepEqual(asked, [BOT]);
  });
});
