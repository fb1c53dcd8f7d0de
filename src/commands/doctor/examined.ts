import type { Report } from '../../domain/doctor/report.ts';
import type { Target } from './request.ts';

/** What came of looking. */
export interface Examined {
  readonly report: Report;
  /** Named, and surely not there. */
  readonly missing: readonly Target[];
  /** The time from which ages count. */
  readonly now: Date;
}
