"""Reads the #include lines and says which of them cross a wall.

The walls stand in RULES: what a folder may include of mailwalk's own folders and of the libraries.
"""

import os
import re
import sys

OWN = {"protocol", "sim", "dissect", "exercises", "ui", "tests"}
LIBRARIES = {
    "gio": re.compile(r"^gio/"),
    "glib": re.compile(r"^glib|^gmodule"),
    "gsasl": re.compile(r"^gsasl"),
    "gmime": re.compile(r"^gmime/"),
    "pcap": re.compile(r"^pcap"),
    "ncurses": re.compile(r"^(ncurses|curses|panel)"),
    "zlib": re.compile(r"^zlib"),
    "socket": re.compile(r"^(sys/socket|netinet/|netdb|sys/epoll)"),
    "poll": re.compile(r"^poll"),
    "thread": re.compile(r"^(pthread|threads)"),
    "clock": re.compile(r"^(time|sys/time)\.h"),
}

# folder -> what it may include besides C's own headers and what stands in its own folder
RULES = [
    ("protocol/text", {"glib", "protocol/text"}),
    ("protocol/rfc", {"glib", "protocol/text", "protocol/rfc"}),
    ("protocol/message", {"glib", "gmime", "protocol"}),
    ("protocol/catalogue", {"glib", "protocol"}),
    ("protocol/sasl", {"glib", "gsasl", "protocol"}),
    ("protocol/imap", {"glib", "zlib", "protocol"}),
    ("protocol", {"glib", "protocol"}),
    ("sim/loopback", {"glib", "gio", "socket", "poll", "clock", "sim", "protocol"}),
    ("sim/store", {"glib", "gio", "sim", "protocol"}),
    ("sim", {"glib", "sim", "protocol"}),
    ("dissect/capture", {"glib", "pcap", "poll", "thread", "clock", "dissect", "protocol"}),
    ("dissect", {"glib", "zlib", "dissect", "protocol"}),
    ("exercises", {"glib", "gio", "clock", "exercises", "protocol", "sim", "dissect"}),
    ("ui", None),
]

# Within protocol the spoken protocols do not know one another.
SPOKEN = ["smtp", "pop3", "imap", "http", "dns"]


def rule_for(path):
    return next((rule for rule in RULES if path.startswith(rule[0] + "/")), None)


def library_of(header):
    return next((name for name, form in LIBRARIES.items() if form.match(header)), None)


def allowed(header, is_own, allowances):
    if is_own:
        return any(header.startswith(name + "/") for name in allowances)
    library = library_of(header)
    return library is None or library in allowances


def crosses_protocols(path, header):
    here = re.match(r"protocol/(\w+)/", path)
    there = re.match(r"protocol/(\w+)/", header)
    return (
        here and there and here[1] in SPOKEN and there[1] in SPOKEN and here[1] != there[1]
    )


def check(root):
    faults = []
    files = 0
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), root)
            rule = rule_for(path) if name.endswith((".c", ".h")) else None
            if rule is None or rule[1] is None:
                continue
            files += 1
            with open(os.path.join(root, path), encoding="utf-8") as source:
                for number, line in enumerate(source, 1):
                    match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
                    if not match:
                        continue
                    header = match[2]
                    is_own = header.split("/")[0] in OWN
                    if not allowed(header, is_own, rule[1]):
                        faults.append(f"{path}:{number}: {rule[0]} may not include {header}")
                    elif crosses_protocols(path, header):
                        faults.append(f"{path}:{number}: protocols do not know one another: {header}")
                    elif match[1] == '"' and not is_own:
                        faults.append(f"{path}:{number}: write the path from the root: {header}")
    return files, faults


def main():
    files, faults = check(sys.argv[1])
    print("\n".join(faults))
    print(f"{files} files read, {len(faults)} walls crossed")
    return 1 if faults or files == 0 else 0


sys.exit(main())
