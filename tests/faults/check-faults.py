"""What mailwalk does when the machine fails it: no room on the disk, a folder that may not be written, a
file that must end early, calls that are interrupted, a reader that has gone, too little memory, signals.
It says so in one sentence, ends with status 3, and leaves no half file behind."""

import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(sys.argv[1])
SOURCE = os.path.abspath(sys.argv[2])
CAPTURE = os.path.join(SOURCE, "traces", "smtp-attachment", "trace.pcap")
ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80", "LC_ALL": "C.UTF-8"}
ENVIRONMENT_STATUS = 3
results = []

# Every way to write a file: OUT is the file or folder that it makes.
WRITERS = {
    "run --pcap": ["run", "alice-to-bob", "--pcap=OUT"],
    "run --pcapng": ["run", "alice-to-bob", "--pcapng=OUT"],
    "run --html": ["run", "alice-to-bob", "--html=OUT"],
    "dissect --html": ["dissect", CAPTURE, "--html=OUT"],
    "dissect --mbox": ["dissect", CAPTURE, "--mbox=OUT"],
    "dissect --eml": ["dissect", CAPTURE, "--eml=OUT"],
    "dissect --attachments": ["dissect", CAPTURE, "--attachments=OUT"],
    "dissect --anonymize": ["dissect", CAPTURE, "--anonymize=OUT"],
    "dissect --annotate": ["dissect", CAPTURE, "--annotate=OUT"],
    "exercise new --out": ["exercise", "new", "quiz,capture", "--seed", "1", "--out", "OUT"],
    "exercise new --class": ["exercise", "new", "quiz", "--class", "roster.csv", "--key", "key.new", "--out", "OUT"],
    "exercise grade --out": ["exercise", "grade", "--key", "key", "--answers", "answers.csv", "--format", "csv", "--out", "OUT"],
    "exercise grade --feedback": ["exercise", "grade", "--key", "key", "--answers", "answers.csv", "--feedback", "OUT"],
}

# Every command whose output may be long.
READERS = {
    "run": ["run", "alice-to-bob"],
    "run --level=packets": ["run", "alice-to-bob", "--level=packets"],
    "run --json": ["run", "alice-to-bob", "--json"],
    "scenarios": ["scenarios"],
    "dissect": ["dissect", CAPTURE],
    "dissect --json": ["dissect", "--json", CAPTURE],
    "rfc": ["rfc", "smtp"],
    "explain": ["explain", "base64", "--all", "x" * 3000],
    "exercise list": ["exercise", "kinds"],
    "exercise new": ["exercise", "new", "base64-encode", "--count", "100", "--solution"],
    "exercise new html": ["exercise", "new", "base64-encode", "--count", "100", "--format", "html"],
    "exercise explain": ["exercise", "explain", "base64-encode", "--seed", "1", "--count", "100"],
    "exercise grade": ["exercise", "grade", "--key", "key", "--answers", "answers.csv"],
    "--help": ["--help"],
    "doctor": ["doctor"],
}


def note(what, is_right, detail=""):
    results.append(is_right)
    print(f"{'ok' if is_right else 'not ok'} {len(results)} - {what}")
    if not is_right:
        print("# " + str(detail)[:600].replace("\n", "\n# "))


def run(arguments, folder, **options):
    return subprocess.run(
        [*options.pop("before", []), PROGRAM, *arguments],
        cwd=folder, env={**ENVIRONMENT, **options.pop("env", {})}, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=120, **options,
    )


def prepare(folder):
    """A roster, a key and hand-ins."""
    with open(os.path.join(folder, "roster.csv"), "w", encoding="utf-8") as file:
        file.write("ID,Name\n" + "".join(f"s{i},Student {i}\n" for i in range(40)))
    done = run(["exercise", "new", "quiz", "--class", "roster.csv", "--key", "key", "--out", "sheets"], folder)
    assert done.returncode == 0, done.stderr
    with open(os.path.join(folder, "answers.csv"), "w", encoding="utf-8") as file:
        file.write("student,1a,1b\n" + "".join(f"s{i},A,B\n" for i in range(40)))


def files_of(folder):
    return sorted(os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)


def is_told(done):
    """One sentence of mailwalk's own; progress may stand before it."""
    lines = [line for line in done.stderr.decode().replace("\r", "\n").splitlines() if line.startswith("mailwalk")]
    return done.returncode == ENVIRONMENT_STATUS and len(lines) >= 1 and b"GLib" not in done.stderr


def state(done):
    return f"status {done.returncode}, {done.stderr.decode(errors='replace')[-400:]}"


def with_out(arguments, path):
    return [argument.replace("OUT", path) for argument in arguments]


# --- files ---


def check_writers_at_all(folder):
    """The table is right: each of them writes where nothing fails."""
    for name, arguments in WRITERS.items():
        with tempfile.TemporaryDirectory(dir=folder) as place:
            done = run(with_out(arguments, os.path.join(place, "out")), folder)
            note(f"{name}: writes", done.returncode in (0, 1) and files_of(place), state(done))
        remove_key(folder)


def remove_key(folder):
    if os.path.exists(os.path.join(folder, "key.new")):
        os.unlink(os.path.join(folder, "key.new"))


def check_no_room(folder):
    """A file may not grow over some octets: what began to be written is taken away again."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    for name, arguments in WRITERS.items():
        with tempfile.TemporaryDirectory(dir=folder) as place:
            done = run(with_out(arguments, os.path.join(place, "out")), folder, preexec_fn=limit)
            left = [path for path in files_of(place) if os.path.getsize(path) == 100 or ".out" in path]
            note(f"{name}: a file that may not grow", is_told(done) and not left, state(done) + str(left))
        remove_key(folder)


def check_full_disk(folder):
    """A file system of a few pages, full."""
    place = os.path.join(folder, "small")
    os.mkdir(place)
    script = 'mount -t tmpfs -o size=16k none "$0"; head -c 99999 /dev/zero > "$0/full" 2>/dev/null; "$@"; status=$?; find "$0" -type f ! -name full >&2; exit $status'
    before = ["unshare", "-rm", "sh", "-c", script, place]
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", place], capture_output=True).returncode != 0:
        print("# a full file system is not tried: no mount in a name space of its own here")
        return
    for name, arguments in WRITERS.items():
        done = run(with_out(arguments, os.path.join(place, "out")), folder, before=before)
        left = [line for line in done.stderr.decode(errors="replace").splitlines() if line.startswith(place)]
        note(f"{name}: the disk is full", is_told(done) and not left, state(done))
        remove_key(folder)


def check_forbidden(folder):
    """Nobody may write there, root neither."""
    for name, arguments in WRITERS.items():
        for path in ("/proc/mailwalk-out", os.path.join(folder, "roster.csv", "out"), os.path.join(folder, "nowhere", "deeper", "out")):
            done = run(with_out(arguments, path), folder)
            made = os.path.exists(os.path.join(folder, "nowhere"))
            if made:
                shutil.rmtree(os.path.join(folder, "nowhere"))
            is_right = is_told(done) or (made and done.returncode in (0, 1))
            note(f"{name}: {path.replace(folder, '.')} cannot be written", is_right, state(done))
            remove_key(folder)


SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <unistd.h>
static unsigned calls;
ssize_t write(int file, const void *octets, size_t length)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (real == NULL) {
        real = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    }
    if (file > 2 && ++calls % 3 == 0) {
        errno = EINTR;
        return -1;
    }
    return real(file, octets, file > 2 && length > 1 ? length / 2 : length);
}
ssize_t read(int file, void *octets, size_t length)
{
    static ssize_t (*real)(int, void *, size_t);
    if (real == NULL) {
        real = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
    }
    if (file > 2 && ++calls % 3 == 0) {
        errno = EINTR;
        return -1;
    }
    return real(file, octets, length > 1000 ? 1000 : length);
}
"""


def check_interrupted(folder):
    """write() and read() are interrupted, or do a part: the files are the same."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    source, shim = os.path.join(folder, "shim.c"), os.path.join(folder, "shim.so")
    if compiler is None:
        print("# interrupted calls are not tried: there is no compiler")
        return
    with open(source, "w", encoding="utf-8") as file:
        file.write(SHIM)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
    shimmed = {"LD_PRELOAD": shim, "ASAN_OPTIONS": "verify_asan_link_order=0"}
    for name, arguments in WRITERS.items():
        written = []
        for env in ({}, shimmed):
            with tempfile.TemporaryDirectory(dir=folder) as place:
                done = run(with_out(arguments, os.path.join(place, "out")), folder, env=env)
                written.append([os.path.getsize(path) if name == "exercise new --class" else open(path, "rb").read() for path in files_of(place)])
            remove_key(folder)
        is_same = done.returncode in (0, 1) and (written[0] == written[1] or (name == "exercise new --class" and len(written[0]) == len(written[1])))
        note(f"{name}: interrupted calls change nothing", is_same, state(done))


# --- standard output ---


def check_readers(folder):
    for name, arguments in READERS.items():
        process = subprocess.Popen([PROGRAM, *arguments], cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.read(20)
        process.stdout.close()
        said = process.stderr.read().decode()
        process.stderr.close()
        status = process.wait(timeout=60)
        note(f"{name} | head: quiet", status in (-signal.SIGPIPE, 0, 1) and "rror" not in said and "annot" not in said, f"{status} {said}")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, *arguments], cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, timeout=120)
        is_right = done.returncode == ENVIRONMENT_STATUS and done.stderr.count(b"cannot write") == 1
        note(f"{name} > /dev/full: told once", is_right, state(done))


# --- memory ---


def check_memory(folder):
    """Less and less room: either all goes well, or it says that there is none and leaves no half file."""
    with open(PROGRAM, "rb") as file:
        if b"__asan_init" in file.read():
            print("# too little memory is not tried: the address sanitizer takes terabytes of addresses")
            return
    for name in ("run --pcap", "run --html", "dissect --html", "dissect --mbox", "exercise new --out", "exercise grade --feedback"):
        wrong, failed = [], 0
        for megabytes in (400, 100, 60, 40, 30, 26, 24, 22, 20, 18, 16):
            with tempfile.TemporaryDirectory(dir=folder) as place:
                octets = megabytes << 20
                done = run(
                    with_out(WRITERS[name], os.path.join(place, "out")), folder,
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (octets, octets)),
                )
                # Below some limit the loader itself finds no room, and says so (127).
                is_right = done.returncode in (0, 1, 127) or (done.returncode == ENVIRONMENT_STATUS and b"memory" in done.stderr)
                failed += done.returncode == ENVIRONMENT_STATUS
                left = [path for path in files_of(place) if re.search(r"\.[A-Z0-9]{6}$", path)] if is_right and done.returncode not in (0, 1) else []
                if not is_right or left:
                    wrong.append(f"{megabytes} MB: {state(done)} {left}")
        note(f"{name}: too little memory ({failed} times)", not wrong, "\n".join(wrong))


# --- signals ---

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WAITERS = {
    "listen": (["listen", "--smtp=0", "--submission=off", "--pop3=off", "--imap=off", "--http=off", "--dns=off", "--pcap=OUT"], "Ctrl-C"),
    "dissect -": (["dissect", "-"], None),
    "exercise practise": (["exercise", "practise", "base64-encode", "--seed", "1"], "base64"),
    "exercise live": (["exercise", "live", "smtp-deliver", "--seed", "1"], "127.0.0.1"),
    "talk": (["talk", "smtp"], None),
}


def with_usual_signals():
    """Under nohup the tests run with SIGHUP ignored, and so would the program."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def start(arguments, folder, terminal):
    environment = {**ENVIRONMENT, "TERM": "xterm"}
    return subprocess.Popen(
        [PROGRAM, *arguments], cwd=folder, env=environment, stdin=terminal, stdout=terminal, stderr=terminal,
        start_new_session=True, preexec_fn=with_usual_signals,
    )


def read_until(descriptor, wanted, seconds):
    """What a terminal shows until 'wanted' comes, or for so long."""
    text, end = b"", time.monotonic() + seconds
    os.set_blocking(descriptor, False)
    while time.monotonic() < end and not (wanted and wanted in text):
        try:
            text += os.read(descriptor, 65536)
        except BlockingIOError:
            time.sleep(0.05)
        except OSError:
            break
    return text


def try_signal(name, arguments, wanted, number, folder):
    ours, theirs = pty.openpty()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        process = start(with_out(arguments, os.path.join(place, "out")), folder, theirs)
        os.close(theirs)
        shown = read_until(ours, wanted.encode() if wanted else None, 20 if wanted else 1)
        is_started = process.poll() is None
        process.send_signal(number)
        try:
            status = process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = "it goes on"
        shown += read_until(ours, None, 0.3)
        os.close(ours)
        is_ended = status in (0, -number, 128 + number, ENVIRONMENT_STATUS)
        note(f"{name}: ended by {number.name}", is_started and is_ended and b"Sanitizer" not in shown, f"{is_started} {status} {shown[-500:]}")
        if name == "listen":
            done = run(["dissect", *files_of(place)], folder)
            note(f"listen: its capture can be read after {number.name}", len(files_of(place)) == 1 and done.returncode == 0, state(done))
        return shown


def check_signals(folder):
    for name, (arguments, wanted) in WAITERS.items():
        for number in SIGNALS:
            try_signal(name, arguments, wanted, number, folder)
    for number in SIGNALS:
        shown = try_signal("run --step", ["run", "alice-to-bob", "--step"], "\x1b[?1049h", number, folder)
        is_restored = shown.rfind(b"\x1b[?1049l") > shown.rfind(b"\x1b[?1049h") and shown.rfind(b"\x1b[?25h") >= shown.rfind(b"\x1b[?25l")
        note(f"run --step: the terminal is given back after {number.name}", is_restored, shown[-300:])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mailwalk-faults-") as work:
        prepare(work)
        for one in (check_writers_at_all, check_no_room, check_full_disk, check_forbidden, check_interrupted, check_readers, check_signals):
            one(work)
    print(f"1..{len(results)}")
    sys.exit(0 if all(results) else 1)
