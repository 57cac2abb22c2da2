#include "tests/support/test.h"

#include "ui/report/story.h"

/* What `mailwalk run` prints of a few steps, where there is little room and where there is much. */

static Step *line_step(guint64 number, bool is_from_server, const char *text, const char *meaning)
{
    Step *step = step_new(is_from_server ? STEP_REPLY : STEP_COMMAND, number, 0);
    step->level = STEP_LEVEL_DIALOGUE;
    step->has_stream = true;
    step->is_from_server = is_from_server;
    step->from = g_strdup(is_from_server ? "mail.crepes.fr" : "alice-laptop");
    step->to = g_strdup(is_from_server ? "alice-laptop" : "mail.crepes.fr");
    step->text = g_strdup(text);
    step->meaning = g_strdup(meaning);
    step_add_reference(step, (RfcReference){5321, "4.1.1.1"});
    return step;
}

static char *story_at(guint width, StepLevel level)
{
    TextLayout layout;
    text_layout_init_plain(&layout, width);
    g_autoptr(Story) story = story_new(&layout, level);
    g_autoptr(Step) chapter = step_new(STEP_CHAPTER, 1, G_GINT64_CONSTANT(3600000000000));
    g_autoptr(Step) world = step_new(STEP_WORLD, 2, 0);
    g_autoptr(Step) command = line_step(3, false, "EHLO alice-laptop", "The client names itself.");
    g_autoptr(Step) reply =
        line_step(4, true, "250-mail.crepes.fr\n250 SIZE 1000", "The server lists its extensions.");
    chapter->level = STEP_LEVEL_STORY;
    chapter->title = g_strdup("Alice sends");
    chapter->meaning = g_strdup("What comes first?");
    world->level = STEP_LEVEL_STORY;
    world->text = g_strdup("queue: 1 message");
    step_add_detail(reply, 0, "SIZE 1000", "The largest message.", (RfcReference){1870, "3"});
    step_add_remark(reply, REMARK_WARNING, "a", "Not wise.", NULL, (RfcReference){1870, "6"});
    const Step *const steps[] = {chapter, world, command, reply};
    story_title(story, "A title", "aside", "About it.");
    story_what_if(story, "drop frame 4");
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        story_step(story, steps[i]);
    }
    char *text = g_strdup(layout.text->str);
    text_layout_clear(&layout);
    return text;
}

static void test_narrow(void **state)
{
    (void)state;
    g_autofree char *text = story_at(70, STEP_LEVEL_DIALOGUE);
    assert_string_equal(
        text,
        "A title                                                          aside\n"
        "About it.\n"
        "what if  drop frame 4\n"
        "\n"
        "1 · Alice sends                                           01:00:00.000\n"
        "    What comes first?\n"
        "       ▸ queue: 1 message\n"
        "\n"
        "       alice-laptop               mail.crepes.fr\n"
        "    3  ├── EHLO alice-laptop ─────────────────▶│     RFC 5321 §4.1.1.1\n"
        "         The client names itself.\n"
        "    4  │◀── 250-mail.crepes.fr ────────────────┤     RFC 5321 §4.1.1.1\n"
        "         The server lists its extensions.\n"
        "         250 SIZE 1000             The largest message.    RFC 1870 §3\n"
        "         ! Not wise.                                       RFC 1870 §6\n"
    );
}

static void test_wide(void **state)
{
    (void)state;
    g_autofree char *text = story_at(140, STEP_LEVEL_DIALOGUE);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool is_beside = false;
    for (guint i = 0; lines[i] != NULL; i++) {
        is_beside = is_beside || (g_str_has_prefix(lines[i], "    3  ├── EHLO") &&
                                  strstr(lines[i], "│  The client names itself.") != NULL &&
                                  g_str_has_suffix(lines[i], "RFC 5321 §4.1.1.1"));
        assert_true(text_width(lines[i]) <= 140);
    }
    assert_true(is_beside);
}

/* A line that is longer than the ladder is never cut. */
static void test_long_lines_stay_whole(void **state)
{
    (void)state;
    static const char line[] =
        "MAIL FROM:<somebody.with.a.very.long.name@a.very.long.domain.example.org>";
    TextLayout layout;
    text_layout_init_plain(&layout, 80);
    g_autoptr(Story) story = story_new(&layout, STEP_LEVEL_DIALOGUE);
    g_autoptr(Step) command = line_step(3, false, line, "Meaning.");
    story_step(story, command);
    assert_non_null(strstr(layout.text->str, line));
    text_layout_clear(&layout);
}

/* The story level is told in words, each thing with its time. */
static void test_story_level(void **state)
{
    (void)state;
    g_autofree char *text = story_at(80, STEP_LEVEL_STORY);
    assert_null(strstr(text, "EHLO"));
    assert_non_null(strstr(text, "\n    00:00:00  queue: 1 message\n"));
}

static Step *message_step(guint64 number, bool is_from_server, const char *protocol)
{
    Step *step = line_step(number, is_from_server, "message \"Crepes\" of 9 octets", "It.");
    step->kind = STEP_MESSAGE;
    step->level = STEP_LEVEL_STORY;
    step->protocol = protocol;
    step_add_detail(step, 0, "Subject", "Crepes", (RfcReference){0});
    return step;
}

static Step *answer_step(guint64 number, const char *title, const char *text, bool is_positive)
{
    Step *step = line_step(number, true, text, "It.");
    step->title = g_strdup(title);
    step->protocol = "SMTP";
    step->level = is_positive ? STEP_LEVEL_DIALOGUE : STEP_LEVEL_STORY;
    return step;
}

/* What happened before the answer came is told behind the line that the answer ends. */
static void test_tale_of_a_message(void **state)
{
    static const struct {
        const char *protocol;
        bool is_from_server;
        const char *title; /* NULL: the connection ends, no answer comes */
        const char *answer;
        bool is_positive;
        const char *told;
    } cases[] = {
        {"SMTP",
         false,
         "250",
         "250 2.0.0 queued",
         true,
         "    00:00:00  alice-laptop hands \"Crepes\" to mail.crepes.fr by SMTP: taken (250)\n"
         "    00:00:00  it lies in the queue\n"},
        {"SMTP",
         false,
         "552",
         "552 5.3.4 Too big\nsecond line",
         false,
         "    00:00:00  alice-laptop hands \"Crepes\" to mail.crepes.fr by SMTP: refused (552 "
         "5.3.4 Too big)\n"
         "    00:00:00  it lies in the queue\n"},
        {"SMTP",
         false,
         "451",
         "451 4.3.0 Wait",
         false,
         "    00:00:00  alice-laptop hands \"Crepes\" to mail.crepes.fr by SMTP: not now (451 "
         "4.3.0 "
         "Wait)\n"
         "    00:00:00  it lies in the queue\n"},
        {"SMTP",
         false,
         NULL,
         NULL,
         true,
         "    00:00:00  alice-laptop hands \"Crepes\" to mail.crepes.fr by SMTP: no answer came\n"
         "    00:00:00  it lies in the queue\n"},
        {"POP3",
         true,
         "+OK",
         "+OK",
         true,
         "    00:00:00  alice-laptop fetches \"Crepes\" from mail.crepes.fr by POP3\n"
         "    00:00:00  it lies in the queue\n"},
        {"IMAP",
         false,
         "OK",
         "a1 OK done",
         true,
         "    00:00:00  alice-laptop stores \"Crepes\" at mail.crepes.fr by IMAP: taken\n"
         "    00:00:00  it lies in the queue\n"},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TextLayout layout;
        text_layout_init_plain(&layout, 110);
        g_autoptr(Story) story = story_new(&layout, STEP_LEVEL_STORY);
        g_autoptr(Step) message = message_step(3, cases[i].is_from_server, cases[i].protocol);
        g_autoptr(Step) world = step_new(STEP_WORLD, 4, 0);
        g_autoptr(Step) answer =
            answer_step(5, cases[i].title, cases[i].answer, cases[i].is_positive);
        world->level = STEP_LEVEL_STORY;
        world->text = g_strdup("it lies in the queue");
        answer->kind = cases[i].title == NULL ? STEP_CLOSED : STEP_REPLY;
        story_step(story, message);
        story_step(story, world);
        story_step(story, answer);
        assert_string_equal(layout.text->str, cases[i].told);
        text_layout_clear(&layout);
    }
}

static void test_tale_ends_without_an_answer(void **state)
{
    (void)state;
    TextLayout layout;
    text_layout_init_plain(&layout, 110);
    g_autoptr(Story) story = story_new(&layout, STEP_LEVEL_STORY);
    g_autoptr(Step) message = message_step(3, false, "SMTP");
    story_step(story, message);
    assert_string_equal(layout.text->str, "");
    story_end(story);
    assert_string_equal(
        layout.text->str, "    00:00:00  alice-laptop hands \"Crepes\" to mail.crepes.fr by SMTP\n"
    );
    text_layout_clear(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_long_lines_stay_whole),
        cmocka_unit_test(test_story_level),
        cmocka_unit_test(test_tale_of_a_message),
        cmocka_unit_test(test_tale_ends_without_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
