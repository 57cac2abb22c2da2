"""Tells of a meson run which test cases failed, and why, as far as they said so; the last line
counts them: '12 passed, 0 failed'."""

import json
import re
import sys


def count(path):
    passed = failed = skipped = 0
    with open(path, encoding="utf-8") as log:
        for line in log:
            run = json.loads(line)
            cases = re.findall(r"^(not )?ok \d+.*?(# SKIP.*)?$", run.get("stdout", ""), re.MULTILINE)
            if not cases:
                passed += run["result"] == "OK"
                failed += run["result"] not in ("OK", "SKIP", "EXPECTEDFAIL")
                skipped += run["result"] == "SKIP"
                continue
            bad = sum(1 for refused, skip in cases if refused and not skip)
            skip = sum(1 for _, reason in cases if reason)
            passed += len(cases) - bad - skip
            failed += max(bad, run["result"] not in ("OK", "SKIP"))
            skipped += skip
    return passed, failed, skipped


def show_failures(path):
    """A case's own words stand as comments behind it, or before it."""
    with open(path, encoding="utf-8") as log:
        for line in log:
            run = json.loads(line)
            if run["result"] in ("OK", "SKIP", "EXPECTEDFAIL"):
                continue
            print(f"failed: {run['name']}")
            told = re.findall(r"^(?:not ok|#) .*", run.get("stdout", ""), re.MULTILINE)
            for words in told[-40:]:
                print(f"    {words[:600]}")


def main():
    show_failures(sys.argv[1])
    passed, failed, skipped = count(sys.argv[1])
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


sys.exit(main())
