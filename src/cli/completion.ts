import { Argument, Command } from 'commander';

/**
 * `completion` prints a script for the shell, which asks the hidden `__complete` with the words so far; it answers what
 * may stand in the last one's place, a line each.
 */
export function completionCommands(root: Command): Command[] {
  const completion = new Command('completion')
    .description('Prints a script that completes commands, options and values. Needs no database.')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .addHelpText('after', '\nFor this session:\n  source <(passerelle completion bash)\n')
    .action((shell: 'bash' | 'zsh') => void process.stdout.write(shell === 'bash' ? bash : zsh));
  const complete = new Command('__complete')
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(
      (words: string[]) =>
        void process.stdout.write(
          completions(root, words)
            .map((c) => `${c}\n`)
            .join(''),
        ),
    );
  return [completion, complete];
}

/** `words` without the program's name; the last one is being written. */
function completions(root: Command, words: readonly string[]): string[] {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  let command = root;
  const places: string[] = [];
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] as string;
    const option = word.startsWith('-') ? optionOf(command, root, word) : undefined;
    if (option && !option.isBoolean() && !word.includes('=')) at += 1;
    if (word.startsWith('-')) continue;
    const inner = places.length === 0 && command.commands.find((c) => c.name() === word || c.aliases().includes(word));
    if (inner) command = inner;
    else places.push(word);
  }
  const previous = before.at(-1);
  const waiting = previous?.startsWith('-') ? optionOf(command, root, previous) : undefined;
  const offered =
    waiting && !waiting.isBoolean()
      ? (waiting.argChoices ?? [])
      : current.startsWith('-')
        ? [...command.options, ...(command === root ? [] : root.options)]
            .filter(({ hidden }) => !hidden)
            .map(({ long, short }) => long ?? short ?? '')
            .concat('--help')
        : placeValues(command, places.length);
  return [...new Set(offered)].filter((value) => value.startsWith(current)).toSorted();
}

function placeValues(command: Command, place: number): string[] {
  const names = place === 0 ? command.commands.map((c) => c.name()).filter((name) => !name.startsWith('__')) : [];
  const argument = command.registeredArguments[place] ?? command.registeredArguments.findLast((a) => a.variadic);
  return [...names, ...(argument?.argChoices ?? [])];
}

const optionOf = (command: Command, root: Command, word: string) =>
  [...command.options, ...root.options].find(({ long, short }) => [long, short].includes(word.split('=')[0]));

const bash = `# passerelle completion bash
_passerelle() {
  local IFS=$'\\n'
  COMPREPLY=($(passerelle __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _passerelle passerelle
`;

const zsh = `#compdef passerelle
# passerelle completion zsh
_passerelle() {
  local -a offered
  offered=("\${(@f)$(passerelle __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${offered[1]}" ]]; then compadd -a offered; else _files; fi
}
if [[ "\${funcstack[1]}" = _passerelle ]]; then _passerelle "$@"; else compdef _passerelle passerelle; fi
`;
