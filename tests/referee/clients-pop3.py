#!/usr/bin/env python3
"""clients-pop3.py MAILWALK [CHECK...]: real programs fetch mail from `mailwalk listen` by POP3."""

import mailbox
import os
import poplib
import re
import sys

from listening import DOMAIN, PASSWORDS, Listening, expect, expect_in, main, run, run_on_terminal, tool


def stocked(program, *options, count=3):
    listening = Listening(program, *options)
    for i in range(1, count + 1):
        listening.deliver(f"m{i}")
    return listening


def curl(program):
    """curl lists, fetches and deletes"""
    with stocked(program) as listening:
        url = f"pop3://127.0.0.1:{listening.ports['pop3']}"
        command = [tool("curl"), "-sS", "-u", "bob:hungry"]
        listed = run(command + [url + "/"])
        expect("LIST", [line.split()[0] for line in listed.splitlines()], ["1", "2", "3"])
        expect_in("RETR 2", run(command + [url + "/2"]), "Subject: m2")
        expect_in("TOP", run(command + ["-X", "TOP 3 0", url + "/"]), "Subject: m3")
        expect_in("UIDL", run(command + ["-X", "UIDL", url + "/"]), "\n")
        run(command + ["--head", "-X", "DELE 2", url + "/"])  # one line is the whole answer
        expect("bob", listening.subjects(), ["m1", "m3"])


def curl_wrong_password(program):
    """curl is told of a wrong password, by APOP and by USER and PASS"""
    with stocked(program) as listening:
        url = f"pop3://127.0.0.1:{listening.ports['pop3']}/"
        for more in ([], ["--login-options", "AUTH=+APOP"]):
            run([tool("curl"), "-sS", "-u", "bob:thirsty", *more, url], status=67)
        run([tool("curl"), "-sS", "-u", "nobody:hungry", url], status=67)


def python_poplib(program):
    """poplib: every command"""
    with stocked(program) as listening:
        session = poplib.POP3("127.0.0.1", listening.ports["pop3"])
        expect("CAPA", {"TOP", "UIDL", "USER", "PIPELINING"} <= set(session.capa()), True)
        session.apop("bob", PASSWORDS["bob"])
        count, octets = session.stat()
        expect("STAT", count, 3)
        sizes = [int(line.split()[1]) for line in session.list()[1]]
        expect("LIST", sum(sizes), octets)
        expect("RETR", session.retr(1)[2], sizes[0])
        names = [line.split()[1] for line in session.uidl()[1]]
        expect("UIDL", len(set(names)), 3)
        expect_in("TOP", b"\n".join(session.top(2, 1)[1]).decode(), "ketchup")
        session.dele(1)
        expect("STAT", session.stat()[0], 2)
        session.rset()
        expect("STAT", session.stat()[0], 3)
        session.noop()
        session.dele(2)
        session.quit()
        again = listening.pop3()
        expect("UIDL again", [line.split()[1] for line in again.uidl()[1]], [names[0], names[2]])
        again.quit()


def password_of_odd_letters(program):
    """a password with spaces, a colon and a backslash"""
    with stocked(program) as listening:
        expect("carol", listening.pop3("carol").stat()[0], 0)


def by_address(program):
    """the whole address serves as a name too"""
    with stocked(program) as listening:
        session = poplib.POP3("127.0.0.1", listening.ports["pop3"])
        session.user(f"bob@{DOMAIN}")
        session.pass_("hungry")
        expect("bob", session.stat()[0], 3)


def locked(program):
    """a maildrop in use is refused to a second client, not to the next"""
    with stocked(program) as listening:
        first = listening.pop3()
        second = poplib.POP3("127.0.0.1", listening.ports["pop3"])
        second.user("bob")
        try:
            second.pass_("hungry")
            refusal = ""
        except poplib.error_proto as error:
            refusal = error.args[0].decode()
        expect_in("the refusal", refusal, "[IN-USE]")
        first.quit()
        listening.pop3().quit()


def dropped(program):
    """a client that breaks off without QUIT has deleted nothing"""
    with stocked(program) as listening:
        session = listening.pop3()
        session.dele(1)
        session.dele(2)
        session.close()
        expect("bob", listening.subjects(), ["m1", "m2", "m3"])


def new_mail_meanwhile(program):
    """mail that comes during a session shows in the next one, and its numbers stay"""
    with stocked(program) as listening:
        session = listening.pop3()
        listening.deliver("m4")
        expect("STAT", session.stat()[0], 3)
        session.dele(3)
        session.quit()
        expect("bob", listening.subjects(), ["m1", "m2", "m4"])


def mpop(program):
    """mpop fetches into a Maildir, deletes, and fetches nothing twice"""
    with stocked(program) as listening:
        folder = listening.path("Maildir")
        mailbox.Maildir(folder)
        settings = listening.write(
            "mpoprc",
            f"defaults\ntls off\nauth user\nkeep on\nuidls_file {listening.path('uidls')}\n"
            f"account bob\nhost 127.0.0.1\nport {listening.ports['pop3']}\nuser bob\n"
            f"password hungry\ndelivery maildir {folder}\n",
        )
        for _ in range(2):
            run([tool("mpop"), "-C", settings, "--pipelining=on", "bob"])
        listening.deliver("m4")
        run([tool("mpop"), "-C", settings, "--keep=off", "bob"])
        found = sorted(message["Subject"] for message in mailbox.Maildir(folder))
        expect("fetched", found, ["m1", "m2", "m3", "m4"])
        expect("left", listening.subjects(), [])


def fetchmail(program):
    """fetchmail fetches all, and flushes"""
    with stocked(program) as listening:
        target = listening.path("mbox")
        settings = listening.write(
            "fetchmailrc",
            f'poll 127.0.0.1 protocol POP3 port {listening.ports["pop3"]} user "bob" '
            f'password "hungry" sslproto "" fetchall mda "cat >> {target}; echo >> {target}"\n',
        )
        run([tool("fetchmail"), "-f", settings, "--nosyslog", "-v"],
            env={"FETCHMAILHOME": listening.folder, "HOME": listening.folder})
        expect("fetched", re.findall(r"^Subject: (\w+)\r?$", listening.read("mbox"), re.M),
               ["m1", "m2", "m3"])
        expect("left", listening.subjects(), [])


def fetchmail_wrong_password(program):
    """fetchmail is told of a wrong password (status 3), and nothing is lost"""
    with stocked(program) as listening:
        settings = listening.write(
            "fetchmailrc",
            f'poll 127.0.0.1 protocol POP3 port {listening.ports["pop3"]} user "bob" '
            'password "thirsty" sslproto "" fetchall mda "cat"\n',
        )
        run([tool("fetchmail"), "-f", settings, "--nosyslog"], status=3,
            env={"FETCHMAILHOME": listening.folder, "HOME": listening.folder})
        expect("left", listening.subjects(), ["m1", "m2", "m3"])


def mutt(program):
    """mutt fetches into its mailbox"""
    with stocked(program) as listening:
        spool = listening.write("spool", "")
        settings = listening.write(
            "muttrc",
            f'set pop_host="pop://bob@127.0.0.1:{listening.ports["pop3"]}"\nset pop_pass="hungry"\n'
            f'set ssl_force_tls=no\nset pop_delete=yes\nset spoolfile="{spool}"\nset quit=yes\n'
            f'set folder="{listening.folder}"\nset mbox_type=mbox\nset move=no\npush "<fetch-mail><exit>"\n',
        )
        run_on_terminal([tool("mutt"), "-n", "-F", settings, "-f", spool], listening.folder)
        expect("fetched", [message["Subject"] for message in mailbox.mbox(spool)],
               ["m1", "m2", "m3"])
        expect("left", listening.subjects(), [])


def s_nail(program):
    """s-nail reads a message from a POP3 maildrop"""
    with stocked(program) as listening:
        output = run(
            [tool("s-nail"), "-:/", "-Sv15-compat", "-Spop3-auth=plain", "-R", "-f",
             f"pop3://bob:hungry@127.0.0.1:{listening.ports['pop3']}"],
            "print 2\nexit\n", status=None, env={"HOME": listening.folder})
        expect_in("s-nail", output, "ketchup")


def netcat(program):
    """nc sends a session at once and closes its side"""
    with stocked(program) as listening:
        output = run([tool("nc"), "-q", "5", "127.0.0.1", str(listening.ports["pop3"])],
                     "USER bob\r\nPASS hungry\r\nSTAT\r\nFOO\r\nDELE 9\r\nDELE 1\r\nQUIT\r\n")
        marks = [line.split()[0] for line in output.splitlines()]
        expect("the replies", marks, ["+OK", "+OK", "+OK", "+OK", "-ERR", "-ERR", "+OK", "+OK"])
        expect("bob", listening.subjects(), ["m2", "m3"])


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main([
        curl, curl_wrong_password, python_poplib, password_of_odd_letters, by_address, locked,
        dropped, new_mail_meanwhile, mpop, fetchmail, fetchmail_wrong_password, mutt, s_nail,
        netcat,
    ]))
