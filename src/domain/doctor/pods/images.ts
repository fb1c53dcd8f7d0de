import type { Evidence, Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { found, sentence } from '../check.ts';
import { at } from '../service.ts';
import type { Container, ContainerFacts } from './container-status.ts';
import { type KnownText, knownFix } from './known-texts.ts';

/** Why a container waits that has no image. */
export const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** What registries, containerd and CRI-O say, and what helps. */
const PULL_TEXTS: readonly KnownText[] = [
  [/toomanyrequests|rate limit/i, 'wait, or add imagePullSecrets: the registry limits how often images may be pulled without a login'],
  [/no space left on device/i, 'free the disk of the node'],
  [/x509|certificate|tls: /i, "let the nodes trust the registry's certificate"],
  [/no matching manifest for|exec format|no match for platform/i, "use an image for the nodes' architecture, or nodes for the image's"],
  [
    /no such host|i\/o timeout|connection refused|connection reset|network is unreachable|deadline exceeded|temporary failure/i,
    'see why the node cannot reach the registry: DNS, proxy, firewall, or a registry that is down',
  ],
  [
    /unauthorized|authorization failed|access denied|denied:|forbidden|no basic auth credentials|failed to authorize/i,
    'add imagePullSecrets for the registry to spec.predictor or to its ServiceAccount; registries say the same of an image that does not exist',
  ],
  [
    /not found|manifest unknown|unknown manifest|name unknown|repository does not exist/i,
    'correct the name or the tag: image or runtimeVersion of the component',
  ],
];

export function imageProblem(
  { container, ref, field, pod }: ContainerFacts,
  message: string,
  evidence: readonly Evidence[],
): Finding<Code> {
  const image = container.image || imageOf(pod, container);
  return found('image-pull', ref, `the image ${image} of container ${container.name} cannot be pulled: ${sentence(pullReason(message))}`, {
    field,
    evidence,
    fix: knownFix(PULL_TEXTS, message),
  });
}

function imageOf(pod: KubeObject, { name, isInit }: Container): string {
  const containers = listOf(at(pod, 'spec', isInit ? 'initContainers' : 'containers'));
  const own = containers.find((one) => fieldOf(one, 'name') === name);
  return textOf(fieldOf(own, 'image')) ?? '';
}

/** The registry's own words are the end of a long chain. */
function pullReason(message: string): string {
  const [, reason] = /(?:failed to resolve reference|failed to pull and unpack image) "[^"]*": ([\s\S]*)$/.exec(message) ?? [];
  return (reason ?? message).replace(/^failed to resolve reference "[^"]*": /, '');
}
