import type { OtherRefusal, PastedOther } from '../../../domain/rbac/pasted-errors.ts';

const MEANINGS: Readonly<Record<OtherRefusal, string>> = {
  'pod-security': 'Pod Security admission refused the Pod: its securityContext, or the labels of the namespace, must change',
  quota: 'a ResourceQuota of the namespace is used up: request less, or have it raised',
  'limit-range': 'a LimitRange of the namespace does not allow these requests or limits',
  'namespace-terminating': 'the namespace is being deleted: nothing can be created in it any more',
  'admission-policy': 'a ValidatingAdmissionPolicy refused it: its message says why',
  'admission-webhook': 'an admission webhook refused it: its message says why',
  'webhook-failed': 'an admission webhook did not answer, so the API server refused the request: look at its Service and Pods',
  'not-logged-in': 'the credentials were not accepted (401): log in again',
  gateway: 'a gateway or service mesh in front of the API server refused it, not the API server itself',
  admission: 'an admission plugin of the API server refused it: its message says why',
};

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** What is no refusal of RBAC, with the first line of it. */
export function otherText({ kind, count, sample }: PastedOther): readonly string[] {
  return [`not RBAC: ${kind} (${times(count)})`, `${MEANINGS[kind]}.`, `     ${sample}`];
}
