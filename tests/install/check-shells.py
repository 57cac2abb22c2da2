"""The completions of fish and zsh in the shells themselves: what is offered for a beginning. bash is tried
by check-install.sh."""

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time

FOLDER = os.path.dirname(os.path.abspath(sys.argv[1]))
COMPLETIONS = os.path.join(os.path.abspath(sys.argv[2]), "completions")
# What is typed, and the word that must be offered or filled in.
CASES = [
    ("mailwalk do", "doctor"),
    ("mailwalk run alice-to", "alice-to-bob"),
    ("mailwalk run --pcapn", "--pcapng="),
    ("mailwalk run --level=st", "--level=story"),
    ("mailwalk explain bas", "base64"),
    ("mailwalk exercise pract", "practise"),
    ("mailwalk exercise new dot", "dot-stuffing"),
    ("mailwalk talk im", "imap"),
]
results = []


def note(what, is_right, detail=""):
    results.append(is_right)
    print(f"{'ok' if is_right else 'not ok'} {len(results)} - {what}")
    if not is_right:
        print("# " + repr(detail)[:600])


def environment(home):
    return {**os.environ, "PATH": f"{FOLDER}:{os.environ['PATH']}", "HOME": home, "ZDOTDIR": home, "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def fish(line, home):
    script = f"source {COMPLETIONS}/mailwalk.fish; complete --do-complete '{line}'"
    done = subprocess.run(["fish", "--no-config", "-c", script], env=environment(home), stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=120)
    return done.stdout + done.stderr


def read_until(terminal, wanted, seconds):
    text, end = "", time.monotonic() + seconds
    while time.monotonic() < end and not re.search(wanted, text):
        try:
            text += os.read(terminal, 65536).decode(errors="replace").replace("\a", "")
        except BlockingIOError:
            time.sleep(0.02)
        except OSError:
            break
    return text


def zsh(line, home, wanted):
    """Types the line and a tab into a shell on a terminal of its own."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    shell = subprocess.Popen(["zsh", "-f", "-i"], env=environment(home), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    os.write(ours, f"fpath=({COMPLETIONS} $fpath); autoload -U compinit; compinit -u -D; PS1='> '; print REA''DY\n".encode())
    shown = read_until(ours, r"READY", 60)
    os.write(ours, f"{line}\t".encode())
    shown = read_until(ours, re.escape(wanted), 60)
    shell.kill()
    shell.wait()
    os.close(ours)
    return shown


for name, complete in (("fish", lambda line, home, wanted: fish(line, home)), ("zsh", zsh)):
    if shutil.which(name) is None:
        print(f"# the completion of {name} is not tried: there is no {name}")
        continue
    for typed, offered in CASES:
        with tempfile.TemporaryDirectory() as place:
            out = complete(typed, place, offered)
            note(f"{name}: {typed!r} gives {offered}", offered in out, out)
print(f"1..{len(results)}" if results else "1..0 # SKIP neither fish nor zsh is there")
sys.exit(0 if all(results) else 1)
