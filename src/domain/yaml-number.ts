const NUMBER_ELSEWHERE = /^[-+.]?\d(?:\w*_|[bo])[\w.+-]*$/i;

/**
 * Whether YAML 1.1, and so kubectl, may take a plain text for a number though js-yaml does not: `0_8`, `1e_5`, `0o1_7`. Quotes do no harm to more.
 * https://yaml.org/type/int.html
 */
export function isNumberElsewhere(text: string): boolean {
  return NUMBER_ELSEWHERE.test(text);
}
