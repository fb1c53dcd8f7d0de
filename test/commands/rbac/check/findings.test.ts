import assert from 'node:assert/strict';
import { CAUSE_CODES } from '../../../../src/domain/rbac/near-miss/cause.ts';
import { escapeText } from '../../../../src/text/escape.ts';
import { binding } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { A, ABOUT, ANA, CASES, type Case, KSERVE, named } from './cases.ts';

interface Reported {
  readonly code: string;
  readonly severity: string;
  readonly object: { readonly kind: string; readonly name: string; readonly namespace?: string };
  readonly message: string;
  readonly evidence: readonly { readonly field: string; readonly value: string }[];
  readonly fix?: { readonly text: string };
}

interface Report {
  readonly findings: readonly Reported[];
  readonly explanations: readonly string[];
}

/** Asks in JSON and as people do; without a report if nothing could be asked. */
async function ask({ argv, objects = [], server }: Case, user: FakeClusterOptions['user']) {
  const inFormat = (words: string) => runCli({ argv: words, cluster: fakeCluster({ objects: [...objects], user, ...server }) });
  const words = argv.replace(/ -o \w+/, '');
  const { stdout } = await inFormat(`${words} -o json`);
  assertReport(stdout, '-o json');
  const text = await inFormat(words);
  const report: Report = stdout === '' ? { findings: [], explanations: [] } : JSON.parse(stdout);
  return { report, text: text.stdout + text.stderr };
}

function isQuestion({ argv, code }: Case): boolean {
  return code !== 2 && !/--list|--dry-run|-q\b/.test(argv);
}

/** By the name of a case: the codes of its findings, and what the first of them is about. */
const CODES: Readonly<Record<string, readonly [codes: readonly string[], first: string]>> = {
  '03-trap': [['cluster-wide-grant', 'rolebinding-for-cluster-scope'], 'ClusterRoleBinding clusterservingruntime-list-ana'],
  '05-not-installed': [['kind-not-served'], `Request clusterservingruntimes.${KSERVE}`],
  '09-dangling': [['dangling-role-ref'], 'ClusterRole gone'],
  '10-dangling-and-granted': [[], ''],
  '13-names-list': [['resource-names'], `Request servingruntimes.${KSERVE} a`],
  '13-names-get-y': [['resource-names'], `Request servingruntimes.${KSERVE} a`],
  '14-create-named': [['resource-names'], `Request servingruntimes.${KSERVE} a`],
  '26-gke': [['denied-by-authorizer'], `Request servingruntimes.${KSERVE} a`],
  '39-denied': [['denied-by-authorizer'], `Request servingruntimes.${KSERVE} a`],
  'grant-role-exists': [['cluster-wide-grant', 'groups-unknown', 'role-exists'], 'ClusterRoleBinding clusterservingruntime-list-zoe'],
  'sa-rbac-only': [['rbac-only'], 'ServiceAccount bot a'],
  'user-no': [['groups-unknown'], 'User zoe'],
};

const place = ({ kind, name, namespace }: Reported['object']): string => [kind, name, namespace].filter((part) => part).join(' ');

describe('findings of rbac check', () => {
  const all = [...CASES.map((one) => [one, ANA] as const), ...ABOUT.map((one) => [one, undefined] as const)];

  it('are the explanations as data, in every format the same', async () => {
    let count = 0;
    for (const [one, user] of all.filter(([each]) => isQuestion(each))) {
      const { report, text } = await ask(one, user);
      const said = report.findings.map(({ message, fix }) =>
        [message, ...(fix === undefined ? [] : [fix.text])].join(/[.?!]$/.test(message) ? ' ' : ': '),
      );
      assert.deepEqual([...new Set(said)], report.explanations, one.name);
      for (const explanation of report.explanations) assert.ok(text.includes(escapeText(explanation)), `${one.name}: ${explanation}`);
      assert.equal(new Set(report.findings.map((finding) => JSON.stringify(finding))).size, report.findings.length, one.name);
      count += report.findings.length;
    }
    assert.ok(count > 40, `${count} findings`);
  });

  for (const [name, [codes, first]] of Object.entries(CODES)) {
    it(`${name}: ${codes.join(', ') || 'none'}`, async () => {
      const [one, user] = all.find(([each]) => each.name === name) ?? assert.fail(`there is no case ${name}`);
      const { report } = await ask(one, user);
      assert.deepEqual(
        report.findings.map(({ code }) => code),
        codes,
      );
      const [finding] = report.findings;
      assert.equal(finding === undefined ? '' : place(finding.object), first);
    });
  }

  it('that are errors on a no of RBAC have a code of rbac explain and what was read', async () => {
    const argv = 'rbac check list servingruntimes -n a';
    const stale = binding('stale', A, { kind: 'Role', name: 'gone' }, 'ana');
    const { report } = await ask({ name: '', argv, objects: [...named, stale], code: 1 }, ANA);
    assert.deepEqual(
      report.findings.map(({ code, evidence, fix }) => ({ code, field: evidence[0]?.field, value: evidence[0]?.value, fix: fix?.text })),
      [
        {
          code: 'dangling-role-ref',
          field: 'status.reason',
          value: 'rbac: RBAC: role.rbac.authorization.k8s.io "gone" not found',
          fix: 'create it, or bind another one.',
        },
        {
          code: 'resource-names',
          field: 'rules[].resourceNames',
          value: '["x"]',
          fix: 'ask with --field-selector=metadata.name=x.',
        },
      ],
    );
    const known: ReadonlySet<string> = new Set(CAUSE_CODES);
    for (const { code, severity } of report.findings) assert.deepEqual([known.has(code), severity], [true, 'error']);
  });

  it('call a kind that is not served no error where that is accepted', async () => {
    const severity = async (argv: string) => {
      const { report } = await ask({ name: '', argv, server: { types: [] }, code: 1 }, ANA);
      return report.findings.filter(({ code }) => code === 'kind-not-served').map((finding) => finding.severity);
    };
    assert.deepEqual(await severity(`rbac check list servingruntimes.${KSERVE} -n a`), ['error']);
    assert.deepEqual(await severity(`rbac check list servingruntimes.${KSERVE} -n a --allow-unknown`), ['warning']);
  });
});

describe('the hint of rbac check', () => {
  const hint = async (argv: string, objects: Case['objects'] & object = []): Promise<readonly string[]> => {
    const cluster = fakeCluster({ objects: [...objects] });
    const { stderr } = await runCli({ argv, cluster });
    return stderr.split('\n').filter((line) => line.startsWith('hint: '));
  };
  const saysOf = (words: string) => [
    `hint: To see whether an existing role or binding nearly grants it: kubectl kserve rbac explain ${words}`,
  ];

  it('names rbac explain with the same question, account, place and connection', async () => {
    assert.deepEqual(await hint('rbac check list servingruntimes --sa ml:app'), saysOf('list servingruntimes --sa=ml:app'));
    assert.deepEqual(
      await hint("rbac check get pods --subresource=log --for-user=a'b --for-group=g -n a --context=test --as=ana"),
      saysOf("get pods --subresource=log --for-user='a'\\''b' --for-group=g -n a --context=test --as=ana"),
    );
    assert.deepEqual(await hint('rbac check list servingruntimes -A --for-user zoe'), saysOf('list servingruntimes --for-user=zoe -A'));
    assert.deepEqual(
      await hint('rbac check --allow-unknown --for-user zoe -n a -- -x pods'),
      saysOf('--allow-unknown --for-user=zoe -n a -- -x pods'),
    );
  });

  it('is given for one question that RBAC denies, to people', async () => {
    for (const argv of [
      'rbac check list servingruntimes,isvc --sa ml:app',
      'rbac check --sa ml:app',
      'rbac check list servingruntimes --sa ml:app -q',
    ])
      assert.deepEqual(await hint(argv), [], argv);
    assert.deepEqual(await hint('rbac check list servingruntimes --sa ml:app -o json'), []);
    assert.deepEqual(await hint('rbac check list servingruntimes -n a'), []);
    const denied = CASES.find(({ name }) => name === '39-denied') ?? assert.fail('there is no such case');
    assert.doesNotMatch((await ask(denied, ANA)).text, /^hint: /m);
  });
});
