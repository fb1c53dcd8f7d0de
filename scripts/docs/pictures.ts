import { readFileSync } from 'node:fs';
import { readTranscript, terminalPicture } from './terminal-picture.ts';

/** Columns of the terminal in `test/docs/pictures.test.ts`. */
const COLUMNS = 100;

/** Names of golden transcripts, and what the picture shows, for those who do not see it. */
const TITLES: Readonly<Record<string, string>> = {
  doctor: 'kubectl kserve doctor names the root cause of an InferenceService that is not ready: the Secret hf-secret does not exist',
  'rbac-check':
    'kubectl kserve rbac check says which runtimes a ServiceAccount may read, why a RoleBinding does not grant the cluster-scoped ones, and what does',
  'runtimes-match':
    'kubectl kserve runtimes match shows why KServe picks none of three runtimes for an InferenceService, and the one change that helps',
};

/** Pictures of terminals for the README, drawn from golden transcripts: pairs of a file name and an SVG. */
export function pictures(): readonly (readonly [file: string, svg: string])[] {
  return Object.entries(TITLES).map(([name, title]) => {
    const golden = readFileSync(new URL(`../../test/golden/pictures/${name}.txt`, import.meta.url), 'utf8');
    return [`docs/images/${name}.svg`, terminalPicture(readTranscript(golden, COLUMNS), title)];
  });
}
