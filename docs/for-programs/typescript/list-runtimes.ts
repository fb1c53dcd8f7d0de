// Lists the runtimes that a model in a namespace can use, and tells "there are none" from "I am not allowed to see them".
//
// Exit codes: 0 complete, 3 not allowed (nothing is listed that could be taken for all), 1 anything else.
import { ApiException, AuthorizationV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';

const GROUP = 'serving.kserve.io';
const VERSION = 'v1alpha1';

class MissingRights extends Error {}

async function main(namespace: string): Promise<void> {
  const config = new KubeConfig();
  // In a Pod this is the ServiceAccount's; elsewhere KUBECONFIG says.
  config.loadFromDefault();
  await checkRights(config.makeApiClient(AuthorizationV1Api), namespace);

  // Both calls reject if they are refused. `.catch(() => ({ items: [] }))` is how a program comes to see "no runtimes".
  const objects = config.makeApiClient(CustomObjectsApi);
  const kind = { group: GROUP, version: VERSION };
  const [namespaced, cluster] = await Promise.all([
    objects.listNamespacedCustomObject({ ...kind, namespace, plural: 'servingruntimes' }),
    objects.listClusterCustomObject({ ...kind, plural: 'clusterservingruntimes' }),
  ]);
  for (const name of namesOf(namespaced)) console.log(`servingruntime/${name}`);
  for (const name of namesOf(cluster)) console.log(`clusterservingruntime/${name}`);
}

/** Asks the API server at start, so that a missing role is found by whoever deploys and not by whoever looks at an empty page. */
async function checkRights(client: AuthorizationV1Api, namespace: string): Promise<void> {
  // A cluster-scoped kind is asked about without a namespace: with one, a RoleBinding would answer yes, and the request fails.
  const questions = [{ resource: 'servingruntimes', namespace }, { resource: 'clusterservingruntimes' }];
  const allowed = await Promise.all(
    questions.map(async (question) => {
      const spec = { resourceAttributes: { verb: 'list', group: GROUP, ...question } };
      const { status } = await client.createSelfSubjectAccessReview({ body: { spec } });
      return status?.allowed === true;
    }),
  );
  const missing = questions.filter((_, index) => !allowed[index]).map(({ resource }) => `list ${resource}`);
  if (missing.length > 0) throw new MissingRights(`not allowed: ${missing.join(', ')}; see the ClusterRole in docs/for-programs.md`);
}

function namesOf(list: unknown): string[] {
  return (list as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
}

try {
  await main(process.argv[2] ?? 'default');
} catch (error) {
  const isRefused = error instanceof MissingRights || (error instanceof ApiException && error.code === 403);
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = isRefused ? 3 : 1;
}
