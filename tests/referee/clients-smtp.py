#!/usr/bin/env python3
"""clients-smtp.py MAILWALK [CHECK...]: real programs hand mail to `mailwalk listen`. Nothing may be
lost, nothing doubled, and each refusal must have the code that its reason has."""

import smtplib
import socket
import struct
import subprocess
import sys
import time

from listening import DOMAIN, Listening, expect, expect_in, main, run, tool


def address(listening):
    return f"127.0.0.1:{listening.ports['smtp']}"


def swaks(program):
    """swaks sends to two recipients"""
    with Listening(program) as listening:
        run([tool("swaks"), "--server", address(listening), "--from", "alice@crepes.fr", "--to",
             f"bob@{DOMAIN},alice@{DOMAIN}", "--header", "Subject: swaks"])
        expect("bob", listening.subjects(), ["swaks"])
        expect("alice", listening.subjects("alice"), ["swaks"])


def swaks_pipelined(program):
    """swaks sends all commands at once"""
    with Listening(program) as listening:
        run([tool("swaks"), "--server", address(listening), "--pipeline", "--from",
             "alice@crepes.fr", "--to", f"bob@{DOMAIN}", "--header", "Subject: pipeline"])
        expect("bob", listening.subjects(), ["pipeline"])


def curl(program):
    """curl uploads a message with lines that begin with dots"""
    body = "Subject: curl\r\n\r\n.\r\n..two\r\n.three\r\nend\r\n"
    with Listening(program) as listening:
        run([tool("curl"), "-sS", f"smtp://{address(listening)}/client.crepes.fr", "--mail-from",
             "alice@crepes.fr", "--mail-rcpt", f"bob@{DOMAIN}", "-T", "-"], body)
        (message,) = listening.mailbox()
        expect("the body", message.split("\r\n\r\n", 1)[1], ".\r\n..two\r\n.three\r\nend")


def msmtp(program):
    """msmtp sends what sendmail would get"""
    with Listening(program) as listening:
        run([tool("msmtp"), "--host=127.0.0.1", f"--port={listening.ports['smtp']}", "--auth=off",
             "--tls=off", "--from=alice@crepes.fr", "--domain=client.crepes.fr", f"bob@{DOMAIN}"],
            "Subject: msmtp\n\nhello\n")
        expect("bob", listening.subjects(), ["msmtp"])


def s_nail(program):
    """s-nail sends with an attachment"""
    with Listening(program) as listening:
        note = listening.write("note.txt", "an attached note\n")
        run([tool("s-nail"), "-:/", "-Sv15-compat", f"-Smta=smtp://{address(listening)}",
             "-Ssmtp-auth=none", "-Ssmtp-config=-allnoplain", "-Sfrom=alice@crepes.fr",
             "-Shostname=client.crepes.fr", "-s", "s-nail", "-a", note, f"bob@{DOMAIN}"], "hello\n",
            status=None)
        (message,) = listening.mailbox()
        expect_in("the message", message, "Subject: s-nail")
        expect_in("the message", message, "note.txt")


def mutt(program):
    """mutt sends through its own SMTP client"""
    with Listening(program) as listening:
        settings = listening.write(
            "muttrc",
            f'set smtp_url="smtp://{address(listening)}/"\nset from="alice@crepes.fr"\n'
            'set use_from=yes\nset hostname="crepes.fr"\nset ssl_force_tls=no\nset copy=no\n',
        )
        run([tool("mutt"), "-n", "-F", settings, "-s", "mutt", f"bob@{DOMAIN}"], "hello\n",
            env={"HOME": listening.folder})
        expect("bob", listening.subjects(), ["mutt"])


def netcat(program):
    """nc sends a whole session at once and closes its side"""
    text = ("EHLO client.crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\n"
            f"RCPT TO:<bob@{DOMAIN}>\r\nDATA\r\nSubject: nc\r\n\r\nhello\r\n.\r\nQUIT\r\n")
    with Listening(program) as listening:
        output = run([tool("nc"), "-q", "5", "127.0.0.1", str(listening.ports["smtp"])], text)
        expect("the replies", [line[:3] for line in output.splitlines() if line[3:4] == " "],
               ["220", "250", "250", "250", "354", "250", "221"])
        expect("bob", listening.subjects(), ["nc"])


def telnet(program):
    """telnet, typed line by line"""
    lines = ["HELO client.crepes.fr", "MAIL FROM:<alice@crepes.fr>", f"RCPT TO:<bob@{DOMAIN}>",
             "DATA", "Subject: telnet", "", "hello", ".", "QUIT"]
    with Listening(program) as listening:
        client = subprocess.Popen(
            [tool("telnet"), "127.0.0.1", str(listening.ports["smtp"])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        for line in lines:
            time.sleep(0.3)
            client.stdin.write(line.encode() + b"\n")
            client.stdin.flush()
        # its input stays open until the server has hung up: at the end of it telnet leaves at once
        output = client.stdout.read().decode()
        client.communicate(timeout=30)
        expect_in("telnet", output, "221 ")
        expect("bob", listening.subjects(), ["telnet"])


def smtp_source(program):
    """postfix's smtp-source sends 500 messages over 20 connections"""
    with Listening(program, "--quiet") as listening:
        run([tool("smtp-source"), "-s", "20", "-m", "500", "-f", "alice@crepes.fr", "-t",
             f"bob@{DOMAIN}", address(listening)])
        expect("messages", listening.pop3().stat()[0], 500)


def python_smtplib(program):
    """smtplib: several messages on one connection, RSET, VRFY, NOOP, HELP"""
    with Listening(program) as listening:
        with smtplib.SMTP("127.0.0.1", listening.ports["smtp"]) as server:
            server.ehlo("client.crepes.fr")
            for extension in ("pipelining", "size", "8bitmime", "smtputf8", "chunking", "dsn"):
                expect(extension, server.has_extn(extension), True)
            expect("NOOP", server.noop()[0], 250)
            expect("HELP", len(server.help()) > 0, True)
            for i in range(5):
                server.sendmail("alice@crepes.fr", [f"bob@{DOMAIN}"], f"Subject: {i}\r\n\r\nx\r\n")
            server.mail("alice@crepes.fr")
            expect("RSET", server.rset()[0], 250)
            expect("RCPT after RSET", server.rcpt(f"bob@{DOMAIN}")[0], 503)
        expect("bob", listening.subjects(), ["0", "1", "2", "3", "4"])


def unknown_user(program):
    """an unknown user is refused with 550 5.1.1, a known one beside it is served"""
    with Listening(program) as listening:
        with smtplib.SMTP("127.0.0.1", listening.ports["smtp"]) as server:
            refused = server.sendmail(
                "alice@crepes.fr", [f"bob@{DOMAIN}", f"nobody@{DOMAIN}"], "Subject: half\r\n\r\n")
        code, text = refused[f"nobody@{DOMAIN}"]
        expect("the code", (code, text[:5]), (550, b"5.1.1"))
        expect("bob", listening.subjects(), ["half"])
        output = run([tool("swaks"), "--server", address(listening), "--from", "alice@crepes.fr",
                      "--to", f"nobody@{DOMAIN}"], status=24)
        expect_in("swaks", output, "550 5.1.1")


def other_domain(program):
    """mail for another domain is no business of this server: 550 5.7.1"""
    with Listening(program) as listening:
        with smtplib.SMTP("127.0.0.1", listening.ports["smtp"]) as server:
            server.ehlo("client.crepes.fr")
            server.mail("alice@crepes.fr")
            code, text = server.rcpt("carol@example.org")
        expect("the reply", (code, text[:5]), (550, b"5.7.1"))


def too_big(program):
    """a message over the SIZE that was offered is refused with 552, announced or not"""
    with Listening(program, "--quiet") as listening:
        with smtplib.SMTP("127.0.0.1", listening.ports["smtp"]) as server:
            server.ehlo("client.crepes.fr")
            limit = int(server.esmtp_features["size"])
            code, text = server.mail("alice@crepes.fr", [f"SIZE={limit + 1}"])
            expect("announced", (code, text[:5]), (552, b"5.3.4"))
            server.rset()
            server.mail("alice@crepes.fr")
            server.rcpt(f"bob@{DOMAIN}")
            code, text = server.data(b"Subject: big\r\n\r\n" + b"0123456789012345678901234567890123456789\r\n" * (limit // 40))
            expect("unannounced", (code, text[:5]), (552, b"5.3.4"))
            server.sendmail("alice@crepes.fr", [f"bob@{DOMAIN}"], "Subject: small\r\n\r\n")
        expect("bob", listening.subjects(), ["small"])


def full_mailbox(program):
    """a full mailbox is refused for now, and takes mail again once it has room"""
    with Listening(program, "--quota=3000") as listening:
        body = "x" * 70 + "\r\n"
        listening.deliver("first", body * 35)
        try:
            listening.deliver("second", body * 35)
            refused = None
        except smtplib.SMTPException as error:
            refused = error
        code = getattr(refused, "smtp_code", None)
        if isinstance(refused, smtplib.SMTPRecipientsRefused):
            code = list(refused.recipients.values())[0][0]
        expect("the code", code, 452)
        expect("bob", listening.subjects(), ["first"])
        session = listening.pop3()
        session.dele(1)
        session.quit()
        listening.deliver("third", body * 5)
        expect("bob", listening.subjects(), ["third"])


def dropped(program):
    """a connection that breaks off before the final dot leaves nothing behind"""
    with Listening(program) as listening:
        for how in ("close", "reset"):
            for cut in ("MAIL", "RCPT", "DATA", "text"):
                client = socket.create_connection(("127.0.0.1", listening.ports["smtp"]))
                file = client.makefile("rb")
                file.readline()
                for verb, line in (("EHLO", "EHLO a.b"), ("MAIL", "MAIL FROM:<alice@crepes.fr>"),
                                   ("RCPT", f"RCPT TO:<bob@{DOMAIN}>"), ("DATA", "DATA"),
                                   ("text", "Subject: dropped\r\n\r\nhalf a li")):
                    client.sendall(line.encode() + (b"" if verb == "text" else b"\r\n"))
                    while verb != "text" and file.readline()[3:4] == b"-":
                        pass
                    if verb == cut:
                        break
                if how == "reset":
                    linger = struct.pack("ii", 1, 0)
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                file.close()
                client.close()
        time.sleep(0.3)
        listening.deliver("whole")
        expect("bob", listening.subjects(), ["whole"])


def bare_line_feeds(program):
    """a dot between bare line feeds does not end the message (no smuggling)"""
    with Listening(program) as listening:
        with smtplib.SMTP("127.0.0.1", listening.ports["smtp"]) as server:
            server.ehlo("client.crepes.fr")
            server.mail("alice@crepes.fr")
            server.rcpt(f"bob@{DOMAIN}")
            server.docmd("DATA")
            server.send(b"Subject: one\r\n\r\nx\n.\nMAIL FROM:<eve@example.org>\r\n.\r\n")
            expect("the code", server.getreply()[0], 550)
            expect("in step", server.noop()[0], 250)
        expect("bob", listening.mailbox(), [])


def stops_cleanly(program):
    """Ctrl-C ends it with status 0, its ports free, what was accepted in the Maildir"""
    with Listening(program, "--quiet") as first:
        folder = first.path("mail")
        with Listening(program, f"--maildir={folder}", "--quiet") as listening:
            for i in range(20):
                listening.deliver(f"m{i}")
            client = socket.create_connection(("127.0.0.1", listening.ports["smtp"]))
            client.recv(1000)
            expect("status", listening.stop(), 0)
            client.close()
        with Listening(program, f"--maildir={folder}") as again:
            expect("bob", sorted(again.subjects()), sorted(f"m{i}" for i in range(20)))


def capture(program):
    """tshark reads the capture without a warning and finds the message in it"""
    tshark = tool("tshark")
    with Listening(program) as outer:
        path = outer.path("a.pcap")
        with Listening(program, f"--pcap={path}", "--quiet") as listening:
            for i in range(3):
                listening.deliver(f"m{i}", "0123456789" * 7 * 100 + "\r\n")
            expect("bob", len(listening.pop3().list()[1]), 3)
            ports = listening.ports
            listening.stop()
        decode = ["-d", f"tcp.port=={ports['smtp']},smtp", "-d", f"tcp.port=={ports['pop3']},pop"]
        checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
        output = run([tshark, "-r", path, *decode, *checks, "-q", "-z", "expert,warn"])
        expect("warnings", "Warn" in output or "Error" in output, False)
        output = run([tshark, "-r", path, *decode, "-Y", "imf.subject", "-T", "fields", "-e",
                      "imf.subject"])
        expect("subjects", [line for line in output.splitlines() if line[:1] == "m"],
               ["m0", "m1", "m2"])


if __name__ == "__main__":
    sys.exit(main([
        swaks, swaks_pipelined, curl, msmtp, s_nail, mutt, netcat, telnet, smtp_source,
        python_smtplib, unknown_user, other_domain, too_big, full_mailbox, dropped,
        bare_line_feeds, stops_cleanly, capture,
    ]))
