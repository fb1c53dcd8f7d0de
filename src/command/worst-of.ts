import { ExitCode } from '../errors.ts';

/** Worst first: a determined "no" outranks "partial", and nothing outranks misuse (docs/exit-codes.md). */
const RANK: readonly ExitCode[] = [
  ExitCode.misuse,
  ExitCode.interrupted,
  ExitCode.terminated,
  ExitCode.timedOut,
  ExitCode.undetermined,
  ExitCode.no,
  ExitCode.partial,
  ExitCode.ok,
];

/** The one code that several outcomes add up to. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return RANK.find((code) => codes.includes(code)) ?? ExitCode.ok;
}
