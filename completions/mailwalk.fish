# Completion of mailwalk for fish. Commands, options, scenarios and kinds come from the program
# itself, so this file need not follow it.

function __mailwalk_command
    set -l words (commandline -opc)
    test (count $words) -ge 2; and echo $words[2]
end

function __mailwalk_commands
    mailwalk --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z0-9-]*\)  *\(.*\)/\1\t\2/p'
    printf '%s\n' --help --version
end

function __mailwalk_options
    mailwalk (__mailwalk_command) --help 2>/dev/null |
        sed -n 's/^  \(-., \)\{0,1\}\(--[a-z0-9-]*=\{0,1\}\)[^ ]*  *\(.*\)/\2\t\3/p'
end

function __mailwalk_levels
    printf '%s\n' --level=story --level=dialogue --level=packets
end

function __mailwalk_scenarios
    mailwalk scenarios 2>/dev/null | sed 's/^\([^ ]*\)  */\1\t/'
end

function __mailwalk_actions
    mailwalk exercise --help 2>/dev/null |
        sed -n '/^Actions:/,/^$/s/^  \([a-z0-9-]*\)  *\(.*\)/\1\t\2/p'
end

function __mailwalk_kinds
    mailwalk (__mailwalk_command) --help 2>/dev/null |
        sed -n '/^Kinds:/,/^$/s/^  \([a-z0-9-]*\) .*/\1/p'
end

function __mailwalk_is
    contains -- (__mailwalk_command) $argv
end

complete -c mailwalk -n 'test -z (__mailwalk_command)' -f -a '(__mailwalk_commands)'
complete -c mailwalk -n '__mailwalk_is rfc scenarios explain exercise talk' -f
complete -c mailwalk -n '__mailwalk_is talk' -a 'smtp pop3 imap'
complete -c mailwalk -n 'string match -q -- "-*" (commandline -ct)' -a '(__mailwalk_options)'
complete -c mailwalk -n '__mailwalk_is run dissect listen; and string match -q -- "--l*" (commandline -ct)' \
    -a '(__mailwalk_levels)'
complete -c mailwalk -n '__mailwalk_is run' -a '(__mailwalk_scenarios)'
complete -c mailwalk -n '__mailwalk_is explain; and test (count (commandline -opc)) -eq 2' \
    -a '(__mailwalk_kinds)'
complete -c mailwalk -n '__mailwalk_is exercise; and test (count (commandline -opc)) -eq 2' \
    -a '(__mailwalk_actions)'
complete -c mailwalk -n '__mailwalk_is exercise; and test (count (commandline -opc)) -eq 3' \
    -a '(__mailwalk_kinds)'
