/**
 * Whether a version is older than another. False where they cannot be compared: https://github.com/kubernetes/enhancements/issues/5504 makes decimal
 * numbers of all of them.
 */
export function isBefore(version: string, other: string | undefined): boolean {
  if (other === undefined || !isDecimal(version) || !isDecimal(other)) return false;
  return version.length === other.length ? version < other : version.length < other.length;
}

function isDecimal(version: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(version);
}
