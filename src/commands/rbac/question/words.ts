import { findIdentityResource, findResource, resourcesOfGroup } from '../../../domain/kserve/resource-lookup.ts';
import { isNamespaceName } from '../../../domain/kubernetes/identity.ts';
import { type ApiResource, type Discovery, HIDDEN_SUBRESOURCES, resourceName } from '../../../domain/kubernetes/resource.ts';
import { isImpersonation, isKnownVerb, isUnnamedVerb, knownVerbs, URL_VERBS } from '../../../domain/kubernetes/verb.ts';
import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import type { Question } from '../../../domain/rbac/question.ts';
import { KserveError, UsageError } from '../../../errors.ts';
import { didYouMean } from '../../../text/did-you-mean.ts';
import { nameSelector, shellCommand } from '../../../text/shell.ts';

/** What the user typed, and where it is asked. */
export interface QuestionWords {
  readonly verbs: readonly string[];
  /** `TYPE`, `TYPE/NAME` or a URL. */
  readonly targets: readonly string[];
  readonly subresource: string | undefined;
  /** `['']` for all namespaces. */
  readonly namespaces: readonly string[];
  /** Kinds, subresources and verbs that discovery does not know are asked as they are. */
  readonly acceptsUnknown: boolean;
}

export interface Questions {
  readonly questions: readonly Question[];
  /** What was asked a little differently than typed, and why. */
  readonly notes: readonly string[];
}

/** A kind with what is asked of it. */
interface Target {
  readonly resource: ApiResource;
  readonly installed: Question['installed'];
  /** Kinds of other groups that the word could mean too. */
  readonly others: readonly string[];
  readonly name?: string;
  readonly subresource?: string;
}

/** `a,b` → its parts, each once, without empty ones. */
export function splitList(text: string): readonly string[] {
  return [...new Set(text.split(',').filter((part) => part !== ''))];
}

/** `VERB[,VERB] TYPE[/NAME][,…]` or `VERB URL`. @throws UsageError */
export function parseWords(words: readonly string[]): Pick<QuestionWords, 'verbs' | 'targets'> {
  const [verbs = '', targets] = words;
  if (targets === undefined) {
    throw new UsageError(`you must specify a verb and a resource: there is no resource after ${JSON.stringify(verbs)}`);
  }
  const parsed = { verbs: splitList(verbs), targets: targets.startsWith('/') ? [targets] : splitList(targets) };
  if (parsed.verbs.length === 0 || parsed.targets.length === 0) throw new UsageError('the verb and the resource must not be empty');
  return parsed;
}

/** True if the core group is needed to understand the words: kinds of KServe are known without it. */
export function needsCore({ targets }: Pick<QuestionWords, 'targets'>): boolean {
  return targets.some((target) => !target.startsWith('/') && findResource(target.split('/')[0] ?? '', undefined).kind !== 'found');
}

function checkVerb(verb: string, known: readonly string[], isKnown: boolean): void {
  if (isKnown) return;
  const suggestion = didYouMean(verb, known);
  throw new UsageError(`unknown verb ${JSON.stringify(verb)}${suggestion === undefined ? '' : `: did you mean "${suggestion}"?`}`, {
    hint: 'A verb that no kind lists, such as post, is asked about with --allow-unknown.',
  });
}

const EXAMPLE = 'with the plural and the group, such as servingruntimes.serving.kserve.io';
const ASK_UNSERVED = `A kind that is not served is asked about with --allow-unknown, ${EXAMPLE}.`;

function unknownResource(word: string, suggestion: string | undefined): UsageError {
  const hint = suggestion === undefined ? '' : `: did you mean "${suggestion}"?`;
  return new UsageError(`the server doesn't have a resource type ${JSON.stringify(word)}${hint}`, { hint: ASK_UNSERVED });
}

function undetermined(word: string): KserveError {
  return new KserveError(`could not determine what ${JSON.stringify(word)} is`, {
    hint: `Try again, or use --allow-unknown ${EXAMPLE}.`,
  });
}

/** In place of the version of a kind that nobody knows. */
const UNCHECKED = '';

/** The word as it is, for `--allow-unknown`: `plural.group`. */
function unchecked(word: string): ApiResource {
  const [plural = '', ...group] = word.split('.');
  const shared = { version: UNCHECKED, kind: plural, singular: plural, shortNames: [], verbs: [], subresources: [] };
  return { ...shared, group: group.join('.'), plural, namespaced: true };
}

function lookUp(word: string, words: QuestionWords, discovery: Discovery | undefined): Pick<Target, 'resource' | 'installed' | 'others'> {
  const identity = words.verbs.every(isImpersonation) ? findIdentityResource(word) : undefined;
  if (identity !== undefined) return { resource: identity, installed: 'yes', others: [] };
  const found = findResource(word, discovery);
  if (found.kind === 'found') return found;
  if (words.acceptsUnknown) return { resource: unchecked(word), installed: found.kind === 'none' ? 'no' : 'unknown', others: [] };
  throw found.kind === 'none' ? unknownResource(word, found.suggestion) : undetermined(word);
}

function checkSubresource(resource: ApiResource, words: QuestionWords): void {
  const { subresource, acceptsUnknown } = words;
  const known = [...resource.subresources, ...HIDDEN_SUBRESOURCES];
  if (subresource === undefined || acceptsUnknown || resource.plural === 'userextras' || known.includes(subresource)) return;
  const list = resource.subresources.length === 0 ? 'none' : resource.subresources.join(', ');
  throw new UsageError(`${resource.plural} has no subresource ${JSON.stringify(subresource)}: it has ${list}`, {
    hint: 'One that is not served is asked about with --allow-unknown.',
  });
}

function checkName(resource: ApiResource, name: string | undefined, target: string): void {
  if (name === '') throw new UsageError(`there is no name after the slash in ${JSON.stringify(target)}`);
  if (name === undefined || !resource.subresources.includes(name)) return;
  throw new UsageError(
    `${JSON.stringify(name)} is a subresource of ${resource.plural}, not a name: use ${resource.plural} --subresource=${name}`,
  );
}

/** `*.group` → the kinds of that group; nothing is ever asked with an asterisk. */
function expandGroup(word: string, discovery: Discovery | undefined): readonly Target[] {
  const group = word.slice('*.'.length);
  if (discovery === undefined) throw undetermined(word);
  const resources = resourcesOfGroup(group, discovery);
  if (resources.length === 0)
    throw new UsageError(`the server doesn't have a resource type in group ${JSON.stringify(group)}`, { hint: ASK_UNSERVED });
  return resources.map((resource) => ({ resource, installed: 'yes', others: [] }));
}

function resolveTarget(target: string, words: QuestionWords, discovery: Discovery | undefined): readonly Target[] {
  if (target === '*') throw new UsageError('"*" cannot be checked: name a kind, or all kinds of a group such as "*.serving.kserve.io"');
  if (target.startsWith('*.')) return expandGroup(target, discovery);
  const slash = target.indexOf('/');
  const word = slash === -1 ? target : target.slice(0, slash);
  const part = slash === -1 ? undefined : target.slice(slash + 1);
  const found = lookUp(word, words, discovery);
  // `userextras/KEY` is the usual word; with --subresource=KEY what follows is a value, as of any kind.
  if (found.resource.plural === 'userextras' && part !== undefined && words.subresource === undefined)
    return [{ ...found, subresource: part }];
  checkName(found.resource, part, target);
  checkSubresource(found.resource, words);
  const { subresource } = words;
  return [{ ...found, ...(part !== undefined && { name: part }), ...(subresource !== undefined && { subresource }) }];
}

function checkNamespaceName(name: string): string {
  if (isNamespaceName(name)) return name;
  throw new UsageError(`${JSON.stringify(name)} cannot be the name of a namespace`);
}

/** The grant that would answer such a question is one of everything. */
function checkWildcard({ request }: Question): void {
  if (isUrlRequest(request)) return;
  const { verb, group, resource, subresource = '' } = request;
  const word = [verb, group, resource, subresource].find((part) => part.includes('*'));
  if (word !== undefined) throw new UsageError(`${JSON.stringify(word)} cannot be checked: name a verb and a kind`);
}

function verbsOf(verb: string, { resource }: Target): readonly string[] {
  return verb === '*' ? resource.verbs : [verb];
}

// A request for one namespace, alone among cluster-scoped kinds, is authorized inside that namespace.
function namespacesOf({ resource, name, subresource }: Target, verb: string, namespaces: readonly string[]): readonly string[] {
  if (resource.namespaced) return namespaces;
  const isNamespace = resource.group === '' && resource.plural === 'namespaces';
  return isNamespace && name !== undefined && !isUnnamedVerb(verb, subresource) ? [checkNamespaceName(name)] : [''];
}

function targetQuestions(target: Target, verb: string, words: QuestionWords): readonly Question[] {
  const { resource, installed, subresource } = target;
  const { group, version, plural, kind, namespaced } = resource;
  const name = isUnnamedVerb(verb, subresource) ? undefined : target.name;
  return namespacesOf(target, verb, words.namespaces).map((namespace) => ({
    request: {
      verb,
      group,
      resource: plural,
      namespace,
      ...(subresource !== undefined && { subresource }),
      ...(name !== undefined && { name }),
    },
    kind: version === UNCHECKED ? undefined : { group, plural, kind, namespaced },
    installed,
  }));
}

function urlQuestions(path: string, words: QuestionWords): readonly Question[] {
  if (words.subresource !== undefined) throw new UsageError('--subresource can not be used with NonResourceURL');
  return words.verbs.map((verb) => {
    if (!words.acceptsUnknown && !URL_VERBS.includes(verb))
      throw new UsageError(`${JSON.stringify(verb)} is no verb of a URL; those are ${URL_VERBS.join(', ')}`);
    return { request: { verb, path }, installed: 'yes' };
  });
}

function noteFor(verb: string, { resource, name, subresource }: Target): string | undefined {
  if (name === undefined) return undefined;
  if (isUnnamedVerb(verb, subresource)) return `${verb} is asked without the name: the server does not look at names for it`;
  if (verb !== 'list' && verb !== 'watch') return undefined;
  return `${verb} with a name is the request with ${shellCommand([nameSelector(name)])}, not that for all ${resource.plural}`;
}

function groupNote({ resource, others }: Target): string | undefined {
  if (others.length === 0) return undefined;
  const taken = resource.group === '' ? `${resource.plural} of the core group` : resourceName(resource);
  return `asked about ${taken}; the name is also that of ${others.join(' and ')}`;
}

/** Words → questions as the authorizer will see them. @throws UsageError for what does not exist, KserveError if that cannot be known */
export function questionsFromWords(words: QuestionWords, discovery: Discovery | undefined): Questions {
  const urls = words.targets.filter((target) => target.startsWith('/'));
  const targets = words.targets.filter((target) => !target.startsWith('/')).flatMap((target) => resolveTarget(target, words, discovery));
  const verbs = targets.length > 0 ? words.verbs : [];
  for (const verb of verbs) {
    checkVerb(verb, knownVerbs(discovery), verb === '*' || words.acceptsUnknown || isKnownVerb(verb, discovery));
  }
  const pairs = targets.flatMap((target) => verbs.flatMap((verb) => verbsOf(verb, target)).map((verb) => ({ target, verb })));
  const questions = [
    ...pairs.flatMap(({ target, verb }) => targetQuestions(target, verb, words)),
    ...urls.flatMap((path) => urlQuestions(path, words)),
  ];
  questions.forEach(checkWildcard);
  return {
    questions,
    notes: [...new Set([...targets.map(groupNote), ...pairs.map(({ target, verb }) => noteFor(verb, target))])].filter(
      (note) => note !== undefined,
    ),
  };
}
