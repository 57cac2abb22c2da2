"""Reads what our writers made with Python's email and mailbox packages, and says in TAP what they
found. Nothing here knows our code."""

import email
import email.policy
import mailbox
import os
import subprocess
import sys
import tempfile

ALL_OCTETS = bytes(range(256)) * 4
LONG_SUBJECT = " ".join(f"{i} 台北 word" for i in range(40))
count = 0
failed = 0


def check(name, is_so, found=None):
    global count, failed
    count += 1
    failed += not is_so
    print(f"{'ok' if is_so else 'not ok'} {count} - {name}")
    if not is_so and found is not None:
        print(f"# found: {found!r}")


def load(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        raw = file.read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = list(message.walk())
    check(f"{name}: no defects", not any(part.defects for part in parts),
          [part.defects for part in parts])
    check(f"{name}: header defects",
          not any(getattr(value, "defects", ()) for part in parts for value in part.values()),
          [(key, value.defects) for part in parts for key, value in part.items()
           if getattr(value, "defects", ())])
    lines = raw.split(b"\r\n")
    check(f"{name}: CRLF everywhere, no line over 998",
          all(b"\n" not in line and b"\r" not in line and len(line) <= 998 for line in lines))
    header = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    check(f"{name}: header lines of at most 78", all(len(line) <= 78 for line in header),
          [line for line in header if len(line) > 78])
    check(f"{name}: ASCII only", all(octet < 128 for octet in raw))
    return message


def plain(part):
    return part.get_content().replace("\r\n", "\n")


def shape(message):
    if message.is_multipart():
        inner = " ".join(shape(part) for part in message.iter_parts()) if not isinstance(
            message.get_payload(), str) else ""
        return f"{message.get_content_type()}({inner})"
    return message.get_content_type()


def check_mixed(folder):
    message = load(folder, "mixed.eml")
    author = message["From"].addresses[0]
    check("author", author.display_name == "Ælfric, Abbot" and
          author.addr_spec == "alice@crepes.fr", author)
    names = [address.display_name for address in message["To"].addresses]
    check("recipients", names == ["Bob", "C. D.", "", "Éve"], names)
    groups = [group.display_name for group in message["To"].groups if group.display_name]
    check("group", "Friends" in groups, groups)
    check("subject", message["Subject"] == "Menü für heute", message["Subject"])
    check("date", message["Date"].datetime.isoformat() == "2022-11-21T10:00:00+01:00")
    check("shape", shape(message) ==
          "multipart/mixed(multipart/alternative(text/plain text/html) "
          "application/octet-stream application/octet-stream)", shape(message))
    text = plain(message.get_body(("plain",)))
    check("text", text == "Ein Café, bitte.\n.\nFrom here on nothing else.\n", text)
    html = plain(message.get_body(("html",)))
    check("html", html == "<p>Ein Café, bitte.</p>\n", html)
    attachments = list(message.iter_attachments())
    file_names = [part.get_filename() for part in attachments]
    check("file names", file_names == [
        'café "menu".bin',
        "a-very-long-name-that-must-be-cut-into-several-pieces-by-the-rules-of-rfc-2231.bin",
    ], file_names)
    check("contents", all(part.get_content() == ALL_OCTETS for part in attachments))


def check_answers(folder):
    reply = load(folder, "reply.eml")
    check("reply: subject", reply["Subject"] == "Re: Menü für heute", reply["Subject"])
    check("reply: in reply to", reply["In-Reply-To"] == "<1@crepes.fr>")
    check("reply: to", reply["To"].addresses[0].addr_spec == "alice@crepes.fr")
    copies = [address.addr_spec for address in reply["Cc"].addresses]
    check("reply: cc", copies == ["carol@hamburger.edu", "dave@x.example", "eve@x.example"],
          copies)
    text = plain(reply)
    check("reply: text", text.startswith("Merci\n\nOn Mon, 21 Nov 2022") and
          "\n> Ein Café, bitte.\n" in text, text)
    attached = load(folder, "forward-attached.eml")
    inner = [part for part in attached.walk() if part.get_content_type() == "message/rfc822"]
    check("forward: the message inside",
          len(inner) == 1 and inner[0].get_content()["Subject"] == "Menü für heute")
    drawn_in = load(folder, "forward-inline.eml")
    contents = [part.get_content() for part in drawn_in.iter_attachments()]
    check("forward: attachments again", contents == [ALL_OCTETS, ALL_OCTETS])
    check("forward: subject", drawn_in["Subject"] == "Fwd: Menü für heute")


def check_reports(folder):
    for name, last in (("report-full.eml", "message/rfc822"),
                       ("report-headers.eml", "text/rfc822-headers")):
        report = load(folder, name)
        parts = report.get_payload()
        check(f"{name}: shape", [part.get_content_type() for part in parts] ==
              ["text/plain", "message/delivery-status", last])
        check(f"{name}: type", report.get_param("report-type") == "delivery-status")
        blocks = parts[1].get_payload()
        check(f"{name}: blocks", len(blocks) == 3, len(blocks))
        check(f"{name}: server", blocks[0]["Reporting-MTA"] == "dns; mail.crepes.fr")
        check(f"{name}: original recipient",
              blocks[1]["Original-Recipient"] == "rfc822;bob+work@hamburger.edu")
        check(f"{name}: status", (blocks[1]["Action"], blocks[1]["Status"]) == ("failed", "5.1.1"))
        check(f"{name}: diagnostic", blocks[1]["Diagnostic-Code"] ==
              "smtp; 550 5.1.1 No such user, says a text that is long enough to be folded",
              blocks[1]["Diagnostic-Code"])
        check(f"{name}: delay", (blocks[2]["Action"], blocks[2]["Status"]) == ("delayed", "4.4.1"))
    disposition = load(folder, "disposition.eml")
    fields = disposition.get_payload()[1].get_payload()[0]
    check("disposition", fields["Disposition"] == "manual-action/MDN-sent-manually; displayed")


def check_maildir(folder):
    box = mailbox.Maildir(os.path.join(folder, "maildir", "bob"), create=False)
    messages = list(box.itervalues())
    check("maildir: two messages", len(messages) == 2, len(messages))
    flags = sorted((message.get_subdir(), message.get_flags()) for message in messages)
    check("maildir: flags", flags == [("cur", "RS"), ("new", "")], flags)
    dates = sorted(message.get_date() for message in messages)
    check("maildir: dates", dates == [1669021200, 1669021300], dates)
    check("maildir: folders", box.list_folders() == ["Caf&AOk-.2022"], box.list_folders())
    inner = list(box.get_folder("Caf&AOk-.2022").itervalues())
    check("maildir: message in a folder", len(inner) == 1 and not inner[0].defects)


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        check_mixed(folder)
        subject = load(folder, "long-subject.eml")["Subject"]
        check("long subject", subject == LONG_SUBJECT, subject)
        check_answers(folder)
        digest = load(folder, "digest.eml")
        check("digest", shape(digest) ==
              "multipart/digest(message/rfc822(text/plain) message/rfc822(text/plain))",
              shape(digest))
        check_reports(folder)
        check_maildir(folder)
    print(f"1..{count}")
    return failed > 0


sys.exit(main())
