import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { Shown } from './shown.ts';

/** Something that goes wrong with a model, or only looks so, to be planted in a namespace of its own of a running KServe. */
export interface PlantedFailure {
  readonly name: string;
  /** Of the root, in the catalogue of findings; `ok` where nothing is wrong. */
  readonly code: string;
  /** Texts of the objects that whoever reports the root must quote. */
  readonly evidence: readonly string[];
  /** Created in this order; the service that it is about is the last one. */
  readonly objects: readonly KubeObject[];
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** Whether the cluster shows it. */
  readonly shown: Shown;
  /** A merge patch of the service, once the cluster shows the one and before it can show the other. */
  readonly change?: { readonly once: Shown; readonly patch: object };
  /** What is wrong with the whole cluster meanwhile, so that nothing else can be planted beside it. */
  readonly cluster?: ClusterState;
  /** The namespace's own objects do not tell it, so there is no record of them. */
  readonly isBeyondNamespace?: true;
}

/**
 * - `no-gateway`: KServe makes HTTPRoutes for a Gateway that does not exist
 * - `idle-gateway`: the Gateway exists, and nobody serves it
 * - `no-ingress-gateway`: KServe's configuration lacks `ingressGateway`
 * - `webhooks-gone`: nobody answers at the address of KServe's webhooks, and the Pods that were there are deleted
 * - `kserve-gone`: KServe has stopped, and its webhooks are not asked
 * - `no-llm-template`: the preset for the Pods of LLMInferenceServices is missing
 */
export type ClusterState = 'no-gateway' | 'idle-gateway' | 'no-ingress-gateway' | 'webhooks-gone' | 'kserve-gone' | 'no-llm-template';

interface ServiceOptions {
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Of the predictor, beside `model`. */
  readonly predictor?: object;
  readonly transformer?: object;
}

/** An InferenceService of a scikit-learn model, but for what `model` says. */
export function inferenceService(
  model: object = {},
  { name = 'iris', annotations, predictor, transformer }: ServiceOptions = {},
): KubeObject {
  const sklearn = { modelFormat: { name: 'sklearn' }, storageUri: 'gs://kfserving-examples/models/sklearn/1.0/model' };
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name, ...(annotations && { annotations }) },
    spec: { predictor: { model: { ...sklearn, ...model }, ...predictor }, ...(transformer && { transformer }) },
  };
}

/** An LLMInferenceService of a small model on CPUs, but for what `spec` and `resources` say. */
export function llmInferenceService(spec: object = {}, resources: Readonly<Record<string, string>> = {}): KubeObject {
  const container = {
    name: 'main',
    resources: { requests: { cpu: '1', memory: '4Gi', ...resources }, limits: { cpu: '2', memory: '8Gi', ...resources } },
  };
  return {
    apiVersion: 'serving.kserve.io/v1alpha2',
    kind: 'LLMInferenceService',
    metadata: { name: 'opt' },
    spec: {
      model: { uri: 'hf://facebook/opt-125m', name: 'facebook/opt-125m' },
      replicas: 1,
      template: { containers: [container] },
      ...spec,
    },
  };
}

/** A runtime for `format`, but for what `spec` says. */
export function servingRuntime(name: string, format: string, spec: object = {}): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name },
    spec: {
      supportedModelFormats: [{ name: format, version: '1', autoSelect: true }],
      protocolVersions: ['v1', 'v2'],
      containers: [{ name: 'kserve-container', image: `example.org/${name}:1`, args: ['--model_dir=/mnt/models'] }],
      ...spec,
    },
  };
}
