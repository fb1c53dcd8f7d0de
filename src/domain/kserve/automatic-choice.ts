import { type ModelRequest, withModelDefaults } from './model.ts';
import { formatFits, runtimeCandidates } from './runtime-selection.ts';
import type { ServingRuntime } from './serving-runtime.ts';

/** Why KServe does not choose a runtime by itself for a model format that it lists; undefined if it may. */
export type AutomaticObstacle = 'autoSelect' | 'multi-node' | 'ModelMesh';

/** What keeps a runtime from being chosen for a model of one node that names none. `format` is a name, or a name and a version. */
export function automaticObstacle(format: string, runtime: ServingRuntime): AutomaticObstacle | undefined {
  if (runtime.multiModel) return 'ModelMesh';
  if (runtime.multiNode) return 'multi-node';
  return formatFits({ format }, runtime, 'auto') ? undefined : 'autoSelect';
}

/** Whether none of the runtimes is chosen for a model without a protocolVersion, though one would be for another protocol. */
export function failsForUnsetProtocol(modelFormat: string, runtimes: readonly ServingRuntime[]): boolean {
  const request = withModelDefaults(toRequest(modelFormat));
  if (request.protocol !== undefined || runtimeCandidates(request, runtimes).length > 0) return false;
  // An empty protocol asks for none in particular.
  return runtimeCandidates({ ...request, protocol: '' }, runtimes).length > 0;
}

/** `NAME` or `NAME:VERSION`. */
function toRequest(modelFormat: string): ModelRequest {
  const [, format = '', version] = /^([^:]*)(?::(.*))?$/s.exec(modelFormat) ?? [];
  return { format, multiNode: false, ...(version !== undefined && { version }) };
}
