#include "exercises/answer-form.h"

#include <string.h>

typedef struct {
    AnswerForm form;
    const char *element;
    const char *meaning;
} FormRow;

static const FormRow rows[N_ANSWER_FORMS] = {
    {
        .form = ANSWER_TOKEN,
        .element = "letter",
        .meaning = "One word. Upper and lower case differ; white space does not matter.",
    },
    {
        .form = ANSWER_HEX,
        .element = "digit",
        .meaning = "Hexadecimal digits, in upper or lower case.",
    },
    {
        .form = ANSWER_WORD,
        .element = "answer",
        .meaning = "A word or two; upper and lower case are the same.",
    },
    {
        .form = ANSWER_NUMBER,
        .element = "number",
        .meaning = "A number, in decimal.",
    },
    {
        .form = ANSWER_TEXT,
        .element = "character",
        .meaning = "One line, every character as it is.",
    },
    {
        .form = ANSWER_LINES,
        .element = "line",
        .meaning = "Lines, each as it is; how your editor ends a line does not matter.",
    },
    {
        .form = ANSWER_LIST,
        .element = "item",
        .meaning = "Items in order, with spaces or commas between them.",
    },
    {
        .form = ANSWER_SET,
        .element = "item",
        .meaning = "Items in any order, with spaces or commas between them; \"none\" if none.",
    },
    {
        .form = ANSWER_COMMANDS,
        .element = "line",
        .meaning = "What the client types, one line each.",
    },
    {
        .form = ANSWER_PROGRAM,
        .element = "program",
        .meaning = "A program, in any language.",
    },
};

const char *answer_element_name(AnswerForm form)
{
    g_assert(rows[form].form == form);
    return rows[form].element;
}

const char *answer_form_meaning(AnswerForm form)
{
    return rows[form].meaning;
}

bool answer_is_empty(const char *answer)
{
    return answer == NULL || answer[strspn(answer, " \t\r\n_")] == '\0';
}

static char *without_white_space(const char *answer)
{
    GString *normal = g_string_new(NULL);
    for (const char *at = answer; *at != '\0'; at++) {
        if (strchr(" \t\r\n", *at) == NULL) {
            g_string_append_c(normal, *at);
        }
    }
    return g_string_free(normal, FALSE);
}

/* Takes quotes and brackets off both ends, and a full stop or comma off the end. */
static void strip_item(GString *item)
{
    gsize start = strspn(item->str, "\"'`<([");
    g_string_erase(item, 0, (gssize)start);
    while (item->len > 0 && strchr("\"'`>)].,;:", item->str[item->len - 1]) != NULL) {
        g_string_truncate(item, item->len - 1);
    }
}

static char *as_word(const char *answer)
{
    g_autofree char *folded =
        g_utf8_validate(answer, -1, NULL) ? g_utf8_casefold(answer, -1) : g_strdup(answer);
    GString *normal = g_string_new(NULL);
    for (const char *at = folded; *at != '\0'; at++) {
        bool is_space = strchr(" \t\r\n", *at) != NULL;
        if (!is_space) {
            g_string_append_c(normal, *at);
        } else if (normal->len > 0 && normal->str[normal->len - 1] != ' ') {
            g_string_append_c(normal, ' ');
        }
    }
    while (normal->len > 0 && normal->str[normal->len - 1] == ' ') {
        g_string_truncate(normal, normal->len - 1);
    }
    strip_item(normal);
    return g_string_free(normal, FALSE);
}

/* A separator between thousands: three digits and then none follow it. */
static bool is_separator(const char *at)
{
    return strchr(",.' _", at[0]) != NULL && at[0] != '\0' && g_ascii_isdigit(at[1]) &&
           g_ascii_isdigit(at[2]) && g_ascii_isdigit(at[3]) && !g_ascii_isdigit(at[4]);
}

/* Words may stand around a number, and the braces of a literal; nothing else may. */
static bool is_plain_words(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalpha(text[i]) && strchr(" \t\r\n{}=:%.", text[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* "1,024 octets" is 1024; what holds no number, or several, stays a word and equals no key. */
static char *as_number(const char *answer)
{
    gsize start = strcspn(answer, "0123456789");
    const char *at = answer + start;
    GString *digits = g_string_new(NULL);
    for (; g_ascii_isdigit(*at) || (digits->len > 0 && is_separator(at)); at++) {
        if (g_ascii_isdigit(*at)) {
            g_string_append_c(digits, *at);
        }
    }
    gsize zeros = strspn(digits->str, "0");
    g_string_erase(digits, 0, (gssize)(zeros == digits->len && zeros > 0 ? zeros - 1 : zeros));
    bool is_fraction = (start > 0 && answer[start - 1] == '.') || (at[0] == '.' && at[1] != '\0');
    if (digits->len == 0 || is_fraction || !is_plain_words(answer, start) ||
        !is_plain_words(at, strlen(at))) {
        g_string_free(digits, TRUE);
        return as_word(answer);
    }
    return g_string_free(digits, FALSE);
}

/* How far all lines that are not empty are set in. */
static gsize common_indent(char *const *lines)
{
    gsize indent = G_MAXSIZE;
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0') {
            indent = MIN(indent, strspn(lines[i], " \t"));
        }
    }
    return indent;
}

/* Lines by LF; white space at their ends, a common indentation, and empty lines before and behind
 * all are taken away. */
static char *as_lines(const char *answer)
{
    g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
    gsize count = g_strv_length(lines);
    for (gsize i = 0; i < count; i++) {
        g_strchomp(lines[i]);
    }
    while (count > 0 && lines[count - 1][0] == '\0') {
        g_clear_pointer(&lines[--count], g_free);
    }
    gsize first = 0;
    while (first < count && lines[first][0] == '\0') {
        first++;
    }
    gsize indent = common_indent(lines);
    GString *normal = g_string_new(NULL);
    for (gsize i = first; i < count; i++) {
        g_string_append(normal, i == first ? "" : "\n");
        g_string_append(normal, lines[i] + MIN(indent, strlen(lines[i])));
    }
    return g_string_free(normal, FALSE);
}

/* Words that stand beside the items. */
static bool is_filler(const char *item)
{
    static const char *const fillers[] = {
        "", "and", "then", "-", "->", "--", "→", "|", ">", "retr", "messages"};
    for (gsize i = 0; i < G_N_ELEMENTS(fillers); i++) {
        if (strcmp(item, fillers[i]) == 0) {
            return true;
        }
    }
    return false;
}

static gint compare_items(gconstpointer left, gconstpointer right)
{
    const char *a = *(const char *const *)left;
    const char *b = *(const char *const *)right;
    gsize digits_a = strspn(a, "0123456789");
    gsize digits_b = strspn(b, "0123456789");
    if (a[digits_a] == '\0' && b[digits_b] == '\0' && digits_a != digits_b) {
        return digits_a < digits_b ? -1 : 1;
    }
    return strcmp(a, b);
}

static char *as_items(const char *answer, bool is_set)
{
    g_autofree char *folded = as_word(answer);
    g_auto(GStrv) words = g_strsplit_set(folded, " \t\r\n,;", -1);
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; words[i] != NULL; i++) {
        GString *item = g_string_new(words[i]);
        strip_item(item);
        if (strcmp(item->str, "nothing") == 0 || strcmp(item->str, "empty") == 0) {
            g_string_assign(item, "none");
        }
        char *text = g_string_free(item, FALSE);
        if (is_filler(text)) {
            g_free(text);
        } else {
            g_ptr_array_add(items, text);
        }
    }
    if (is_set) {
        g_ptr_array_sort(items, compare_items);
    }
    for (guint i = 1; is_set && i < items->len;) {
        if (strcmp(items->pdata[i - 1], items->pdata[i]) == 0) {
            g_ptr_array_remove_index(items, i);
        } else {
            i++;
        }
    }
    g_ptr_array_add(items, NULL);
    return g_strjoinv(" ", (char **)items->pdata);
}

char *answer_normalise(AnswerForm form, const char *answer)
{
    g_autofree char *cut = g_strndup(answer, ANSWER_MAXIMUM);
    switch (form) {
    case ANSWER_TOKEN:
        return without_white_space(cut);
    case ANSWER_HEX: {
        g_autofree char *digits = without_white_space(cut);
        return g_ascii_strdown(digits, -1);
    }
    case ANSWER_WORD:
        return as_word(cut);
    case ANSWER_NUMBER:
        return as_number(cut);
    case ANSWER_TEXT:
        return g_strdup(g_strstrip(cut));
    case ANSWER_LINES:
    case ANSWER_COMMANDS:
        return as_lines(cut);
    case ANSWER_LIST:
        return as_items(cut, false);
    case ANSWER_SET:
        return as_items(cut, true);
    case ANSWER_PROGRAM:
        return g_strdup(cut);
    case N_ANSWER_FORMS:
        break;
    }
    g_assert_not_reached();
}

bool answer_equal(AnswerForm form, const char *left, const char *right)
{
    g_autofree char *a = answer_normalise(form, left);
    g_autofree char *b = answer_normalise(form, right);
    return strcmp(a, b) == 0;
}

/* Characters of UTF-8; octets where the text is none. */
static char **split_characters(const char *text)
{
    bool is_utf8 = g_utf8_validate(text, -1, NULL);
    GPtrArray *characters = g_ptr_array_new();
    for (const char *at = text; *at != '\0';) {
        gsize length = is_utf8 ? (gsize)(g_utf8_next_char(at) - at) : 1;
        g_ptr_array_add(characters, g_strndup(at, length));
        at += length;
    }
    g_ptr_array_add(characters, NULL);
    return (char **)g_ptr_array_free(characters, FALSE);
}

static char **split(const char *text, const char *separator)
{
    return text[0] == '\0' ? g_new0(char *, 1) : g_strsplit(text, separator, -1);
}

char **answer_elements(AnswerForm form, const char *normal)
{
    switch (form) {
    case ANSWER_TOKEN:
    case ANSWER_HEX:
    case ANSWER_TEXT:
        return split_characters(normal);
    case ANSWER_LINES:
    case ANSWER_COMMANDS:
        return split(normal, "\n");
    case ANSWER_LIST:
    case ANSWER_SET:
        return split(normal, " ");
    case ANSWER_WORD:
    case ANSWER_NUMBER:
    case ANSWER_PROGRAM:
        return split(normal, "\n");
    case N_ANSWER_FORMS:
        break;
    }
    g_assert_not_reached();
}
