import type { Evidence, Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found, sentence } from '../check.ts';
import { namespaceOf } from '../facts.ts';
import { at, type Condition, conditionText, refOf, type Service } from '../service.ts';
import { isReconcileFailure } from './reconcile.ts';
import { refusalFinding } from './refusal.ts';

const ROUTE_CONDITIONS = ['IngressReady', 'RouterReady'];
/** Of an LLMInferenceService: these say more than RouterReady. */
const ROUTER_PARTS = ['GatewaysReady', 'HTTPRoutesReady', 'InferencePoolReady', 'SchedulerWorkloadReady'];
/** KServe waits with the route until the Pods are ready. */
const SYMPTOM = /^(?:Predictor|Transformer|Explainer) (?:ingress not created|Deployment NotReady|HTTPRoute not created)$/;

function routeNotReady(service: Service): readonly Finding<Code>[] {
  const condition = routeCondition(service);
  if (condition === undefined || service.stopped || isReconcileFailure(condition)) return [];
  const field = `status.conditions[${condition.type}]`;
  const evidence = [
    evidenceOf(service.ref, `${field}.reason`, condition.reason),
    evidenceOf(service.ref, `${field}.message`, condition.message),
  ];
  const routes = routesOf(service);
  const missing = missingGateway(service, routes, condition);
  if (missing !== undefined) {
    return [
      found('gateway-missing', service.ref, `the Gateway "${missing}" that the route of "${service.ref.name}" names does not exist`, {
        field,
        evidence: [...evidence, ...routes.flatMap(routeEvidence)],
      }),
    ];
  }
  if (/ingress config\b/.test(condition.message)) {
    return [
      refusalFinding({
        text: condition.message,
        object: service.ref,
        field,
        evidence,
        what: `the route of "${service.ref.name}"`,
        otherwise: 'reconcile-failed',
      }),
    ];
  }
  const [route] = routes.filter((one) => listOf(at(one, 'status', 'parents')).length === 0);
  const why = route === undefined ? '' : `; no gateway controller has accepted HTTPRoute ${refOf(route).name}`;
  return [
    found('route-not-ready', service.ref, `the route to "${service.ref.name}" is not ready: ${sentence(conditionText(condition))}${why}`, {
      field,
      evidence: [...evidence, ...routes.flatMap(routeEvidence)],
    }),
  ];
}

/** The route is at fault only where everything before it is ready. */
function routeCondition({ conditions }: Service): Condition | undefined {
  // A reference to what does not exist waits for no Pod.
  const invalid = conditions.find(
    ({ type, reason, status }) => ROUTER_PARTS.includes(type) && reason === 'RefsInvalid' && status === 'False',
  );
  if (invalid !== undefined) return invalid;
  const route = conditions.find(({ type, status }) => ROUTE_CONDITIONS.includes(type) && status === 'False');
  if (route === undefined || SYMPTOM.test(route.reason) || SYMPTOM.test(route.message)) return undefined;
  const earlier = ['PredictorReady', 'TransformerReady', 'ExplainerReady', 'PresetsCombined', 'WorkloadsReady'];
  if (conditions.some(({ type, status }) => earlier.includes(type) && status !== 'True')) return undefined;
  return conditions.find(({ type, status }) => ROUTER_PARTS.includes(type) && status === 'False') ?? route;
}

function routesOf({ facts, ref }: Service): readonly KubeObject[] {
  const isOwn = (route: KubeObject): boolean =>
    listOf(route.metadata.ownerReferences).some((owner) => fieldOf(owner, 'kind') === ref.kind && fieldOf(owner, 'name') === ref.name);
  return facts.list('HTTPRoute', ref.namespace).filter(isOwn);
}

function routeEvidence(route: KubeObject): readonly Evidence[] {
  const parents = listOf(at(route, 'status', 'parents'));
  return [evidenceOf(refOf(route), 'status.parents', parents.length === 0 ? '<none>' : JSON.stringify(parents))];
}

function missingGateway({ facts }: Service, routes: readonly KubeObject[], condition: Condition): string | undefined {
  const [, named] =
    /\bGateway "?([\w./-]+)"? does not exist|non-existent Gateway "?([\w./-]+)|\bgateways?(?:\.gateway\.networking\.k8s\.io)? "?([\w./-]+)"? not found/i
      .exec(condition.message)
      ?.filter((part) => part !== undefined) ?? [];
  if (named !== undefined) return named;
  const parents = routes.flatMap((route) =>
    listOf(at(route, 'spec', 'parentRefs')).map((parent) => ({
      parent,
      namespace: textOf(fieldOf(parent, 'namespace')) ?? namespaceOf(route),
    })),
  );
  const absent = parents.find(
    ({ parent, namespace }) =>
      facts.isComplete('Gateway', namespace) && facts.find('Gateway', namespace, textOf(fieldOf(parent, 'name')) ?? '') === undefined,
  );
  return absent && `${absent.namespace}/${textOf(fieldOf(absent.parent, 'name'))}`;
}

export const ROUTE_CHECKS: readonly Check[] = [
  { name: 'route', codes: ['route-not-ready', 'gateway-missing'], needs: [], run: routeNotReady },
];
