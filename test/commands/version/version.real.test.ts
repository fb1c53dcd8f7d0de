import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '../../../src/cluster/cluster.ts';
import { connect } from '../../../src/cluster/connect.ts';
import { type ControlPlane, startControlPlane } from '../../../tools/control-plane/control-plane.ts';
import type { Crds } from '../../../tools/control-plane/crds.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { type CustomKind, installKinds } from '../../support/custom-kind.ts';
import { describeReal } from '../../support/describe-real.ts';
import { untilAuthorizerSaw } from '../../support/rbac-barrier.ts';
import { type CliResult, createHost, runCli } from '../../support/run-cli.ts';

const START_MS = 5 * 60_000;
const KSERVE = 'serving.kserve.io';
const CONFIGS: CustomKind = { group: KSERVE, version: 'v1alpha2', kind: 'LLMInferenceServiceConfig' };

interface Server {
  readonly plane: ControlPlane;
  readonly version: (as: 'ana' | 'admin', words?: string) => Promise<CliResult>;
}

/** A suite on a server of its own with these CRDs. */
function withCrds(title: string, crds: Crds, body: (server: () => Server) => void): void {
  describeReal(title, () => {
    let server: Server;
    const opened: Connection[] = [];

    before(async function () {
      this.timeout(START_MS);
      const plane = await startControlPlane({ crds });
      assert.ok(plane.kind === 'ready');
      const version: Server['version'] = async (as, words = '') => {
        const connection = await connect({ kubeconfig: plane.kubeconfig(as) }, createHost({ argv: [], now: new Date() }).host);
        opened.push(connection);
        return runCli({ argv: `version ${words}`, cluster: connection.cluster });
      };
      server = { plane, version };
    });

    after(async () => {
      for (const connection of opened) connection.close();
      await server?.plane.stop();
    });

    body(() => server);
  });
}

const POLLS = 400;

/** A server publishes the schema of a new kind a moment after it serves the kind: waits until both groups are there. */
async function untilPublished({ admin }: ControlPlane): Promise<void> {
  for (let poll = 0; poll < POLLS; poll++) {
    const answers = await Promise.all(
      ['v1alpha1', 'v1beta1'].map((version) => admin.request('GET', `/openapi/v3/apis/${KSERVE}/${version}`)),
    );
    const [runtimes, services] = answers.map(({ body }) => JSON.stringify(body));
    if (runtimes?.includes('workerSpec') && services?.includes('canary')) return;
    await delay(50);
  }
  throw new Error('the server does not publish the schemas of KServe');
}

withCrds("version, of KServe's full CRDs", 'upstream', (server) => {
  it('reads the release off the fields of the schemas, with no right but those of every user', async () => {
    await untilPublished(server().plane);
    for (const as of ['admin', 'ana'] as const) {
      const { code, stdout, stderr } = await server().version(as);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^KServe Version: v0\.20 or newer$/m, as);
    }
  });

  it('names the optional kinds that are not installed', async () => {
    const { stdout } = await server().version('ana');
    const kinds =
      'LLMInferenceService, LLMInferenceServiceConfig, LocalModelCache, LocalModelNamespaceCache, LocalModelNode, LocalModelNodeGroup';
    assert.match(stdout, new RegExp(`^KServe Kinds Not Installed: ${kinds} \\(optional\\)$`, 'm'));
    const { absentKinds } = JSON.parse((await server().version('ana', '-o json')).stdout);
    assert.deepEqual(absentKinds, kinds.split(', '));
  });

  it('says where the presets of LLMInferenceService are, to those who may see them', async () => {
    const { plane, version } = server();
    await installKinds(plane.admin, [CONFIGS]);
    const preset = (name: string) => ({
      apiVersion: `${KSERVE}/v1alpha2`,
      kind: 'LLMInferenceServiceConfig',
      metadata: { name, namespace: 'opendatahub' },
      spec: {},
    });
    await plane.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'opendatahub' } });
    assert.doesNotMatch((await version('admin')).stdout, /Presets/);
    await plane.admin.apply(preset('kserve-config-llm-template'), preset('kserve-config-llm-scheduler'));
    assert.match((await version('admin')).stdout, /^LLM Presets: 2 in the namespace opendatahub$/m);
    const refused = await version('ana', '-o json');
    const { llmPresets, errors } = JSON.parse(refused.stdout);
    assert.equal(llmPresets, undefined);
    assert.deepEqual(
      errors.map(({ part, reason }: { part: string; reason?: string }) => [part, reason]),
      [
        ['kserveExact', undefined],
        ['llmPresets', 'Forbidden'],
      ],
    );
    const reader = grant('presets', 'ana', { namespace: 'opendatahub' }, ['list'], `llminferenceserviceconfigs.${KSERVE}`);
    await plane.admin.apply(...reader);
    await untilAuthorizerSaw(plane.admin, 'opendatahub');
    assert.match((await version('ana')).stdout, /^LLM Presets: 2 in the namespace opendatahub$/m);
  });
});

withCrds('version, of CRDs without fields', 'fixture', (server) => {
  it('is what the kinds alone show', async () => {
    assert.match((await server().version('ana')).stdout, /^KServe Version: v0\.8 or newer$/m);
  });
});
