# Completion of mailwalk for bash. Commands, options, scenarios and kinds come from the program
# itself, so this file need not follow it.

_mailwalk_help() {
    "$1" "${@:2}" --help 2>/dev/null
}

_mailwalk_commands() {
    _mailwalk_help "$1" | sed -n '/^Commands:/,/^$/s/^  \([a-z0-9-]*\) .*/\1/p'
    printf '%s\n' --help --version
}

_mailwalk_options() {
    _mailwalk_help "$1" "$2" | sed -n 's/^  \(-., \)\{0,1\}\(--[a-z0-9-]*=\{0,1\}\).*/\2/p'
}

_mailwalk_kinds() {
    _mailwalk_help "$1" "$2" | sed -n '/^Kinds:/,/^$/s/^  \([a-z0-9-]*\) .*/\1/p'
}

_mailwalk_actions() {
    _mailwalk_help "$1" exercise | sed -n '/^Actions:/,/^$/s/^  \([a-z0-9-]*\) .*/\1/p'
}

_mailwalk_scenarios() {
    "$1" scenarios 2>/dev/null | cut -d ' ' -f 1
}

_mailwalk() {
    local program=$1 word=$2 before=$3 command=${COMP_WORDS[1]} words=''
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$(_mailwalk_commands "$program")
    elif [ "$before" = '=' ] || [ "$word" = '=' ]; then
        # bash cuts --level=story into three words
        [ "$word" = '=' ] && word=''
        local option=${COMP_WORDS[COMP_CWORD - 2]}
        [ "${COMP_WORDS[COMP_CWORD]}" = '=' ] && option=$before
        if [ "$option" = --level ]; then
            words='story dialogue packets'
        elif [ "$option" = --scenario ]; then
            words=$(_mailwalk_scenarios "$program")
        else
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return
        fi
    elif [[ $word == -* ]]; then
        words=$(_mailwalk_options "$program" "$command")
    else
        case $command in
        run)
            words=$(_mailwalk_scenarios "$program")
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            ;;
        explain) [ "$COMP_CWORD" -eq 2 ] && words=$(_mailwalk_kinds "$program" explain) ;;
        exercise)
            [ "$COMP_CWORD" -eq 2 ] && words=$(_mailwalk_actions "$program")
            [ "$COMP_CWORD" -eq 3 ] && words=$(_mailwalk_kinds "$program" exercise)
            ;;
        talk) words='smtp pop3 imap' ;;
        dissect)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            ;;
        esac
    fi
    local -a found
    mapfile -t found < <(compgen -W "$words" -- "$word")
    COMPREPLY+=("${found[@]}")
    # an option that takes a value goes on behind its '='
    if [ "${#COMPREPLY[@]}" -eq 1 ] && [[ ${COMPREPLY[0]} == --*= ]]; then
        compopt -o nospace
    fi
}

complete -F _mailwalk mailwalk
