import type { Fix } from '../finding.ts';
import type { KubeObject } from '../kubernetes/resource.ts';
import { isJsonObject } from '../kubernetes/schema/schema-node.ts';
import type { Code } from './catalogue/catalogue.ts';
import { quoted } from './check.ts';

/** An object that Pods need and that is not there, or a key that it lacks: the same finding before the Pods exist and after. */
export interface Missing {
  readonly kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim' | 'ServiceAccount';
  readonly name: string;
  readonly namespace: string | undefined;
  /** Absent: the object itself is missing. */
  readonly key?: string | undefined;
}

export const MISSING_CODES = {
  Secret: 'config-missing',
  ConfigMap: 'config-missing',
  PersistentVolumeClaim: 'volume-claim-missing',
  ServiceAccount: 'serviceaccount-missing',
} as const satisfies Readonly<Record<Missing['kind'], Code>>;

export function missingText({ kind, name, namespace, key }: Missing): string {
  return key === undefined
    ? `there is no ${kind} ${quoted(name)}${placeText(namespace)}`
    : `the ${kind} ${quoted(name)} has no key ${quoted(key)}`;
}

export function missingFix({ kind, name, namespace, key }: Missing): Fix {
  return {
    text:
      key === undefined
        ? `create the ${kind} ${quoted(name)}${placeText(namespace)}, or correct the name`
        : `add the key ${quoted(key)} to the ${kind} ${quoted(name)}, or correct the name of the key`,
  };
}

function placeText(namespace: string | undefined): string {
  return namespace === undefined ? '' : ` in the namespace ${quoted(namespace)}`;
}

/** What a kubelet says of a Secret or ConfigMap that is not there, or of a key that it lacks. */
export function missingConfigIn(text: string, namespace: string | undefined): Missing | undefined {
  const [, kind = '', name] = /(secret|configmap) "([^"]+)" not found/i.exec(text) ?? [];
  if (name !== undefined) return { kind: kindOf(kind), name, namespace };
  const [, key, keeper = '', place] = /couldn't find key (\S+) in (secret|configmap) (?:[^/\s]+\/)?(\S+)/i.exec(text) ?? [];
  return key === undefined || place === undefined ? undefined : { kind: kindOf(keeper), name: place, namespace, key };
}

function kindOf(word: string): 'Secret' | 'ConfigMap' {
  return word.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
}

/** The keys of a Secret or ConfigMap; undefined if they were not read, or somebody else may fill it in. */
export function keysOf({ data, stringData, binaryData }: KubeObject): ReadonlySet<string> | undefined {
  const parts = [data, stringData, binaryData].filter(isJsonObject);
  return parts.length === 0 ? undefined : new Set(parts.flatMap((part) => Object.keys(part)));
}
