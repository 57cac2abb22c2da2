/* Asking the class: before a reply is shown, four answers that the vocabulary allows. */

#include "ui/terminal/stage-private.h"

#include "protocol/catalogue/catalogue.h"
#include "ui/report/vocabulary-replies.h"

#include <string.h>

#define CANDIDATES_MAXIMUM 24

void stage_clear_choices(Stage *stage)
{
    for (guint i = 0; i < STAGE_CHOICES; i++) {
        g_clear_pointer(&stage->choices[i].token, g_free);
        g_clear_pointer(&stage->choices[i].meaning, g_free);
    }
    stage->choice_count = 0;
    stage->chosen = STAGE_CHOICES;
    stage->is_revealed = false;
}

void stage_toggle_predict(Stage *stage)
{
    stage->predicts = !stage->predicts;
    stage_say(
        stage,
        false,
        "%s",
        stage->predicts ? "Before each reply the class may guess: a b c d, Enter reveals."
                        : "Replies are shown at once again."
    );
}

static const VocabularyItem *command_item(const Step *command)
{
    static const struct {
        const char *name;
        VocabularyProtocol protocol;
    } protocols[] = {
        {"SMTP", VOCABULARY_SMTP},
        {"POP3", VOCABULARY_POP3},
        {"IMAP", VOCABULARY_IMAP},
    };

    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        for (gsize i = 0; i < G_N_ELEMENTS(protocols); i++) {
            if (item->kind == VOCABULARY_COMMAND && item->replies != NULL &&
                item->protocol == protocols[i].protocol &&
                g_str_equal(protocols[i].name, command->protocol) &&
                g_ascii_strcasecmp(item->token, command->title) == 0) {
                return item;
            }
        }
    }
    return NULL;
}

/* Answers other than the right one, those that begin with another digit first. */
static guint gather(const VocabularyItem *item, const char *right, VocabularyReply *out_replies)
{
    guint count = 0;
    for (guint round = 0; round < 2; round++) {
        const char *rest = item->replies;
        VocabularyReply reply;
        while (count < CANDIDATES_MAXIMUM && vocabulary_next_reply(item, &rest, &reply)) {
            bool is_near = reply.token[0] == right[0] && g_ascii_isdigit(right[0]);
            bool is_other = strcmp(reply.token, right) != 0 || reply.code[0] != '\0';
            if (is_other && reply.sense != NULL && is_near == (round == 1)) {
                out_replies[count++] = reply;
            }
        }
    }
    return count;
}

static void put_choice(Stage *stage, guint place, const char *token, const char *meaning)
{
    stage->choices[place].token = g_strdup(token);
    stage->choices[place].meaning = g_strdup(meaning);
    stage->choices[place].is_right = false;
}

bool stage_begin_predict(Stage *stage, const Step *reply)
{
    VocabularyReply replies[CANDIDATES_MAXIMUM];
    const Step *command =
        reply->answers == 0 ? NULL : timeline_find(stage_timeline(stage), reply->answers);
    const VocabularyItem *item = command == NULL ? NULL : command_item(command);
    guint others = item == NULL ? 0 : gather(item, reply->title, replies);
    if (others == 0) {
        return false; /* a greeting, or a command that nobody defines */
    }
    stage_clear_choices(stage);
    guint count = MIN(others + 1, STAGE_CHOICES);
    /* The right one lies at a place that the number of the step decides, the same every time. */
    guint right = (guint)(reply->number * 7 / 3 % count);
    guint step = MAX(others / count, 1);
    for (guint i = 0, next = (guint)reply->number % others; i < count; i++) {
        if (i == right) {
            put_choice(stage, i, reply->title, reply->meaning);
            stage->choices[i].is_right = true;
            continue;
        }
        const VocabularyReply *other = &replies[next % others];
        g_autofree char *token = other->code[0] == '\0'
                                     ? g_strdup(other->token)
                                     : g_strdup_printf("%s [%s]", other->token, other->code);
        put_choice(stage, i, token, other->sense->meaning);
        next += step;
    }
    stage->choice_count = count;
    stage->mode = STAGE_MODE_PREDICT;
    stage->is_playing = false;
    stage->scroll = 0;
    return true;
}

static void reveal(Stage *stage)
{
    stage->mode = STAGE_MODE_STEPS;
    stage_move(stage, stage->position + 1);
    if (stage->chosen < stage->choice_count) {
        bool is_right = stage->choices[stage->chosen].is_right;
        const char *guess = stage->choices[stage->chosen].token;
        if (is_right) {
            stage_say(stage, false, "%s was guessed, and %s it is.", guess, guess);
        } else {
            stage_say(stage, true, "%s was guessed; it is %s.", guess, stage_step(stage)->title);
        }
    }
}

void stage_predict_key(Stage *stage, guint32 key)
{
    guint choice = key >= 'a' ? key - 'a' : STAGE_CHOICES;
    if (choice < stage->choice_count) {
        stage->chosen = choice;
    } else if (key == STAGE_KEY_ENTER || key == STAGE_KEY_RIGHT || key == ' ') {
        reveal(stage);
    } else if (key == STAGE_KEY_ESCAPE || key == STAGE_KEY_LEFT || key == STAGE_KEY_BACKSPACE) {
        stage->mode = STAGE_MODE_STEPS;
    } else if (key == 't') {
        stage->mode = STAGE_MODE_STEPS;
        stage_toggle_predict(stage);
    } else if (key == 'q') {
        stage_quit(stage);
    }
}
