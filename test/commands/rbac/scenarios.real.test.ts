// The scenarios that the project was specified by, on a real API server: the same states and command lines as on the embedded one, held to the
// same transcripts.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { type ControlPlane, startControlPlane } from '../../../tools/control-plane/control-plane.ts';
import type { User } from '../../../tools/control-plane/users.ts';
import { commandsOn } from '../../support/commands-on.ts';
import { installKinds } from '../../support/custom-kind.ts';
import { describeReal } from '../../support/describe-real.ts';
import { fakeCluster } from '../../support/fake-cluster.ts';
import { assertGolden } from '../../support/golden.ts';
import { assertReport } from '../../support/report-schema.ts';
import { type CliResult, runCli } from '../../support/run-cli.ts';
import { startWebhookAuthorizer, type WebhookAuthorizer } from '../../support/webhook-authorizer.ts';
import { ANA, type Case } from './check/cases.ts';
import { EXPLAINED, OWN } from './explain/cases.ts';
import { FIXED } from './fix/cases.ts';
import { HOLDERS } from './who-can/cases.ts';

const START_MS = 5 * 60_000;
const LLM_CONFIG = { group: 'serving.kserve.io', version: 'v1alpha1', kind: 'LLMInferenceServiceConfig' };

/** Who asks is no script: what only a scripted answer can bring about is left to the embedded server. */
function scriptOf({ server = {} }: Case): string {
  return Object.keys(server)
    .filter((key) => key !== 'user' || ![undefined, ANA].includes(server.user as typeof ANA))
    .join();
}

const isPlain = (one: Case): boolean => scriptOf(one) === '';
/** An evaluation error of its own is not passed on by the server. */
const isForeign = (one: Case): boolean => scriptOf(one) === 'webhook' && !one.name.includes('failed');

/** The server tells a certificate's user its fingerprint, which is another in each run. */
function withoutCredentialId(json: string): string {
  return json.replace(/^ *"extra": \{[^{}]*"authentication.kubernetes.io\/credential-id"[^{}]*\},\n/gm, '');
}

function placeWithAccount(namespace: string): readonly KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace } },
  ];
}

/** A server for these cases alone, which count on all of its objects. */
interface Stage {
  readonly plane: () => ControlPlane;
  readonly run: (argv: string, user: User) => Promise<CliResult>;
  /** Runs something in a state of the server that is gone afterwards. */
  readonly inState: (objects: readonly KubeObject[], act: () => Promise<void>) => Promise<void>;
}

function stage(webhook?: () => WebhookAuthorizer): Stage {
  let started: ControlPlane | undefined;
  const plane = (): ControlPlane => {
    if (started === undefined) throw new Error('the server is there from the first hook on');
    return started;
  };

  const commands = commandsOn(plane);

  before(async function () {
    this.timeout(START_MS);
    const outcome = await startControlPlane({ ...(webhook !== undefined && { webhook: { name: 'cloud', url: webhook().url } }) });
    assert.ok(outcome.kind === 'ready');
    started = outcome;
    await started.admin.apply(...['a', 'b'].flatMap(placeWithAccount));
  });

  after(() => started?.stop());

  return { plane, ...commands };
}

interface Holders {
  readonly summary?: object;
  readonly subjects?: readonly { readonly grants: readonly { readonly role: { readonly name: string } }[] }[];
}

/** Without what the server's own roles give to its own controllers, and without the number of all. */
function withoutSystem({ subjects = [], summary: _, ...rest }: Holders): object {
  const isOwn = (name: string): boolean => !name.startsWith('system:') && name !== 'cluster-admin';
  return { ...rest, subjects: subjects.filter(({ grants }) => grants.some(({ role }) => isOwn(role.name))) };
}

describeReal('scenarios of rbac on a server', () => {
  const { plane, run, inState } = stage();
  const userOf = ({ server }: Case, otherwise: 'ana' | 'admin'): User => plane().users[server?.user === undefined ? otherwise : 'ana'];

  before(() => installKinds(plane().admin, [LLM_CONFIG]));

  function define(folder: string, one: Case, askedBy: 'ana' | 'admin'): void {
    const { name, argv, objects = [], code } = one;
    it(`${name}: ${argv}`, () =>
      inState(objects, async () => {
        const result = await run(argv, userOf(one, askedBy));
        assert.equal(result.code, code, result.stderr);
        assertGolden(`${folder}/${name}`, argv, { ...result, stdout: withoutCredentialId(result.stdout) });
        assertReport(result.stdout, argv);
      }));
  }

  describe('rbac explain', () => {
    for (const one of EXPLAINED.filter(isPlain)) define('rbac-explain', one, 'admin');
    for (const one of OWN.filter(isPlain)) define('rbac-explain', one, 'ana');
  });

  describe('rbac fix', () => {
    for (const one of FIXED.filter(isPlain)) define('rbac-fix', one, 'admin');
  });

  describe('rbac who-can, beside the accounts of the server itself', () => {
    for (const one of HOLDERS.filter(isPlain)) {
      const argv = `${one.argv.replace(/ -o \w+$/, '')} -o json`;
      it(`${one.name}: ${argv}`, () =>
        inState(one.objects ?? [], async () => {
          const real = await run(argv, userOf(one, 'admin'));
          const { server, objects = [] } = one;
          const fake = await runCli({
            argv,
            cluster: fakeCluster({ objects: [...['a', 'b'].flatMap(placeWithAccount), ...objects], ...server }),
          });
          assert.equal(real.stdout === '', fake.stdout === '', real.stderr);
          if (real.stdout === '') return;
          const shown = ({ stdout }: CliResult): object => withoutSystem(JSON.parse(withoutCredentialId(stdout)));
          assert.deepEqual(shown(real), shown(fake));
        }));
    }
  });
});

describeReal('scenarios of rbac on a server with another authorizer', () => {
  let webhook: WebhookAuthorizer;

  before(async () => {
    webhook = await startWebhookAuthorizer();
  });
  after(() => webhook.close());

  describe('before RBAC', () => {
    const { plane, run, inState } = stage(() => webhook);

    for (const [folder, cases] of [
      ['rbac-explain', OWN],
      ['rbac-fix', FIXED],
    ] as const) {
      for (const { name, argv, objects = [], server, code } of cases.filter(isForeign)) {
        it(`${folder} ${name}: ${argv}`, () =>
          inState(objects, async () => {
            webhook.answerBy(server?.webhook?.decide);
            const result = await run(argv, plane().users.ana);
            assert.equal(result.code, code, result.stderr);
            assertGolden(`${folder}/${name}`, argv, result);
          }));
      }
    }
  });
});
