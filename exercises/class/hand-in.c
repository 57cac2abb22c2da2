#include "exercises/class/hand-in.h"

#include <string.h>

#include "exercises/class/json-reader.h"

HandIn *hand_in_new(const char *source, guint n_questions)
{
    HandIn *hand_in = g_new0(HandIn, 1);
    hand_in->source = g_strdup(source);
    hand_in->n_questions = n_questions;
    hand_in->answers = g_new0(char *, n_questions + 1);
    for (guint i = 0; i < n_questions; i++) {
        hand_in->answers[i] = g_strdup("");
    }
    return hand_in;
}

void hand_in_free(HandIn *hand_in)
{
    if (hand_in != NULL) {
        g_free(hand_in->source);
        g_free(hand_in->student);
        g_free(hand_in->reason);
        g_strfreev(hand_in->answers);
        g_strfreev(hand_in->programs);
        g_free(hand_in);
    }
}

/* The number and the letter at 'at'; gives how many octets they take, 0: none. */
static gsize read_number(const char *at, guint n_questions, guint *out_question, char *out_part)
{
    gsize digits = strspn(at, "0123456789");
    guint64 number = digits == 0 || digits > 4 ? 0 : g_ascii_strtoull(at, NULL, 10);
    if (number < 1 || number > n_questions) {
        return 0;
    }
    gsize length = digits + strspn(at + digits, " .");
    bool has_part = g_ascii_isalpha(at[length]) && !g_ascii_isalnum(at[length + 1]);
    *out_question = (guint)number - 1;
    *out_part = has_part ? g_ascii_tolower(at[length]) : '\0';
    return has_part ? length + 1 : digits;
}

static gsize skip_keyword(const char *at)
{
    static const char *const keywords[] = {"answer", "question", "antwort", "q", "a"};
    for (gsize i = 0; i < G_N_ELEMENTS(keywords); i++) {
        gsize length = strlen(keywords[i]);
        gsize space = strspn(at + length * (strlen(at) >= length), " \t_-");
        if (g_ascii_strncasecmp(at, keywords[i], length) == 0 &&
            g_ascii_isdigit(at[length + space])) {
            return length + space;
        }
    }
    return 0;
}

bool hand_in_read_label(const char *label, guint n_questions, guint *out_question, char *out_part)
{
    gsize at = strspn(label, " \t");
    at += skip_keyword(label + at);
    gsize length = read_number(label + at, n_questions, out_question, out_part);
    return length > 0 && label[at + length + strspn(label + at + length, " \t")] == '\0';
}

void hand_in_add(HandIn *hand_in, guint question, char part, const char *text)
{
    const char *before = hand_in->answers[question];
    char label[4] = {part, ':', ' ', '\0'};
    char *joined =
        g_strconcat(before, before[0] == '\0' ? "" : "\n", part == '\0' ? "" : label, text, NULL);
    g_free(hand_in->answers[question]);
    hand_in->answers[question] = joined;
}

/* --- text --- */

typedef struct {
    HandIn *hand_in;
    guint question; /* n_questions: none yet */
    char part;
    GString *text;
    bool wants_keyword; /* the text says "Answer 1:", so bare numbers are no labels */
} TextReader;

static void end_answer(TextReader *reader)
{
    if (reader->question < reader->hand_in->n_questions) {
        g_autofree char *text = g_strdup(reader->text->str);
        g_strchomp(text);
        hand_in_add(reader->hand_in, reader->question, reader->part, text);
    }
    g_string_truncate(reader->text, 0);
}

/* "Answer 2b: ...", "2b) ..."; gives where the answer begins. Numbers only go up. */
static const char *
read_answer_label(const TextReader *reader, const char *line, guint *out_question, char *out_part)
{
    const char *at = line + strspn(line, " \t*#>");
    gsize keyword = skip_keyword(at);
    if (keyword == 0 && reader->wants_keyword) {
        return NULL;
    }
    at += keyword;
    gsize length = read_number(at, reader->hand_in->n_questions, out_question, out_part);
    if (length == 0) {
        return NULL;
    }
    at += length;
    at += strspn(at, " *");
    bool is_label = *at != '\0' && strchr(":)=]", *at) != NULL;
    bool goes_back =
        reader->question < reader->hand_in->n_questions && *out_question < reader->question;
    bool is_same = *out_question == reader->question && *out_part <= reader->part;
    if (!is_label || (keyword == 0 && (goes_back || is_same))) {
        return NULL;
    }
    at++;
    return at + strspn(at, "*") + (at[strspn(at, "*")] == ' ' ? 1 : 0);
}

static bool read_student_line(HandIn *hand_in, const char *line)
{
    static const char *const words[] = {"student:", "student id:", "id:"};
    const char *at = line + strspn(line, " \t*#>");
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize length = strlen(words[i]);
        if (g_ascii_strncasecmp(at, words[i], length) == 0) {
            g_autofree char *value = g_strstrip(g_strdup(at + length));
            if (value[0] != '\0' && hand_in->student == NULL) {
                hand_in->student = g_steal_pointer(&value);
            }
            return true;
        }
    }
    return false;
}

static void read_line(TextReader *reader, const char *line)
{
    guint question;
    char part;
    const char *rest = read_answer_label(reader, line, &question, &part);
    bool is_outside = reader->question >= reader->hand_in->n_questions;
    if (rest != NULL) {
        end_answer(reader);
        reader->question = question;
        reader->part = part;
        g_string_append(reader->text, rest);
        g_string_append_c(reader->text, '\n');
    } else if (g_str_has_prefix(line, "-----") || g_str_has_prefix(line, "=====")) {
        end_answer(reader);
        reader->question = reader->hand_in->n_questions;
    } else if (is_outside) {
        read_student_line(reader->hand_in, line);
    } else if (!(g_str_has_prefix(line, "```") || g_str_has_prefix(line, "~~~"))) {
        g_string_append(reader->text, line);
        g_string_append_c(reader->text, '\n');
    }
}

static void read_lines(HandIn *hand_in, const char *text)
{
    TextReader reader = {
        .hand_in = hand_in,
        .question = hand_in->n_questions,
        .text = g_string_new(NULL),
    };
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL && !reader.wants_keyword; i++) {
        const char *at = lines[i] + strspn(lines[i], " \t*#>");
        reader.wants_keyword = g_ascii_strncasecmp(at, "answer ", 7) == 0 && g_ascii_isdigit(at[7]);
    }
    for (gsize i = 0; lines[i] != NULL; i++) {
        read_line(&reader, lines[i]);
    }
    end_answer(&reader);
    g_string_free(reader.text, TRUE);
}

/* --- JSON --- */

static void take_json(const char *path, const char *value, gpointer data)
{
    HandIn *hand_in = data;
    if (strcmp(path, "student") == 0 || strcmp(path, "id") == 0) {
        g_free(hand_in->student);
        hand_in->student = g_strdup(value);
        return;
    }
    const char *label = g_str_has_prefix(path, "answers.") ? path + strlen("answers.") : path;
    guint question;
    char part;
    g_auto(GStrv) parts = g_strsplit(label, ".", 2);
    g_autofree char *joined = g_strjoinv("", parts);
    if (hand_in_read_label(joined, hand_in->n_questions, &question, &part)) {
        hand_in_add(hand_in, question, part, value);
    }
}

void hand_in_read_text(HandIn *hand_in, const char *text)
{
    const char *start = text + strspn(text, " \t\r\n");
    gsize position;
    if (*start != '{') {
        read_lines(hand_in, text);
    } else if (!json_read(text, take_json, hand_in, &position)) {
        hand_in->reason =
            g_strdup_printf("its JSON cannot be read from octet %zu on", position + 1);
    }
    bool has_answer = false;
    for (guint i = 0; i < hand_in->n_questions; i++) {
        has_answer = has_answer || hand_in->answers[i][0] != '\0';
    }
    if (!has_answer && hand_in->reason == NULL) {
        hand_in->reason = g_strdup("no line in it is an answer, such as \"Answer 1: ...\"");
    }
}
