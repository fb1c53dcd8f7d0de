import { objectWords, shellCommand } from '../../../text/shell.ts';
import type { Evidence, Finding, FindingObject } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, headline, sentence } from '../check.ts';
import { at, refOf } from '../service.ts';
import { type Container, containerField, containersOf, STORAGE_INITIALIZER, type Termination } from './container-status.ts';
import type { PodFacts } from './problem.ts';

interface ContainerFacts extends PodFacts {
  readonly container: Container;
  readonly ref: FindingObject;
  readonly field: string;
}

/** The first container that keeps its Pod from being ready by a fault of its own. */
export function containerProblem(context: PodFacts): Finding<Code> | undefined {
  for (const container of containersOf(context.pod)) {
    const problem = problemOf({ ...context, container, ref: refOf(context.pod), field: containerField(container) });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
/** What a Pod that is coming up says. */
const STARTING: ReadonlySet<string> = new Set(['PodInitializing', 'ContainerCreating', '']);

function problemOf(facts: ContainerFacts): Finding<Code> | undefined {
  const { container } = facts;
  const { waiting, terminated, ready } = container;
  if (ready) return undefined;
  if (waiting !== undefined) return waitingProblem(facts, waiting);
  const failed = terminated ?? (isLooping(container) ? container.last : undefined);
  return failed !== undefined && hasFailed(failed) ? terminationProblem(facts, failed) : undefined;
}

/** A container that runs at the moment, but ended with an error before and is not ready yet, is on its way to do so again. */
function isLooping({ running, last, isInit, restarts }: Container): boolean {
  return running && last !== undefined && (isInit || restarts > 1);
}

function hasFailed({ exitCode, reason }: Termination): boolean {
  return exitCode !== 0 || reason === 'OOMKilled';
}

function waitingProblem(facts: ContainerFacts, waiting: NonNullable<Container['waiting']>): Finding<Code> | undefined {
  const { container, ref, field } = facts;
  const { reason, message } = waiting;
  const evidence = [evidenceOf(ref, `${field}.state.waiting.reason`, reason), evidenceOf(ref, `${field}.state.waiting.message`, message)];
  if (IMAGE_REASONS.has(reason)) return imageProblem(facts, message, evidence);
  if (reason === 'CreateContainerConfigError') {
    return found('config-missing', ref, `container ${container.name} of Pod ${ref.name} cannot be created: ${sentence(message)}`, {
      field,
      evidence,
      fix: configFix(ref, message),
    });
  }
  if (STARTING.has(reason)) return undefined;
  if (container.last !== undefined && hasFailed(container.last)) return terminationProblem(facts, container.last);
  if (reason === 'CrashLoopBackOff') return terminationProblem(facts, container.last ?? { reason: '', message, exitCode: undefined });
  return found(
    'container-not-started',
    ref,
    `container ${container.name} of Pod ${ref.name} cannot be started: ${sentence(message || reason)}`,
    { field, evidence },
  );
}

function configFix({ namespace = '' }: FindingObject, message: string) {
  const [, kind, name] = /(secret|configmap) "([^"]+)" not found/i.exec(message) ?? [];
  return name === undefined
    ? undefined
    : { text: `create the ${kind?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'} "${name}" in the namespace "${namespace}"` };
}

function imageProblem({ container, ref, field, pod }: ContainerFacts, message: string, evidence: readonly Evidence[]): Finding<Code> {
  const image = container.image || imageOf(pod, container);
  return found('image-pull', ref, `the image ${image} of container ${container.name} cannot be pulled: ${sentence(pullReason(message))}`, {
    field,
    evidence,
  });
}

function imageOf(pod: KubeObject, { name, isInit }: Container): string {
  const containers = listOf(at(pod, 'spec', isInit ? 'initContainers' : 'containers'));
  return (
    textOf(
      fieldOf(
        containers.find((one) => fieldOf(one, 'name') === name),
        'image',
      ),
    ) ?? ''
  );
}

/** The registry's own words are the end of a long chain. */
function pullReason(message: string): string {
  const [, reason] = /(?:failed to resolve reference|failed to pull and unpack image) "[^"]*": ([\s\S]*)$/.exec(message) ?? [];
  return (reason ?? message).replace(/^failed to resolve reference "[^"]*": /, '');
}

function terminationProblem(facts: ContainerFacts, termination: Termination): Finding<Code> {
  const { container, ref, field } = facts;
  const place = `${field}.${container.terminated === termination ? 'state' : 'lastState'}.terminated`;
  const evidence = [
    evidenceOf(ref, `${place}.reason`, termination.reason),
    evidenceOf(ref, `${place}.exitCode`, String(termination.exitCode ?? '<unset>')),
    ...(termination.message === '' ? [] : [evidenceOf(ref, `${place}.message`, termination.message)]),
  ];
  // The reason first: an OOM has no message, and its exit code is that of any SIGKILL.
  if (termination.reason === 'OOMKilled') return outOfMemory(facts, evidence);
  const isStorage = container.isInit && container.name === STORAGE_INITIALIZER;
  const words = endWords(termination);
  if (isStorage) return storageFailed(facts, words, evidence);
  const probe = livenessFailure(facts);
  if (probe !== undefined) return probe;
  return found('crash', ref, `container ${container.name} of Pod ${ref.name} ends with ${words}`, {
    field,
    evidence: [...evidence, evidenceOf(ref, `${field}.restartCount`, String(container.restarts))],
    fix: { text: 'read the last lines of its log', commands: [logCommand(facts, termination)] },
  });
}

/** Of the run that ended: once the container was started again, that is the one before. */
function logCommand({ container, ref }: ContainerFacts, termination: Termination): string {
  const previous = container.terminated === termination ? [] : ['--previous'];
  const namespace = ref.namespace === undefined ? [] : ['-n', ref.namespace];
  // `logs` takes a bare name for that of a Pod.
  const pod = objectWords('pod', ref.name).slice(-1);
  return shellCommand(['kubectl', 'logs', ...pod, ...namespace, '-c', container.name, ...previous, '--tail=50']);
}

function endWords({ message, exitCode, reason }: Termination): string {
  const code = exitCode === undefined ? reason || 'an error' : `exit code ${exitCode}`;
  const killed = exitCode === 137 && message === '' ? ' (killed; perhaps for lack of memory on the node)' : '';
  return message === '' ? `${code}${killed}` : `${code}: ${headline(message)}`;
}

function outOfMemory({ container, ref, field, pod }: ContainerFacts, evidence: readonly Evidence[]): Finding<Code> {
  const limit = memoryLimit(pod, container);
  const text = limit === undefined ? 'for lack of memory' : `at its memory limit of ${limit}`;
  const isStorage = container.isInit && container.name === STORAGE_INITIALIZER;
  const read =
    limit === undefined
      ? []
      : [evidenceOf(ref, `spec.${container.isInit ? 'initContainers' : 'containers'}[${container.name}].resources.limits.memory`, limit)];
  return found(
    isStorage ? 'storage-out-of-memory' : 'out-of-memory',
    ref,
    `container ${container.name} of Pod ${ref.name} is killed ${text}`,
    { field, evidence: [...evidence, ...read] },
  );
}

function memoryLimit(pod: KubeObject, { name, isInit }: Container): string | undefined {
  const containers = listOf(at(pod, 'spec', isInit ? 'initContainers' : 'containers'));
  return textOf(
    at(
      containers.find((one) => fieldOf(one, 'name') === name),
      'resources',
      'limits',
      'memory',
    ),
  );
}

function storageFailed({ ref, field, pod }: ContainerFacts, words: string, evidence: readonly Evidence[]): Finding<Code> {
  const uri = textOf(fieldOf(pod.metadata.annotations, 'internal.serving.kserve.io/storage-initializer-sourceuri'));
  const from = uri === undefined ? '' : ` from ${uri}`;
  return found('storage-failed', ref, `the storage initializer of Pod ${ref.name} cannot fetch the model${from}: ${words}`, {
    field,
    evidence,
  });
}

/** A container that its probe had killed. */
function livenessFailure({ facts, pod, container, ref, field }: ContainerFacts): Finding<Code> | undefined {
  const warning = facts
    .warningsOf(pod)
    .find(({ reason, message }) => reason === 'Unhealthy' && /^(?:Liveness|Startup) probe/.test(message));
  if (warning === undefined) return undefined;
  return found(
    'probe-failed',
    ref,
    `container ${container.name} of Pod ${ref.name} is restarted because its probe fails: ${sentence(warning.message)}`,
    {
      field,
      evidence: [
        evidenceOf(ref, `Event ${warning.reason}`, warning.message),
        evidenceOf(ref, `${field}.restartCount`, String(container.restarts)),
      ],
    },
  );
}
