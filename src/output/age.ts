const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

interface Step {
  /** Used for durations shorter than this many seconds. */
  readonly below: number;
  readonly form: (seconds: number) => string;
}

function whole(seconds: number, unit: number, letter: string): string {
  return `${Math.floor(seconds / unit)}${letter}`;
}

/** `3h1m`, or `3h` if the smaller part is zero. */
function pair(major: number, majorLetter: string, minor: number, minorLetter: string): (seconds: number) => string {
  return (seconds) => {
    const rest = Math.floor((seconds % major) / minor);
    return whole(seconds, major, majorLetter) + (rest === 0 ? '' : `${rest}${minorLetter}`);
  };
}

const STEPS: readonly Step[] = [
  { below: -1, form: () => '<invalid>' },
  { below: 0, form: () => '0s' },
  { below: 2 * MINUTE, form: (seconds) => whole(seconds, 1, 's') },
  { below: 10 * MINUTE, form: pair(MINUTE, 'm', 1, 's') },
  { below: 3 * HOUR, form: (seconds) => whole(seconds, MINUTE, 'm') },
  { below: 8 * HOUR, form: pair(HOUR, 'h', MINUTE, 'm') },
  { below: 2 * DAY, form: (seconds) => whole(seconds, HOUR, 'h') },
  { below: 8 * DAY, form: pair(DAY, 'd', HOUR, 'h') },
  { below: 2 * YEAR, form: (seconds) => whole(seconds, DAY, 'd') },
  { below: 8 * YEAR, form: pair(YEAR, 'y', DAY, 'd') },
];

/** A duration in seconds as kubectl's AGE columns write it (k8s.io/apimachinery/pkg/util/duration, HumanDuration). */
function humanDuration(seconds: number): string {
  const truncated = Math.trunc(seconds);
  const step = STEPS.find(({ below }) => truncated < below);
  return step === undefined ? whole(truncated, YEAR, 'y') : step.form(truncated);
}

/** The age of what was created at `timestamp` (RFC 3339); `<unknown>` if that is absent or no time. */
export function ageOf(timestamp: string | undefined, now: Date): string {
  const created = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  return Number.isNaN(created) ? '<unknown>' : humanDuration((now.getTime() - created) / 1000);
}
