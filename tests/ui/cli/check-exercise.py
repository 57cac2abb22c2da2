"""Uses `mailwalk exercise` as lecturers and students do: sheets, answers, a class from roster to marks.
The marks are held against the formats that the graders document."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
sys.path.insert(0, sys.argv[2])
import gift_reader
import marks_schemas
KINDS = "base64-encode,dot-stuffing,reply-codes:2,address:2,mx-order,capture"
STUDENTS = int(os.environ.get("MAILWALK_STUDENTS", "40"))
results = []


def check(what, is_right, detail=""):
    results.append(is_right)
    print(f"{'ok' if is_right else 'not ok'} {len(results)} - {what}")
    if not is_right:
        print("# " + str(detail)[:1500].replace("\n", "\n# "))


def run(*arguments, text=None, folder=None):
    return subprocess.run(
        [PROGRAM, "exercise", *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        cwd=folder,
        timeout=300,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80"},
    )


def keys(*arguments, folder=None):
    answers = {}
    for line in run(*arguments, "--format", "json", folder=folder).stdout.splitlines():
        for part in json.loads(line).get("parts", []):
            answers[part["label"]] = part["key"]
    return answers


def one_sheet():
    kinds = [line.split()[0] for line in run("list", "--format", "text").stdout.splitlines() if line[0] != " "]
    check("list names 29 kinds", len(kinds) == 29, kinds)
    for name in ("text", "markdown", "html", "moodle-gift", "json"):
        with tempfile.TemporaryDirectory() as folder:
            wanted = ",".join(kind for kind in kinds if not kind.startswith("write-"))
            done = run("new", wanted, "--seed", "3", "--format", name, "--out", "sheet.out", folder=folder)
            text = open(os.path.join(folder, "sheet.out"), encoding="utf-8").read()
            check(f"new writes {name}", done.returncode == 0 and len(text) > 5000, done.stderr)
            if name == "html":
                loads = re.findall(r"(?:src|href)=", text) + re.findall(r"<script", text)
                check("the page needs nothing from elsewhere", not loads and "default-src 'none'" in text, loads)
            if name == "json":
                rows = [json.loads(line) for line in text.splitlines()]
                check("no key is in the JSON of a sheet", '"key"' not in text and len(rows) == 28, len(rows))
    with tempfile.TemporaryDirectory() as folder:
        check_gift(kinds, folder)
    wide = [line for line in run("new", "base64-encode,quiz", "--seed", "2").stdout.splitlines() if len(line) > 80]
    check("a sheet of text keeps 80 columns", not wide, wide)


def items(answer):
    return sorted(re.split(r"[\s,]+", answer.casefold()))


def gift_faults(part, asked):
    """What Moodle would take for right, against the key."""
    right = [answer for question in asked for weight, answer, _ in question["answers"] if weight == 100]
    types = {question["type"] for question in asked}
    key = part["key"]
    if types == {"essay"}:
        return "\n" not in key and not key.startswith("(") or key.splitlines()[0] not in asked[0]["feedback"] + "(a program)"
    if types == {"shortanswer"} and "\n" in key:
        return right != [line.strip() for line in key.splitlines() if line.strip()]
    if types == {"multichoice"}:
        return len(right) != 1 or (len(key) == 1 and f"\n{key}  {right[0]}" not in part["prompt"]) or (len(key) > 1 and right != [key])
    return types not in ({"shortanswer"}, {"numerical"}) or items(key) != items(right[0])


def check_gift(kinds, folder):
    """Every kind at every level, read back as Moodle would."""
    faults, count = [], 0
    for level, seed in [(level, seed) for level in "123" for seed in range(1, 5)]:
        sheet = ("new", ",".join(kinds), "--force", "--level", level, "--seed", str(seed * 1000))
        text = run(*sheet, "--format", "moodle-gift", folder=folder).stdout
        try:
            questions = gift_reader.read(text)
        except gift_reader.GiftError as fault:
            faults.append(f"level {level} seed {seed}: {fault}")
            continue
        count += len(questions)
        rows = [json.loads(line) for line in run(*sheet, "--solution", "--format", "json", folder=folder).stdout.splitlines()]
        for part in [part for row in rows for part in row.get("parts", [])]:
            asked = [question for question in questions if question["name"].split()[0] == part["label"]]
            if not asked or gift_faults(part, asked):
                faults.append(f"level {level} seed {seed}: {part['key']!r} is asked as {asked}")
    check(f"{count} GIFT questions mean to Moodle what they mean here", count > 800 and not faults, "\n".join(faults[:4]))


def answers_of_one():
    right = run("check", "base64-encode", "--text", "Lev!", "--answer", "TGV2IQ==")
    wrong = run("check", "base64-encode", "--text", "Lev!", "--answer", "TGV2IR==")
    check("a right answer ends with 0", right.returncode == 0 and "right" in right.stdout, right.stdout)
    told = all(word in wrong.stdout for word in ("TGV2IR==", "TGV2IQ==", "letter 6", "ZERO", "RFC 4648 §4"))
    check("a wrong answer ends with 1 and is explained", wrong.returncode == 1 and told, wrong.stdout)
    for kind in ("quoted-printable:3", "received-chain:2", "quiz", "imap-peek:3", "which-protocol:3"):
        sheet = keys("new", kind, "--seed", "11", "--solution")
        given = [argument for key in sheet.values() for argument in ("--answer", key)]
        done = run("check", kind, "--seed", "11", *given)
        check(f"the key of {kind} is accepted", done.returncode == 0, done.stdout)
    answers_in_a_file()
    check("an unknown kind is a usage error", run("new", "bas64-encode").returncode == 2)
    check("and the nearest is named", "base64-encode" in run("new", "bas64-encode").stderr)
    practised = run("practise", "base64-encode", "--text", "Lev!", text="hint\nTGV2IR==\nTGV2IQ==\n")
    check("practise hints, refuses and accepts", "Not yet" in practised.stdout and "Right." in practised.stdout, practised.stdout)


def answers_in_a_file():
    """check --answers: the answer alone, a labelled hand-in, and what cannot be read."""
    question = ("check", "base64-encode", "--text", "Lev!")
    with tempfile.TemporaryDirectory() as folder:
        write(folder, "alone.txt", b"TGV2IQ==\r\n")
        write(folder, "labelled.txt", b"Answer 1: TGV2IR==\n")
        write(folder, "large.txt", b"A" * (4 * 1024 * 1024))
        for name, status in (("alone.txt", 0), ("labelled.txt", 1), ("large.txt", 3), ("missing.txt", 3)):
            done = run(*question, "--answers", name, folder=folder)
            check(f"check --answers {name} ends with {status}", done.returncode == status, done.stderr + done.stdout)
            check(f"{name} is named where it is at fault", status != 3 or name in done.stderr, done.stderr)
    for missing in (("check", "quiz", "--answer", "x"), ("check", "quiz", "--seed", "1"), ("explain", "quiz")):
        done = run(*missing)
        told = "--seed" in done.stderr or "--answer" in done.stderr
        check(f"what {' '.join(missing)} lacks is said", done.returncode == 2 and told, done.stderr)


def fill_in(folder, number):
    """A hand-in of one student; shapes, encodings and mistakes in turn."""
    student = f"s{number}"
    answers = keys("explain", "--key", "key", "--student", student, folder=folder)
    if number % 3 == 0:
        answers["1"] = answers["1"][:-1] + ("A" if answers["1"][-1] != "A" else "B")
    text = f"Student: {student}\n" + "".join(f"Answer {label}: {key}\n\n" for label, key in answers.items())
    place = os.path.join(folder, "hand-ins")
    if number % 4 == 0:
        write(place, student + ".json", json.dumps({"student": student, "answers": answers}).encode())
    elif number % 4 == 1:
        write(place, student + ".txt", text.replace("\n", "\r\n").encode("utf-16"))
    elif number % 4 == 2:
        write(os.path.join(place, f"Doe_Jane_{student}_assignsubmission_file_"), "answers.txt", b"\xef\xbb\xbf" + text.encode())
    else:
        write(place, student + ".md", text.encode("latin-1"))


def write(folder, name, octets):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(octets)


def hostile_hand_ins(folder):
    place = os.path.join(folder, "hand-ins")
    write(place, "z again.txt", b"Student: s3\nAnswer 1: x\n")
    write(place, "scan.txt", b"%PDF-1.7 ...")
    write(place, "\x1b[31mred\n.txt", b"Student: nobody\nAnswer 1: x\n")
    write(place, "empty.txt", b"")
    write(place, "deep.json", b"{" + b'"a":{' * 5000)
    os.symlink("/etc/passwd", os.path.join(place, "link.txt"))
    os.mkfifo(os.path.join(place, "pipe.txt"))


def grade(folder, *arguments):
    return run("grade", "--key", "key", "--answers", "hand-ins", "--force", *arguments, folder=folder)


def check_csv(folder):
    done = grade(folder, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    marked = {row["student"]: row for row in rows if row["remark"] == ""}
    unmarked = [row for row in rows if row["remark"]]
    check("every student has a row", len(marked) == STUDENTS, len(marked))
    check("what cannot be read is listed and stops nothing", done.returncode == 1 and len(unmarked) == 6, unmarked)
    check("no control character reaches the terminal", "\x1b" not in done.stdout + done.stderr, done.stderr)
    right = [row for name, row in marked.items() if int(name[1:]) % 3 != 0]
    check("keys get all points", all(row["points"] == row["maximum"] == "60" for row in right), right[:3])
    wrong = [row for name, row in marked.items() if int(name[1:]) % 3 == 0]
    check("a wrong letter costs some points, not all", all(50 <= float(row["points"]) < 60 for row in wrong), wrong[:3])
    check("the step missed most is shown", "Steps missed most" in done.stderr and "█" in done.stderr, done.stderr)


def check_documents(folder):
    for name in ("gradescope", "prairielearn", "check50", "autolab"):
        faults = getattr(marks_schemas, name + "_faults")
        done = grade(folder, "--format", name, "--out", name)
        files = os.listdir(os.path.join(folder, name))
        wrong = []
        for file in files:
            text = open(os.path.join(folder, name, file), encoding="utf-8").read()
            wrong += [f"{file}: {fault}" for fault in faults(text)]
        check(f"{name}: a document each, as documented", len(files) >= STUDENTS and not wrong, wrong[:5] or done.stderr)


def check_junit(folder):
    text = grade(folder, "--format", "junit").stdout
    wrong = list(marks_schemas.junit_faults(text))
    check("junit: a suite each, as the schema has it", text.count("<testsuite ") >= STUDENTS and not wrong, wrong[:5])


def a_class():
    with tempfile.TemporaryDirectory() as folder:
        roster = "ID;First name;Last name\n" + "".join(f"s{i};Student;{i}\n" for i in range(1, STUDENTS + 1)) + "s1;Twice;x\n;No;id\n"
        write(folder, "roster.csv", roster.encode("utf-16"))
        made = run("new", KINDS, "--class", "roster.csv", "--key", "key", "--out", "sheets", folder=folder)
        check("a sheet for each student", made.returncode == 0 and made.stdout.startswith(f"{STUDENTS} sheets"), made.stderr)
        check("rows without an id of their own are told", "already" in made.stderr and "no id" in made.stderr, made.stderr)
        secret = re.search("secret=(.*)", open(os.path.join(folder, "key"), encoding="utf-8").read())[1]
        sheets = [open(os.path.join(folder, "sheets", name), encoding="utf-8").read() for name in os.listdir(os.path.join(folder, "sheets")) if name.endswith(".txt")]
        check("no sheet is like another, none holds secret or seed", len(set(sheets)) == STUDENTS and not any(secret in sheet or "seed" in sheet for sheet in sheets))
        gift = run("new", KINDS, "--class", "roster.csv", "--key", "key", "--out", "x", "--format", "moodle-gift", folder=folder)
        check("a format with answers is no sheet for students", gift.returncode == 2, gift.stderr)
        for i in range(1, STUDENTS + 1):
            fill_in(folder, i)
        hostile_hand_ins(folder)
        check_csv(folder)
        check_documents(folder)
        check_junit(folder)
        grade(folder, "--feedback", "pages", "--format", "csv")
        page = open(os.path.join(folder, "pages", "s3.html"), encoding="utf-8").read()
        check("a page of feedback for each student", len(os.listdir(os.path.join(folder, "pages"))) == STUDENTS and "you wrote" in page)


def rosters():
    """Headings of platforms and offices, in their order; a table that names no id is refused."""
    with tempfile.TemporaryDirectory() as folder:
        for heading, sheet in (
            ("Nachname,Vorname,Matrikelnummer", "3.txt"),
            ("Surname,First name,Matriculation number", "3.txt"),
            ("student_id,name,email", "1.txt"),
            ("E-mail,Name,ID number", "3.txt"),
        ):
            write(folder, "roster.csv", f"{heading}\n1,2,3\n".encode())
            made = run("new", "address", "--class", "roster.csv", "--key", "key", "--out", sheet + heading, folder=folder)
            found = os.listdir(os.path.join(folder, sheet + heading)) if made.returncode == 0 else made.stderr
            check(f"the id below '{heading}'", found == [sheet], found)
            os.remove(os.path.join(folder, "key"))
        write(folder, "roster.csv", b"First name,Last name\nBob,Smith\n")
        made = run("new", "address", "--class", "roster.csv", "--key", "key", "--out", "none", folder=folder)
        check("headings without an id are no student", made.returncode != 0 and "call that column 'id'" in made.stderr, made.stderr)


one_sheet()
answers_of_one()
rosters()
a_class()
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
