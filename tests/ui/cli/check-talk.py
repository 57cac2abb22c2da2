#!/usr/bin/env python3
"""check-talk.py MAILWALK: `mailwalk talk` from a pipe: what the coach says, and how it ends."""

import subprocess
import sys

CASES = [
    (
        "smtp: a message from greeting to goodbye",
        ["smtp"],
        "EHLO client.crepes.fr\nMAIL FROM:<alice@crepes.fr>\nRCPT TO:<bob@hamburger.edu>\nDATA\n"
        "Subject: hi\n\n? not a question\n.\nQUIT\n",
        ["S 220 mail.hamburger.edu", "S 354 ", "C message \"hi\"", "is in the mailbox of",
         "S 250 2.0.0 Ok: queued", "S 221 ", "The connection is closed."],
        ["not allowed at this point", "Did you mean"],
    ),
    (
        "smtp: a slip of the keyboard and a command too early",
        ["smtp"],
        "EHLO client.crepes.fr\nRCTP TO:<bob@hamburger.edu>\nRCPT TO:<bob@hamburger.edu>\n",
        ["Did you mean RCPT?", "S 500 5.5.2", "not allowed at this", "S 503 5.5.1",
         "now    AUTH, EHLO", "C QUIT", "S 221 "],
        [],
    ),
    (
        "smtp: DATA follows the recipient that was accepted, not the one refused behind it",
        ["smtp"],
        "EHLO client.crepes.fr\nMAIL FROM:<alice@crepes.fr>\nRCPT TO:<bob@hamburger.edu>\n"
        "RCPT TO:<>\nDATA\n.\n",
        ["S 501 5.1.3", "A recipient was accepted in step 12, so the message may follow."],
        [],
    ),
    (
        "smtp: the octets behind BDAT do not wait for an answer",
        ["smtp"],
        "EHLO client.crepes.fr\nMAIL FROM:<a@crepes.fr>\nRCPT TO:<bob@hamburger.edu>\n"
        "BDAT 5\nabc\nBDAT 0 LAST\n",
        ["C BDAT 0 LAST", "is in the mailbox of", "S 221 "],
        ["S 500"],
    ),
    (
        "smtp: the input ends inside a chunk",
        ["smtp"],
        "EHLO client.crepes.fr\nMAIL FROM:<a@crepes.fr>\nRCPT TO:<bob@hamburger.edu>\n"
        "BDAT 50\nabc\n",
        ["The chunk is shorter than BDAT said"],
        ["is in the mailbox"],
    ),
    (
        "smtp: questions to the coach go to nobody else",
        ["smtp"],
        "? \n? rcpt\n? nothing\n",
        ["EHLO domain", "RCPT TO:<forward-path> [parameters]", "RFC 5321 §4.1.1.3",
         "No command has that name", "S 221 "],
        ["S 500", "C ?"],
    ),
    (
        "smtp: a password in base64 is masked, and the state says what is awaited",
        ["smtp"],
        "EHLO client.crepes.fr\nAUTH LOGIN\nYm9i\naHVuZ3J5\n",
        ["state  authenticating", "Type the answer in base64", "C ••••••", "S 235 "],
        ["aHVuZ3J5"],
    ),
    (
        "smtp: the input ends inside a message",
        ["smtp"],
        "EHLO client.crepes.fr\nMAIL FROM:<a@crepes.fr>\nRCPT TO:<bob@hamburger.edu>\nDATA\nhalf",
        ["The message has no end"],
        ["is in the mailbox", "C QUIT"],
    ),
    (
        "pop3: lists of several lines, and QUIT at the end of the input",
        ["pop3"],
        "CAPA\nUSER bob\nPASS hungry\nLIST\n",
        ["RFC 2449 §5", "PASS ••••••", "state  TRANSACTION", "now    CAPA, DELE, LANG, LIST", "C QUIT",
         "state  UPDATE"],
        ["C PASS hungry"],
    ),
    (
        "smtp: HELO may be said first; it is offered no more once a name was given",
        ["smtp"],
        "EHLO client.crepes.fr\n",
        ["now    EHLO, EXPN, HELO, HELP,", "now AUTH, EHLO, EXPN, HELP, MAIL"],
        ["HELP, HELO"],
    ),
    (
        "pop3: PASS may only come behind a USER that was accepted",
        ["pop3"],
        "CAPA\nUSER bob\nCAPA\nUSER bob\nPASS hungry\n",
        ["now    APOP, CAPA, QUIT, USER. A line", "now    PASS, QUIT."],
        ["APOP, PASS", "CAPA, PASS"],
    ),
    (
        "imap: a tag that is used again, and what BAD says of a line that is well formed",
        ["imap"],
        "a1 LOGIN bob hungry\na2 SELECT INBOX\na2 FETCH 9 ALL\n",
        ["The tag a2 was used before", "RFC 3501 §2.2.1",
         "The command is wrong, as the text says."],
        ["tag a1 was used", "not understood"],
    ),
    (
        "what is wrong with a line, and the form that its command has",
        ["smtp"],
        "ehlo\nEHLO client.crepes.fr\nMAIL FROM <a@b>\nMAIL FROM:<a@b> X\x3d\n",
        ["The verb stands alone; this command",
         "Its form is: EHLO domain-or-address-literal. `mailwalk rfc smtp ehlo` says more.",
         "The colon is missing",
         "Its form is: MAIL FROM:<reverse-path> [parameters]. `mailwalk rfc smtp mail`"],
        ["rfc COMMAND"],
    ),
    (
        "pop3: the form of the command",
        ["pop3"],
        "USER bob\nPASS hungry\nRETR\n",
        ["`mailwalk rfc pop3 retr` says more."],
        ["rfc COMMAND"],
    ),
    (
        "imap: the form of the command",
        ["imap"],
        "a1 LOGIN bob hungry\na2 SELECT\na3 NOOP\n",
        ["`mailwalk rfc imap select` says more."],
        ["rfc COMMAND"],
    ),
    (
        "pop3: two messages to read, the second with an attachment",
        ["pop3"],
        "USER bob\nPASS hungry\nLIST\nTOP 1 1\nRETR 2\n",
        ["Two messages lie in each mailbox.", "+OK maildrop has 2 messages", "Ketchup",
         "menu.txt"],
        ["has 0 messages", "-ERR", "!!"],
    ),
    (
        "imap: the same two messages for everybody",
        ["imap", "--user=carol:pickles"],
        "a1 LOGIN carol pickles\na2 SELECT INBOX\na3 FETCH 1:2 (RFC822.SIZE ENVELOPE)\n"
        "a4 FETCH 2 BODYSTRUCTURE\na5 FETCH 1 BODY[TEXT]\n",
        ["S * 2 EXISTS", "The menu", "S a3 OK", "S a4 OK", "S a5 OK", "Ketchup"],
        ["BAD", "!!"],
    ),
    (
        "pop3: show the password where that is wanted, and another user",
        ["pop3", "--show-secrets", "--user=carol:pickles"],
        "USER carol\nPASS pickles\n",
        ["C PASS pickles", "state  TRANSACTION"],
        [],
    ),
    (
        "pop3: what a refusal means depends on what was wrong; an ordinary word as password",
        ["pop3"],
        "LIST\nUSER bob\nPASS wrong\nUSER bob\nPASS hungry\nLIST x\nLIST 9\n",
        ["-ERR log in first RFC 1939 §5 The command does not belong in this state",
         "-ERR [AUTH] name or password is wrong",
         "The arguments of the command do not have the form", "it is not there or marked"],
        [],
    ),
    (
        "imap: a command without a tag, and the talk goes on behind \"* BAD\"",
        ["imap"],
        "CAPABILITY\n* NOOP\na1 NOOP\na2 LOGIN bob hungry\na3 SELECT INBOX\na4 IDLE\nDONE\n"
        "a5 DELETE INBOX\n",
        ["A tag of your own is missing before the command: a1 CAPABILITY",
         "S CAPABILITY BAD A command begins with a tag", "S * BAD A command begins with a tag",
         "S a1 OK NOOP", "now    DONE ends the waiting", "S a4 OK IDLE", "S a5 NO [CANNOT]"],
        ["Did you mean", "state \n"],
    ),
    (
        "imap: from log-in to logout",
        ["imap"],
        "a1 LOGIN bob hungry\na2 SELECT INBOX\na3 FTCH 1 ALL\n",
        ["state  Selected state", "Did you mean FETCH?", "S a3 BAD", "C zz LOGOUT",
         "state  Logout state"],
        ["C a1 LOGIN bob hungry", "X<atom>"],
    ),
]
USAGE = [
    (["talk"], 2, "which protocol?"),
    (["talk", "http"], 2, "smtp, pop3 or imap"),
    (["talk", "smtp", "--connect=192.0.2.1:25"], 2, "an address of this machine"),
    (["talk", "smtp", "--connect=127.0.0.1:1"], 3, "refused"),
    (["talk", "smtp", "--user=bob"], 2, "NAME:PASSWORD"),
]


def talk(program, arguments, text):
    return subprocess.run(
        [program, *arguments], input=text.encode(), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=60, check=False,
    )


def main():
    program = sys.argv[1]
    failures = 0
    print(f"1..{len(CASES) + len(USAGE)}")
    results = []
    for name, arguments, text, wanted, unwanted in CASES:
        done = talk(program, ["talk", *arguments], text)
        output = done.stdout.decode()
        words = " ".join(output.split())
        problems = [f"lacks {part!r}" for part in wanted
                    if part not in output and " ".join(part.split()) not in words]
        problems += [f"has {part!r}" for part in unwanted if part in output]
        problems += [f"status {done.returncode}"] if done.returncode != 0 else []
        results.append((name, problems, output))
    for arguments, status, part in USAGE:
        done = talk(program, arguments, "")
        output = done.stdout.decode()
        problems = [f"status {done.returncode}"] if done.returncode != status else []
        problems += [f"lacks {part!r}"] if part not in output else []
        results.append((" ".join(arguments), problems, output))
    for number, (name, problems, output) in enumerate(results, 1):
        failures += bool(problems)
        print(f"{'not ' if problems else ''}ok {number} - {name}")
        for problem in problems:
            print(f"# {problem}")
        if problems:
            print("\n".join(f"# | {line}" for line in output.splitlines()))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
