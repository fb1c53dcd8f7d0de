import { invalidValue, requiredValue, type Violation } from '../../kubernetes/schema/violation.ts';
import { isSet, items, numberAt, type Part, part, textAt } from './read.ts';

function invalid(at: Part, detail: string): Violation {
  return invalidValue(at.path, at.value ?? null, detail);
}

/** What KServe refuses of the router of an LLMInferenceService: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1alpha2/llm_inference_service_validation.go */
export function llmRouterRefusals(router: Part, version: string): readonly Violation[] {
  return [...routeRefusals(router, version), ...trafficRefusals(router), ...schedulerRefusals(part(router, 'scheduler'))];
}

function routeRefusals(router: Part, version: string): readonly Violation[] {
  const [http, gateway] = [part(router, 'route', 'http'), part(router, 'gateway')];
  const [refs, spec] = [part(http, 'refs'), part(http, 'spec')];
  const hasRefs = items(refs).length > 0;
  const gatewayRefs = items(part(gateway, 'refs'));
  const both =
    "unsupported configuration: cannot use both custom HTTPRoute refs ('spec.router.route.http.refs') and an inline route spec ('spec.router.route.http.spec'); choose one";
  const managed =
    "unsupported configuration: custom HTTP routes ('spec.router.route.http.refs') cannot be used with a managed gateway ('spec.router.gateway'); either remove 'spec.router.route.http.refs' or set 'spec.router.gateway.refs'";
  return [
    ...(hasRefs && isSet(spec) ? [invalid(http, both)] : []),
    ...(hasRefs && isSet(gateway) && gatewayRefs.length === 0 ? [invalid(refs, managed)] : []),
    ...parentRefusals(spec, gatewayRefs, version),
  ];
}

function parentRefusals(spec: Part, gatewayRefs: readonly Part[], version: string): readonly Violation[] {
  const parents = items(part(spec, 'parentRefs'));
  if (parents.length === 0 || gatewayRefs.length === 0) return [];
  const keys = (list: readonly Part[]): string =>
    list
      .map((ref) => JSON.stringify(['namespace', 'name', 'sectionName'].map((field) => textAt(ref, field))))
      .toSorted()
      .join();
  // Up to v1alpha1 even the same ones were refused.
  if (version !== 'v1alpha1' && keys(parents) === keys(gatewayRefs)) return [];
  const how =
    version === 'v1alpha1'
      ? "managed HTTP route spec ('spec.router.route.http.spec') cannot be used with custom gateway refs ('spec.router.gateway.refs')"
      : "managed HTTP route spec ('spec.router.route.http.spec') has parentRefs that conflict with custom gateway refs ('spec.router.gateway.refs')";
  const fix = "either remove 'spec.router.gateway.refs' or 'spec.router.route.http.spec.parentRefs'";
  return [invalid(spec, `unsupported configuration: ${how}; ${fix}`)];
}

function trafficRefusals(router: Part): readonly Violation[] {
  const route = part(router, 'route');
  const [group, weight] = [part(route, 'group'), part(route, 'weight')];
  if (!isSet(group) && !isSet(weight)) return [];
  if (isSet(part(router, 'ingress'))) {
    const detail = 'traffic splitting requires Gateway API routing; the controller manages HTTPRoutes, not Ingress resources';
    return [invalidValue(group.path, textAt(group), detail)];
  }
  if (!isSet(group)) return [requiredValue(group.path, 'weight requires group')];
  if (!isSet(weight)) return [requiredValue(weight.path, 'group requires weight')];
  const detail =
    'traffic splitting cannot be used with custom HTTPRoute refs; controller-managed routes (route.http.spec or route.http: {}) are required';
  return items(part(route, 'http', 'refs')).length > 0 ? [invalid(group, detail)] : [];
}

const SHORTEST_CONFIG = 3;

/** The same for an LLMInferenceService and for a configuration of it. */
export function schedulerRefusals(scheduler: Part): readonly Violation[] {
  const replicas = part(scheduler, 'replicas');
  const config = part(scheduler, 'config');
  const count = numberAt(replicas);
  const few = count !== undefined && count <= 0 ? [invalid(replicas, 'scheduler replicas must be greater than zero')] : [];
  return [...few, ...(isSet(config) ? configRefusals(config) : [])];
}

function configRefusals(config: Part): readonly Violation[] {
  const [inline, ref] = [part(config, 'inline'), part(config, 'ref')];
  const isShort = isSet(inline) && JSON.stringify(inline.value).length < SHORTEST_CONFIG;
  return [
    ...(isSet(inline) || isSet(ref) ? [] : [invalid(config, 'either inline or ref is required')]),
    ...(isSet(inline) && isSet(ref) ? [invalid(config, 'both inline and ref are set, either specify inline or ref')] : []),
    ...(isShort ? [invalid(inline, 'inline configuration is invalid')] : []),
    ...(isSet(ref) && textAt(ref, 'name') === '' ? [invalid(part(ref, 'name'), 'name is empty')] : []),
  ];
}
