#!/usr/bin/env python3
"""Turns rfcs.tsv and sections.tsv into a C source with the tables of rfc-tables.h.

  make-rfc-tables.py RFCS.tsv SECTIONS.tsv OUTPUT.c

All texts of the sections stand in one pool of characters and are named by offset, so the loader
has nothing to relocate for them, however many there are.
"""
import sys

DOCUMENT_FIELDS = 8


class Pool:
    """Strings one after another, each closed by NUL, none twice."""

    def __init__(self):
        self.offsets = {}
        self.strings = []
        self.size = 0

    def add(self, text):
        if text not in self.offsets:
            self.offsets[text] = self.size
            self.strings.append(text)
            self.size += len(text.encode("utf-8")) + 1
        return self.offsets[text]


def read_rows(path, field_count):
    rows = []
    with open(path, encoding="utf-8") as table:
        for line_number, line in enumerate(table, 1):
            row = line.rstrip("\n").split("\t")
            if len(row) != field_count:
                sys.exit(f"{path}:{line_number}: {len(row)} fields instead of {field_count}")
            rows.append(row)
    return rows


def quoted(text):
    """A C string literal; octal escapes end after three digits, so no letter can lengthen them."""
    return '"' + "".join(
        chr(octet) if 32 <= octet < 127 and chr(octet) not in '"\\?' else f"\\{octet:03o}"
        for octet in text.encode("utf-8")
    ) + '"'


def check_documents(path, documents):
    numbers = [int(row[0]) for row in documents]
    if any(left >= right for left, right in zip(numbers, numbers[1:])):
        sys.exit(f"{path}: the numbers do not rise")
    return numbers


def main(arguments):
    if len(arguments) != 3:
        sys.exit(__doc__)
    documents_path, sections_path, output_path = arguments
    documents = read_rows(documents_path, DOCUMENT_FIELDS)
    numbers = check_documents(documents_path, documents)
    sections = {number: {} for number in numbers}
    for number, section, title in read_rows(sections_path, 3):
        if int(number) not in sections:
            sys.exit(f"{sections_path}: RFC {number} is not in {documents_path}")
        if section in sections[int(number)]:
            sys.exit(f"{sections_path}: RFC {number} has section {section} twice")
        sections[int(number)][section] = title

    pool = Pool()
    document_rows, first_sections, section_rows = [], [], []
    for row in documents:
        first_sections.append(len(section_rows))
        document_rows.append("    {" + ", ".join([row[0]] + [quoted(text) for text in row[1:]]) + "},")
        for section, title in sorted(
            sections[int(row[0])].items(), key=lambda item: item[0].encode("utf-8")
        ):
            section_rows.append(f"    {{{pool.add(section)}, {pool.add(title)}}},")
    first_sections.append(len(section_rows))

    lines = ["/* Made from rfcs.tsv and sections.tsv by make-rfc-tables.py: edit those. */", ""]
    lines += ['#include "protocol/rfc/rfc-tables.h"', ""]
    lines += ["/* ISO C promises 4095 characters; every compiler in use takes far more. */"]
    lines += ['#pragma GCC diagnostic ignored "-Woverlength-strings"', ""]
    lines += ["const RfcDocument rfc_documents[] = {", *document_rows, "};", ""]
    lines += [f"const gsize rfc_document_count = {len(documents)};", ""]
    lines += ["const guint32 rfc_first_sections[] = {"]
    lines += [f"    {index}," for index in first_sections] + ["};", ""]
    lines += ["const RfcSectionRow rfc_sections[] = {", *section_rows, "};", ""]
    lines += ["const char rfc_section_texts[] ="]
    lines += [f'    {quoted(text)} "\\0"' for text in pool.strings]
    lines[-1] += ";"
    with open(output_path, "w", encoding="ascii") as output:
        output.write("\n".join(lines) + "\n")


main(sys.argv[1:])
