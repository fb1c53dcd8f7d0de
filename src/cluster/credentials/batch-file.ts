/** Characters that nothing on the way of an argument reads anything into. */
const PLAIN = /[\w#$+./:@\\-]/;

/** A word that needs no quotes. One that ends with a backslash would escape a quote that the batch file itself puts after it. */
const PLAIN_WORD = new RegExp(`^(?:${PLAIN.source})+(?<!\\\\)$`);

/** cmd.exe reads this as a percent sign, and it does not name a variable: what it expands to is the part of %cd% that has no length. */
const PERCENT = '%%cd:~,%';

/** https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation */
const LONGEST_LINE = 8191;

/** True for a file that only cmd.exe can run; since CVE-2024-27980 Node does not start it by itself. */
export function isBatchFile(file: string): boolean {
  return /\.(?:bat|cmd)$/i.test(file);
}

/**
 * What cmd.exe is told to run a batch file, in a form that must not be quoted again. An argument is read by cmd.exe, again by cmd.exe where the
 * batch file has `%*`, and by the program that gets it, which has other rules for quotes. Where a batch file takes arguments apart by `%1`, one
 * with a quote in it falls apart as it does under kubectl. Throws an Error for arguments that cmd.exe cannot
 * pass on, and does not quote them: they may be secrets.
 *
 * No library: cross-spawn escapes by carets, which hold for one reading, and Node's own `shell` leaves quotes and percent signs to the caller.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/cmd
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
export function batchCommandLine(file: string, args: readonly string[]): string {
  const cannot = (reason: string): Error => new Error(`exec: fork/exec ${file}: ${reason}`);
  if (args.join(' ').length > LONGEST_LINE) throw cannot(`the arguments are longer than the ${LONGEST_LINE} characters that cmd.exe takes`);
  if (args.some((arg) => /[\r\n]/.test(arg))) throw cannot('an argument has a line break, which cmd.exe cannot pass on');
  const words = [`"${file.replaceAll('%', PERCENT)}"`];
  let quoted = false;
  for (const arg of args) {
    const word = quoteWord(arg, quoted);
    words.push(word.text);
    quoted = word.quoted;
  }
  return `/d /e:on /v:off /s /c "${words.join(' ')}"`;
}

interface Word {
  readonly text: string;
  /** cmd.exe takes what follows for quoted. */
  readonly quoted: boolean;
}

/**
 * Quotes a word. For a program `\"` is a quote in the word; for cmd.exe, which knows no such escape, quoted text begins or ends there. So a quote
 * of ours is put wherever the two have to change places: blanks have to be quoted for the program, and what cmd.exe acts on for cmd.exe. To double
 * a quote would suit cmd.exe at once, but Go and others take the text after it for not quoted.
 */
function quoteWord(word: string, quoted: boolean): Word {
  if (PLAIN_WORD.test(word)) return { text: word, quoted };
  let text = '"';
  let forCmd = !quoted;
  let forProgram = true;
  const change = (): void => {
    text = `${withBackslashesDoubled(text)}"`;
    forCmd = !forCmd;
    forProgram = !forProgram;
  };
  const put = (character: string): void => {
    if (/[ \t]/.test(character) ? !forProgram : !forCmd && !PLAIN.test(character)) change();
    text += character === '%' ? PERCENT : character;
  };
  for (const character of word) {
    if (character !== '"') {
      put(character);
      continue;
    }
    text = `${withBackslashesDoubled(text)}\\"`;
    forCmd = !forCmd;
  }
  if (forProgram) change();
  return { text, quoted: forCmd };
}

/** Before a quote two backslashes are one. */
function withBackslashesDoubled(text: string): string {
  return text.replace(/\\+$/, '$&$&');
}
