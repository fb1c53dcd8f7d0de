// What a server calls a rule, a role or a binding → what the rest of the program may rely on.
import type { V1PolicyRule } from '@kubernetes/client-node';
import { fieldOf, listOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isPolicyRule(value: unknown): value is V1PolicyRule {
  const others = ['apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'].map((field) => fieldOf(value, field));
  return isTextList(fieldOf(value, 'verbs')) && others.every((other) => other === undefined || other === null || isTextList(other));
}

// Go writes an empty list as null.
function withoutNulls<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) as T;
}

export interface ReadRules {
  readonly rules: readonly V1PolicyRule[];
  /** False if something was no rule, and is left out. */
  readonly isWhole: boolean;
}

/** The rules in a field of a role or a rules review. */
export function readRules(value: unknown): ReadRules {
  const rules = listOf(value).filter(isPolicyRule).map(withoutNulls);
  const isList = value === undefined || value === null || Array.isArray(value);
  return { rules, isWhole: isList && rules.length === listOf(value).length };
}

function areTexts(value: unknown, fields: readonly string[]): boolean {
  return fields.every((field) => typeof fieldOf(value, field) === 'string');
}

/** True if a role has the fields that the server always gives it. */
export function isRole({ rules }: KubeObject): boolean {
  return readRules(rules).isWhole;
}

/** True if a binding has the fields that the server always gives it. */
export function isBinding({ roleRef, subjects }: KubeObject): boolean {
  const isList = subjects === undefined || subjects === null || Array.isArray(subjects);
  return isList && areTexts(roleRef, ['kind', 'name']) && listOf(subjects).every((subject) => areTexts(subject, ['kind', 'name']));
}
