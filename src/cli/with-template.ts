import { describeFileError } from '../documents/file-error.ts';
import { readFileOrOpenPipe } from '../documents/read-file.ts';
import { type ExitCode, InputError } from '../errors.ts';
import { type TemplateOutput, templateText, toTemplateOutput } from '../output/jsonpath/output.ts';
import { parseExactly } from '../text/raw-json.ts';
import type { CliHost } from './cli-host.ts';
import type { Run } from './run.ts';

type Execute = (run: Run, host: CliHost, given?: { readonly template: TemplateOutput }) => Promise<ExitCode>;

/** Runs a command whose `-o` says what to show of a document; it may apply that itself. Nothing is sent before the template is read. */
export async function executeWithTemplate(run: Run, host: CliHost, execute: Execute, appliesTemplate: boolean): Promise<ExitCode> {
  const { values } = run;
  const template = await toTemplateOutput(String(values.output), (file) => readText(file, host));
  if (appliesTemplate) return execute(run, host, { template });
  const { out } = host.streams;
  const written: string[] = [];
  const collected = { write: (text: string) => void written.push(text), isTTY: false, columns: undefined };
  const code = await execute({ ...run, values: { ...values, output: 'json' } }, { ...host, streams: { ...host.streams, out: collected } });
  if (written.length === 0) return code;
  const options = {
    headers: values.noHeaders !== true,
    allowMissingKeys: values.allowMissingTemplateKeys !== false,
    isTerminal: out.isTTY,
  };
  for (const text of templateText(template, parseExactly(written.join('')), options)) out.write(text);
  return code;
}

async function readText(file: string, { signal }: CliHost): Promise<string> {
  try {
    return (await readFileOrOpenPipe(file, signal)).toString();
  } catch (error) {
    throw new InputError(describeFileError(error, file), { cause: error });
  }
}
