import { isJsonObject } from '../../kubernetes/schema/schema-node.ts';
import type { Violation } from '../../kubernetes/schema/violation.ts';
import { isSet, items, numberAt, type Part, part, refusal, textAt, unless } from './read.ts';

const GRAPH_NAME = '[a-z]([-a-z0-9]*[a-z0-9])?';
const MODEL_NAME = '[a-zA-Z0-9_-]+';
const ROOT = 'root';
const TARGETS = ['nodeName', 'serviceName', 'serviceUrl'];
const ALL_TRAFFIC = 100;
const PROTOCOLS = ['s3://', 'gs://', 'https://', 'http://'];

/** https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1alpha1/inference_graph_validation.go */
export function inferenceGraphRefusals(object: Part): readonly Violation[] {
  const name = part(object, 'metadata', 'name');
  const all = part(object, 'spec', 'nodes');
  const nodes = isJsonObject(all.value) ? Object.keys(all.value).map((node) => part(all, node)) : [];
  const rule = `a InferenceGraph name must consist of lower case alphanumeric characters or '-', and must start with alphabetical character. (e.g. "my-name" or "abc-123", regex used for validation is '${GRAPH_NAME}')`;
  return [
    ...unless(
      textAt(name) === '' || new RegExp(`^${GRAPH_NAME}$`).test(textAt(name)),
      name,
      `The InferenceGraph "${textAt(name)}" is invalid: ${rule}`,
    ),
    ...unless(
      nodes.some(({ path }) => path.at(-1) === ROOT),
      all,
      "root node not found, InferenceGraph needs a node with name 'root' as the root node of the graph",
    ),
    ...nodes.flatMap((node) => nodeRefusals(node, textAt(name))),
  ];
}

function nodeRefusals(node: Part, graph: string): readonly Violation[] {
  const name = String(node.path.at(-1));
  const steps = items(part(node, 'steps'));
  return [
    ...steps.flatMap((step, index) => stepRefusals(step, { index, steps, name, graph })),
    ...(textAt(node, 'routerType') === 'Splitter' ? weightRefusals(node, steps, { name, graph }) : []),
  ];
}

interface Named {
  readonly name: string;
  readonly graph: string;
}

interface Among extends Named {
  readonly index: number;
  readonly steps: readonly Part[];
}

function stepRefusals(step: Part, { index, steps, name, graph }: Among): readonly Violation[] {
  const own = textAt(step, 'name');
  const targets = TARGETS.filter((field) => textAt(step, field) !== '').length;
  const where = `Step ${index} ("${own}") in node "${name}" of InferenceGraph "${graph}"`;
  const isSecond = own !== '' && steps.slice(0, index).some((other) => textAt(other, 'name') === own);
  return [
    ...unless(!isSecond, part(step, 'name'), `Node "${name}" of InferenceGraph "${graph}" contains more than one step with name "${own}"`),
    ...unless(targets > 0, step, `${where} does not specify an inference target`),
    ...unless(targets <= 1, step, `${where} specifies more than one of nodeName, serviceName, serviceUrl`),
  ];
}

function weightRefusals(node: Part, steps: readonly Part[], { name, graph }: Named): readonly Violation[] {
  const without = steps.find((step) => !isSet(part(step, 'weight')));
  if (without !== undefined)
    return [refusal(without, `InferenceGraph[${graph}] Node[${name}] Route[${textAt(without, 'serviceName')}] missing the 'Weight'`)];
  const total = steps.reduce((sum, step) => sum + (numberAt(step, 'weight') ?? 0), 0);
  const text = `InferenceGraph[${graph}] Node[${name}] splitter node: the sum of traffic weights for all routing targets should be ${ALL_TRAFFIC}`;
  return unless(total === ALL_TRAFFIC, part(node, 'steps'), text);
}

/** https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1alpha1/trainedmodel_webhook.go */
export function trainedModelRefusals(object: Part): readonly Violation[] {
  const [name, uri] = [part(object, 'metadata', 'name'), part(object, 'spec', 'model', 'storageUri')];
  const [model, given] = [textAt(name), textAt(uri)];
  return [
    ...unless(
      model === '' || new RegExp(`^${MODEL_NAME}$`).test(model),
      name,
      `the Trained Model "${model}" is invalid: a Trained Model name must consist of alphanumeric characters, '_', or '-'. (e.g. "my-Name" or "abc_123", regex used for validation is '${MODEL_NAME}')`,
    ),
    ...unless(
      PROTOCOLS.some((protocol) => given.startsWith(protocol)),
      uri,
      `the Trained Model "${model}" storageUri field is invalid. The storage uri must start with one of the prefixes: ${PROTOCOLS.join(', ')}. (the storage uri given is "${given}")`,
    ),
  ];
}
