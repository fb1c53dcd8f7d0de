import type { Finding } from '../../domain/finding.ts';
import type { ExitCode } from '../../errors.ts';

/** Values of `-o` that CI systems read. @internal for tests */
export const CI_FORMATS = ['github', 'junit', 'sarif'] as const;
export type CiFormat = (typeof CI_FORMATS)[number];

export function isCiFormat(format: string): format is CiFormat {
  return CI_FORMATS.some((one) => one === format);
}

/** What a CI system is told; every format is written from it. */
export interface CiReport {
  /** Such as `doctor`. */
  readonly command: string;
  readonly version: string;
  readonly exitCode: ExitCode;
  /** All that was looked at, whether something was found or not. */
  readonly suites: readonly CiSuite[];
  /** Of every severity. */
  readonly findings: readonly Finding[];
  /** What makes the answer less than whole, or a "no" that is no finding: never left out, or a report of nothing but refusals would be green. */
  readonly problems: readonly CiProblem[];
  /** What was looked for and not found, in a sentence; only where that is known. */
  readonly empty?: string | undefined;
}

export interface CiSuite {
  readonly name: string;
  readonly cases: readonly CiCase[];
}

/** One question to one object. */
export interface CiCase {
  readonly name: string;
  /** Those that make it fail. */
  readonly findings: readonly Finding[];
  /** Why the question has no answer. */
  readonly unknown?: string | undefined;
  /** What is worth saying all the same. */
  readonly notes?: readonly string[];
}

export interface CiProblem {
  /** What it is about, such as `Pods` or the name of a service. */
  readonly name: string;
  readonly code: 'not-found' | 'not-read' | 'undecided' | 'timed-out' | 'failed';
  /** A sentence without a full stop. */
  readonly message: string;
  /** `warning`: as the user asked, such as what `--offline` leaves out. */
  readonly severity: 'error' | 'warning';
}

/** Each format is loaded only where it is asked for. */
export async function ciText(report: CiReport, format: CiFormat): Promise<string> {
  switch (format) {
    case 'junit':
      return (await import('./junit.ts')).junitReport(report);
    case 'sarif':
      return (await import('./sarif.ts')).sarifReport(report);
    case 'github':
      return (await import('./github.ts')).githubReport(report);
  }
}
