/** How Windows takes a command line apart, written from its documentation and not from our code. */

/** Whether two quotes inside a quoted part end it (Go, CommandLineToArgvW, C libraries before 2008) or do not (today's). */
export type DoubledQuotes = 'end' | 'stay';

/** The arguments that a program finds in the text after its own name: https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments */
export function argumentsOf(text: string, doubled: DoubledQuotes): readonly string[] {
  const found: string[] = [];
  let argument: string | undefined;
  let isQuoted = false;
  let closedAt = -1;
  const readQuote = (backslashes: number, index: number): string => {
    if (backslashes % 2 === 1) return '"';
    const isSecond = backslashes === 0 && index === closedAt;
    isQuoted = isSecond ? doubled === 'stay' : !isQuoted;
    closedAt = isQuoted || isSecond ? -1 : index + backslashes + 1;
    return isSecond ? '"' : '';
  };
  for (const { 0: piece, index } of text.matchAll(/\\*"|\\+|[ \t]|[^\\" \t]+/g)) {
    if (/[ \t]/.test(piece) && !isQuoted) {
      if (argument !== undefined) found.push(argument);
      argument = undefined;
    } else if (piece.endsWith('"')) {
      const backslashes = piece.length - 1;
      argument = `${argument ?? ''}${'\\'.repeat(backslashes >> 1)}${readQuote(backslashes, index)}`;
    } else argument = `${argument ?? ''}${piece}`;
  }
  return argument === undefined ? found : [...found, argument];
}

/**
 * What `cmd.exe /s /c` runs: the text of each command of a line. Throws for what ends in anything but plain commands, such as redirections.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/cmd
 */
export function commandsOf(line: string, variables: Readonly<Record<string, string>>): readonly string[] {
  const inner = /^"(.*)"/s.exec(line)?.[1];
  if (inner === undefined) throw new Error('/s takes the first and the last quote away: there are none');
  return split(expand(inner, variables));
}

/** The commands of the line `words %*` in a batch file that was started by `command`. Its parameters are not expanded once more. */
export function batchCommands(words: string, command: string): readonly string[] {
  const parameters = /^\s*(?:"[^"]*"|[^\s"])+\s*(.*)$/s.exec(command)?.[1] ?? '';
  return split(`${words} ${parameters}`);
}

/** On a command line `%%` is not an escape, and an unknown name stays as it is written. Names are known in any case. */
function expand(text: string, variables: Readonly<Record<string, string>>): string {
  let expanded = '';
  for (let rest = text; rest !== ''; ) {
    const [whole, name = '', start, length] = /^%([^%:]+)(?::~(\d*),(\d*))?%/.exec(rest) ?? [];
    const value = variables[name.toLowerCase()];
    if (whole === undefined || value === undefined) {
      expanded += rest.slice(0, 1);
      rest = rest.slice(1);
      continue;
    }
    expanded += length === undefined ? value : value.slice(Number(start), Number(start) + Number(length));
    rest = rest.slice(whole.length);
  }
  return expanded;
}

/** Quotes keep everything but themselves from being read; a caret keeps the next character, and goes. */
function split(line: string): readonly string[] {
  const commands = [''];
  let isQuoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === '\n' || character === '\r') throw new Error('a line break ends the command line');
    if (character === '"') isQuoted = !isQuoted;
    if (!isQuoted && /[<>()]/.test(character)) throw new Error(`cmd.exe acts on ${character}`);
    if (!isQuoted && (character === '&' || character === '|')) {
      commands.push('');
      continue;
    }
    if (!isQuoted && character === '^') index += 1;
    commands[commands.length - 1] += line.charAt(index);
  }
  return commands;
}
