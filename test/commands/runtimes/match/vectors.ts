import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';

/** A case that KServe v0.20.0's own code answered. */
export interface Vector {
  readonly id: string;
  readonly servingRuntimes: readonly KubeObject[];
  readonly clusterServingRuntimes: readonly KubeObject[];
  /** As a person writes it. */
  readonly inferenceService: KubeObject;
  readonly expected: {
    readonly mode: 'auto' | 'explicit' | 'no-model';
    readonly format?: string;
    readonly version?: string;
    readonly protocol?: string;
    readonly candidates: readonly string[];
    readonly chosen?: string;
    readonly scope?: 'namespace' | 'cluster';
    readonly failure?: string;
    /** KServe's text. */
    readonly error?: string;
  };
}

const FILE = new URL('../../../fixtures/selection-vectors.jsonl.gz', import.meta.url);

export function readVectors(): readonly Vector[] {
  const lines = gunzipSync(readFileSync(FILE)).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Vector);
}

/** All objects of a case in one list, as a file holds them. */
export function toManifest({ servingRuntimes, clusterServingRuntimes, inferenceService }: Vector): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [inferenceService, ...servingRuntimes, ...clusterServingRuntimes] });
}

interface Match {
  readonly mode: string;
  readonly decision: string;
  readonly modelFormat?: string;
  readonly version?: string;
  readonly protocolVersion?: string;
  readonly candidates: readonly { readonly name: string }[];
  readonly chosen?: { readonly kind: string; readonly name: string };
  readonly failure?: { readonly reason: string; readonly check?: string; readonly event: string };
}

/** The report of `runtimes match -o json` in the form of `expected`. */
export function toExpected(report: string): object {
  const { matches } = JSON.parse(report) as { readonly matches: readonly [Match] };
  const [{ mode, modelFormat, version, protocolVersion, candidates, chosen, failure }] = matches;
  if (mode === 'noModel') return { mode: 'no-model', candidates: [] };
  const isExplicit = mode === 'explicit';
  const fields = {
    mode,
    format: modelFormat,
    version,
    protocol: protocolVersion,
    candidates: candidates.map(({ name }) => name),
    chosen: chosen?.name,
    scope: isExplicit && chosen !== undefined ? (chosen.kind === 'ServingRuntime' ? 'namespace' : 'cluster') : undefined,
    failure: failure && (isExplicit && failure.check !== undefined ? `${failure.reason}/${failure.check}` : failure.reason),
    error: failure?.reason === 'RuntimeNotRecognized' ? failure.event : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
