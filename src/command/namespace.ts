import type { Connection } from '../cluster/cluster.ts';
import { isNamespaceName } from '../domain/kubernetes/identity.ts';
import { KserveError, UsageError } from '../errors.ts';

function refused(text: string, why: string): UsageError {
  return new UsageError(`invalid argument ${JSON.stringify(text)} for "-n, --namespace" flag: ${why}`);
}

/**
 * The namespace of `-n NAME`. The server answers with an empty list for a namespace that cannot even exist, so it is not asked.
 * @throws UsageError
 */
export function parseNamespace(text: string): string {
  if (isNamespaceName(text)) return text;
  throw refused(text, text.includes(',') ? 'one namespace can be named, or all with -A' : 'it cannot be the name of a namespace');
}

/** The namespaces of `-n a,b,c`. @throws UsageError if one cannot be a namespace, as when the value is a forgotten flag */
export function parseNamespaces(text: string): readonly string[] {
  const namespaces = [...new Set(text.split(',').filter((part) => part !== ''))];
  const wrong = namespaces.find((namespace) => !isNamespaceName(namespace));
  if (wrong !== undefined) throw refused(wrong, 'it cannot be the name of a namespace');
  if (namespaces.length === 0) throw refused(text, 'it names no namespace');
  return namespaces;
}

/** The namespace that the context or the pod names. @throws KserveError if it cannot be one */
export function namespaceOf({ namespace, contextName }: Pick<Connection, 'namespace' | 'contextName'>): string {
  if (isNamespaceName(namespace)) return namespace;
  const origin = contextName === undefined ? 'the pod' : `context ${JSON.stringify(contextName)} of the kubeconfig`;
  throw new KserveError(`${JSON.stringify(namespace)} cannot be the name of a namespace`, {
    hint: `It comes from ${origin}; name another with -n.`,
  });
}
