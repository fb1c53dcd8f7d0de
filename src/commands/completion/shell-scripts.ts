export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

// Each asks the program itself, in the protocol that `cli/complete.ts` answers: candidates, then `:` and a directive of bits,
// 2 for no blank after the word and 4 for no file names.

const BASH = `# bash completion for kubectl-kserve
_kubectl_kserve() {
  local line=\${COMP_LINE:0:COMP_POINT} rest word value prefix= candidate out directive i
  local -a words=()
  # bash breaks words at "=" and ":" too; what no blank separates belongs together.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    rest=\${line#"\${line%%[![:space:]]*}"}
    word=\${COMP_WORDS[i]}
    if ((i == COMP_CWORD)); then word=$rest; fi
    if ((i > 0)) && [[ $rest == "$line" ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words[\${#words[@]}]=$word
    fi
    line=\${rest#"$word"}
  done
  out=$(KUBECTL_ACTIVE_HELP=0 "\${words[0]/#\\~/$HOME}" __completeNoDesc "\${words[@]:1}" 2>/dev/null) || return
  directive=\${out##*:}
  out=\${out%:*}
  value=\${words[\${#words[@]} - 1]}
  if [[ $value == -*=* ]]; then value=\${value#*=}; fi
  if [[ $value == *:* && $COMP_WORDBREAKS == *:* ]]; then prefix=\${value%"\${value##*:}"}; fi
  COMPREPLY=()
  while IFS= read -r candidate; do
    candidate=\${candidate#"$prefix"}
    if [[ -n $candidate ]]; then COMPREPLY+=("$candidate"); fi
  done <<<"$out"
  if ((directive & 2)); then compopt -o nospace; fi
  if ((!(directive & 4))); then compopt -o default; fi
}
complete -F _kubectl_kserve kubectl-kserve
`;

const ZSH = `#compdef kubectl-kserve
_kubectl_kserve() {
  local -a lines candidates space
  local line directive
  lines=("\${(@f)$(KUBECTL_ACTIVE_HELP=0 \${(Q)words[1]} __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  directive=\${lines[-1]#:}
  if ((!(directive & 4))); then
    compset -P '-*='
    _files
    return
  fi
  for line in "\${(@)lines[1,-2]}"; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if ((directive & 2)); then space=(-S ''); fi
  compset -P '-*='
  _describe 'kubectl-kserve' candidates "\${space[@]}"
}
if [[ $funcstack[1] == _kubectl-kserve ]]; then _kubectl_kserve "$@"; else compdef _kubectl_kserve kubectl-kserve; fi
`;

const FISH = `# fish completion for kubectl-kserve
function __kubectl_kserve_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l lines (env KUBECTL_ACTIVE_HELP=0 $words[1] __complete $words[2..-1] "$current" 2>/dev/null)
  set -l flag (string match -r -- '^-[^=]*=' "$current")
  set -l directive (string replace ':' '' -- $lines[-1])
  if test (math "bitand($directive, 4)") -eq 0
    __fish_complete_path (string replace -r -- '^-[^=]*=' '' "$current") | string replace -r '^' -- "$flag"
    return
  end
  for line in $lines[1..-2]
    echo "$flag$line"
  end
end
complete -c kubectl-kserve -f -a '(__kubectl_kserve_complete)'
`;

const POWERSHELL = `# PowerShell completion for kubectl-kserve
Register-ArgumentCompleter -Native -CommandName 'kubectl-kserve' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
  $arguments = @($words | Select-Object -Skip 1) + @("$wordToComplete")
  # An empty argument is lost on its way before PowerShell 7.3.
  if ($PSVersionTable.PSVersion -lt [version]'7.3') { $arguments = @($arguments | ForEach-Object { if ($_ -eq '') { '""' } else { $_ } }) }
  $env:KUBECTL_ACTIVE_HELP = '0'
  $lines = @(& $words[0] __complete @arguments 2>$null)
  Remove-Item Env:KUBECTL_ACTIVE_HELP
  $flag = if ("$wordToComplete" -match '^-[^=]*=') { $Matches[0] } else { '' }
  $lines | Select-Object -SkipLast 1 | ForEach-Object {
    $word, $summary = $_ -split "$([char]9)", 2
    if (-not $summary) { $summary = $word }
    [System.Management.Automation.CompletionResult]::new("$flag$word", $word, 'ParameterValue', $summary)
  }
}
`;

/** What a shell has to read so that it completes the program started by its own name, without kubectl. */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL };
