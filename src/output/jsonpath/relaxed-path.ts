import { TemplateError } from './node.ts';
import { type Template, toTemplate } from './template.ts';

const PATH = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/**
 * A path as columns and `--sort-by` take it: `metadata.name`, `.metadata.name`, `{.metadata.name}`.
 * https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/get/customcolumn.go
 * @throws TemplateError
 */
export function relaxedPath(text: string): Template {
  if (text === '') return toTemplate('');
  const [, braced, bare] = PATH.exec(text) ?? [];
  const path = braced ?? bare;
  if (path === undefined) {
    throw new TemplateError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'");
  }
  return toTemplate(`{.${path}}`);
}
