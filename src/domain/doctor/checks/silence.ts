import type { Finding } from '../../finding.ts';
import { fieldOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found, quoted } from '../check.ts';
import { annotationOf, type Warning } from '../facts.ts';
import { at, type Service, SOURCE_URI, storageUris } from '../service.ts';
import { isSupportedUri } from '../storage-uri.ts';
import { refusalFinding } from './refusal.ts';

// What KServe says by an Event alone: its status stays as it was, and an Event is gone after an hour.

/** Whether the status says nothing: then only Events know. */
function isSilent({ conditions, object, stopped }: Service): boolean {
  const says = conditions.some(({ status, type }) => status !== 'Unknown' && type !== 'Stopped' && type !== 'LatestDeploymentReady');
  const transition = textOf(at(object, 'status', 'modelStatus', 'transitionStatus'));
  return !says && transition !== 'InvalidSpec' && !stopped;
}

function knativeMissing(service: Service): readonly Finding<Code>[] {
  const { ref, facts, object } = service;
  if (ref.kind !== 'InferenceService' || !isSilent(service)) return [];
  const event = facts.warningsOf(object).find(({ reason }) => reason === 'ServerlessModeRejected');
  const isWanted = service.deploymentMode === 'Knative' && service.conditions.length > 0 && facts.serves('serving.knative.dev') === 'no';
  if (event === undefined && !isWanted) return [];
  const annotation = annotationOf(object, 'serving.kserve.io/deploymentMode');
  return [
    found('knative-missing', ref, `InferenceService "${ref.name}" asks for Knative mode, but Knative Serving is not installed`, {
      field: 'metadata.annotations[serving.kserve.io/deploymentMode]',
      evidence: [
        evidenceOf(ref, 'status.deploymentMode', textOf(at(object, 'status', 'deploymentMode')) ?? '<unset>'),
        evidenceOf(ref, 'metadata.annotations[serving.kserve.io/deploymentMode]', annotation ?? '<unset>'),
        ...eventEvidence(ref, event),
      ],
    }),
  ];
}

function eventEvidence(ref: Service['ref'], event: Warning | undefined) {
  return event === undefined ? [] : [evidenceOf(ref, `Event ${event.reason}`, event.message)];
}

function storageUnsupported(service: Service): readonly Finding<Code>[] {
  const { ref, facts, object } = service;
  if (ref.kind !== 'InferenceService' || service.stopped) return [];
  const event = facts.warningsOf(object).find(({ message }) => message.includes('StorageURI not supported'));
  const uris = storageUris(service).filter(({ uri }) => !isRolledOut(uri, service));
  // The Event may be about a URI that was there before.
  const said = uris.find(({ uri }) => event?.message.includes(uri) === true);
  const wrong = said ?? (isSilent(service) ? uris.find(({ uri }) => isSupportedUri(uri, service) === false) : undefined);
  if (wrong === undefined) return [];
  const scheme = wrong.uri.split('://')[0] ?? '';
  return [
    found('storage-uri-unsupported', ref, `KServe cannot fetch from ${quoted(wrong.uri)}: no storage container knows ${scheme}://`, {
      field: wrong.field,
      evidence: [evidenceOf(ref, wrong.field, wrong.uri), ...(said === undefined ? [] : eventEvidence(ref, event))],
    }),
  ];
}

/** Then KServe has taken it, whatever it said before. */
function isRolledOut(uri: string, { deployments }: Service): boolean {
  return deployments.some((deployment) => fieldOf(at(deployment, 'spec', 'template', 'metadata', 'annotations'), SOURCE_URI) === uri);
}

/** Two writers met, and the one that lost tries again. */
const PASSING = /the object has been modified|please apply your changes to the latest version|already exists/;

/** An error of the controller that only an Event holds: all that is known where nothing else says why a service is not ready. */
export function controllerEvent({ ref, facts, object }: Service): Finding<Code> | undefined {
  const event = facts
    .warningsOf(object)
    .find(({ reason, message }) => (reason === 'InternalError' || reason === 'Error') && !PASSING.test(message));
  if (event === undefined) return undefined;
  return refusalFinding({
    text: event.message,
    object: ref,
    field: 'status.conditions',
    evidence: eventEvidence(ref, event),
    what: `what "${ref.name}" needs`,
    otherwise: 'reconcile-failed',
  });
}

function eventOnly(service: Service): readonly Finding<Code>[] {
  if (!isSilent(service) || knativeMissing(service).length > 0 || storageUnsupported(service).length > 0) return [];
  const finding = controllerEvent(service);
  return finding === undefined ? [] : [finding];
}

export const SILENCE_CHECKS: readonly Check[] = [
  { name: 'deployment-mode', codes: ['knative-missing'], needs: ['Event'], run: knativeMissing },
  { name: 'storage-uri', codes: ['storage-uri-unsupported'], needs: ['Event'], run: storageUnsupported },
  { name: 'controller-events', codes: ['reconcile-failed'], needs: ['Event'], run: eventOnly },
];
