#include "sim/scenario/scenario-line.h"

#include "protocol/text/edit-distance.h"
#include "sim/scenario/scenario.h"

#include <string.h>

static void clear_word(gpointer data)
{
    g_free(((ScenarioWord *)data)->text);
}

static bool fail_at(ScenarioLine *line, guint column, const char *message)
{
    g_set_error(
        line->error,
        SCENARIO_ERROR,
        SCENARIO_ERROR_SYNTAX,
        "%s:%u:%u: %s",
        line->file,
        line->number,
        column,
        message
    );
    return false;
}

/* A text in quotes: \n, \t, \" and \\ stand for what they stand for everywhere. */
static const char *read_quoted(const char *at, GString *text)
{
    for (at++; *at != '"'; at++) {
        if (*at == '\0') {
            return NULL;
        }
        if (*at == '\\' && at[1] != '\0') {
            at++;
            g_string_append_c(text, *at == 'n' ? '\n' : (*at == 't' ? '\t' : *at));
        } else {
            g_string_append_c(text, *at);
        }
    }
    return at + 1;
}

bool scenario_line_read(
    ScenarioLine *line, const char *file, guint number, const char *text, GError **error
)
{
    *line = (ScenarioLine){.file = file, .number = number, .error = error};
    line->words = g_array_new(FALSE, TRUE, sizeof(ScenarioWord));
    line->block = g_ptr_array_new_with_free_func(g_free);
    g_array_set_clear_func(line->words, clear_word);
    for (const char *at = text; *at != '\0' && *at != '#';) {
        guint column = (guint)(at - text) + 1;
        g_autoptr(GString) content = g_string_new(NULL);
        ScenarioWord word = {.column = column, .is_quoted = *at == '"', .is_comma = *at == ','};
        if (g_ascii_isspace(*at)) {
            at++;
            continue;
        }
        if (word.is_quoted) {
            at = read_quoted(at, content);
            if (at == NULL) {
                return fail_at(line, column, "this quote is never closed");
            }
        } else if (word.is_comma) {
            g_string_append_c(content, *at++);
        } else {
            gsize length = strcspn(at, " \t\r,#\"");
            g_string_append_len(content, at, (gssize)length);
            at += length;
        }
        word.text = g_string_free(g_steal_pointer(&content), FALSE);
        g_array_append_val(line->words, word);
    }
    return true;
}

void scenario_line_clear(ScenarioLine *line)
{
    g_clear_pointer(&line->words, g_array_unref);
    g_clear_pointer(&line->block, g_ptr_array_unref);
}

bool scenario_line_add_block(ScenarioLine *line, const char *text)
{
    while (g_ascii_isspace(*text)) {
        text++;
    }
    if (*text != '|') {
        return false;
    }
    text += text[1] == ' ' ? 2 : 1;
    g_ptr_array_add(line->block, g_strchomp(g_strdup(text)));
    return true;
}

char *scenario_line_take_block(ScenarioLine *line, const char *separator)
{
    if (line->block->len == 0) {
        return NULL;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < line->block->len; i++) {
        g_string_append(text, i == 0 ? "" : separator);
        g_string_append(text, line->block->pdata[i]);
    }
    line->block_is_taken = true;
    return g_string_free(g_steal_pointer(&text), FALSE);
}

const ScenarioWord *scenario_line_peek(const ScenarioLine *line)
{
    return line->next < line->words->len ? &g_array_index(line->words, ScenarioWord, line->next)
                                         : NULL;
}

bool scenario_line_accept(ScenarioLine *line, const char *text)
{
    const ScenarioWord *word = scenario_line_peek(line);
    bool is_it = word != NULL && !word->is_quoted && g_ascii_strcasecmp(word->text, text) == 0;
    line->next += is_it;
    return is_it;
}

static guint column_of_next(const ScenarioLine *line)
{
    const ScenarioWord *word = scenario_line_peek(line);
    if (word != NULL) {
        return word->column;
    }
    if (line->words->len == 0) {
        return 1;
    }
    const ScenarioWord *last = &g_array_index(line->words, ScenarioWord, line->words->len - 1);
    return last->column + (guint)strlen(last->text) + (last->is_quoted ? 2 : 0);
}

bool scenario_line_fail(ScenarioLine *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return fail_at(line, column_of_next(line), message);
}

bool scenario_line_fail_before(ScenarioLine *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    line->next -= line->next > 0;
    return fail_at(line, column_of_next(line), message);
}

bool scenario_line_expect(ScenarioLine *line, const char *word)
{
    return scenario_line_accept(line, word) ||
           scenario_line_fail(line, "'%s' is expected here", word);
}

bool scenario_line_fail_word(
    ScenarioLine *line, const char *what, const char *const *candidates, gsize count
)
{
    const ScenarioWord *word = scenario_line_peek(line);
    const char *nearest = NULL;
    if (word == NULL) {
        return scenario_line_fail(line, "%s is missing here", what);
    }
    guint least = edit_distance_limit(word->text) + 1;
    for (gsize i = 0; i < count; i++) {
        guint distance = edit_distance(word->text, candidates[i]);
        if (distance < least) {
            least = distance;
            nearest = candidates[i];
        }
    }
    if (nearest != NULL) {
        return scenario_line_fail(
            line, "'%s' is no %s; did you mean '%s'?", word->text, what, nearest
        );
    }
    return scenario_line_fail(line, "'%s' is no %s", word->text, what);
}

const char *scenario_line_take(ScenarioLine *line, const char *expected)
{
    const ScenarioWord *word = scenario_line_peek(line);
    if (word == NULL || word->is_comma) {
        scenario_line_fail(line, "%s is missing here", expected);
        return NULL;
    }
    line->next++;
    return word->text;
}

bool scenario_line_end(ScenarioLine *line)
{
    const ScenarioWord *word = scenario_line_peek(line);
    if (word != NULL) {
        return scenario_line_fail(line, "'%s' is too much here", word->text);
    }
    if (line->block->len > 0 && !line->block_is_taken) {
        return scenario_line_fail(line, "this statement takes no lines with '|' below it");
    }
    return true;
}
