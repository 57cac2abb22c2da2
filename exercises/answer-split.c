#include "exercises/answer-split.h"

#include <stdbool.h>
#include <string.h>

/* "b:", "b)", "(b)", "b =", "B." at the start of a word. Gives the octets it takes, or 0. */
static gsize read_label(const char *at, gsize n_parts, gsize *out_part)
{
    const char *start = at;
    bool is_open = *at == '(';
    at += is_open ? 1 : 0;
    gsize part = (gsize)(g_ascii_tolower(*at) - 'a');
    if (!g_ascii_isalpha(*at) || part >= n_parts) {
        return 0;
    }
    at++;
    while (*at == ' ') {
        at++;
    }
    bool is_label = is_open ? *at == ')' : *at != '\0' && strchr(":)=.", *at) != NULL;
    if (!is_label) {
        return 0;
    }
    at++;
    *out_part = part;
    return (gsize)(at - start);
}

/* The labels at the starts of lines, or of any word. False: no label was found. */
static bool split_by_labels(const char *text, gsize n_parts, bool within_lines, GString **answers)
{
    gsize current = n_parts;
    bool found = false;
    bool is_start = true;
    for (const char *at = text; *at != '\0';) {
        gsize part;
        gsize length = is_start ? read_label(at, n_parts, &part) : 0;
        if (length > 0 && (current == n_parts || part > current)) {
            current = part;
            found = true;
            at += length + (at[length] == ' ' ? 1 : 0);
            is_start = false;
            continue;
        }
        if (current < n_parts) {
            g_string_append_c(answers[current], *at);
        }
        bool is_space = *at == ' ' || *at == '\t' || *at == ',' || *at == ';';
        is_start = *at == '\n' || (within_lines && is_space) || (is_start && is_space);
        at++;
    }
    return found;
}

static bool split_by(const char *text, const char *separators, gsize n_parts, GString **answers)
{
    g_auto(GStrv) pieces = g_strsplit_set(text, separators, -1);
    gsize count = 0;
    for (gsize i = 0; pieces[i] != NULL; i++) {
        count += g_strstrip(pieces[i])[0] != '\0' ? 1 : 0;
    }
    if (count != n_parts) {
        return false;
    }
    gsize part = 0;
    for (gsize i = 0; pieces[i] != NULL; i++) {
        if (pieces[i][0] != '\0') {
            g_string_assign(answers[part++], pieces[i]);
        }
    }
    return true;
}

char **answer_split(const char *text, gsize n_parts)
{
    char **result = g_new0(char *, n_parts + 1);
    if (n_parts == 1) {
        result[0] = g_strdup(text);
        return result;
    }
    g_autofree GString **answers = g_new0(GString *, n_parts);
    for (gsize i = 0; i < n_parts; i++) {
        answers[i] = g_string_new(NULL);
    }
    bool has_lines = strchr(text, '\n') != NULL;
    bool is_found =
        split_by_labels(text, n_parts, !has_lines, answers) ||
        split_by(text, "\n", n_parts, answers) || split_by(text, ";", n_parts, answers) ||
        split_by(text, ",", n_parts, answers) || split_by(text, " \t", n_parts, answers);
    if (!is_found) {
        g_string_assign(answers[0], text);
    }
    for (gsize i = 0; i < n_parts; i++) {
        result[i] = g_string_free(answers[i], FALSE);
    }
    return result;
}
