import { type KubectlRequest, kubectlRequest } from '../../../domain/kubernetes/kubectl-verb.ts';
import { UsageError } from '../../../errors.ts';
import { shellCommand } from '../../../text/shell.ts';
import type { QuestionWords } from './words.ts';

function kindOf(target: string): string {
  return target.split('/')[0] ?? '';
}

/** Targets of the kind that the request is about; those of another kind, as in `logs deploy/web`, lead to objects of it that nobody can know here. */
function targetsOf({ kinds }: KubectlRequest, targets: readonly string[]): readonly string[] {
  const [plural] = kinds ?? [];
  if (kinds === undefined || plural === undefined) return targets;
  const own = targets.filter((target) => kinds.includes(kindOf(target).toLowerCase()));
  return own.length === targets.length ? own : [plural];
}

function pluralOf({ kinds }: KubectlRequest, targets: readonly string[]): string {
  return kinds?.[0] ?? [...new Set(targets.map(kindOf))].join(', ');
}

/**
 * Refuses a word of kubectl that is no verb, with the question that it amounts to.
 * @param command what asks, such as `rbac check`
 * @param flags what was said besides, such as `-n team-a`
 * @throws UsageError
 */
export function refuseKubectlWords(
  { verbs, targets }: Pick<QuestionWords, 'verbs' | 'targets'>,
  command: string,
  flags: readonly string[],
): void {
  const word = verbs.find((verb) => kubectlRequest(verb) !== undefined);
  const request = word === undefined ? undefined : kubectlRequest(word);
  if (request === undefined || targets.every((target) => target.startsWith('/'))) return;
  const { subresource } = request;
  const resource = `${pluralOf(request, targets)}${subresource === undefined ? '' : `/${subresource}`}`;
  const question = [
    request.verbs.join(),
    targetsOf(request, targets).join(),
    ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
  ];
  throw new UsageError(`${word} is ${request.verbs.join(', ')} on ${resource}: ${command} ${shellCommand([...question, ...flags])}`);
}
