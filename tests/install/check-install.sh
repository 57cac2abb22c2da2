#!/usr/bin/env bash
# check-install.sh BUILD BINDIR DATADIR MANDIR SOURCE: installs the build into a folder of its own,
# moves that folder, and uses the program from elsewhere: it must find its own files, not those of
# the source tree. With MAILWALK_DOCUMENTS=strict the man page must name every option of --help;
# otherwise what it lacks is only said.
set -u
build=$1 bin=$2 data=$3 man=$4 source=$5
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failures=0

check() {
    local what=$1
    shift
    if ! "$@" >"$place/output" 2>&1; then
        printf 'failed: %s\n' "$what"
        head -n 20 "$place/output"
        failures=$((failures + 1))
    fi
}

# shellcheck disable=SC2317 # check() calls it
has() {
    grep -q -- "$2" "$1"
}

check "meson install" meson install -C "$build" --no-rebuild --destdir "$place/first"
mv "$place/first" "$place/moved" || exit 1
program=$place/moved$bin/mailwalk
cd "$place" || exit 1

check "the program is installed" test -x "$program"
for page in man1/mailwalk.1 man5/mailwalk-scenario.5 man5/mailwalk-json.5; do
    check "$page is installed" test -s "$place/moved$man/$page"
done
for file in lecturer.md student.md README.md CHANGELOG.md; do
    check "$file is installed" test -s "$place/moved$data/doc/mailwalk/$file"
done
for file in bash-completion/completions/mailwalk zsh/site-functions/_mailwalk \
    fish/vendor_completions.d/mailwalk.fish; do
    check "$file is installed" test -s "$place/moved$data/$file"
done
for folder in traces exercises/sheets; do
    if [ -d "$source/$folder" ]; then
        check "$folder is installed" test -d "$place/moved$data/mailwalk/$(basename "$folder")"
    fi
done

# A name that only the installed copy has shows which copy is read.
scenarios=$place/moved$data/mailwalk/scenarios
check "scenarios are installed" mv "$scenarios/alice-to-bob.scenario" "$scenarios/moved.scenario"
"$program" scenarios >"$place/scenarios"
check "mailwalk scenarios lists the installed ones" has "$place/scenarios" '^moved '
check "and not those of the source tree" test "$(grep -c alice-to-bob "$place/scenarios")" = 0
check "mailwalk run plays an installed one" "$program" run moved --level=story
check "mailwalk --version" "$program" --version

commands=$("$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\)  .*/\1/p')
check "mailwalk --help lists the commands" test -n "$commands"
sed 's/\\-/-/g' "$place/moved$man/man1/mailwalk.1" >"$place/page"
lacking=$(for command in $commands; do
    has "$place/page" "^\.SS $command\$" || printf '%s ' "$command"
    sed -n "/^\.SS $command\$/,/^\.S/p" "$place/page" >"$place/section"
    for option in $("$program" "$command" --help |
        sed -n 's/^  \(-., \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p'); do
        [ "$option" = --help ] || has "$place/section" "$option\\>" ||
            printf '%s of %s, ' "$option" "$command"
    done
done)
[ -z "$lacking" ] || printf 'doc/mailwalk.1 does not name: %s\n' "$lacking"
[ "${MAILWALK_DOCUMENTS:-}" != strict ] || check "the man page names everything" test -z "$lacking"

# Completion for bash, with the installed program.
completed() {
    PATH=$place/moved$bin:$PATH bash --norc -c '
        . "$1"
        compopt() { :; }
        shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _mailwalk "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' bash \
        "$place/moved$data/bash-completion/completions/mailwalk" "$@" >"$place/completed"
}
completed mailwalk ru
check "bash completes commands" has "$place/completed" '^run$'
completed mailwalk run mov
check "bash completes scenarios" has "$place/completed" '^moved$'
completed mailwalk run --le
check "bash completes options" has "$place/completed" '^--level=$'
completed mailwalk run --level = st
check "bash completes levels" has "$place/completed" '^story$'
completed mailwalk explain bas
check "bash completes kinds" has "$place/completed" '^base64$'
completed mailwalk do
check "bash completes doctor" has "$place/completed" '^doctor$'
completed mailwalk exercise che
check "bash completes what exercise does" has "$place/completed" '^check$'
completed mailwalk exercise new dot
check "bash completes kinds of exercise" has "$place/completed" '^dot-stuffing$'

[ "$failures" -eq 0 ] && echo "the installed program works"
exit $((failures > 0))
