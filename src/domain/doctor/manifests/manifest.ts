import type { SourcePlace } from '../../../text/source-place.ts';
import type { Evidence, Finding, Fix, Severity } from '../../finding.ts';
import { textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { type FieldPath, jsonText, pathText } from '../../kubernetes/schema/violation.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found } from '../check.ts';
import type { Facts } from '../facts.ts';
import { at, refOf } from '../service.ts';
import type { Judgement } from './judgement.ts';

/** An object of a file that is not applied yet. */
export interface Manifest {
  readonly object: KubeObject;
  readonly placeOf: (path: FieldPath) => SourcePlace;
}

/** A manifest, all that lies beside it, and what was read of the cluster. */
export interface ManifestFacts extends Judgement {
  readonly manifest: Manifest;
  readonly all: readonly Manifest[];
  /** Of the cluster and the files together. */
  readonly facts: Facts;
  /** Where an object without a namespace goes. */
  readonly namespace: string;
}

export type ManifestRule = (facts: ManifestFacts) => readonly Finding<Code>[];

interface Options {
  readonly severity?: Severity | undefined;
  readonly fix?: Fix | undefined;
  readonly evidence?: readonly Evidence[] | undefined;
}

/** A finding about a field of a manifest, with the place of the field. */
export function foundAt(
  code: Code,
  { manifest }: ManifestFacts,
  path: FieldPath,
  message: string,
  { severity, fix, evidence }: Options = {},
): Finding<Code> {
  const ref = refOf(manifest.object);
  const value = at(manifest.object, ...path.map(String));
  const field = shortened(pathText(path));
  const own = evidenceOf(ref, field, textOf(value) ?? (value === undefined ? '<unset>' : jsonText(value)));
  const { fix: usual, ...finding } = found(code, ref, message, { field, evidence: evidence ?? [own], severity, fix });
  // That the field is to be corrected goes without saying.
  const isPlain = code === 'invalid-manifest' && fix === undefined;
  return { ...finding, ...(isPlain ? {} : { fix: usual }), source: manifest.placeOf(path) };
}

/** A key of a file may be megabytes. */
const LONGEST_PATH = 1000;

function shortened(path: string): string {
  return path.length <= LONGEST_PATH ? path : `${path.slice(0, LONGEST_PATH)}…`;
}
