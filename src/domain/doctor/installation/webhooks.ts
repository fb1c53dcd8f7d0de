import type { Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found } from '../check.ts';
import { nameOf } from '../facts.ts';
import { at, refOf } from '../service.ts';
import type { InstallationFacts } from './input.ts';

const WEBHOOK_KINDS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
const DAY = 86_400_000;
const SOON = 14 * DAY;

export function webhookFindings(input: InstallationFacts): readonly Finding<Code>[] {
  const { facts } = input;
  return WEBHOOK_KINDS.flatMap((kind) => {
    const own = facts.list(kind).filter((object) => /(?:^|\.)serving\.kserve\.io$/.test(nameOf(object)));
    if (own.length === 0 && facts.isComplete(kind, undefined) && facts.list('InferenceService').length > 0) return [noWebhooks(kind)];
    return own.flatMap((object) => listOf(object.webhooks).flatMap((webhook) => webhookFinding(object, webhook, input)));
  });
}

function noWebhooks(kind: string): Finding<Code> {
  const object = { kind, name: 'inferenceservice.serving.kserve.io' };
  return found('webhook-not-ready', object, `there is no ${kind} of KServe: nothing sets defaults or checks services`, {
    evidence: [evidenceOf(object, 'metadata.name', '<none>')],
  });
}

function webhookFinding(object: KubeObject, webhook: unknown, { facts, caEnds }: InstallationFacts): readonly Finding<Code>[] {
  const ref = refOf(object);
  const name = textOf(fieldOf(webhook, 'name')) ?? '';
  const field = `webhooks[${name}].clientConfig.caBundle`;
  if ((textOf(at(webhook, 'clientConfig', 'caBundle')) ?? '') === '') {
    return [
      found('webhook-not-ready', ref, `the webhook ${name} has no CA bundle: the API server cannot trust it`, {
        field,
        evidence: [evidenceOf(ref, field, '<none>')],
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
    }),
  ];
}
