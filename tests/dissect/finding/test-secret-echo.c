#include "tests/support/test.h"

#include "dissect/finding/secret-echo.h"
#include "dissect/finding/secret-mask.h"

#include <string.h>

/* What was said: "C " a command in the open, "S " one that is secret behind its first words, "R " a
 * response that is secret, "I " a name that a log-in turned out to have; replies begin with "< ".
 * 'shown' is the reply as it may be seen; NULL: as it is. */
typedef struct {
    const char *said;
    const char *shown;
} Line;

/* Each list is one conversation. */
static const Line conversations[][8] = {
    {{"S PASS hungry", NULL},
     {"< -ERR wrong password: hungry", "-ERR wrong password: " SECRET_MASK},
     {"< -ERR hungryhungry <hungry>", "-ERR " SECRET_MASK SECRET_MASK " <" SECRET_MASK ">"},
     {"< +OK Hungry is another word", NULL}},
    {{"C USER hungry", NULL}, {"< +OK hungry it is", NULL}},
    {{"S PASS abc", NULL}, {"< -ERR abc is too short to hide", NULL}},
    {{"S AUTH PLAIN AGFsaWNlAHl1bW15", NULL},
     {"< 535 5.7.8 alice, not yummy (AGFsaWNlAHl1bW15)",
      "535 5.7.8 alice, not " SECRET_MASK " (" SECRET_MASK ")"}},
    {{"C AUTH LOGIN", NULL},
     {"R YWxpY2U=", NULL},
     {"R eXVtbXk=", NULL},
     {"< 535 5.7.8 alice YWxpY2U= has no yummy eXVtbXk=",
      "535 5.7.8 alice YWxpY2U= has no " SECRET_MASK " " SECRET_MASK}},
    {{"S a1 LOGIN alice \"two words\"", NULL},
     {"< a1 NO [ALERT] no two words", "a1 NO [ALERT] no " SECRET_MASK}},
    {{"S LINE alice yummy", NULL},
     {"< -ERR alice yummy?", "-ERR " SECRET_MASK "?"},
     {"I alice", NULL},
     {"< +OK alice has mail, yummy", "+OK alice has mail, " SECRET_MASK}},
    {{"S PASS 5000", NULL}, {"< 5000 LOGIN: 5000", "5000 LOGIN: " SECRET_MASK}},
};

static void say(SecretEcho *echo, const char *line)
{
    static const VocabularyItem login = {.token = "LOGIN"};
    ByteSpan text = byte_span_from_string(line + 2);
    bool is_tagged = g_str_has_prefix(line + 2, "a1 ");
    gsize verb = is_tagged ? 3 : 0;
    DialogueCredential credential = {.identity = text};
    DialogueEvent event = {
        .kind = line[0] == 'R'   ? DIALOGUE_EVENT_CONTINUATION
                : line[0] == 'I' ? DIALOGUE_EVENT_CREDENTIAL
                                 : DIALOGUE_EVENT_COMMAND,
        .text = text,
        .tag = byte_span_slice(text, 0, is_tagged ? 2 : 0),
        .verb = byte_span_slice(text, verb, strcspn(line + 2 + verb, " ")),
        .item = g_str_has_prefix(line + 2, "LINE") ? NULL : &login,
        .is_secret = line[0] == 'S' || line[0] == 'R',
        .credential = &credential,
    };
    event.arguments = byte_span_trim(byte_span_from(text, verb + event.verb.length));
    secret_echo_note(echo, &event);
}

static void hear(SecretEcho *echo, const Line *line)
{
    ByteSpan text = byte_span_from_string(line->said + 2);
    gsize code = strcspn(line->said + 2, " ");
    const char *shown = line->shown == NULL ? line->said + 2 : line->shown;
    DialogueEvent reply = {
        .kind = DIALOGUE_EVENT_REPLY,
        .text = text,
        .code = byte_span_slice(text, 0, code),
        .arguments = byte_span_from(text, code + 1),
    };
    secret_echo_mask(echo, &reply);
    assert_span(reply.text, shown);
    assert_span(reply.arguments, shown + code + 1);
    assert_int_equal(reply.code.length, code);
    assert_memory_equal(reply.code.data, text.data, code);
}

static void what_a_server_repeats_is_masked(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(conversations); i++) {
        SecretEcho echo = {0};
        for (const Line *line = conversations[i]; line->said != NULL; line++) {
            if (line->said[0] == '<') {
                hear(&echo, line);
            } else {
                say(&echo, line->said);
            }
        }
        secret_echo_clear(&echo);
    }
}

/* A client that tries passwords for long neither fills the memory nor hides its last tries. */
static void many_tries_are_forgotten_in_part(void **state)
{
    SecretEcho echo = {0};
    (void)state;
    for (guint i = 0; i < 10000; i++) {
        g_autofree char *line = g_strdup_printf("S PASS !secret%u", i);
        say(&echo, line);
    }
    assert_true(echo.secrets->len < 100);
    hear(&echo, &(Line){"< -ERR !secret9999", "-ERR " SECRET_MASK});
    hear(&echo, &(Line){"< -ERR !secret9990 ", "-ERR " SECRET_MASK " "});
    secret_echo_clear(&echo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_server_repeats_is_masked),
        cmocka_unit_test(many_tries_are_forgotten_in_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
