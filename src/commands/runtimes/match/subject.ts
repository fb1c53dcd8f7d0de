import type { KubeObject } from '../../../domain/kubernetes/resource.ts';
import type { SourcePlace } from '../../../text/source-place.ts';
import type { ServiceKind } from './request.ts';

/** Where an InferenceService comes from. */
type Source = ({ readonly from: 'file' } & SourcePlace) | { readonly from: 'cluster' } | { readonly from: 'flags' };

/** What a runtime is looked for. */
export interface Subject {
  readonly kind: ServiceKind;
  readonly namespace: string;
  /** Absent: it is only described by flags. */
  readonly name?: string | undefined;
  readonly source: Source;
  /** Absent for what was not read because nothing in it matters. */
  readonly object?: KubeObject | undefined;
  /** A manifest still gets the defaults of KServe's webhook. */
  readonly origin: 'manifest' | 'stored';
}
