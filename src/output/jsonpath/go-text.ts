import { entriesOf, integerOf, kindOf, numberOf } from './go-value.ts';

/** As `fmt.Sprint`: `map[a:1 b:[x y]]`, `<nil>`. https://pkg.go.dev/fmt */
export function goText(value: unknown): string {
  switch (kindOf(value)) {
    case 'invalid':
    case 'nil':
      return '<nil>';
    case 'list':
      return `[${(value as readonly unknown[]).map(goText).join(' ')}]`;
    case 'map':
      return `map[${entriesOf(value)
        .map(([key, field]) => `${key}:${goText(field)}`)
        .join(' ')}]`;
    default:
      return scalarText(value);
  }
}

/** The text of a value that is neither list nor map nor nil. */
export function scalarText(value: unknown): string {
  switch (kindOf(value)) {
    case 'int':
    case 'uint':
      return String(integerOf(value));
    case 'float':
      return floatText(numberOf(value));
    default:
      return String(value);
  }
}

/** As `%v`: with an exponent of two digits at least below -4 and from 6 on. https://pkg.go.dev/strconv#FormatFloat */
function floatText(number: number): string {
  const [digits = '', exponent = ''] = number.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(number);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
