#!/usr/bin/env python3
"""The full screen in a real terminal, which tmux plays: keys go in, what the screen shows comes
out. The screens must be those that test-stage.c holds the cell grids against."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

SCREENS = pathlib.Path(__file__).parent / "screens"
STORY = """title "A short story"
organisation crepes.fr
person alice "Alice" password yummy machine alice-laptop
organisation hamburger.edu
person bob "Bob" password hungry machine bob-pc
chapter "Alice writes"
note "Where is the message now?"
alice writes to bob@hamburger.edu, subject "Ketchup", body "And pickles?"
chapter "She sends it"
alice sends
chapter "Bob fetches it"
bob fetches by pop3 and deletes
"""
COLOUR = re.compile("\x1b\\[(?:[0-9]+;)*[349][0-7](?:;[0-9]+)*m")
SIZES = [(80, 24), (160, 48)]
CASES = [
    ("begin", []),
    ("reply", ["/", "250-mail", "Enter"]),
    ("bytes", ["/", "RCPT", "Enter", "Tab"] + ["Down"] * 27),
    ("state", ["/", "queued as", "Enter", "Tab", "Tab"]),
    ("packets", ["/", "RCPT", "Enter", "3"]),
    ("help", ["?"]),
    ("refused", ["/", "RCPT", "Enter", "w", "Enter", "Enter", "Right"]),
    ("compared", ["/", "RCPT", "Enter", "w", "Enter", "Enter", "d"]),
    ("asked", ["/", "RCPT", "Enter", "t", "Right", "b"]),
    ("end", ["End"]),
]


class Terminal:
    """One tmux server with one window in which the program runs."""

    opened = 0

    def __init__(self, folder, command, width, height, environment):
        Terminal.opened += 1
        self.socket = str(pathlib.Path(folder) / f"tmux-{Terminal.opened}")
        settings = "".join(f"{name}={value} " for name, value in environment.items())
        self.tmux(
            "-f", "/dev/null", "new-session", "-d", "-s", "stage", "-x", str(width), "-y",
            str(height), f"{settings} {command}; echo left with $?; sleep 60",
        )

    def tmux(self, *arguments):
        run = subprocess.run(
            ["tmux", "-S", self.socket, *arguments], capture_output=True, text=True, timeout=30
        )
        if run.returncode != 0:
            raise RuntimeError(f"tmux {arguments}: {run.stderr}")
        return run.stdout

    def type(self, keys):
        for key in keys:
            self.tmux("send-keys", "-t", "stage", key)

    def screen(self, *options):
        text = self.tmux("capture-pane", "-p", *options, "-t", "stage")
        return "\n".join(line.rstrip() for line in text.splitlines())

    def wait_for(self, is_there, *options):
        """What the screen shows once it is so, or after ten seconds."""
        for _ in range(100):
            shown = self.screen(*options)
            if is_there(shown):
                break
            time.sleep(0.1)
        return shown

    def end(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], capture_output=True, timeout=30)


class Tests:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.story = folder / "story.scenario"
        self.story.write_text(STORY)
        self.results = []

    def report(self, name, is_right, shown=""):
        self.results.append(is_right)
        print(f"{'ok' if is_right else 'not ok'} {len(self.results)} - {name}", flush=True)
        if not is_right:
            print("".join(f"# {line}\n" for line in shown.splitlines()), flush=True)

    def open(self, width, height, arguments="", **environment):
        with_locale = {"LC_ALL": "C.UTF-8", "TERM": "screen-256color", **environment}
        command = f"{self.program} run {self.story} --step {arguments}"
        terminal = Terminal(self.folder, command, width, height, with_locale)
        terminal.wait_for(lambda shown: "[Meaning]" in shown)
        return terminal

    def check_screen(self, name, keys, width, height):
        wanted = (SCREENS / f"{name}-{width}x{height}.txt").read_text().rstrip("\n")
        terminal = self.open(width, height)
        terminal.type(keys)
        shown = terminal.wait_for(lambda text: text.rstrip("\n") == wanted)
        terminal.end()
        self.report(f"{name} at {width}x{height}", shown.rstrip("\n") == wanted, shown)

    def check_leaving(self):
        terminal = self.open(80, 24)
        terminal.type(["q"])
        shown = terminal.wait_for(lambda text: "left with" in text)
        terminal.end()
        self.report("q leaves with status 0", "left with 0" in shown, shown)

    def check_resize(self):
        terminal = self.open(80, 24)
        terminal.tmux("resize-window", "-t", "stage", "-x", "130", "-y", "30")
        shown = terminal.wait_for(lambda text: "┬" in text)
        wide = "┬" in shown and len(shown.splitlines()[0]) == 130
        terminal.tmux("resize-window", "-t", "stage", "-x", "30", "-y", "8")
        tiny = terminal.wait_for(lambda text: "too small" in text)
        terminal.tmux("resize-window", "-t", "stage", "-x", "80", "-y", "24")
        again = terminal.wait_for(lambda text: "[Meaning]" in text)
        terminal.end()
        self.report("a wider window puts the pane beside", wide, shown)
        self.report("a tiny window says so", "too small" in tiny, tiny)
        self.report("and a usual one shows all again", "[Meaning]" in again, again)

    def check_pause(self):
        """Ctrl-Z gives the terminal back; fg draws again, in the size that it has by then."""
        settings = {"LC_ALL": "C.UTF-8", "TERM": "screen-256color", "PS1": "'paused> '"}
        terminal = Terminal(self.folder, "bash --norc -i", 80, 24, settings)
        terminal.wait_for(lambda shown: "paused>" in shown)
        terminal.type([f"{self.program} run {self.story} --step", "Enter"])
        terminal.wait_for(lambda shown: "[Meaning]" in shown)
        terminal.type(["C-z"])
        paused = terminal.wait_for(lambda shown: "Stopped" in shown)
        terminal.tmux("resize-window", "-t", "stage", "-x", "100", "-y", "30")
        terminal.type(["fg", "Enter"])
        again = terminal.wait_for(lambda shown: len(shown.splitlines()[0]) == 100)
        terminal.end()
        self.report("Ctrl-Z gives the shell back", "Stopped" in paused, paused)
        fits = "[Meaning]" in again and len(again.splitlines()[0]) == 100
        self.report("fg draws it again in the new size", fits, again)

    def check_colour(self):
        coloured = self.open(80, 24)
        with_colour = coloured.wait_for(COLOUR.search, "-e")
        coloured.end()
        plain = self.open(80, 24, NO_COLOR="1")
        without = plain.screen("-e")
        plain.end()
        self.report("colour is used", COLOUR.search(with_colour) is not None, with_colour)
        self.report("but not with NO_COLOR", COLOUR.search(without) is None, repr(without))

    def check_branch(self):
        """Saved on the screen, given on the command line: the same refusal."""
        branch = self.folder / "branch"
        terminal = self.open(80, 24)
        terminal.type(["/", "RCPT", "Enter", "w", "Enter", "Enter", "s"])
        terminal.type(["BSpace"] * 20 + [str(branch), "Enter"])
        shown = terminal.wait_for(lambda text: "Saved" in text)
        terminal.end()
        self.report("a branch is saved", branch.is_file(), shown)
        run = subprocess.run(
            [self.program, "run", str(self.story), f"--what-if=@{branch}"],
            capture_output=True, text=True, timeout=60,
        )
        is_same = run.returncode == 0 and "550 5.1.1 No such user here" in run.stdout
        self.report("and played from the command line", is_same, run.stdout + run.stderr)

    def check_no_terminal(self):
        run = subprocess.run(
            [self.program, "run", str(self.story), "--step"],
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
        )
        says_so = "--step needs a terminal" in run.stderr and "RCPT TO:" in run.stdout
        self.report("without a terminal it says so and prints", says_so and run.returncode == 0)

    def run(self):
        for width, height in SIZES:
            for name, keys in CASES:
                self.check_screen(name, keys, width, height)
        self.check_leaving()
        self.check_resize()
        self.check_pause()
        self.check_colour()
        self.check_branch()
        self.check_no_terminal()
        print(f"1..{len(self.results)}")
        return 0 if all(self.results) else 1


def main():
    if shutil.which("tmux") is None:
        print("1..0 # SKIP tmux is not installed, so there is no terminal to play")
        return 0
    os.environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory(prefix="mailwalk-tmux-") as folder:
        return Tests(os.path.abspath(sys.argv[1]), pathlib.Path(folder)).run()


if __name__ == "__main__":
    sys.exit(main())
