import { shellCommand } from '../../../text/shell.ts';
import type { Finding, Fix } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found } from '../check.ts';
import { annotationOf, nameOf } from '../facts.ts';
import { at, refOf } from '../service.ts';
import type { InstallationFacts } from './input.ts';
import { isServedKind } from './kinds.ts';

const WEBHOOK_KINDS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
const DAY = 86_400_000;
const SOON = 14 * DAY;
/** As KServe ships it: a line break, for cert-manager to replace. */
const NO_BUNDLES = ['', 'Cg=='];

/** Who keeps the CA bundle says an annotation: https://cert-manager.io/docs/concepts/ca-injector/ */
function bundleFix(configuration: KubeObject, does: string): Fix {
  const [namespace, certificate] = (annotationOf(configuration, 'cert-manager.io/inject-ca-from') ?? '').split('/');
  if (namespace && certificate) {
    const commands = [
      'kubectl get pods -n cert-manager',
      `kubectl describe ${shellCommand([`certificate/${certificate}`, '-n', namespace])}`,
    ];
    return { text: `cert-manager ${does}: see whether it runs and why the Certificate is not ready`, commands };
  }
  if (annotationOf(configuration, 'service.beta.openshift.io/inject-cabundle') === 'true') {
    return { text: `the service CA operator of OpenShift ${does}: look at it`, commands: ['oc get clusteroperator service-ca'] };
  }
  return { text: 'nobody keeps this CA bundle up to date: make a new certificate as your installation did, and put its CA into caBundle' };
}

export function webhookFindings(input: InstallationFacts): readonly Finding<Code>[] {
  const { facts } = input;
  return WEBHOOK_KINDS.flatMap((kind) => {
    const own = facts.list(kind).filter((object) => /(?:^|\.)serving\.kserve\.io$/.test(nameOf(object)));
    // Not whether there are services where they were looked for: KServe is the same for every namespace.
    if (own.length === 0 && facts.isComplete(kind, undefined) && isServedKind('inferenceservices', input) === 'yes')
      return [noWebhooks(kind)];
    return own.flatMap((object) => listOf(object.webhooks).flatMap((webhook) => webhookFinding(object, webhook, input)));
  });
}

function noWebhooks(kind: string): Finding<Code> {
  const object = { kind, name: 'inferenceservice.serving.kserve.io' };
  return found('webhook-not-ready', object, `there is no ${kind} of KServe: nothing sets defaults or checks services`, {
    evidence: [evidenceOf(object, 'metadata.name', '<none>')],
    fix: { text: `apply kserve.yaml of your KServe release again, or run helm upgrade: both hold the ${kind}` },
  });
}

function webhookFinding(object: KubeObject, webhook: unknown, { facts, caEnds }: InstallationFacts): readonly Finding<Code>[] {
  const ref = refOf(object);
  const name = textOf(fieldOf(webhook, 'name')) ?? '';
  const field = `webhooks[${name}].clientConfig.caBundle`;
  if (NO_BUNDLES.includes(textOf(at(webhook, 'clientConfig', 'caBundle')) ?? '')) {
    return [
      found('webhook-not-ready', ref, `the webhook ${name} has no CA bundle: the API server cannot trust it`, {
        field,
        evidence: [evidenceOf(ref, field, '<none>')],
        fix: bundleFix(object, 'writes the CA bundle'),
      }),
    ];
  }
  const end = caEnds.get(name);
  const left = end === undefined ? Number.POSITIVE_INFINITY : end.getTime() - facts.now.getTime();
  if (end === undefined || left > SOON) return [];
  const isOver = left <= 0;
  return [
    found('webhook-not-ready', ref, `the CA certificate of the webhook ${name} ${isOver ? 'expired' : 'expires'} at ${end.toISOString()}`, {
      field,
      severity: isOver ? 'error' : 'warning',
      evidence: [evidenceOf(ref, `${field} notAfter`, end.toISOString())],
      fix: bundleFix(object, 'renews the certificate before it ends'),
    }),
  ];
}
