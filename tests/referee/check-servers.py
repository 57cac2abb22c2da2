"""Our SMTP and POP3 clients against other people's servers on 127.0.0.1: smtp-sink with its fault
options, Postfix and Dovecot with configurations, folders and ports of their own.

    check-servers.py DRIVE-SMTP DRIVE-POP3

What is not installed is left out, and said so.
"""

import glob
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile

from dovecot import PASSWORD, USER, Dovecot, free_port, wait_for
from listening import PATH, Missing

DRIVE_SMTP, DRIVE_POP3 = sys.argv[1:3]
count = 0
failed = 0


def check(claim, holds, seen=""):
    global count, failed
    count += 1
    failed += not holds
    print(f"{'ok' if holds else 'not ok'} {count} - {claim}")
    if not holds:
        print("\n".join(f"# {line}" for line in str(seen).splitlines()))


def skip(claim, why):
    global count
    count += 1
    print(f"ok {count} - {claim} # SKIP {why}")


def find(name):
    """Programs of servers often stand in sbin, which is not in everybody's PATH."""
    return shutil.which(name, path=PATH)


def drive(program, port, **options):
    words = [f"{name}={value}" for name, value in options.items()]
    done = subprocess.run([program, str(port), *words], capture_output=True, text=True, timeout=60)
    return done.stdout.split("\n")[:-1] + ([f"exit {done.returncode}"] if done.returncode else [])


def content(octets):
    """What drive-smtp sends."""
    text = "From: alice@crepes.fr\r\nSubject: referee\r\n\r\n"
    number = 0
    while len(text) < octets:
        text += f"{'.' if number % 3 == 0 else ''}line {number}\r\n"
        number += 1
    return text


ONE = ["ready", "sender 250", "recipient 250", "result 250", "closed 221"]

# claim, options of smtp-sink, options of drive-smtp, what the client is told
SINK = [
    ("one message", [], {}, ONE),
    ("pipelined", [], {"pipeline": 1}, ONE),
    ("no PIPELINING offered", ["-p"], {"pipeline": 1}, ONE),
    ("EHLO not known, HELO instead", ["-e"], {}, ONE),
    ("HELO at once", [], {"helo": 1}, ONE),
    ("ten messages on one connection", [], {"messages": 10, "pipeline": 1},
     ["ready"] + 10 * ONE[1:4] + ["closed 221"]),
    ("two hundred recipients", [], {"recipients": 200, "pipeline": 1},
     ["ready", "sender 250"] + 200 * ["recipient 250"] + ["result 250", "closed 221"]),
    ("a long message", [], {"octets": 2000000, "pipeline": 1}, ONE),
    ("eight bits without 8BITMIME", ["-8"], {"eight": 1},
     ["ready", "result 554 own", "closed 221"]),
    ("the connection refused", ["-f", "connect"], {}, ["closed 500"]),
    ("EHLO refused, HELO taken", ["-f", "ehlo"], {}, ONE),
    ("MAIL refused", ["-f", "mail"], {}, ["ready", "sender 500", "result 500", "closed 221"]),
    ("MAIL refused, pipelined", ["-f", "mail"], {"pipeline": 1}, None),
    ("RCPT refused", ["-f", "rcpt"], {},
     ["ready", "sender 250", "recipient 500", "result 500", "closed 221"]),
    ("all RCPT refused, pipelined", ["-f", "rcpt"], {"pipeline": 1, "recipients": 3}, None),
    ("DATA refused", ["-f", "data"], {},
     ["ready", "sender 250", "recipient 250", "result 500", "closed 221"]),
    ("the message refused", ["-f", "."], {},
     ["ready", "sender 250", "recipient 250", "result 500", "closed 221"]),
    ("QUIT refused", ["-f", "quit"], {}, ONE[:4] + ["closed 500"]),
    ("MAIL put off", ["-r", "mail"], {}, ["ready", "sender 450", "result 450", "closed 221"]),
    ("RCPT put off", ["-r", "rcpt"], {},
     ["ready", "sender 250", "recipient 450", "result 450", "closed 221"]),
    ("DATA put off", ["-r", "data"], {},
     ["ready", "sender 250", "recipient 250", "result 450", "closed 221"]),
    ("the message put off", ["-r", "."], {},
     ["ready", "sender 250", "recipient 250", "result 450", "closed 221"]),
    ("hung up at the connection", ["-q", "connect"], {}, ["closed 0"]),
    ("hung up at EHLO", ["-q", "ehlo"], {}, ["closed 0"]),
    ("hung up at MAIL", ["-q", "mail"], {}, ["ready", "closed 0"]),
    ("hung up at RCPT", ["-q", "rcpt"], {}, ["ready", "sender 250", "closed 0"]),
    ("hung up at DATA", ["-q", "data"], {}, ["ready", "sender 250", "recipient 250", "closed 0"]),
    ("hung up behind the message", ["-q", "."], {},
     ["ready", "sender 250", "recipient 250", "closed 0"]),
    ("hung up at QUIT", ["-q", "quit"], {}, ONE[:4] + ["closed 0"]),
    ("shut down with 421 at the connection", ["-Q", "connect"], {}, ["closed 421"]),
    ("shut down with 421 at EHLO", ["-Q", "ehlo"], {}, ["closed 421"]),
    ("shut down with 421 at MAIL", ["-Q", "mail"], {},
     ["ready", "closed 421"]),
    ("shut down with 421 at RCPT", ["-Q", "rcpt"], {},
     ["ready", "sender 250", "closed 421"]),
    ("shut down with 421 at DATA", ["-Q", "data"], {},
     ["ready", "sender 250", "recipient 250", "closed 421"]),
    ("shut down with 421 behind the message", ["-Q", "."], {},
     ["ready", "sender 250", "recipient 250", "closed 421"]),
    ("shut down with 421 at RCPT, pipelined", ["-Q", "rcpt"],
     {"pipeline": 1, "recipients": 3, "messages": 2}, None),
    ("a long message cut short with 550", ["-A", "0"], {"octets": 500000},
     ["ready", "sender 250", "recipient 250", "result 550", "closed 0"]),
    ("another reply code and text", ["-B", "521 5.3.2 no mail here", "-f", "rcpt"], {},
     ["ready", "sender 250", "recipient 521", "result 521", "closed 221"]),
    ("one recipient is put off, without ENHANCEDSTATUSCODES and DSN",
     ["-E", "-N", "-b", "451 try later", "-r", "rcpt"], {},
     ["ready", "sender 250", "recipient 451", "result 451", "closed 221"]),
    ("a PIX firewall in between", ["-P"], {"pipeline": 1}, ONE),
    ("neither XCLIENT nor XFORWARD nor AUTH", ["-C", "-F", "-a"], {"pipeline": 1}, ONE),
    ("slow at DATA", ["-w", "1"], {"pipeline": 1}, ONE),
    ("slow at RCPT", ["-W", "rcpt:1"], {"recipients": 2}, ONE[:3] + ONE[2:]),
    ("slow to read, with a small window", ["-H", "1", "-T", "4096"], {"octets": 300000}, ONE),
    ("ended at the message, without an answer", ["-M", "1"], {}, None),
    ("ends after one session", ["-n", "1"], {}, ONE),
    ("put off at the connection", ["-r", "connect"], {}, ["closed 450"]),
    ("EHLO and HELO refused", ["-f", "ehlo, helo"], {}, ["closed 500"]),
    ("EHLO put off", ["-r", "ehlo"], {}, ["closed 450"]),
    ("HELO put off", ["-e", "-r", "helo"], {}, ["closed 450"]),
    ("HELO refused at once", ["-f", "helo"], {"helo": 1}, ["closed 500"]),
    ("hung up at HELO", ["-e", "-q", "helo"], {}, ["closed 0"]),
    ("shut down with 421 at HELO", ["-e", "-Q", "helo"], {}, ["closed 421"]),
    ("shut down with 421 at QUIT", ["-Q", "quit"], {}, ONE[:4] + ["closed 421"]),
    ("QUIT put off", ["-r", "quit"], {}, ONE[:4] + ["closed 450"]),
    ("commands refused that are not needed", ["-f", "vrfy, noop"], {"pipeline": 1}, ONE),
    ("RSET refused behind a refused message", ["-f", "rset, rcpt"], {"messages": 2}, None),
    ("hung up at RSET", ["-q", "rset", "-f", "rcpt"], {"messages": 2}, None),
    ("shut down with 421 at RSET", ["-Q", "rset", "-f", "rcpt"], {"messages": 2}, None),
    ("421 as the answer to RCPT", ["-b", "421 4.3.2 closing", "-r", "rcpt"], {}, None),
    ("421 behind the message", ["-b", "421 4.3.2 closing", "-r", "."], {}, None),
    ("452, too many recipients", ["-b", "452 4.5.3 too many", "-r", "rcpt"], {},
     ["ready", "sender 250", "recipient 452", "result 452", "closed 221"]),
    ("552 behind the message", ["-B", "552 5.3.4 too big", "-f", "."], {},
     ["ready", "sender 250", "recipient 250", "result 552", "closed 221"]),
    ("554 at the connection", ["-B", "554 5.3.2 no mail here", "-f", "connect"], {},
     ["closed 554"]),
    ("cut short with 550 after a while", ["-A", "1"], {"octets": 500000},
     ["ready", "sender 250", "recipient 250", "result 550", "closed 0"]),
    # without pipelining: smtp-sink itself loses its place where it waits at MAIL with more to read
    ("slow at the connection, EHLO, MAIL, the message and QUIT",
     ["-W", "connect:1", "-W", "ehlo:1", "-W", "mail:1", "-W", ".:1", "-W", "quit:1"], {}, ONE),
    ("slow by chance", ["-W", "rcpt:1:50"], {"recipients": 3}, ONE[:3] + 2 * ONE[2:3] + ONE[3:]),
    ("it gives up by its own time limit", ["-t", "1", "-W", "data:2"], {},
     ["ready", "sender 250", "recipient 250", "closed 0"]),
    ("another name", ["-h", "mail.hamburger.edu"], {"pipeline": 1}, ONE),
    ("counts, logs and shows what comes", ["-c", "-v", "-s", "mail, rcpt"], {}, ONE),
    ("one connection at a time", ["-m", "1"], {"messages": 3},
     ["ready"] + 3 * ONE[1:4] + ["closed 221"]),
    ("IPv4 only", ["-4"], {}, ONE),
    ("in a root directory of its own", ["-R"], {"pipeline": 1}, ONE),
]


def stored(folder):
    """Messages that smtp-sink kept, without the header it puts on top."""
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "dump.*"))):
        with open(path, "rb") as file:
            text = file.read().decode("ascii")
        start = text.find("From: alice")
        found.append(text[start:].rstrip("\n") if start >= 0 else text)
    return found


def check_sink(sink):
    for claim, faults, options, told in SINK:
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            user = ["-u", "nobody"] if os.getuid() == 0 else []
            os.chmod(folder, 0o777)
            dump = os.path.join(folder, "dump.")
            if faults == ["-R"]:
                if os.getuid() != 0:
                    skip(f"smtp-sink: {claim}", "only root can change the root directory")
                    continue
                faults, dump = ["-R", folder], "/dump."
            server = subprocess.Popen(
                [sink, *user, *faults, "-d", dump,
                 f"inet:127.0.0.1:{port}", "100"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                # probing would be a connection of its own; smtp-sink takes any number of them
                running = wait_for(port, server)
                seen = drive(DRIVE_SMTP, port, **options) if running else ["smtp-sink ended"]
            finally:
                server.terminate()
                server.wait()
            delivered = seen.count("result 250")
            if told is None:
                holds = delivered == 0 and seen[-1].startswith("closed")
            else:
                holds = seen == told
            check(f"smtp-sink: {claim}", holds, "\n".join(seen))
            if delivered > 0:
                wanted = content(options.get("octets", 200)).replace("\r\n", "\n").rstrip("\n")
                kept = stored(folder)
                check(f"smtp-sink: {claim}: what is kept is what was sent",
                      kept == delivered * [wanted], f"{len(kept)} kept, {delivered} told")


POSTFIX_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
discard unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
showq unix n - n - - showq
pickup unix n - n 60 1 pickup
postlog unix-dgram n - n - 1 postlogd
"""

# claim, options of drive-smtp, what the client is told; bob0 and bob1 have mailboxes
TWO = ["sender 250", "recipient 250", "recipient 250", "result 250"]
POSTFIX = [
    ("one message", {}, ONE),
    ("HELO at once", {"helo": 1}, ONE),
    ("pipelined, three messages to two", {"pipeline": 1, "recipients": 2, "messages": 3},
     ["ready"] + 3 * TWO + ["closed 221"]),
    ("pipelined, two of four refused", {"pipeline": 1, "recipients": 4},
     ["ready"] + TWO[:3] + 2 * ["recipient 550"] + ["result 250", "closed 221"]),
    ("in one chunk", {"chunks": 1, "pipeline": 1, "octets": 50000}, ONE),
    ("in chunks of 700 octets", {"chunks": 1, "chunk": 700, "octets": 5000}, ONE),
    ("eight bits", {"eight": 1}, ONE),
    ("too long", {"octets": 200000}, ["ready", "sender 552", "result 552", "closed 221"]),
]


def postfix_configuration(folder, port, postconf):
    usual = {name: subprocess.run([postconf, "-dh", name], capture_output=True, text=True,
                                  check=True).stdout.strip()
             for name in ("daemon_directory", "command_directory", "meta_directory",
                          "shlib_directory", "mail_owner", "setgid_group")}
    for name in ("etc", "spool", "data"):
        os.makedirs(os.path.join(folder, name))
    os.chmod(folder, 0o755)
    os.chown(os.path.join(folder, "data"), pwd.getpwnam(usual["mail_owner"]).pw_uid, 0)
    with open(os.path.join(folder, "etc", "main.cf"), "w") as file:
        file.write("".join(f"{name} = {value}\n" for name, value in usual.items()))
        file.write(f"""
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mail.hamburger.edu
mydestination = hamburger.edu
mynetworks = 192.0.2.0/24
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps = inline:{{ bob0=x, bob1=x }}
local_transport = discard:
default_transport = discard:
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
message_size_limit = 100000
""")
    with open(os.path.join(folder, "etc", "master.cf"), "w") as file:
        file.write(POSTFIX_SERVICES.format(port=port))
    return os.path.join(folder, "etc")


def check_postfix(postfix, postconf):
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = postfix_configuration(folder, port, postconf)
        started = subprocess.run([postfix, "-c", settings, "start"], capture_output=True, text=True)
        try:
            if started.returncode != 0:
                skip("postfix", "it does not start: " + started.stderr.strip()[:200])
                return
            for claim, options, told in POSTFIX:
                seen = drive(DRIVE_SMTP, port, **options)
                check(f"postfix: {claim}", seen == told, "\n".join(seen))
        finally:
            subprocess.run([postfix, "-c", settings, "stop"], capture_output=True)


def digests():
    """Dovecot gives CRLF, whatever the Maildir holds."""
    texts = [content(300 * number).encode("ascii") for number in (1, 2, 3)]
    return [(str(len(text)), hashlib.sha256(text).hexdigest()) for text in texts]


def summary(lines):
    """Messages as (number, length, digest); the other lines as they are."""
    return [tuple(line.split()[1:4]) if line.startswith("message") else line for line in lines]


def check_dovecot(server):
    port = server.pop3
    bob = {"user": USER, "password": PASSWORD}
    messages = [(str(i + 1), *digest) for i, digest in enumerate(digests())]
    whole = ["in", "listed 3", *messages, "closed ok"]
    logins = [("USER and PASS", {}), ("APOP", {"login": "apop"})]
    for name in ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
        logins.append((name, {"login": "sasl", "mechanism": name}))
    logins.append(("the best mechanism", {"login": "sasl"}))
    for name, options in logins:
        seen = summary(drive(DRIVE_POP3, port, **bob, **options))
        check(f"dovecot: {name}", seen == whole, seen)
        wrong = {**bob, "password": "mustard"}
        seen = drive(DRIVE_POP3, port, **wrong, **options)
        check(f"dovecot: {name}, wrong password", seen == ["refused", "closed"], seen)
        stranger = {**bob, "user": "eve"}
        seen = drive(DRIVE_POP3, port, **stranger, **options)
        check(f"dovecot: {name}, unknown user", seen == ["refused", "closed"], seen)
    seen = summary(drive(DRIVE_POP3, port, **bob, pipeline=1))
    check("dovecot: pipelined", seen == whole, seen)
    known = drive(DRIVE_POP3, port, **bob)[2].split()[4]
    seen = summary(drive(DRIVE_POP3, port, **bob, known=known))
    check("dovecot: what is known is not fetched again",
          seen == ["in", "listed 3", *messages[1:], "closed ok"], seen)
    seen = summary(drive(DRIVE_POP3, port, **bob, delete=1, pipeline=1))
    check("dovecot: deleted after fetching",
          [line for line in seen if isinstance(line, tuple)] == messages and
          [line for line in seen if str(line).startswith("deleted")] ==
          ["deleted 1", "deleted 2", "deleted 3"] and seen[-1] == "closed ok", seen)
    seen = drive(DRIVE_POP3, port, **bob)
    check("dovecot: nothing is left", seen == ["in", "listed 0", "closed ok"], seen)


def main():
    sink, postfix, postconf = find("smtp-sink"), find("postfix"), find("postconf")
    if sink is None:
        skip("smtp-sink", "it is not installed")
    else:
        check_sink(sink)
    if postfix is None or postconf is None:
        skip("postfix", "it is not installed")
    elif os.getuid() != 0:
        skip("postfix", "it runs only as root")
    else:
        check_postfix(postfix, postconf)
    try:
        with Dovecot([content(300 * number).replace("\r\n", "\n").encode("ascii")
                      for number in (1, 2, 3)]) as server:
            check_dovecot(server)
    except Missing as reason:
        skip("dovecot", reason)
    print(f"1..{count}")
    return failed > 0


sys.exit(main())
