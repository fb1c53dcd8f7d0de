import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { KSERVE_TYPES } from '../../../../tools/api-server/types.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';
import { model, runtime, service } from '../match/cases.ts';

/** A question to `runtimes describe`, and the world that it is asked in. */
export interface DescribeCase {
  readonly name: string;
  readonly argv: string;
  readonly files?: readonly KubeObject[];
  readonly server?: FakeClusterOptions;
}

const TEAM = { namespace: 'team-a' };
const GROUP = 'serving.kserve.io';

const FULL = runtime('full', {
  formats: [
    { name: 'sklearn', version: '1', autoSelect: true, priority: 2 },
    { name: 'sklearn', version: '2', priority: 5 },
    { name: 'onnx', version: '*', autoSelect: true },
  ],
  protocols: ['v2', 'v1'],
  labels: { team: 'ml' },
  annotations: { 'prometheus.kserve.io/port': '8080' },
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'gpu', operator: 'Exists' }],
  workerSpec: { containers: [{ name: 'worker-container', image: 'worker:1' }] },
  containers: [
    {
      name: 'kserve-container',
      image: 'server:1',
      command: ['serve'],
      args: ['--model_name={{.Name}}', '--port=8080'],
      env: [
        { name: 'TOKEN', value: 'secret' },
        { name: 'LEVEL', valueFrom: {} },
      ],
      ports: [{ containerPort: 8080, protocol: 'TCP' }],
      resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '2' } },
    },
    { name: 'sidecar', image: 'other:1' },
  ],
});

function using(name: string, status: object, annotations: Readonly<Record<string, string>> = {}): KubeObject {
  const object = service(name, model('sklearn'));
  return { ...object, metadata: { ...object.metadata, annotations }, status };
}

const READY = [{ type: 'Ready', status: 'True' }];

const USERS = [
  using('iris', { clusterServingRuntimeName: 'full', conditions: READY }),
  using('held', { clusterServingRuntimeName: 'full', conditions: READY }, { 'serving.kserve.io/disable-auto-update': 'true' }),
  using('new', { clusterServingRuntimeName: 'full' }),
  using('other', { servingRuntimeName: 'full' }),
];

const EVENT: KubeObject = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'full.1', namespace: 'default' },
  involvedObject: { kind: 'ClusterServingRuntime', name: 'full' },
  type: 'Warning',
  reason: 'Odd',
  message: 'something is odd',
  lastTimestamp: '2026-11-01T11:00:00Z',
};

const ANA = { name: 'ana' };

function may(verbs: readonly string[], resource: string): readonly KubeObject[] {
  const scope = resource.startsWith('cluster') ? 'cluster' : TEAM;
  return grant(`${resource}-${verbs.join('-')}`, 'ana', scope, verbs, `${resource}.${GROUP}`);
}

function asAna(name: string, argv: string, objects: readonly KubeObject[], ...grants: readonly (readonly KubeObject[])[]): DescribeCase {
  return { name, argv: `${argv} -n team-a`, server: { objects: [...objects, ...grants.flat()], user: ANA } };
}

export const DESCRIBE_CASES: readonly DescribeCase[] = [
  { name: 'full', argv: 'full -n team-a', server: { objects: [FULL, ...USERS, EVENT] } },
  { name: 'plain', argv: 'servingruntime/a -n team-a', server: { objects: [runtime('a', TEAM)] } },
  { name: 'both-scopes', argv: 'a -n team-a', server: { objects: [runtime('a', TEAM), runtime('a')] } },
  {
    name: 'two-names',
    argv: 'clusterservingruntime/a servingruntimes.serving.kserve.io/b -n team-a',
    server: { objects: [runtime('b', TEAM), runtime('a')] },
  },
  { name: 'same-rank', argv: 'a -n team-a', server: { objects: [runtime('a'), runtime('b')] } },
  {
    name: 'malformed',
    argv: 'a -n team-a',
    server: { objects: [runtime('a', { formats: [{ name: 'x', version: 1, autoSelect: true }], protocolVersions: 'v2' })] },
  },
  { name: 'not-found', argv: 'sklern-server -n team-a', server: { objects: [runtime('sklearn-server')] } },
  { name: 'other-scope', argv: 'servingruntime/a -n team-a', server: { objects: [runtime('a')] } },
  { name: 'one-of-two', argv: 'a nope -n team-a', server: { objects: [runtime('a')] } },
  { name: 'not-installed', argv: 'a -n team-a', server: { types: [] } },
  {
    name: 'cluster-kind-absent',
    argv: 'a -n team-a',
    server: { objects: [runtime('a', TEAM)], types: KSERVE_TYPES.filter(({ kind }) => kind !== 'ClusterServingRuntime') },
  },
  asAna('nothing-readable', 'a', [runtime('a')]),
  asAna('cluster-forbidden', 'a', [runtime('a', TEAM), runtime('a')], may(['get', 'list'], 'servingruntimes')),
  asAna(
    'get-only',
    'clusterservingruntime/a',
    [runtime('a')],
    may(['get'], 'clusterservingruntimes'),
    may(['get', 'list'], 'servingruntimes'),
  ),
  asAna(
    'users-of-one-namespace',
    'full',
    [FULL, ...USERS],
    may(['get', 'list'], 'clusterservingruntimes'),
    may(['get', 'list'], 'servingruntimes'),
    may(['list'], 'inferenceservices'),
  ),
  asAna('not-found-in-part', 'a', [], may(['get', 'list'], 'servingruntimes')),
  {
    name: 'files',
    argv: '-f -',
    files: [
      runtime('a', { containers: [{ name: 'server' }], formats: [{ name: 'x', version: 1 }] }),
      runtime('b', { ...TEAM, formats: [{ name: 'x', version: '*', autoSelect: true }] }),
    ],
  },
];

/** Runs `runtimes describe` in the world of a case. */
export function runDescribe({ argv, files, server }: DescribeCase, words = ''): Promise<CliResult> {
  const stdin = files && JSON.stringify({ apiVersion: 'v1', kind: 'List', items: files }, undefined, 1);
  return runCli({
    argv: `runtimes describe ${argv} ${words}`,
    ...(stdin !== undefined && { stdin }),
    ...(server !== undefined && { cluster: fakeCluster({ now: () => new Date('2026-10-29T09:00:00Z'), ...server }) }),
  });
}
