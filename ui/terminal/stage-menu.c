/* What-ifs: the menu of what is possible at a step. */

#include "ui/terminal/stage-private.h"

#include "protocol/catalogue/catalogue.h"
#include "ui/report/vocabulary-replies.h"

#include <string.h>

#define REFUSALS_MAXIMUM 6

static void free_row(gpointer data)
{
    StageMenuRow *row = data;
    g_free(row->label);
    g_free(row->line);
    g_free(row);
}

GPtrArray *stage_menu_new(void)
{
    return g_ptr_array_new_with_free_func(free_row);
}

static void add_row(Stage *stage, bool is_complete, char *label, char *line)
{
    StageMenuRow *row = g_new0(StageMenuRow, 1);
    row->label = label;
    row->line = line;
    row->is_complete = is_complete;
    g_ptr_array_add(stage->menu, row);
}

static const VocabularyItem *smtp_command_item(const char *title)
{
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (item->kind == VOCABULARY_COMMAND && item->protocol == VOCABULARY_SMTP &&
            item->replies != NULL && g_ascii_strcasecmp(item->token, title) == 0) {
            return item;
        }
    }
    return NULL;
}

/* Refusals for good come first, then those for now, then those that speak of the form. */
static guint rank_of(const char *code)
{
    return g_str_has_prefix(code, "55") ? 0 : code[0] == '4' ? 1 : code[0] == '5' ? 2 : 3;
}

static void add_refusal(
    Stage *stage, const Step *step, const VocabularyItem *command, const VocabularyReply *reply
)
{
    bool is_unknown_user = g_str_equal(command->token, "RCPT") && g_str_equal(reply->token, "550");
    add_row(
        stage,
        true,
        g_strdup_printf(
            "refuse %s with %s: %s", command->token, reply->token, reply->sense->meaning
        ),
        g_strdup_printf(
            "at step %" G_GUINT64_FORMAT " refuse with %s%s",
            step->number,
            reply->token,
            is_unknown_user ? " \"5.1.1 No such user here\"" : ""
        )
    );
}

static void add_refusals(Stage *stage, const Step *step, const VocabularyItem *command)
{
    guint count = 0;
    for (guint rank = 0; rank < 3; rank++) {
        const char *rest = command->replies;
        VocabularyReply reply;
        while (count < REFUSALS_MAXIMUM && vocabulary_next_reply(command, &rest, &reply)) {
            if (reply.sense != NULL && rank_of(reply.token) == rank) {
                add_refusal(stage, step, command, &reply);
                count++;
            }
        }
    }
}

/* What a side may refuse with where the catalogue has no list of codes. */
static const struct {
    const char *protocol;
    bool is_greeting;
    const char *word;
    const char *meaning;
} refusals[] = {
    {"SMTP", true, "554", "no mail is taken here"},
    {"SMTP", true, "421", "not now: try again later"},
    {"POP3", true, "-ERR", "no one is served here"},
    {"POP3", false, "-ERR", "the command fails"},
    {"IMAP", true, "BYE", "no one is served here"},
    {"IMAP", false, "NO", "the command fails"},
    {"IMAP", false, "BAD", "the command is not understood"},
    {"IMAP", false, "BYE", "the server ends the session"},
    {"HTTP", false, "403", "the server will not do that"},
    {"HTTP", false, "404", "there is no such page"},
    {"HTTP", false, "500", "the server has failed"},
    {"HTTP", false, "503", "the server is overloaded or down"},
    {"DNS", false, "NXDOMAIN", "there is no such name"},
    {"DNS", false, "SERVFAIL", "the name server cannot find out"},
    {"DNS", false, "REFUSED", "the name server will not say"},
};

static void add_usual_refusals(Stage *stage, const Step *step, const char *what, bool is_greeting)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        if (refusals[i].is_greeting != is_greeting ||
            !g_str_equal(refusals[i].protocol, step->protocol)) {
            continue;
        }
        add_row(
            stage,
            true,
            g_strdup_printf("refuse %s with %s: %s", what, refusals[i].word, refusals[i].meaning),
            g_strdup_printf(
                "at step %" G_GUINT64_FORMAT " refuse with %s", step->number, refusals[i].word
            )
        );
    }
}

static void add_answers(Stage *stage, const Step *step, const Step *command)
{
    bool is_greeting = command->kind != STEP_COMMAND;
    const VocabularyItem *item =
        is_greeting || command->title == NULL || !g_str_equal(step->protocol, "SMTP")
            ? NULL
            : smtp_command_item(command->title);
    if (item != NULL) {
        add_refusals(stage, step, item);
    } else {
        const char *name = command->title == NULL ? "the command" : command->title;
        add_usual_refusals(stage, step, is_greeting ? "the client" : name, is_greeting);
    }
    add_row(
        stage,
        false,
        g_strdup(
            is_greeting ? "the server greets in other words: type them"
                        : "the server answers something else, and only says it: type it"
        ),
        g_strdup_printf("at step %" G_GUINT64_FORMAT " answer \"", step->number)
    );
}

static bool is_question(const Step *step)
{
    return step->kind == STEP_DNS_QUESTION || step->kind == STEP_DNS_ANSWER;
}

static bool is_spoken(const Step *step)
{
    static const char *const protocols[] = {"SMTP", "POP3", "IMAP", "HTTP"};
    bool is_line = step->kind == STEP_COMMAND || step->kind == STEP_REPLY;
    for (gsize i = 0; is_line && i < G_N_ELEMENTS(protocols); i++) {
        if (g_str_equal(step->protocol, protocols[i])) {
            return true;
        }
    }
    return false;
}

static void add_sayings(Stage *stage, const Step *step)
{
    if (is_question(step) && !step->has_stream) {
        add_usual_refusals(stage, step, "the question", false);
    }
    if (!is_spoken(step)) {
        return;
    }
    const Step *command = step->kind == STEP_REPLY && step->answers != 0
                              ? timeline_find(stage_timeline(stage), step->answers)
                              : step;
    if (command != NULL) {
        add_answers(stage, step, command);
    }
    add_row(
        stage,
        false,
        g_strdup_printf(
            "the client says something else%s: type it", step->kind == STEP_REPLY ? " next" : ""
        ),
        g_strdup_printf("at step %" G_GUINT64_FORMAT " say \"", step->number)
    );
}

static void add_frames(Stage *stage, const Step *step)
{
    if (step->frames->len == 0) {
        return;
    }
    guint64 frame = g_array_index(step->frames, guint64, MIN(stage->frame, step->frames->len - 1));

    static const struct {
        const char *label;
        const char *line;
        const char *end;
    } rows[] = {
        {"frame %s is lost on its way", "drop", ""},
        {"frame %s comes 3 seconds later", "delay", " by 3 s"},
        {"frame %s is damaged on its way", "corrupt", ""},
        {"frame %s comes twice", "duplicate", ""},
    };

    g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, frame);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) halves = g_strsplit(rows[i].label, "%s", 2);
        add_row(
            stage,
            true,
            g_strconcat(halves[0], number, halves[1], NULL),
            g_strdup_printf("%s frame %s%s", rows[i].line, number, rows[i].end)
        );
    }
}

static void add_host(Stage *stage, const Step *step, const char *host)
{
    if (host == NULL || host[0] == '\0') {
        return;
    }
    add_row(
        stage,
        true,
        g_strdup_printf("%s goes down for 10 minutes", host),
        g_strdup_printf(
            "at step %" G_GUINT64_FORMAT " %s goes down for 10 minutes", step->number, host
        )
    );
}

static void add_deeds(Stage *stage, const Step *step)
{
    for (guint i = 0; stage->options.deeds != NULL && stage->options.deeds[i] != NULL; i++) {
        const char *deed = stage->options.deeds[i];
        const char *instead = g_str_has_suffix(deed, " instead") ? strrchr(deed, ' ') : NULL;
        add_row(
            stage,
            true,
            instead == NULL ? g_strdup_printf("now %s", deed)
                            : g_strdup_printf(
                                  "when the story has the next of its kind, %.*s instead",
                                  (int)(instead - deed),
                                  deed
                              ),
            g_strdup_printf("at step %" G_GUINT64_FORMAT " %s", step->number, deed)
        );
    }
}

void stage_open_menu(Stage *stage)
{
    const Step *step = stage_step(stage);
    if (step == NULL) {
        return;
    }
    g_ptr_array_set_size(stage->menu, 0);
    stage->menu_row = 0;
    stage->is_playing = false;
    if (step->number != 0) {
        add_sayings(stage, step);
    }
    add_frames(stage, step);
    if (step->number != 0) {
        add_host(stage, step, step->to);
        if (g_strcmp0(step->from, step->to) != 0) {
            add_host(stage, step, step->from);
        }
        add_deeds(stage, step);
    }
    add_row(
        stage,
        false,
        g_strdup("something else: type it"),
        step->number == 0 ? g_strdup("at ")
                          : g_strdup_printf("at step %" G_GUINT64_FORMAT " ", step->number)
    );
    stage->mode = STAGE_MODE_MENU;
}

/* The line is shown before it is played, so that it can be changed and is learned. */
static void choose(Stage *stage)
{
    const StageMenuRow *row = stage->menu->pdata[stage->menu_row];
    stage_begin_prompt(stage, STAGE_PROMPT_WHAT_IF, row->line);
}

void stage_menu_key(Stage *stage, guint32 key)
{
    guint last = stage->menu->len - 1;
    switch (key) {
    case STAGE_KEY_UP:
    case 'k':
        stage->menu_row = stage->menu_row == 0 ? last : stage->menu_row - 1;
        break;
    case STAGE_KEY_DOWN:
    case 'j':
        stage->menu_row = stage->menu_row == last ? 0 : stage->menu_row + 1;
        break;
    case STAGE_KEY_HOME:
        stage->menu_row = 0;
        break;
    case STAGE_KEY_END:
        stage->menu_row = last;
        break;
    case STAGE_KEY_ENTER:
    case STAGE_KEY_RIGHT:
        choose(stage);
        break;
    case STAGE_KEY_ESCAPE:
    case STAGE_KEY_LEFT:
    case 'w':
    case 'q':
        stage->mode = STAGE_MODE_STEPS;
        break;
    default:
        break;
    }
}
