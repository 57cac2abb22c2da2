#include "dissect/finding/secret-slip.h"

#include "protocol/sasl/sasl-vocabulary.h"
#include "protocol/text/edit-distance.h"

#define WORDS_LOOKED_AT 3
#define WORD_MAXIMUM 32

/* Words of log-ins, longer ones first, so that most of a word is found. */
static const char *const keywords[] = {
    "AUTHENTICATE",
    "PASSWORD",
    "PASSWD",
    "LOGIN",
    "LOGON",
    "AUTH",
    "APOP",
    "PASS",
};

static bool is_blank(guint8 octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n' || octet == '\v' ||
           octet == '\f' || octet == '\0';
}

/* The next word of the text from '*at' on; empty: there is none. */
static ByteSpan next_word(ByteSpan text, gsize *at)
{
    gsize from = *at;
    while (from < text.length && is_blank(text.data[from])) {
        from++;
    }
    gsize to = from;
    while (to < text.length && !is_blank(text.data[to])) {
        to++;
    }
    *at = to;
    return byte_span_slice(text, from, to - from);
}

/* Where the keyword ends in the word; 0: it is not in it. */
static gsize end_of_keyword(ByteSpan word, const char *keyword)
{
    gsize length = strlen(keyword);
    for (gsize at = 0; at + length <= word.length; at++) {
        if (byte_span_starts_with_nocase(byte_span_from(word, at), keyword)) {
            return at + length;
        }
    }
    return 0;
}

static bool is_nearly_keyword(ByteSpan word)
{
    if (word.length < 3 || word.length > WORD_MAXIMUM) {
        return false;
    }
    g_autofree char *text = byte_span_to_display(word);
    for (gsize i = 0; i < G_N_ELEMENTS(keywords); i++) {
        if (edit_distance(text, keywords[i]) <= 1) {
            return true;
        }
    }
    return false;
}

/* What may be seen of a line that means a log-in; empty: it does not look like one. */
static ByteSpan visible_of_login(ByteSpan text)
{
    gsize at = 0;
    for (guint i = 0; i < WORDS_LOOKED_AT; i++) {
        ByteSpan word = next_word(text, &at);
        gsize from = (gsize)(word.data - text.data);
        for (gsize k = 0; k < G_N_ELEMENTS(keywords) && word.length > 0; k++) {
            gsize end = end_of_keyword(word, keywords[k]);
            if (end > 0) {
                return byte_span_slice(text, 0, from + end);
            }
        }
        if (word.length > 0 && is_nearly_keyword(word)) {
            return byte_span_slice(text, 0, from + word.length);
        }
    }
    return BYTE_SPAN_EMPTY;
}

/* Commands whose one argument, a user or a mechanism, is no secret; what follows it may be. */
static bool begins_login(const DialogueEvent *command)
{
    static const char *const tokens[] = {"USER", "AUTH", "AUTHENTICATE"};
    for (gsize i = 0; command->item != NULL && i < G_N_ELEMENTS(tokens); i++) {
        if (g_ascii_strcasecmp(command->item->token, tokens[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* More than a user, or no mechanism where one is due. */
static bool says_too_much(const DialogueEvent *command)
{
    gsize at = 0;
    ByteSpan name = next_word(command->arguments, &at);
    bool is_user = g_ascii_strcasecmp(command->item->token, "USER") == 0;
    return name.length > 0 && (next_word(command->arguments, &at).length > 0 ||
                               (!is_user && sasl_mechanism_find(name) == NULL));
}

static guint32 hash_of(ByteSpan word)
{
    g_autofree char *text = byte_span_to_string(word);
    return MAX(g_str_hash(text), 1);
}

static void hide(DialogueEvent *command, ByteSpan visible)
{
    command->is_secret = true;
    command->tag = BYTE_SPAN_EMPTY;
    command->arguments = byte_span_from(command->text, visible.length);
    command->verb = visible.length > 0 ? visible : BYTE_SPAN_LITERAL(SECRET_LINE_VERB);
}

void secret_watch_note(SecretWatch *watch, DialogueEvent *command)
{
    bool is_first_try = !watch->after_login;
    bool begins = begins_login(command);
    watch->after_login = begins || command->is_secret;
    watch->hidden_tag = 0;
    if (command->is_secret) {
        return;
    }
    if (command->item != NULL) {
        command->is_secret = begins && says_too_much(command);
        return;
    }
    ByteSpan visible = visible_of_login(command->text);
    if (visible.length > 0 || !is_first_try) {
        watch->hidden_tag = visible.length > 0 ? 0 : hash_of(command->tag);
        watch->after_login = true;
        hide(command, visible);
    }
}

void secret_watch_clean_reply(const SecretWatch *watch, DialogueEvent *reply)
{
    bool is_hidden = watch->hidden_tag != 0 && reply->command == NULL && reply->tag.length > 0 &&
                     reply->tag.data == reply->text.data &&
                     hash_of(reply->tag) == watch->hidden_tag;
    if (is_hidden) {
        reply->text = byte_span_trim(byte_span_from(reply->text, reply->tag.length));
        reply->tag = BYTE_SPAN_EMPTY;
    }
}

bool secret_slip_clean_credential(const DialogueCredential *credential, DialogueCredential *out)
{
    static const char *const commands[] = {"USER/PASS", "APOP", "LOGIN"};
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (g_strcmp0(credential->method, commands[i]) == 0) {
            return false;
        }
    }
    if (credential->mechanism != NULL) {
        return false;
    }
    *out = *credential;
    out->method = "an unknown mechanism";
    return true;
}
