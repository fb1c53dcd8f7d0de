import type { Evidence, Finding, FindingObject, Fix, Severity } from '../../finding.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { found, sentence } from '../check.ts';
import { type Missing, missingFix, missingText } from '../missing.ts';
import { quotaFix } from '../quota-fix.ts';

/** What the API server, its admission or KServe says when something cannot be created. */
interface Rule {
  readonly code: Code;
  readonly pattern: RegExp;
  /** What it says in our words; undefined: the catalogue's title. */
  readonly message: (match: RegExpExecArray, what: string, namespace: string | undefined) => string;
  readonly fix?: (match: RegExpExecArray, namespace: string | undefined) => Fix | undefined;
}

// Longest known texts first: a webhook that cannot be called may name any of the others.
const RULES: readonly Rule[] = [
  {
    code: 'webhook-unreachable',
    pattern: /failed calling webhook "([^"]*)"(?:: failed to call webhook)?(?:: (?:Post|Get) "[^"]*")?(?:: ([\s\S]*))?/,
    message: ([, webhook, why = ''], what) =>
      `${what} cannot be created: the webhook "${webhook}" ${/x509|tls: |certificate/.test(why) ? 'cannot be trusted' : 'does not answer'}${why === '' ? '' : ` (${sentence(why)})`}`,
    fix: webhookFix,
  },
  {
    code: 'quota-exceeded',
    pattern: /exceeded quota: ([^,\s]+)|failed quota: ([^:\s]+): (must specify [^\n]*)/,
    message: ([, name, other, demand], what) =>
      name === undefined
        ? `${what} cannot be created: the ResourceQuota "${other}" requires limits or requests that are not set (${demand})`
        : `${what} cannot be created: it would exceed the ResourceQuota "${name}"`,
    fix: usedUpFix,
  },
  {
    code: 'quota-exceeded',
    pattern: /status unknown for quota: ([^,\s]+)|resource quota evaluation timed out/,
    message: ([, name], what) =>
      `${what} cannot be created: Kubernetes has not worked out yet how much of the ResourceQuota${name === undefined ? '' : ` "${name}"`} is used`,
    fix: () => ({ text: 'wait a minute; if it stays, look at kube-controller-manager, which counts what a quota is used for' }),
  },
  {
    code: 'limit-range',
    pattern: /(?:maximum|minimum) \S+ usage per \w+ is|max limit to request ratio per \w+ is|must be less than or equal to \S+ limit range/,
    message: (_, what) => `${what} cannot be created: its resources break a LimitRange of the namespace`,
  },
  {
    // What a LimitRange sets by default, against what the Pod itself asks for.
    code: 'limit-range',
    pattern: /Pod "[^"]*" is invalid: [^\n]*must be less than or equal to (\S+) limit(?: of (\S+))?/,
    message: ([, resource, limit], what) =>
      `${what} cannot be created: it requests more ${resource} than its limit${limit === undefined ? '' : ` of ${limit}`}, which a LimitRange of the namespace sets where the Pod has none`,
    fix: ([, resource]) => ({ text: `set limits.${resource} in the resources of the component, at least as high as the request` }),
  },
  {
    code: 'pod-security',
    pattern: /violates PodSecurity "([^"]*)"/,
    message: ([, standard], what) => `${what} cannot be created: it breaks the Pod Security Standard "${standard}" of the namespace`,
  },
  {
    code: 'pod-security',
    pattern: /unable to validate against any (?:pod security policy|security context constraint)/,
    message: (_, what) => `${what} cannot be created: no security context constraint permits it`,
  },
  {
    code: 'pod-security',
    pattern: /PodSecurityPolicy: unable to admit pod/,
    message: (_, what) => `${what} cannot be created: no PodSecurityPolicy permits it`,
  },
  {
    code: 'serviceaccount-missing',
    pattern: /error looking up service account (?:[^/:\s]+\/)?([^:\s]+)|serviceaccounts? "([^"]*)" not found/,
    message: (match, what, namespace) => `${what} cannot be created: ${missingText(missingAccount(match, namespace))}`,
    fix: (match, namespace) => missingFix(missingAccount(match, namespace)),
  },
  {
    code: 'storage-secret-missing',
    pattern: /can't read storage secret ([^:\s]+)/,
    message: ([, name], what) => `${what} cannot be created: the Secret "${name}" with the storage credentials cannot be read`,
    fix: ([, name]) => ({ text: `create the Secret "${name}" in the namespace, with the key that storage.key names` }),
  },
  {
    code: 'storage-secret-missing',
    pattern: /specified storage key (\S+) not found in storage secret (\S+)/,
    message: ([, key, name = ''], what, namespace) => `${what} cannot be created: ${missingText({ kind: 'Secret', name, namespace, key })}`,
    fix: ([, key, name = ''], namespace) => missingFix({ kind: 'Secret', name, namespace, key }),
  },
  {
    code: 'name-too-long',
    pattern: /must be no more than (\d+) (characters|bytes)|(?:name|host)\b[^\n]{0,400} (?:is )?too long/i,
    message: ([, most, unit], what) =>
      `${what} cannot be created: a name that is made from that of the service has more than ${most ?? 'the permitted number of'} ${unit ?? 'characters'}`,
  },
  {
    code: 'ingress-config',
    pattern: /ingress config\b[\s\S]*/,
    message: ([text]) => `the ingress section of inferenceservice-config is not valid: ${sentence(text)}`,
  },
  {
    code: 'image-pull',
    pattern: /[Uu]nable to fetch image "([^"]*)"/,
    message: ([, image]) => `the image ${image} cannot be fetched from its registry`,
  },
];

function missingAccount([, name, other = '']: RegExpExecArray, namespace: string | undefined): Missing {
  return { kind: 'ServiceAccount', name: name ?? other, namespace };
}

/** KServe's own webhooks are served by its controller. */
function webhookFix([, webhook = '', why = '']: RegExpExecArray): Fix | undefined {
  if (!webhook.includes('kserve-webhook-server')) return undefined;
  const isExpired = /x509|certificate/.test(why);
  return isExpired
    ? { text: "renew the certificate of KServe's webhooks (cert-manager: Certificate serving-cert in the namespace of the controller)" }
    : {
        text: 'look at the Deployment kserve-controller-manager and its Service kserve-webhook-server-service, in the namespace that KServe is installed in',
      };
}

function usedUpFix(match: RegExpExecArray): Fix | undefined {
  if (match[2] !== undefined) {
    return { text: 'set them for the containers that are named, or give the namespace a LimitRange with defaults' };
  }
  const [, requested = '', used, limited] = /requested: (\S+), used: (\S+), limited: (\S+)/.exec(match.input) ?? [];
  if (requested === '') return undefined;
  const names = requested.split(',').map((amount) => amount.replace(/=.*$/, ''));
  return quotaFix(names, `requested ${requested}, used ${used}, limited ${limited}`);
}

/** A text that says why something was refused, and who says it. */
export interface Refusal {
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly object: FindingObject;
  readonly field: string;
  /** What was to be created, such as `a Pod of iris-predictor`. */
  readonly what: string;
  /** The code where no rule knows the text. */
  readonly otherwise: 'pods-rejected' | 'reconcile-failed' | 'revision-failed';
  readonly severity?: Severity | undefined;
}

/** The finding that a refusal is: by its text, or that text as it is. */
export function refusalFinding({ text, evidence, object, field, what, otherwise, severity }: Refusal): Finding<Code> {
  const shared = { evidence, field, severity };
  for (const { code, pattern, message, fix } of RULES) {
    const match = pattern.exec(text);
    if (match !== null)
      return found(code, object, message(match, what, object.namespace), { ...shared, fix: fix?.(match, object.namespace) });
  }
  return found(otherwise, object, `${what} cannot be created: ${sentence(text)}`, shared);
}
