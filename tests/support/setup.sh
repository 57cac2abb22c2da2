# shellcheck shell=bash
# Sourced by ./mailwalk, tests/run and .ci/run: finds what is missing, installs it, builds.
# Everything is said on standard error, so that the program's own output stays clean.

setup_say() {
    printf 'mailwalk: %s\n' "$*" >&2
}

# What each purpose needs: a probe, then the Debian package that brings it.
setup_needs() {
    cat <<'NEEDS'
build command:cc gcc
build file:/usr/include/stdio.h libc6-dev
build command:pkg-config pkg-config
build command:meson meson
build command:ninja ninja-build
build command:python3 python3
build library:glib-2.0 libglib2.0-dev
build library:gmime-3.0 libgmime-3.0-dev
build library:libgsasl libgsasl-dev
build library:libpcap libpcap-dev
build library:zlib zlib1g-dev
build library:ncursesw libncurses-dev
test library:cmocka libcmocka-dev
referee command:tshark tshark
referee command:dig bind9-dnsutils
referee command:curl curl
referee command:tmux tmux
referee command:fish fish
referee command:zsh zsh
referee command:swaks swaks
referee command:msmtp msmtp
referee command:mpop mpop
referee command:mutt mutt
referee command:s-nail s-nail
referee command:fetchmail fetchmail
referee command:mbsync isync
referee command:telnet telnet
referee command:nc netcat-openbsd
referee file:/usr/sbin/smtp-source postfix
referee file:/usr/lib/dovecot/imap dovecot-imapd
referee file:/usr/lib/dovecot/pop3 dovecot-pop3d
referee command:valgrind valgrind
referee command:clang clang
referee command:clang-format clang-format
referee fuzzer:clang libclang-rt
referee command:chromium chromium
referee command:git git
referee command:mandoc mandoc
coverage command:gcov gcc
32-bit command:debootstrap debootstrap
NEEDS
}

setup_is_there() {
    case $1 in
    command:*) command -v "${1#command:}" >/dev/null 2>&1 ;;
    library:*) pkg-config --exists "${1#library:}" >/dev/null 2>&1 ;;
    file:*) [ -e "${1#file:}" ] ;;
    fuzzer:*)
        echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' |
            "${1#fuzzer:}" -fsanitize=fuzzer,address -x c - -o /dev/null >/dev/null 2>&1
        ;;
    esac
}

# The Debian package for a row. That of clang's run-time libraries bears the version of clang.
setup_package() {
    local version
    if [ "$1" != libclang-rt ]; then
        printf '%s ' "$1"
        return
    fi
    version=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
    printf 'libclang-rt-%s-dev ' "${version:-14}"
}

# Prints the packages that the given purposes still need.
setup_missing() {
    local purpose probe package wanted
    while read -r purpose probe package; do
        for wanted in "$@"; do
            if [ "$purpose" = "$wanted" ] && ! setup_is_there "$probe"; then
                setup_package "$package"
            fi
        done
    done < <(setup_needs)
}

setup_as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        setup_say "this needs root: run as root: $*"
        return 1
    fi
}

setup_hint() {
    setup_say "install these by hand, then call again:"
    if command -v dnf >/dev/null 2>&1; then
        setup_say "  sudo dnf install gcc meson ninja-build pkgconf python3 glib2-devel gmime30-devel libgsasl-devel libpcap-devel zlib-devel ncurses-devel libcmocka-devel"
    elif command -v pacman >/dev/null 2>&1; then
        setup_say "  sudo pacman -S --needed gcc meson ninja pkgconf python glib2 gmime3 gsasl libpcap zlib ncurses cmocka"
    elif command -v brew >/dev/null 2>&1; then
        setup_say "  brew install meson ninja pkg-config python glib gmime gsasl libpcap zlib ncurses cmocka"
    else
        setup_say "  $* (names as in Debian)"
    fi
}

# Installs what the purposes (build, test, referee, coverage) need and is not there.
setup_packages() {
    local missing
    missing=$(setup_missing "$@")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        setup_hint "$missing"
        return 1
    fi
    setup_say "this is missing and will be installed: $missing"
    # shellcheck disable=SC2086
    {
        setup_as_root apt-get update -q >&2 &&
            missing=$(setup_missing "$@") && # the lists name the versions
            setup_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy \
                --no-install-recommends $missing >&2
    } || {
        setup_say "the packages could not be installed: $missing"
        return 1
    }
    missing=$(setup_missing "$@")
    [ -z "$missing" ] || {
        setup_say "still missing after installing: $missing"
        return 1
    }
}

# setup_build FOLDER OPTIONS...: configures if needed and builds; shows the log only on failure.
setup_build() {
    local folder=$1 top log
    shift
    top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    mkdir -p "$folder" || return 1
    log=$folder/setup.log
    if [ ! -f "$folder/build.ninja" ]; then
        setup_say "preparing $folder"
        meson setup "$@" "$folder" "$top" >"$log" 2>&1 || {
            tail -n 20 "$log" >&2
            return 1
        }
    fi
    setup_say "building (the first time takes a minute or two, a few minutes on a slow machine)"
    ninja -C "$folder" >"$log" 2>&1 || {
        grep -E 'error|FAILED|warning' "$log" | head -n 30 >&2
        setup_say "the build failed; the whole log is in $log"
        return 1
    }
}
