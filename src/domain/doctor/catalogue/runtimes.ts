import type { CatalogueEntry } from './entry.ts';

/** What `runtimes describe` finds: these codes are those of `kserve/runtime-findings.ts`. */
export const RUNTIMES = {
  'runtime-malformed': {
    title: 'A field of the runtime has the wrong type',
    severity: 'error',
    why: 'A CRD without a schema stores any value. KServe cannot read such a runtime, nor the list of runtimes that it is in.',
    fix: 'Correct the field that the finding names.',
    references: [],
  },
  'runtime-without-image': {
    title: 'The container of the model server has no image',
    severity: 'warning',
    why: 'KServe takes the image of kserve-container from the runtime, unless the InferenceService sets one. Without any, the API server refuses the Deployment.',
    fix: 'Set the image of the container kserve-container.',
    references: [],
  },
  'runtime-wildcard-version': {
    title: 'A model format has the version "*"',
    severity: 'warning',
    why: 'KServe compares versions as text: "*" is no wildcard and fits no other version.',
    fix: 'List the versions that the server takes, each in an entry of its own.',
    references: [],
  },
  'runtime-differing-priorities': {
    title: 'Entries of one model format have different priorities',
    severity: 'warning',
    why: 'KServe takes the priority of the first entry of a format for all entries of that name.',
    fix: 'Give all entries of the format the same priority.',
    references: [],
  },
  'runtime-same-name': {
    title: 'A ServingRuntime and a ClusterServingRuntime have the same name',
    severity: 'warning',
    why: 'An InferenceService that names the runtime gets the one of its namespace.',
    fix: 'Give the two different names.',
    references: [],
  },
  'runtime-same-rank': {
    title: 'Two runtimes have the same rank for a model format',
    severity: 'warning',
    why: 'Priority and protocol are the same, so KServe chooses the newest: a runtime that is added later takes over.',
    fix: 'Give one of them a higher priority for the format.',
    references: [],
  },
  'runtime-entry-not-auto-selectable': {
    title: 'KServe does not choose the runtime for a model format by itself',
    severity: 'info',
    why: 'The entry of the format has no autoSelect: true, so only InferenceServices that name the runtime use it.',
    fix: 'Set autoSelect: true in the entry, or name the runtime in spec.predictor.model.runtime.',
    references: [4464],
  },
} as const satisfies Record<string, CatalogueEntry>;
