import type { Context } from '../../command/context.ts';
import { CODES, catalogueEntry, isCode } from '../../domain/doctor/catalogue/catalogue.ts';
import type { CatalogueEntry } from '../../domain/doctor/catalogue/entry.ts';
import { ExitCode, UsageError } from '../../errors.ts';
import { didYouMean } from '../../text/did-you-mean.ts';

/** Prints one entry of the catalogue. @throws UsageError if there is no such code */
export function explain({ streams, wrap }: Context, code: string): ExitCode {
  if (!isCode(code)) {
    const near = didYouMean(code, CODES);
    const hint = near === undefined ? 'docs/findings.md lists all codes.' : `Did you mean "${near}"?`;
    throw new UsageError(`no finding has the code ${JSON.stringify(code)}`, { hint });
  }
  streams.out.write(wrap(explanation(code, catalogueEntry(code))));
  return ExitCode.ok;
}

const REPOSITORY = 'https://github.com/kserve/kserve/issues/';

export function referenceUrl(reference: number | string): string {
  return typeof reference === 'number' ? `${REPOSITORY}${reference}` : reference;
}

/** One entry of the catalogue, as `doctor --explain` shows it. */
function explanation(code: string, { title, severity, why, fix, since, references }: CatalogueEntry): string {
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
