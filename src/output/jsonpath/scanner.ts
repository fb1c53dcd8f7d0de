/** A template while it is read. Characters are Unicode's. */
export interface Scanner {
  readonly text: string;
  at: number;
}

/** The character that comes next, or an empty text at the end. */
export function peek({ text, at }: Scanner): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

/** The same, and goes on. */
export function next(scanner: Scanner): string {
  const character = peek(scanner);
  scanner.at += character.length;
  return character;
}

/** Takes characters as long as they fit. */
export function takeWhile(scanner: Scanner, fits: (character: string) => boolean): string {
  const start = scanner.at;
  for (let character = peek(scanner); character !== '' && fits(character); character = peek(scanner)) scanner.at += character.length;
  return scanner.text.slice(start, scanner.at);
}
