import { objectWords, shellCommand } from '../../../text/shell.ts';
import type { Evidence, Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, headline, sentence } from '../check.ts';
import { at, SOURCE_URI } from '../service.ts';
import { type Container, type ContainerFacts, isStorageInitializer, type Termination } from './container-status.ts';
import { type KnownText, knownFix } from './known-texts.ts';

/** Why a container ended, and will again. */
export function terminationProblem(facts: ContainerFacts, termination: Termination): Finding<Code> {
  const { container, ref, field } = facts;
  const place = `${field}.${container.terminated === termination ? 'state' : 'lastState'}.terminated`;
  const evidence = [
    evidenceOf(ref, `${place}.reason`, termination.reason),
    evidenceOf(ref, `${place}.exitCode`, String(termination.exitCode ?? '<unset>')),
    ...(termination.message === '' ? [] : [evidenceOf(ref, `${place}.message`, termination.message)]),
  ];
  // The reason first: an OOM has no message, and its exit code is that of any SIGKILL.
  if (termination.reason === 'OOMKilled') return outOfMemory(facts, evidence);
  if (isStorageInitializer(container)) return storageFailed(facts, termination, evidence);
  if (NOT_STARTED.has(termination.reason)) return notStarted(facts, termination.message || termination.reason, evidence);
  return livenessFailure(facts, termination) ?? crash(facts, termination, evidence);
}

/** The program never ran: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/kubelet/kuberuntime/kuberuntime_container.go */
const NOT_STARTED: ReadonlySet<string> = new Set(['StartError', 'ContainerCannotRun']);

export function notStarted({ container, ref, field }: ContainerFacts, text: string, evidence: readonly Evidence[]): Finding<Code> {
  return found('container-not-started', ref, `container ${container.name} of Pod ${ref.name} cannot be started: ${sentence(text)}`, {
    field,
    evidence,
  });
}

/** What model servers say when they end, and what helps. */
const CRASH_TEXTS: readonly KnownText[] = [
  [
    /CUDA out of memory|OutOfMemoryError|No available memory for the cache blocks|Free memory on device/,
    'give the model more GPU memory (larger GPUs, or more of them with --tensor-parallel-size), or let it need less (--max-model-len, a quantized model)',
  ],
  [
    /Found no NVIDIA driver|no CUDA-capable device|CUDA driver version is insufficient|Failed to infer device type/,
    'request nvidia.com/gpu in the resources of the component, on nodes with a driver that is new enough for the image',
  ],
  [
    /unrecognized arguments|invalid choice|no such option|unknown flag|flag provided but not defined/,
    'correct the args of the container: those of the runtime come first, those of the component after them',
  ],
  [/ModuleNotFoundError|ImportError|No module named/, 'use an image that has the module (image or runtimeVersion of the component)'],
  [
    /incompatible dtype|InconsistentVersionWarning|UnpicklingError|unsupported pickle/,
    'use the runtimeVersion that the model was saved with, or save it again with the one in use',
  ],
  [
    /FileNotFoundError|No such file or directory|not find any model|No model files/,
    'see whether storageUri has the files that the server looks for, where it looks for them',
  ],
  [
    /Permission ?denied|PermissionError/i,
    'let the container read and write what it needs: securityContext (fsGroup, runAsUser) and volumes of the component',
  ],
];

function crash(facts: ContainerFacts, termination: Termination, evidence: readonly Evidence[]): Finding<Code> {
  const { container, ref, field } = facts;
  const commands = [logCommand(facts, termination)];
  return found('crash', ref, `container ${container.name} of Pod ${ref.name} ends with ${endWords(termination)}`, {
    field,
    evidence: [...evidence, evidenceOf(ref, `${field}.restartCount`, String(container.restarts))],
    fix: knownFix(CRASH_TEXTS, termination.message, commands) ?? { text: 'read the last lines of its log', commands },
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
  const read =
    limit === undefined
      ? []
      : [evidenceOf(ref, `spec.${container.isInit ? 'initContainers' : 'containers'}[${container.name}].resources.limits.memory`, limit)];
  return found(
    isStorageInitializer(container) ? 'storage-out-of-memory' : 'out-of-memory',
    ref,
    `container ${container.name} of Pod ${ref.name} is killed ${text}`,
    { field, evidence: [...evidence, ...read] },
  );
}

function memoryLimit(pod: KubeObject, { name, isInit }: Container): string | undefined {
  const containers = listOf(at(pod, 'spec', isInit ? 'initContainers' : 'containers'));
  const own = containers.find((one) => fieldOf(one, 'name') === name);
  return textOf(at(own, 'resources', 'limits', 'memory'));
}

/** What the clients of stores say, and what helps. What wraps another text (a retry, a connection) comes after it. */
const STORAGE_TEXTS: readonly KnownText[] = [
  [/No space left on device/, 'give the Pod more ephemeral storage, or keep the model in a PersistentVolumeClaim (pvc://)'],
  [
    /SSLError|SSLCertVerificationError|certificate verify failed|x509/,
    "let the storage initializer trust the store's certificate: caBundleConfigMapName in the section storageInitializer of inferenceservice-config",
  ],
  [
    /GatedRepo|gated repo|Access to model \S+ is restricted|RepositoryNotFound|Invalid user token/,
    'check that the repository exists; if it is gated or private, accept its terms on Hugging Face and give the Pod a Secret with HF_TOKEN',
  ],
  [
    /NameResolution|Name or service not known|getaddrinfo|Could not connect to the endpoint|Connection refused|ConnectTimeout|timed out|Network is unreachable/i,
    'see whether the cluster can reach the store: its address (for S3: the annotation serving.kserve.io/s3-endpoint of the Secret), DNS, proxy, NetworkPolicy',
  ],
  [
    /\b40[13]\b|Forbidden|AccessDenied|Unauthorized|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|Unable to locate credentials|NoCredentials|DefaultCredentialsError|AuthenticationFailed|AuthorizationFailure|does not have storage\./,
    'attach a Secret with credentials that may read it to a ServiceAccount, and name that in serviceAccountName of the component',
  ],
  [
    /NoSuchBucket|NoSuchKey|\b404\b|does not exist|Not Found|BlobNotFound|ContainerNotFound|EntryNotFound/i,
    'correct storageUri: nothing exists at that location',
  ],
];

function storageFailed({ ref, field, pod }: ContainerFacts, termination: Termination, evidence: readonly Evidence[]): Finding<Code> {
  const uri = textOf(fieldOf(pod.metadata.annotations, SOURCE_URI));
  const from = uri === undefined ? '' : ` from ${uri}`;
  const words = endWords(termination);
  return found('storage-failed', ref, `the storage initializer of Pod ${ref.name} cannot fetch the model${from}: ${words}`, {
    field,
    evidence,
    fix: knownFix(STORAGE_TEXTS, termination.message),
  });
}

/** How a container ends that the kubelet stops: on SIGTERM, well or not, or on SIGKILL. */
const STOPPED_CODES: ReadonlySet<number | undefined> = new Set([0, 137, 143, undefined]);

/** A container that its probe had killed. */
function livenessFailure({ facts, pod, container, ref, field }: ContainerFacts, { exitCode }: Termination): Finding<Code> | undefined {
  const warning = facts
    .warningsOf(pod)
    .find(({ reason, message }) => reason === 'Unhealthy' && /^(?:Liveness|Startup) probe/.test(message));
  if (warning === undefined || !STOPPED_CODES.has(exitCode)) return undefined;
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
