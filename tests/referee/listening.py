"""`mailwalk listen` for tests with real clients: starts it on free ports, stops it, and says what
stands in its mailboxes. Results are told as TAP; a client that is not installed is skipped with
that reason."""

import os
import poplib
import re
import shlex
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
import traceback

PATH = os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin"
PASSWORDS = {"bob": "hungry", "alice": "yummy", "carol": "b@d pass:word\\"}
DOMAIN = "hamburger.edu"


class Missing(Exception):
    """A tool that this machine does not have."""


class Wrong(Exception):
    """The check failed."""


def tool(name):
    path = shutil.which(name, path=PATH)
    if path is None:
        raise Missing(f"there is no {name}")
    return path


def expect(what, seen, wanted):
    if seen != wanted:
        raise Wrong(f"{what}: {seen!r}, not {wanted!r}")


def expect_in(what, text, part):
    if part not in text:
        raise Wrong(f"{what}: {part!r} is not in {text!r}")


class Listening:
    """The servers; use it in a with statement."""

    def __init__(self, program, *options, users=PASSWORDS):
        self.folder = tempfile.mkdtemp(prefix="mailwalk-clients-")
        self.output = os.path.join(self.folder, "output")
        command = [program, "listen"]
        command += [f"--{name}=0" for name in ("smtp", "submission", "pop3", "imap", "http", "dns")]
        command += [f"--user={name}:{word}" for name, word in users.items()]
        command += options
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        self.ports = self.read_ports()

    def read_ports(self):
        for _ in range(600):
            with open(self.output, encoding="utf-8") as output:
                text = output.read()
            if "\n  DNS " in text and "Mail is kept" in text:
                found = re.findall(r"^  (\w+) +(\d+)", text, re.MULTILINE)
                return {name.lower(): int(port) for name, port in found}
            if self.process.poll() is not None:
                raise Wrong(f"mailwalk listen: {text}")
            time.sleep(0.05)
        raise Wrong("mailwalk listen does not say its ports")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self, how=signal.SIGINT):
        """The exit status; what it printed is in self.text() until the folder goes."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(60)

    def text(self):
        with open(self.output, encoding="utf-8") as output:
            return output.read()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), 0o600)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return file.read()

    def memory(self):
        """Resident kilobytes."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        return 0

    def deliver(self, subject, body="Do you like ketchup?\r\n", to="bob", sender="alice"):
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"]) as server:
            server.sendmail(
                f"{sender}@crepes.fr",
                [f"{to}@{DOMAIN}"],
                f"From: {sender}@crepes.fr\r\nTo: {to}@{DOMAIN}\r\nSubject: {subject}\r\n"
                f"Message-ID: <{subject}@crepes.fr>\r\n\r\n{body}",
            )

    def pop3(self, user="bob"):
        session = poplib.POP3("127.0.0.1", self.ports["pop3"])
        session.user(user)
        session.pass_(PASSWORDS[user])
        return session

    def mailbox(self, user="bob"):
        """The messages as POP3 gives them, each one string."""
        for _ in range(100):  # it may be locked still by the client before
            try:
                session = self.pop3(user)
                break
            except poplib.error_proto as error:
                if b"IN-USE" not in error.args[0]:
                    raise
                time.sleep(0.05)
        count = session.stat()[0]
        found = [b"\r\n".join(session.retr(i + 1)[1]).decode() for i in range(count)]
        session.quit()
        return found

    def subjects(self, user="bob"):
        found = []
        for message in self.mailbox(user):
            match = re.search(r"^Subject: (.*?)\r?$", message, re.MULTILINE)
            found.append(match.group(1) if match else None)
        return found


def run(command, text="", status=0, seconds=60, env=None):
    """Runs a client; 'status' None: any. Its standard output and error together."""
    environment = dict(os.environ, LC_ALL="C.UTF-8", **(env or {}))
    done = subprocess.run(
        command,
        input=text.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
        env=environment,
        check=False,
    )
    output = done.stdout.decode(errors="replace")
    if status is not None and done.returncode != status:
        raise Wrong(f"{command[0]} ended with {done.returncode}, not {status}: {output}")
    return output


def run_on_terminal(command, home):
    """For a client that wants a screen: it gets one of 80 columns that nobody looks at."""
    shell = " ".join(shlex.quote(word) for word in command)
    return run([tool("script"), "-qec", shell, "/dev/null"], status=None,
               env={"HOME": home, "TERM": "xterm"})


def main(checks, n_programs=1):
    """Each check takes the programs' paths; its docstring's first line names it."""
    programs = sys.argv[1:1 + n_programs]
    chosen = sys.argv[1 + n_programs:]
    checks = [check for check in checks if not chosen or check.__name__ in chosen]
    print(f"1..{len(checks)}")
    failures = 0
    for number, check in enumerate(checks, 1):
        name = f"{check.__name__}: {check.__doc__.splitlines()[0]}"
        start = time.monotonic()
        try:
            check(*programs)
            print(f"ok {number} - {name} ({time.monotonic() - start:.1f} s)", flush=True)
        except Missing as reason:
            print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        except Exception as error:  # whatever goes wrong in a client is a failed check
            failures += 1
            print(f"not ok {number} - {name}", flush=True)
            lines = traceback.format_exc() if not isinstance(error, Wrong) else str(error)
            for line in lines.splitlines():
                print(f"# {line}", flush=True)
    return 1 if failures else 0
