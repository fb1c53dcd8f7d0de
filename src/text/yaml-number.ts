/**
 * Whether YAML 1.1, and so kubectl, may take a plain text for a number though js-yaml does not: `0_8`, `-_1`, `1e_5`, `0o1_7`, `0XE`. Quotes do no harm
 * to more. https://yaml.org/type/int.html
 */
export function isNumberElsewhere(text: string): boolean {
  return /^[-+]?[_.]*\d[\w.+-]*$/.test(text) && /_|^[-+]?0[box]/i.test(text);
}
