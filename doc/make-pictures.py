#!/usr/bin/env python3
"""Makes the pictures of the README anew: doc/make-pictures.py PROGRAM

The full screen is run in tmux, and its cells are drawn as SVG; the page that --html writes is
photographed by Chromium. Both must be installed."""

import html
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
PICTURES = os.path.join(HERE, "pictures")
OCTETS_MAXIMUM = 200_000
COLUMNS, ROWS = 110, 34
CELL_WIDTH, CELL_HEIGHT = 8.4, 18
GROUND, INK = "#1d2027", "#d7dae0"
COLOURS = ["#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0"]
SGR = re.compile("\x1b\\[([0-9;]*)m")


def colour_256(number):
    if number < 16:
        return COLOURS[number % 8]
    if number >= 232:
        return "#" + f"{8 + (number - 232) * 10:02x}" * 3
    number -= 16
    return "#" + "".join(f"{[0, 95, 135, 175, 215, 255][part]:02x}" for part in (number // 36, number // 6 % 6, number % 6))


class Pen:
    """What the escape sequences so far have set."""

    def __init__(self):
        self.ink = self.ground = None
        self.is_bold = self.is_faint = self.is_reverse = self.is_underlined = False

    def apply(self, codes):
        numbers = [int(code or 0) for code in codes.split(";")]
        while numbers:
            number = numbers.pop(0)
            if number == 0:
                self.__init__()
            elif number in (1, 2, 4, 7):
                setattr(self, {1: "is_bold", 2: "is_faint", 4: "is_underlined", 7: "is_reverse"}[number], True)
            elif number == 22:
                self.is_bold = self.is_faint = False
            elif number == 27:
                self.is_reverse = False
            elif 30 <= number <= 37 or 90 <= number <= 97:
                self.ink = COLOURS[number % 10]
            elif 40 <= number <= 47 or 100 <= number <= 107:
                self.ground = COLOURS[number % 10]
            elif number in (38, 48) and numbers[:1] == [5]:
                setattr(self, "ink" if number == 38 else "ground", colour_256(numbers[1]))
                del numbers[:2]
            elif number == 39:
                self.ink = None
            elif number == 49:
                self.ground = None

    def style(self):
        ink, ground = self.ink or INK, self.ground
        if self.is_reverse:
            ink, ground = ground or GROUND, ink
        return ink, ground, self.is_bold, self.is_faint, self.is_underlined


def width(text):
    return sum(0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def draw_run(column, row, text, style):
    ink, ground, is_bold, is_faint, is_underlined = style
    x, y = column * CELL_WIDTH, row * CELL_HEIGHT
    parts = []
    if ground is not None:
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width(text) * CELL_WIDTH:.1f}" height="{CELL_HEIGHT}" fill="{ground}"/>')
    stripped = text.strip()
    if stripped:
        x += (len(text) - len(text.lstrip())) * CELL_WIDTH
        look = ' font-weight="bold"' * is_bold + ' opacity="0.6"' * is_faint + ' text-decoration="underline"' * is_underlined
        parts.append(f'<text x="{x:.1f}" y="{y + 13}" fill="{ink}"{look} textLength="{width(stripped) * CELL_WIDTH:.1f}" '
                     f'lengthAdjust="spacingAndGlyphs">{html.escape(stripped)}</text>')
    return parts


def draw(screen, columns):
    """A screen with its escape sequences as SVG."""
    lines = screen.rstrip("\n").split("\n")
    drawing, pen = [], Pen()
    for row, line in enumerate(lines):
        column, pieces = 0, SGR.split(line)
        for i, piece in enumerate(pieces):
            if i % 2 == 1:
                pen.apply(piece)
            elif piece:
                # runs of spaces are left out, so that letters stay in their columns in any font
                for part in re.split("(   +)", piece):
                    drawing += draw_run(column, row, part, pen.style()) if part else []
                    column += width(part)
    wide, high = columns * CELL_WIDTH, len(lines) * CELL_HEIGHT
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 {wide + 20:.0f} {high + 20}" '
            f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13.5" xml:space="preserve">'
            f'<rect x="-10" y="-10" width="{wide + 20:.0f}" height="{high + 20}" rx="8" fill="{GROUND}"/>'
            + "\n".join(drawing) + "</svg>\n")


def tmux(server, *arguments):
    return subprocess.run(["tmux", "-L", server, *arguments], capture_output=True, text=True, check=True).stdout


def wait_for(server, words):
    for _ in range(100):
        if words in tmux(server, "capture-pane", "-p"):
            return
        time.sleep(0.1)
    sys.exit(f"the screen never showed '{words}':\n" + tmux(server, "capture-pane", "-p"))


def terminal(program, arguments, keys, words):
    """The full screen after some keys."""
    server = f"mailwalk-pictures-{os.getpid()}"
    command = f"env LC_ALL=C.UTF-8 COLORTERM= {program} {arguments}"
    tmux(server, "-f", "/dev/null", "new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), command)
    try:
        tmux(server, "set-option", "-g", "status", "off")
        tmux(server, "resize-window", "-x", str(COLUMNS), "-y", str(ROWS))
        wait_for(server, "Alice")
        for key in keys:
            tmux(server, "send-keys", key)
            time.sleep(0.1)
        wait_for(server, words)
        return tmux(server, "capture-pane", "-p", "-e")
    finally:
        tmux(server, "kill-server")


def photograph(program, arguments, target, size, style=""):
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "page.html")
        subprocess.run([program, *arguments, f"--html={page}"], check=True, stdout=subprocess.DEVNULL, cwd=TOP)
        with open(page, "a", encoding="utf-8") as file:
            file.write(f"<style>{style}</style>")
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        f"--user-data-dir={folder}/profile", f"--window-size={size}", f"--screenshot={target}",
                        f"file://{page}"], check=True, capture_output=True, timeout=120)


def main():
    program = os.path.abspath(sys.argv[1])
    os.makedirs(PICTURES, exist_ok=True)
    screen = terminal(program, "run alice-to-bob --step", ["n"] + ["Space"] * 15, "250")
    with open(os.path.join(PICTURES, "terminal.svg"), "w", encoding="utf-8") as file:
        file.write(draw(screen, COLUMNS))
    photograph(program, ["dissect", "traces/smtp-attachment/trace.pcap"], os.path.join(PICTURES, "ladder.png"), "1000,710")
    photograph(program, ["dissect", "--stream=1", "traces/telnet-lecture-2/trace.pcap"],
               os.path.join(PICTURES, "report.png"), "1000,860", "svg { display: none }")
    for name in sorted(os.listdir(PICTURES)):
        octets = os.path.getsize(os.path.join(PICTURES, name))
        print(f"doc/pictures/{name}: {octets} octets")
        if octets > OCTETS_MAXIMUM:
            sys.exit(f"{name} is larger than {OCTETS_MAXIMUM} octets")


main()
