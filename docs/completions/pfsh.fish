function __pfsh_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __pfsh_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __pfsh_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __pfsh_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __pfsh_parse_tokens -S
    set -l unparsed_tokens (__pfsh_tokens -pc)
    switch $unparsed_tokens[1]
    case 'pfsh'
        __pfsh_parse_subcommand 0 'c=' 'seed=' 'json' 'color=' 'log=' 'report=' 'allow-shell' 'quiet' 'no-init' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'check'
            __pfsh_parse_subcommand -r 1 'color=' 'strict' 'json' 'version' 'h/help'
        case 'fmt'
            __pfsh_parse_subcommand -r 1 'check' 'write' 'version' 'h/help'
        case 'test'
            __pfsh_parse_subcommand -r 1 'seed=' 'filter=' 'junit=' 'twice' 'strict' 'version' 'h/help'
        case 'sweep'
            __pfsh_parse_subcommand 1 'seeds=' 'set=+' 'jobs=' 'out=' 'part=' 'version' 'h/help'
        case 'storm'
            __pfsh_parse_subcommand 1 'phones=' 'runs=' 'first=' 'jobs=' 'corpus=' 'plant=' 'no-planted' 'script' 'version' 'h/help'
        case 'shrink'
            __pfsh_parse_subcommand 1 'out=' 'seconds=' 'version' 'h/help'
        case 'replay'
            __pfsh_parse_subcommand 1 'show' 'version' 'h/help'
        case 'help'
            __pfsh_parse_subcommand -r 1 'version'
        end
    end
end

function __pfsh_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __pfsh_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __pfsh_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __pfsh_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__pfsh_tokens -p)
    if test -z "$(__pfsh_tokens -t)"
        set -l index (count (__pfsh_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'pfsh' -f
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" c' -s 'c' -d 'Run these commands instead of a script.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" seed' -l 'seed' -d 'The seed of all chance; outranks `seed N` in a script.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" json' -l 'json' -d 'Answer one JSON object for each command read, or for the whole script.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" color' -l 'color' -d 'Colour output: auto, always or never; auto heeds NO_COLOR.' -rfka 'auto always never'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" log' -l 'log' -d 'Write the log of all phones to a file while time passes.' -rF
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" report' -l 'report' -d 'Write a report when a run fails, or at the end.' -rF
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" allow-shell' -l 'allow-shell' -d 'Let scripts run other programs: `!command`.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" quiet' -l 'quiet' -d 'Do not greet at the prompt.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" no-init' -l 'no-init' -d 'Do not run ~/.config/pfsh/init.pfsh at the prompt.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" version' -l 'version' -d 'Show the version.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh" -eq 1' -fa 'check' -d 'Report all errors of scripts without running them.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh" -eq 1' -fa 'fmt' -d 'Print scripts in their standard form.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh" -eq 1' -fa 'test' -d 'Run scripts and their test blocks as tests.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh" -eq 1' -fa 'sweep' -d 'Run a script with many seeds and parameters.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh" -eq 1' -fa 'storm' -d 'Let much go wrong in many worlds, and look for a broken invariant.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh" -eq 1' -fa 'shrink' -d 'Make a failing script as small as it gets.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh" -eq 1' -fa 'replay' -d 'Run a report again, and say whether it is the same run.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh check" -ge 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'pfsh\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh check" color' -l 'color' -d 'Colour errors: auto, always or never.' -rfka 'auto always never'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh check" strict' -l 'strict' -d 'A warning counts as an error.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh check" json' -l 'json' -d 'Print an array with one JSON object for each error instead of text.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh check" version' -l 'version' -d 'Show the version.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh fmt" check' -l 'check' -d 'Print nothing but the names of scripts in another form; status 1 if there are any.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh fmt" write' -l 'write' -d 'Write the standard form into the files instead of printing it.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh fmt" -ge 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'pfsh\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh fmt" version' -l 'version' -d 'Show the version.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh fmt" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh test" seed' -l 'seed' -d 'The seed of every script.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh test" filter' -l 'filter' -d 'Run the scripts whose path matches only.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh test" junit' -l 'junit' -d 'Write the results as XML too.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh test" twice' -l 'twice' -d 'Run each script twice; fingerprint and output must be the same.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh test" strict' -l 'strict' -d 'A script that warns fails.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh test" -ge 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'pfsh\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh test" version' -l 'version' -d 'Show the version.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh test" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh sweep" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'pfsh\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh sweep" seeds' -l 'seeds' -d 'The seeds, such as 1-1000 or 1,2,5.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh sweep"' -l 'set' -d 'Values of a parameter of the script; once for each parameter.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh sweep" jobs' -l 'jobs' -d 'Runs at the same time; all processors if not given.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh sweep" out' -l 'out' -d 'Write the lines to a file, and go on with it.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'jsonl\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh sweep" part' -l 'part' -d 'Run one of several equal parts, such as 2/3; one behind the other they are the whole.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh sweep" version' -l 'version' -d 'Show the version.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh sweep" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh storm" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'pfsh\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" phones' -l 'phones' -d 'Phones in each world that is made up.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" runs' -l 'runs' -d 'How many seeds.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" first' -l 'first' -d 'The first seed.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" jobs' -l 'jobs' -d 'Runs at the same time; all processors if not given.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" corpus' -l 'corpus' -d 'Keep the scripts of failing seeds in a folder.' -rfa '(__pfsh_complete_directories)'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" plant' -l 'plant' -d 'Plant one defect in every world, and look for it.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" no-planted' -l 'no-planted' -d 'Do not look for the planted defects.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" script' -l 'script' -d 'Print the script of the first seed and its settings, and run nothing.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" version' -l 'version' -d 'Show the version.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh storm" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh shrink" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'pfsh\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh shrink" out' -l 'out' -d 'Write the script to a file.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh shrink" seconds' -l 'seconds' -d 'Stop after so many seconds.' -rfka ''
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh shrink" version' -l 'version' -d 'Show the version.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh shrink" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_positional "pfsh replay" -eq 1' -F
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh replay" show' -l 'show' -d 'Print what the run prints.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh replay" version' -l 'version' -d 'Show the version.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh replay" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'pfsh' -n '__pfsh_should_offer_completions_for_flags_or_options "pfsh help" version' -l 'version' -d 'Show the version.'
