// The transcripts of the pictures in the README: `npm run docs` draws them, so that they show what the program says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { XmlDocument } from 'libxml2-wasm';
import { pictures } from '../../scripts/docs/pictures.ts';
import { readTranscript } from '../../scripts/docs/terminal-picture.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { assertGolden } from '../support/golden.ts';
import { recordedFailures } from '../support/recorded-failures.ts';
import { type CliOptions, runCli } from '../support/run-cli.ts';

const SVG = { s: 'http://www.w3.org/2000/svg' };
const TERMINAL = { isTTY: true, columns: 100 } as const;
const NOW = new Date('2026-11-01T12:00:00Z');
const WEEK_MS = 7 * 86_400_000;
const runtimes = fixtureObjects('runtimes');

/** As on a terminal, with colour. */
async function picture(name: string, argv: string, options: Omit<CliOptions, 'argv'>): Promise<void> {
  assertGolden(`pictures/${name}`, argv, await runCli({ argv, now: NOW, ...TERMINAL, ...options }));
}

describe('pictures of the README', () => {
  it('doctor: a Secret is missing', async () => {
    const recorded = recordedFailures().failures.find(({ name }) => name === '30-missing-secret-env')?.objects ?? [];
    const objects = JSON.parse(JSON.stringify(recorded).replaceAll('c30', 'team-a')) as typeof recorded;
    const known = ['Namespace', 'InferenceService', 'Pod', 'Deployment', 'ReplicaSet', 'Event'];
    const newest = Math.max(...objects.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '')));
    const cluster = fakeCluster({ objects: objects.filter(({ kind = '' }) => known.includes(kind)), now: () => NOW });
    await picture('doctor', 'doctor iris -n team-a', { cluster, now: new Date(newest + 240_000) });
  });

  it('rbac check: a RoleBinding for a cluster-scoped kind', async () => {
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ml' } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace: 'ml' } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'runtime-reader' },
        rules: [
          { apiGroups: ['serving.kserve.io'], resources: ['servingruntimes', 'clusterservingruntimes'], verbs: ['get', 'list', 'watch'] },
        ],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'app-reads-runtimes', namespace: 'ml' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'runtime-reader' },
        subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: 'ml' }],
      },
    ];
    const cluster = fakeCluster({ objects: [...runtimes, ...objects], now: () => NOW });
    await picture('rbac-check', 'rbac check -n ml --sa ml:app', { cluster });
  });

  it('runtimes match: a protocol that no runtime speaks', async () => {
    const service = {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'iris', namespace: 'team-a' },
      spec: {
        predictor: {
          model: { modelFormat: { name: 'sklearn' }, protocolVersion: 'grpc-v2', storageUri: 's3://models/iris' },
        },
      },
    };
    const cluster = fakeCluster({ objects: [...runtimes, service], now: () => new Date(NOW.getTime() - WEEK_MS) });
    await picture('runtimes-match', 'runtimes match iris -n team-a', { cluster });
  });

  it('are in the README, each with the words of its title, and hold the text of the terminal as text', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const shown = [...readme.matchAll(/^!\[(.*)\]\((docs\/images\/.*\.svg)\)$/gm)].map(([, title, file]) => [file, title]);
    assert.equal(shown.length, 3);
    for (const [file, svg] of pictures()) {
      using document = XmlDocument.fromString(svg);
      const [title] = document.find('/s:svg/s:title', SVG);
      assert.ok(
        shown.some(([one, words]) => one === file && words === title?.content),
        file,
      );
      const golden = readFileSync(
        new URL(`../golden/pictures/${file.slice('docs/images/'.length, -'.svg'.length)}.txt`, import.meta.url),
        'utf8',
      );
      const drawn = document
        .find('/s:svg/s:text', SVG)
        .map(({ content }) => content)
        .join('');
      const { command, output } = readTranscript(golden, TERMINAL.columns);
      assert.equal(drawn.replaceAll(/\s/g, ''), `$${command}${stripVTControlCharacters(output)}`.replaceAll(/\s/g, ''));
    }
  });
});
