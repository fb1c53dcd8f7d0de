import type { Context } from '../../command/context.ts';
import { CODES, type Code, catalogueEntry, isCode } from '../../domain/doctor/catalogue/catalogue.ts';
import type { CatalogueEntry } from '../../domain/doctor/catalogue/entry.ts';
import { ExitCode, UsageError } from '../../errors.ts';
import { didYouMean } from '../../text/did-you-mean.ts';

/** In the place of a code: all of them. No code is called that. */
const LIST = 'list';
const WIDTH = Math.max(...CODES.map((code) => code.length));

function lineOf(code: Code): string {
  const { severity, title } = catalogueEntry(code);
  return `${code.padEnd(WIDTH)}   ${severity.padEnd('warning'.length)}   ${title}\n`;
}

/** Prints one entry of the catalogue, or a line of each. @throws UsageError if there is no such code */
export function explain({ streams, wrap, programName }: Context, code: string): ExitCode {
  if (code === LIST) {
    streams.out.write(wrap(CODES.map(lineOf).join('')));
    return ExitCode.ok;
  }
  if (!isCode(code)) {
    const near = didYouMean(code, CODES) ?? CODES.find((known) => known.includes(code) || code.includes(known));
    const meant = near === undefined ? '' : `Did you mean "${near}"? `;
    throw new UsageError(`no finding has the code ${JSON.stringify(code)}`, {
      hint: `${meant}${programName} doctor --explain ${LIST} shows all codes.`,
    });
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
