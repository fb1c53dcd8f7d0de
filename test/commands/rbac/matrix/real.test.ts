import assert from 'node:assert/strict';
import type { RbacV1Subject } from '@kubernetes/client-node';
import type { RbacSubject } from '../../../../src/domain/kubernetes/identity.ts';
import { barestIdentity, resolveSubject, subjectKey } from '../../../../src/domain/rbac/subject.ts';
import { clusterOf } from '../../../support/client-cluster.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { randomWorld } from '../../../support/random-world.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { runCli } from '../../../support/run-cli.ts';

const ACCOUNTS = 20;
const TIMEOUT_MS = 10 * 60_000;

interface Row {
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly verbs: readonly { readonly verb: string; readonly allowed: boolean }[];
}

describeReal('rbac matrix on a server', (plane) => {
  it(`is for ${ACCOUNTS} accounts what single reviews say`, async function () {
    this.timeout(TIMEOUT_MS);
    const places = [await plane().createNamespace('matrix'), await plane().createNamespace('matrix')] as const;
    const cluster = clusterOf(plane().admin);
    const objects = [0, 1, 2, 3, 4, 5].flatMap((index) => randomWorld(index + 1300, places).objects);
    await plane().admin.apply(...objects);
    await untilAuthorizerSaw(plane().admin, places[0]);
    const named = objects.flatMap(({ subjects, metadata }) =>
      ((subjects ?? []) as RbacV1Subject[]).map((subject) => resolveSubject(subject, metadata.namespace ?? '')),
    );
    const people = new Map(named.filter((subject): subject is RbacSubject => subject !== undefined).map((one) => [subjectKey(one), one]));
    const counts = { yes: 0, no: 0 };
    const accounts = [...people.values()].slice(0, ACCOUNTS);
    assert.equal(accounts.length, ACCOUNTS);
    try {
      for (const [index, account] of accounts.entries()) {
        const flag =
          account.kind === 'ServiceAccount'
            ? `--sa=${account.namespace}:${account.name}`
            : `--for-${account.kind.toLowerCase()}=${account.name}`;
        const argv = ['rbac', 'matrix', flag, '-n', places[index % 2] as string, '-o', 'json'];
        const { code, stdout, stderr } = await runCli({ argv, cluster });
        assert.equal(code, 0, stderr);
        const { rows } = JSON.parse(stdout) as { readonly rows: readonly Row[] };
        const { user, groups } = barestIdentity(account);
        for (const { group, resource, namespace, verbs } of rows) {
          for (const { verb, allowed } of verbs) {
            const spec = { ...(user !== '' && { user }), groups, resourceAttributes: { verb, group, resource, namespace } };
            const { body } = await plane().admin.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body: { spec } });
            assert.equal(allowed, body.status.allowed, `${argv.join(' ')}: ${verb} ${resource}`);
            counts[allowed ? 'yes' : 'no'] += 1;
          }
        }
      }
    } finally {
      await plane().admin.delete(...objects);
    }
    assert.ok(counts.yes > 20 && counts.no > 20, JSON.stringify(counts));
  });
});
