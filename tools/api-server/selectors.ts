import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { badRequest } from './answer.ts';

type Predicate = (object: KubeObject) => boolean;

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k`, as https://pkg.go.dev/k8s.io/apimachinery/pkg/labels#Parse takes it, without its rarer forms. */
export function labelPredicate(selector: string): Predicate {
  const requirements = selector.trim() === '' ? [] : splitOutsideParentheses(selector).map(labelRequirement);
  return (object) => requirements.every((holds) => holds(object.metadata.labels ?? {}));
}

/** `metadata.name` and `metadata.namespace` with `=`, `==` or `!=`: all that a CRD's kinds have; Events have some more. */
export function fieldPredicate(selector: string, plural: string): Predicate {
  const terms = fieldTerms(selector, plural);
  return (object) => terms.every(({ field, equal, value }) => (textAt(object, field) === value) === equal);
}

/** The name that the authorizer is asked with: only an exact `metadata.name=x` gives one. */
export function nameInFieldSelector(selector: string): string {
  const term = selector.split(',').map((one) => /^metadata\.name==?(.*)$/.exec(one)?.[1]);
  return term.find((name) => name !== undefined) ?? '';
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': ['metadata.name', 'metadata.namespace'],
  events: ['type', 'involvedObject.kind', 'involvedObject.name'],
};

function textAt(object: KubeObject, field: string): string {
  const value = field.split('.').reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], object);
  return typeof value === 'string' ? value : '';
}

type Labels = Readonly<Record<string, string>>;

const SET = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/;
const EQUALITY = /^([^=!\s]+)\s*(==|=|!=)\s*([^=!\s]*)$/;
const EXISTENCE = /^(!?)\s*([^=!\s()]+)$/;

function splitOutsideParentheses(selector: string): readonly string[] {
  return selector.split(/,(?![^(]*\))/).map((term) => term.trim());
}

function labelRequirement(term: string): (labels: Labels) => boolean {
  const [, key = '', word, list = ''] = SET.exec(term) ?? [];
  if (word !== undefined) {
    const values = list.split(',').map((value) => value.trim());
    return (labels) => (labels[key] !== undefined && values.includes(labels[key])) === (word === 'in');
  }
  const [, name = '', operator, value] = EQUALITY.exec(term) ?? [];
  if (operator !== undefined) return (labels) => (labels[name] === value) === (operator !== '!=');
  const [, not, existing = ''] = EXISTENCE.exec(term) ?? [];
  if (not === undefined) throw badRequest(`unable to parse requirement: found '${term.charAt(0)}', expected: identifier`);
  return (labels) => (labels[existing] !== undefined) === (not === '');
}

function fieldTerms(selector: string, plural: string) {
  const known = [...(FIELDS[''] ?? []), ...(FIELDS[plural] ?? [])];
  return selector
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [, name = '', operator, value = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(term) ?? [];
      if (operator === undefined) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
      if (!known.includes(name)) throw badRequest(`field label not supported: ${name}`);
      return { field: name, equal: operator !== '!=', value };
    });
}
