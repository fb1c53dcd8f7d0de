import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { recordedFailures } from '../../test/support/recorded-failures.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';

/** A Pod that no node takes: doctor needs both of its rounds for it. */
const RECORDED = '19-gpu-insufficient';
const [OLD_NAME, OLD_NAMESPACE] = ['iris', 'c19'];

/** Where each kind is created, owners first. */
const PATHS: ReadonlyMap<string, string> = new Map([
  ['InferenceService', '/apis/serving.kserve.io/v1beta1/namespaces/{}/inferenceservices'],
  ['Deployment', '/apis/apps/v1/namespaces/{}/deployments'],
  ['ReplicaSet', '/apis/apps/v1/namespaces/{}/replicasets'],
  ['Pod', '/api/v1/namespaces/{}/pods'],
  ['Event', '/api/v1/namespaces/{}/events'],
]);

/** Creates what KServe and Kubernetes left of a service that fails, under other names: recorded from the real ones, as no controller runs here. */
export async function plantServices({ admin }: ControlPlane, namespace: string, names: readonly string[]): Promise<void> {
  const recorded = recordedFailures().failures.find(({ name }) => name === RECORDED)?.objects ?? [];
  const left = [...names];
  const worker = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await plant(admin, recorded, { namespace, name });
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

interface As {
  readonly namespace: string;
  readonly name: string;
}

async function plant(admin: ControlPlane['admin'], recorded: readonly KubeObject[], { namespace, name }: As): Promise<void> {
  let objects = JSON.stringify(recorded).replaceAll(OLD_NAMESPACE, namespace).replaceAll(OLD_NAME, name);
  for (const [kind, template] of PATHS) {
    const path = template.replace('{}', namespace);
    for (const object of (JSON.parse(objects) as readonly KubeObject[]).filter((one) => one.kind === kind)) {
      const created = await send(admin, 'POST', path, toManifest(object));
      // Owners and Events name each other by uid.
      objects = objects.replaceAll(String(object.metadata.uid), String(created.metadata.uid));
      if (object.status !== undefined)
        await send(admin, 'PUT', `${path}/${object.metadata.name}/status`, { ...created, status: object.status });
    }
  }
}

function toManifest(object: KubeObject): object {
  const { name, namespace, labels, annotations, ownerReferences } = object.metadata;
  const { status: _, ...rest } = object;
  return { ...rest, metadata: { name, namespace, labels, annotations, ownerReferences } };
}

async function send(admin: ControlPlane['admin'], method: string, path: string, body: object): Promise<KubeObject> {
  const answer = await admin.request(method, path, { body });
  if (answer.status > 201) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.message}`);
  return answer.body;
}
