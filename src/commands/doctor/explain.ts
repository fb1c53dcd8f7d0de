import type { CatalogueEntry } from '../../domain/doctor/catalogue/entry.ts';

const REPOSITORY = 'https://github.com/kserve/kserve/issues/';

export function referenceUrl(reference: number | string): string {
  return typeof reference === 'number' ? `${REPOSITORY}${reference}` : reference;
}

/** One entry of the catalogue, as `doctor --explain` shows it. */
export function explanation(code: string, { title, severity, why, fix, since, references }: CatalogueEntry): string {
  const lines = [
    `${code} (${severity})`,
    title,
    '',
    `Why it happens: ${why}`,
    `How to fix it:  ${fix}`,
    ...(since === undefined ? [] : [`Since:          KServe ${since}`]),
    ...(references.length === 0 ? [] : ['See:', ...references.map((reference) => `  ${referenceUrl(reference)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}
