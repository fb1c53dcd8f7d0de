import { foundAt, type ManifestRule } from './manifest.ts';

/** As the API server says it of one that must answer: https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/errors.go */
const UNANSWERED = /^failed calling webhook "/;

/** While a webhook does not answer, nothing can be applied that it has to look at. */
export const unansweredWebhook: ManifestRule = (facts) => {
  const { verdict } = facts;
  if (verdict.state !== 'untried' || !UNANSWERED.test(verdict.why)) return [];
  return [foundAt('webhook-unreachable', facts, [], `the API server refuses the object while a webhook does not answer: ${verdict.why}`)];
};
