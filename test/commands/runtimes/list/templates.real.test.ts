import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { escapeLines } from '../../../../src/text/escape.ts';
import { fixtureObjects } from '../../../../tools/fixtures.ts';
import { randomTemplate } from '../../../output/jsonpath/random-template.ts';
import { TEMPLATES } from '../../../output/jsonpath/templates.ts';
import { type BesideKubectl, besideKubectl, inTurns } from '../../../support/beside-kubectl.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { oddRuntimes } from '../../../support/odd-runtimes.ts';
import { random } from '../../../support/random.ts';
import { RECORDED } from '../../../support/recorded-templates.ts';

const BOTH = 'servingruntimes,clusterservingruntimes';
const MINUTES = 60_000;

/** Answers that chance has no part in, and that are no crash. */
function isRecorded(template: string): boolean {
  return template !== '' && !/\.\.|\.\*|managedFields|\.metadata\}|@\}|\$\}|\{ *\}/.test(template);
}

/** The fault in kubectl's own words. */
function errorIn(stderr: string): string | undefined {
  const executed = /Error executing template: (.*?)\. Printing more/s.exec(stderr)?.[1];
  if (executed !== undefined) return / is not array or slice and cannot be filtered$/.exec(executed)?.[0] ?? executed;
  return /error parsing jsonpath ([\s\S]*)\n$/.exec(stderr)?.[1];
}

/** Go goes through a map by chance: what a template finds there has no order. */
function hasOrder(template: string): boolean {
  return !/\.\*|\.\./.test(template);
}

function inOrder(template: string, text: string): string {
  return hasOrder(template) ? text : [...text].sort().join('');
}

const MESSAGE = /^error: (?:error executing jsonpath (?:"(?:[^"\\]|\\.)*"): )?([\s\S]*?)\nSee '/;

/** What differs, as a text; undefined if nothing does. */
function difference(template: string, both: BesideKubectl): string | undefined {
  const { kubectl, ours } = both;
  if (kubectl.code === 0 ? isSameAnswer(template, both) : isSameRefusal(template, both)) return undefined;
  const shown = ({ code, stdout, stderr }: BesideKubectl['ours']) =>
    `${code} ${JSON.stringify(stdout.slice(0, 300))} ${JSON.stringify(stderr.slice(0, 300))}`;
  return `${JSON.stringify(template)}\n  kubectl ${shown(kubectl)}\n  ours    ${shown(ours)}`;
}

function isSameAnswer(template: string, { kubectl, ours }: BesideKubectl): boolean {
  return ours.code === 0 && ours.stderr === kubectl.stderr && inOrder(template, ours.stdout) === inOrder(template, kubectl.stdout);
}

/** Our code for what cannot be meant is 2, and objects are not shown with it: where kubectl shows one as what it cannot filter, we name its type. */
function isSameRefusal(template: string, { kubectl, ours }: BesideKubectl): boolean {
  const [, message = ''] = MESSAGE.exec(ours.stderr) ?? [];
  if (ours.code !== 2 || ours.stdout !== kubectl.stdout || message === '') return false;
  if (isPanic(kubectl) || !hasOrder(template)) return true;
  const [unfiltered] = / is not array or slice and cannot be filtered$/.exec(message) ?? [];
  return escapeLines(kubectl.stderr).includes(unfiltered ?? message);
}

/** client-go falls over a path that goes on behind nothing. */
function isPanic({ stderr }: BesideKubectl['kubectl']): boolean {
  return stderr.startsWith('panic: ') || stderr.includes('\npanic: ');
}

describeReal('templates of runtimes list, beside kubectl', (plane) => {
  let namespace = '';
  before(async () => {
    namespace = await plane().createNamespace('templates');
    await plane().admin.apply(...oddRuntimes(namespace));
  });
  after(async () => {
    await plane().admin.delete(...fixtureObjects('runtimes').filter(({ kind }) => kind === 'ClusterServingRuntime'));
  });

  const differences = async (templates: readonly string[], format: string, flags: readonly string[] = []) => {
    const found = await inTurns(templates, async (template) => {
      const words = ['-n', namespace, '-o', `${format}=${template}`, ...flags];
      const both = { kubectl: ['get', BOTH, ...words], ours: ['runtimes', 'list', ...words] };
      return template === '' ? undefined : difference(template, await besideKubectl(plane(), both));
    });
    return found.filter((one) => one !== undefined);
  };
  const agree = async (templates: readonly string[], format: string, flags?: readonly string[]) => {
    const found = await differences(templates, format, flags);
    assert.equal(found.length, 0, `${found.length} of ${templates.length} differ:\n${found.slice(0, 20).join('\n')}`);
  };

  it(`writes what kubectl writes for ${TEMPLATES.length} templates`, async function () {
    this.timeout(20 * MINUTES);
    assert.ok(TEMPLATES.length >= 300);
    await agree(TEMPLATES, 'jsonpath');
  });

  it('writes the same JSON', async function () {
    this.timeout(20 * MINUTES);
    await agree(
      TEMPLATES.filter((_, index) => index % 4 === 0),
      'jsonpath-as-json',
    );
  });

  it('finds the same fields missing', async function () {
    this.timeout(20 * MINUTES);
    await agree(
      TEMPLATES.filter((_, index) => index % 6 === 1),
      'jsonpath',
      ['--allow-missing-template-keys=false'],
    );
  });

  it('writes what kubectl writes for templates made by chance', async function () {
    this.timeout(20 * MINUTES);
    const source = random(Number(process.env.TEMPLATE_SEED ?? 16));
    await agree(
      Array.from({ length: Number(process.env.TEMPLATES ?? 200) }, () => randomTemplate(source)),
      'jsonpath',
    );
  });

  // The fast tests hold the engine to these answers: test/output/jsonpath/template.test.ts.
  it('has its answers recorded', async function () {
    if (process.env.UPDATE_GOLDEN !== '1') this.skip();
    this.timeout(20 * MINUTES);
    const list = await plane().kubectl('admin', ['get', BOTH, '-n', namespace, '-o', 'json']);
    const answers = await inTurns(TEMPLATES.filter(isRecorded), async (template) => {
      const { code, stdout, stderr } = await plane().kubectl('admin', ['get', BOTH, '-n', namespace, '-o', `jsonpath=${template}`]);
      return JSON.stringify({ template, ...(code === 0 ? { stdout } : { error: errorIn(stderr) }) });
    });
    writeFileSync(RECORDED.list, list.stdout);
    writeFileSync(RECORDED.answers, `${answers.join('\n')}\n`);
  });
});
