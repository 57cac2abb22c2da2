"""Messages that mail programs have quarrelled about: (name, octets)."""

import base64

HEAD = ("From: Alice <alice@crepes.fr>\nTo: bob@hamburger.edu\nSubject: {subject}\n"
        "Date: Mon, 5 Jan 2026 09:00:00 +0000\nMessage-ID: <{id}@crepes.fr>\n")


def made(name, head, body="", subject="m", encoding="utf-8"):
    text = HEAD.format(subject=subject, id=name.replace(" ", "-")) + head + "\n" + body
    return name, text.replace("\n", "\r\n").encode(encoding)


def raw(name, text, encoding="utf-8"):
    return name, text.replace("\n", "\r\n").encode(encoding)


def multipart(parts, boundary="=b", kind="mixed", more=""):
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return (f"MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=\"{boundary}\"{more}\n",
            body + f"--{boundary}--\n")


TEXT = "Content-Type: text/plain; charset=us-ascii\n\nthe needle in one part"
HTML = "Content-Type: text/html; charset=us-ascii\n\n<p>the part in HTML</p>"
PICTURE = ("Content-Type: image/png; name=\"a crepe.png\"\nContent-Transfer-Encoding: base64\n"
           "Content-Disposition: attachment; filename=\"a crepe.png\"; size=12\n"
           "Content-ID: <picture@crepes.fr>\nContent-Description: a picture\n\niVBORw0KGgo=\n")
LETTER = ("From: Carol <carol@ksit.edu.in>\nTo: alice@crepes.fr\nSubject: inner\n"
          "Date: Sun, 4 Jan 2026 08:00:00 +0530\nMessage-ID: <inner@ksit.edu.in>\n")
CODED = base64.b64encode("a decoded needle, Crêpe\r\n".encode()).decode()

MESSAGES = [
    made("plain", "", "the needle\n.\n..\n"),
    made("two words", "Cc: Carol <carol@ksit.edu.in>\nBcc: dave@crepes.fr\n", "x\n",
         subject="two words about ketchup"),
    raw("no header", "\nonly a body\n"),
    raw("no empty line", "Subject: no body\nFrom: alice@crepes.fr\n"),
    raw("no last line end", "Subject: cut\nFrom: alice@crepes.fr\n\nno line end"),
    raw("no fields known", "X-Nothing: 1\n\nx\n"),
    made("empty body", ""),
    made("mixed", *multipart([TEXT, PICTURE])),
    made("alternative in mixed", *multipart(
        ["".join(multipart([TEXT, HTML], "=inner", "alternative")).replace(
            "MIME-Version: 1.0\n", "").replace("\"\n--", "\"\n\n--", 1), PICTURE])),
    made("letter in a letter", *multipart(
        [TEXT, "Content-Type: message/rfc822\n\n" + LETTER + "\nthe inner needle\n"])),
    made("letter with parts in a letter", *multipart(
        [TEXT, "Content-Type: message/rfc822\n\n" + LETTER +
         "\n".join(multipart([TEXT, PICTURE], "=deep"))])),
    made("a letter alone", "Content-Type: message/rfc822\n", LETTER + "\nalone\n"),
    made("digest", *multipart(["\n" + LETTER + "\none\n", "\n" + LETTER + "\ntwo\n"],
                              kind="digest")),
    made("no boundary", "Content-Type: multipart/mixed\n", "--=b\n\nx\n--=b--\n"),
    made("never closed", "Content-Type: multipart/mixed; boundary==b\n",
         "preamble\n--=b\n\none\n--=b\n\ntwo\n"),
    made("no parts", "Content-Type: multipart/mixed; boundary=\"=b\"\n", "nothing here\n"),
    made("preamble and epilogue", "Content-Type: multipart/mixed; boundary=\"=b\"\n",
         "the preamble\n--=b\n\nbody\n--=b--\nthe epilogue\n"),
    made("boundary with spaces", "Content-Type: multipart/mixed; boundary=\"=b\"\n",
         "--=b  \n\none\n--=b \t\n\ntwo\n--=b--  \n"),
    made("boundary begins another", "Content-Type: multipart/mixed; boundary=\"=b\"\n",
         "--=b\nContent-Type: multipart/mixed; boundary=\"=b2\"\n\n--=b2\n\ndeep\n--=b2--\n"
         "--=b\n\nlast\n--=b--\n"),
    made("empty parts", "Content-Type: multipart/mixed; boundary=\"=b\"\n",
         "--=b\n--=b\n\n--=b--\n"),
    made("coded text", "Content-Type: text/plain; charset=utf-8\n"
         "Content-Transfer-Encoding: base64\n", CODED + "\n"),
    made("quoted-printable", "Content-Type: text/plain; charset=iso-8859-1\n"
         "Content-Transfer-Encoding: quoted-printable\n", "a deco=\nded needle, Cr=EApe\n"),
    made("encoded words", "", "x\n",
         subject="=?utf-8?Q?Cr=C3=AApe?= =?iso-8859-1?B?IGtldGNodXA=?="),
    made("eight bits in the header", "", "x\n", subject="Crêpe raw"),
    made("Latin-1 in the header", "", "x\n", subject="Cr\xeape", encoding="iso-8859-1"),
    raw("encoded name", "From: =?utf-8?B?Wm/Dqw==?= <zoe@crepes.fr>\nSubject: m\n\nx\n"),
    raw("group", "From: alice@crepes.fr\nTo: undisclosed-recipients:;\n"
        "Cc: Friends: Bob <bob@hamburger.edu>, carol@ksit.edu.in;\nSubject: m\n\nx\n"),
    raw("quoted names", "From: \"Alice \\\"A\\\" \\\\ B\" <alice@crepes.fr>\n"
        "To: \"bob smith\"@hamburger.edu, \"Smith, Bob\" <bob@hamburger.edu>\n\nx\n"),
    raw("comments", "From: alice@crepes.fr (Alice)\nTo: bob (the (nested) one) @ hamburger.edu\n"
        "Cc: (first) Carol (second) <carol(third)@ksit.edu.in>\n\nx\n"),
    raw("no domain", "From: alice\nTo: bob, <carol>\nCc: <@hub.edu,@mid.edu:dave@crepes.fr>\n\nx\n"),
    raw("broken addresses", "From: <alice@crepes.fr\nTo: ,, bob@, @hamburger.edu, <>\n"
        "Cc: Carol carol@ksit.edu.in\n\nx\n"),
    raw("fields twice", "From: alice@crepes.fr\nFrom: eve@ksit.edu.in\nTo: bob@hamburger.edu\n"
        "To: carol@ksit.edu.in\nSubject: one\nSubject: two\nSender: s@crepes.fr\n"
        "Reply-To: r@crepes.fr, r2@crepes.fr\n\nx\n"),
    raw("empty fields", "From: \nTo:\nSubject:\nDate:\nMessage-ID:\n\nx\n"),
    raw("folded", "From: Alice\n <alice@crepes.fr>\nTo: bob@hamburger.edu,\n\tcarol@ksit.edu.in\n"
        "Subject: one\n  two\n\tthree\nX-Folded: one\n two\nIn-Reply-To:\n <a@b.c>\n\nx\n"),
    raw("space before the colon", "From : alice@crepes.fr\nSubject : ketchup\n\nx\n"),
    raw("a line that is no field", "From: alice@crepes.fr\nthis is no field\nSubject: m\n\nx\n"),
    raw("a strange date", "From: alice@crepes.fr\nDate: yesterday\nSubject: m\n\nx\n"),
    raw("an old date", "From: alice@crepes.fr\nDate: 6 Jan 26 09:00 EST (winter)\n\nx\n"),
    made("a strange type", "Content-Type: text\n", "x\n"),
    made("an empty type", "Content-Type:\n", "x\n"),
    made("parameters", "Content-Type: text/plain; charset=\"utf-8\" ; format = flowed;\n"
         " name*=utf-8''Cr%C3%AApe.txt; x=\"a\\\"b\"\n"
         "Content-Disposition: inline; filename*0=\"a \"; filename*1=\"b.txt\"\n", "x\n"),
    made("all fields of a part", "Content-Type: text/plain\nContent-Language: en, fr-FR\n"
         "Content-Location: http://crepes.fr/a\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\n"
         "Content-ID: <a@b>\nContent-Description: =?utf-8?Q?d=C3=A9?=\n"
         "Content-Transfer-Encoding: 8BIT\n", "x\n"),
    made("comments in the type", "Content-Type: text/html (a page); charset=us-ascii (plain)\n",
         "x\n"),
    made("a report", *multipart(
        [TEXT, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.crepes.fr\n\n"
         "Final-Recipient: rfc822; bob@hamburger.edu\nAction: failed\nStatus: 5.1.1",
         "Content-Type: text/rfc822-headers\n\n" + LETTER],
        kind="report", more="; report-type=delivery-status")),
    made("a long line", "X-Long: " + "long " * 400 + "\n", "y" * 3000 + "\n"),
]
