#include "sim/scenario/what-if-words.h"

#include <string.h>

typedef struct {
    guint code;
    const char *text;
} UsualText;

/* What servers usually say with the code, whatever they refuse. */
static const UsualText smtp_texts[] = {
    {421, "4.3.2 Service not available, closing"},
    {450, "4.2.1 Try again later"},
    {451, "4.3.0 Local error, try again later"},
    {452, "4.3.1 Insufficient storage, try again later"},
    {500, "5.5.2 Syntax error"},
    {501, "5.5.4 Syntax error in parameters"},
    {502, "5.5.1 Command not implemented"},
    {503, "5.5.1 Bad sequence of commands"},
    {550, "5.7.1 Refused"},
    {551, "5.1.6 User not local; please try <moved@example.org>"}, /* RFC 5321 §3.4 */
    {552, "5.2.2 Mailbox full"},
    {553, "5.1.3 Mailbox name not allowed"},
    {554, "5.0.0 Transaction failed"},
    {0, NULL},
};

/* RFC 2034 §4: no enhanced code in a greeting. */
static const UsualText greeting_texts[] = {
    {421, "Service not available, try again later"},
    {554, "No SMTP service here"},
    {0, NULL},
};

static const UsualText http_texts[] = {
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {0, NULL},
};

static const char *usual_text(const UsualText *texts, guint code, const char *otherwise)
{
    while (texts->code != 0 && texts->code != code) {
        texts++;
    }
    return texts->code == 0 ? otherwise : texts->text;
}

static char *numbered(guint code, const char *own, const char *usual)
{
    return g_strdup_printf("%u %s", code, own != NULL ? own : usual);
}

static char *smtp_refusal(const WhatIf *what_if, guint64 number, const char **out_mistake)
{
    guint usual_code = number == 0 ? 554 : 550;
    guint code = what_if->code != 0 ? what_if->code : usual_code;
    const UsualText *texts = number == 0 ? greeting_texts : smtp_texts;
    const char *other = number == 0 ? "Not now" : code < 500 ? "4.0.0 Not now" : "5.0.0 Refused";
    if (what_if->word != NULL) {
        *out_mistake = "SMTP refuses with a code, as in 'refuse with 550'";
        return NULL;
    }
    return numbered(code, what_if->text, usual_text(texts, code, other));
}

static char *pop3_refusal(const WhatIf *what_if, const char **out_mistake)
{
    bool fits = what_if->code == 0 && (what_if->word == NULL || strcmp(what_if->word, "-ERR") == 0);
    if (!fits) {
        *out_mistake = "POP3 has one refusal: 'refuse with -ERR'";
        return NULL;
    }
    return g_strconcat("-ERR ", what_if->text == NULL ? "not now" : what_if->text, NULL);
}

static char *imap_refusal(const WhatIf *what_if, guint64 number, const char **out_mistake)
{
    static const struct {
        const char *word;
        const char *text;
    } rows[] = {
        {"NO", "Not now"},
        {"BAD", "Command not understood"},
        {"BYE", "The server goes down"},
    };

    const char *word = what_if->word == NULL ? "NO" : what_if->word;
    bool is_greeting = number == 0;
    for (gsize i = 0; what_if->code == 0 && i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(rows[i].word, word) == 0) {
            const char *text = what_if->text == NULL ? rows[i].text : what_if->text;
            bool is_bye = is_greeting || strcmp(word, "BYE") == 0;
            return is_bye ? g_strconcat("* BYE ", text, NULL) : g_strconcat(word, " ", text, NULL);
        }
    }
    *out_mistake = "IMAP refuses with a word: 'refuse with NO', BAD or BYE";
    return NULL;
}

static char *http_refusal(const WhatIf *what_if, const char **out_mistake)
{
    guint code = what_if->code == 0 ? 403 : what_if->code;
    if (what_if->word != NULL) {
        *out_mistake = "HTTP refuses with a code, as in 'refuse with 404'";
        return NULL;
    }
    return numbered(code, what_if->text, usual_text(http_texts, code, "Refused"));
}

static char *
refusal(const WhatIf *what_if, AgentProtocol protocol, guint64 number, const char **out_mistake)
{
    switch (protocol) {
    case AGENT_SPEAKS_SMTP:
        return smtp_refusal(what_if, number, out_mistake);
    case AGENT_SPEAKS_POP3:
        return pop3_refusal(what_if, out_mistake);
    case AGENT_SPEAKS_IMAP:
        return imap_refusal(what_if, number, out_mistake);
    case AGENT_SPEAKS_HTTP:
        return http_refusal(what_if, out_mistake);
    }
    return NULL;
}

char *what_if_words(
    const WhatIf *what_if, AgentProtocol protocol, guint64 number, const char **out_mistake
)
{
    bool is_server = what_if->kind != WHAT_IF_SAY;
    g_autofree char *words = what_if->kind == WHAT_IF_REFUSE
                                 ? refusal(what_if, protocol, number, out_mistake)
                                 : g_strdup(what_if->text);
    if (words == NULL) {
        return NULL;
    }
    *out_mistake = agent_words_mistake(protocol, is_server, number, words);
    return *out_mistake == NULL ? g_steal_pointer(&words) : NULL;
}
