import type { Finding, FindingObject, Severity } from '../finding.ts';
import { effectivePriority } from './runtime-selection.ts';
import { lowestProtocol, modelFormatText, protocolRank, type ServingRuntime } from './serving-runtime.ts';

/** What can be wrong with a runtime, whoever asks for it. */
type RuntimeCode =
  | 'runtime-malformed'
  | 'runtime-without-container'
  | 'runtime-without-image'
  | 'runtime-wildcard-version'
  | 'runtime-differing-priorities'
  | 'runtime-same-name'
  | 'runtime-same-rank'
  | 'runtime-entry-not-auto-selectable';

export type RuntimeFinding = Finding<RuntimeCode>;

/** What is wrong with a runtime or will surprise, worst first. `others` are those that were read of both scopes. */
export function runtimeFindings(runtime: ServingRuntime, others: readonly ServingRuntime[]): readonly RuntimeFinding[] {
  return [
    ...malformed(runtime),
    ...withoutContainer(runtime),
    ...withoutImage(runtime),
    ...wildcardVersions(runtime),
    ...differingPriorities(runtime),
    ...sameName(runtime, others),
    ...sameRank(runtime, others),
    ...notAutoSelectable(runtime),
  ];
}

function finding(
  runtime: ServingRuntime,
  code: RuntimeCode,
  severity: Severity,
  field: string | undefined,
  value: string,
  texts: { readonly message: string; readonly fix: string },
): RuntimeFinding {
  const object = toObject(runtime);
  const evidence = field === undefined ? [] : [{ object, field, value }];
  return { code, severity, object, field, message: texts.message, evidence, fix: { text: texts.fix } };
}

function toObject({ scope, namespace, name }: ServingRuntime): FindingObject {
  return scope === 'cluster' ? { kind: 'ClusterServingRuntime', name } : { kind: 'ServingRuntime', namespace, name };
}

function malformed(runtime: ServingRuntime): readonly RuntimeFinding[] {
  return runtime.malformed.map(({ field, value, wanted }) =>
    finding(runtime, 'runtime-malformed', 'error', field, value, {
      message: `${field} is ${value}, not ${wanted}: KServe cannot read this runtime, nor the list that it is in`,
      fix: wanted === 'a string' ? `put ${value} into quotes` : `make it ${wanted}`,
    }),
  );
}

function withoutContainer(runtime: ServingRuntime): readonly RuntimeFinding[] {
  if (runtime.multiModel || runtime.containerNames.includes('kserve-container')) return [];
  const names = runtime.containerNames.join(', ') || 'no containers';
  return [
    finding(runtime, 'runtime-without-container', 'error', 'spec.containers', names, {
      message: `no container is named kserve-container (there are: ${names}), so KServe cannot deploy a model with this runtime`,
      fix: 'name the container of the model server kserve-container',
    }),
  ];
}

/** An InferenceService may bring one. */
function withoutImage(runtime: ServingRuntime): readonly RuntimeFinding[] {
  if (!runtime.containerNames.includes('kserve-container') || (runtime.image ?? '') !== '') return [];
  return [
    finding(runtime, 'runtime-without-image', 'warning', 'spec.containers[kserve-container].image', '<unset>', {
      message:
        'the container kserve-container has no image: only InferenceServices that set spec.predictor.model.image can use this runtime',
      fix: 'set the image of the container kserve-container',
    }),
  ];
}

function entryField(index: number, name: string): string {
  return `spec.supportedModelFormats[${index}].${name}`;
}

function wildcardVersions(runtime: ServingRuntime): readonly RuntimeFinding[] {
  return runtime.supportedModelFormats.flatMap(({ name, version }, index) =>
    version === '*'
      ? [
          finding(runtime, 'runtime-wildcard-version', 'warning', entryField(index, 'version'), version, {
            message: `version "*" of ${name} is compared as it stands: it is no wildcard`,
            fix: 'list the versions that the server takes, one in each entry',
          }),
        ]
      : [],
  );
}

/** Only the first entry of a name counts. */
function differingPriorities(runtime: ServingRuntime): readonly RuntimeFinding[] {
  const byName = Map.groupBy(runtime.supportedModelFormats, ({ name }) => name);
  return [...byName].flatMap(([name, entries]) => {
    const priorities = new Set(entries.map(({ priority }) => priority ?? 'none'));
    if (priorities.size < 2) return [];
    const value = [...priorities].join(', ');
    return [
      finding(runtime, 'runtime-differing-priorities', 'warning', 'spec.supportedModelFormats', value, {
        message: `the entries of ${name} have different priorities (${value}): KServe takes that of the first, ${entries[0]?.priority ?? 'none'}, for all`,
        fix: `give all entries of ${name} the same priority`,
      }),
    ];
  });
}

function sameName(runtime: ServingRuntime, others: readonly ServingRuntime[]): readonly RuntimeFinding[] {
  const same = others.filter(({ scope, name }) => name === runtime.name && scope !== runtime.scope);
  const [other] = same;
  if (other === undefined) return [];
  const message =
    runtime.scope === 'namespace'
      ? `it hides the ClusterServingRuntime ${runtime.name} from InferenceServices of ${runtime.namespace} that name it`
      : `a ServingRuntime of the same name hides it from InferenceServices that name it in ${same.map(({ namespace }) => namespace).join(', ')}`;
  return [
    finding(runtime, 'runtime-same-name', 'warning', 'metadata.name', runtime.name, { message, fix: 'give the two different names' }),
  ];
}

/** Each is looked for among those of all rivals; no server knows as many. */
const MOST_FORMATS = 1000;

function sameRank(runtime: ServingRuntime, others: readonly ServingRuntime[]): readonly RuntimeFinding[] {
  if (runtime.disabled || runtime.multiModel) return [];
  const rivals = others.filter((other) => isRival(runtime, other));
  const formats = [...new Set(runtime.supportedModelFormats.filter(({ autoSelect }) => autoSelect).map(({ name }) => name))];
  return formats.slice(0, MOST_FORMATS).flatMap((format) => {
    const same = rivals.filter(
      (other) => selects(other, format) && effectivePriority(format, other) === effectivePriority(format, runtime),
    );
    if (same.length === 0) return [];
    const names = same.map(({ name }) => name).join(', ');
    const priority = effectivePriority(format, runtime);
    return [
      finding(runtime, 'runtime-same-rank', 'warning', 'spec.supportedModelFormats', String(priority ?? 'none'), {
        message: `for ${format} it has the same rank as ${names} (priority ${priority ?? 'none'}, lowest protocol ${lowestProtocol(runtime) ?? 'none'}): the newest is chosen, and any newer one will take over`,
        fix: `give one of them a higher priority for ${format}`,
      }),
    ];
  });
}

/** Whether only priority, age and name are between two runtimes that fit the same model. */
function isRival(runtime: ServingRuntime, other: ServingRuntime): boolean {
  return (
    other !== runtime &&
    other.scope === runtime.scope &&
    other.namespace === runtime.namespace &&
    other.name !== runtime.name &&
    !other.disabled &&
    !other.multiModel &&
    other.multiNode === runtime.multiNode &&
    rankOf(other) === rankOf(runtime)
  );
}

function rankOf(runtime: ServingRuntime): number {
  return protocolRank(lowestProtocol(runtime) ?? '');
}

function selects({ supportedModelFormats }: ServingRuntime, format: string): boolean {
  return supportedModelFormats.some(({ name, autoSelect }) => autoSelect && name === format);
}

function notAutoSelectable(runtime: ServingRuntime): readonly RuntimeFinding[] {
  const manual = runtime.supportedModelFormats.filter(({ autoSelect }) => !autoSelect).map(modelFormatText);
  if (manual.length === 0) return [];
  return [
    finding(runtime, 'runtime-entry-not-auto-selectable', 'info', 'spec.supportedModelFormats', manual.join(), {
      message: `autoSelect is not set for ${manual.join(', ')}: only InferenceServices that name this runtime get it`,
      fix: 'set autoSelect to true where KServe may choose it',
    }),
  ];
}
