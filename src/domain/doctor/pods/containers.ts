import type { Evidence, Finding } from '../../finding.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, sentence } from '../check.ts';
import { missingConfigIn, missingFix, missingText } from '../missing.ts';
import { refOf } from '../service.ts';
import { type Container, type ContainerFacts, containerField, containersOf, type Termination } from './container-status.ts';
import { IMAGE_REASONS, imageProblem } from './images.ts';
import type { PodFacts } from './problem.ts';
import { notStarted, terminationProblem } from './terminations.ts';

/** What keeps a Pod from being ready: of several containers that fail the one that the others wait for. */
export function containerProblem(context: PodFacts): Finding<Code> | undefined {
  const problems = containersOf(context.pod).flatMap((container) => {
    const finding = problemOf({ ...context, container, ref: refOf(context.pod), field: containerField(container) });
    return finding === undefined ? [] : [{ container, finding }];
  });
  const [root] = problems.toSorted((a, b) => rankOf(a) - rankOf(b));
  return root?.finding;
}

/** Containers of a model and its server, as KServe names them; the others serve them. */
const SERVERS: ReadonlySet<string> = new Set(['kserve-container', 'main', 'worker-container', 'transformer-container']);
/** These leave no doubt: no program has run that could fail for another. */
const BEFORE_START: ReadonlySet<string> = new Set<Code>(['image-pull', 'config-missing', 'container-not-started']);

/** Init containers run one after the other; the others start together, and one may fail for lack of another. */
function rankOf({ container, finding }: { readonly container: Container; readonly finding: Finding<Code> }): number {
  if (container.isInit) return 0;
  if (BEFORE_START.has(finding.code)) return 1;
  if (finding.code === 'out-of-memory') return 2;
  return SERVERS.has(container.name) ? 3 : 4;
}

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
  return running && last !== undefined && (isInit || restarts > 1 || last.reason === 'OOMKilled');
}

function hasFailed({ exitCode, reason }: Termination): boolean {
  return exitCode !== 0 || reason === 'OOMKilled';
}

function waitingProblem(facts: ContainerFacts, waiting: NonNullable<Container['waiting']>): Finding<Code> | undefined {
  const { container, ref, field } = facts;
  const { reason, message } = waiting;
  const evidence = [evidenceOf(ref, `${field}.state.waiting.reason`, reason), evidenceOf(ref, `${field}.state.waiting.message`, message)];
  if (IMAGE_REASONS.has(reason)) return imageProblem(facts, message, evidence);
  // The kubelet says the same of a user that the Pod may not run as.
  if (reason === 'CreateContainerConfigError' && /\b(?:secret|configmap)\b/i.test(message)) return configProblem(facts, message, evidence);
  if (STARTING.has(reason)) return undefined;
  if (container.last !== undefined && hasFailed(container.last)) return terminationProblem(facts, container.last);
  if (reason === 'CrashLoopBackOff') return terminationProblem(facts, container.last ?? { reason: '', message, exitCode: undefined });
  return notStarted(facts, message || reason, evidence);
}

function configProblem({ container, ref, field }: ContainerFacts, message: string, evidence: readonly Evidence[]): Finding<Code> {
  const missing = missingConfigIn(message, ref.namespace);
  const why = missing === undefined ? sentence(message) : missingText(missing);
  return found('config-missing', ref, `container ${container.name} of Pod ${ref.name} cannot be created: ${why}`, {
    field,
    evidence,
    fix: missing && missingFix(missing),
  });
}
