import { fileURLToPath } from 'node:url';

const file = (name: string) => fileURLToPath(new URL(`../fixtures/templates/${name}`, import.meta.url));

/** What kubectl wrote for templates over a list of runtimes: the list, and a line of JSON for each. */
export const RECORDED = { list: file('list.json'), answers: file('answers.jsonl') } as const;

export interface RecordedAnswer {
  readonly template: string;
  readonly stdout?: string;
  /** Absent where there is an answer, and where kubectl crashed. */
  readonly error?: string;
}
