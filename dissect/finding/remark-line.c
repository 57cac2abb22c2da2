/* Defects of single lines: which bit is which remark, by protocol and side. */

#include "dissect/finding/remark-judge.h"
#include "protocol/smtp/smtp-vocabulary.h"

#include <string.h>

typedef struct {
    MailProtocol protocol;
    DialogueSide side;
    guint32 defects; /* DialogueDefect bits: any of them */
    RemarkId remark;
} LineRule;

#define LINE_END_DEFECTS (DIALOGUE_DEFECT_BARE_LF | DIALOGUE_DEFECT_BARE_CR)
#define OCTET_DEFECTS (DIALOGUE_DEFECT_NUL | DIALOGUE_DEFECT_EIGHT_BIT)
#define FORM_DEFECTS (DIALOGUE_DEFECT_SYNTAX | DIALOGUE_DEFECT_TRAILING)
#define TLS_DEFECTS (DIALOGUE_DEFECT_INJECTED | DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS)

static const LineRule rules[] = {
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_BARE_LF, REMARK_BARE_LF},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_BARE_CR, REMARK_BARE_CR},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_TOO_LONG, REMARK_COMMAND_LONG},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_NUL, REMARK_LINE_NUL},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_EIGHT_BIT, REMARK_LINE_EIGHT_BIT},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_UNKNOWN, REMARK_COMMAND_UNKNOWN},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_SYNTAX, REMARK_COMMAND_SYNTAX},
    {MAIL_PROTOCOL_SMTP,
     DIALOGUE_CLIENT,
     DIALOGUE_DEFECT_SPACE_AFTER_COLON,
     REMARK_SPACE_AFTER_COLON},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_NO_BRACKETS, REMARK_NO_BRACKETS},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_ORDER, REMARK_COMMAND_ORDER},
    {MAIL_PROTOCOL_SMTP,
     DIALOGUE_CLIENT,
     DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS,
     REMARK_PLAINTEXT_AFTER_TLS},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_INJECTED, REMARK_INJECTED},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_TRAILING, REMARK_TRAILING},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_BARE_LF, REMARK_BARE_LF},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_BARE_CR, REMARK_BARE_CR},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_TOO_LONG, REMARK_REPLY_LONG},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_NUL, REMARK_LINE_NUL},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_EIGHT_BIT, REMARK_LINE_EIGHT_BIT},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_SYNTAX, REMARK_REPLY_SYNTAX},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_UNKNOWN, REMARK_REPLY_UNKNOWN},
    {MAIL_PROTOCOL_SMTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_UNASKED, REMARK_REPLY_UNASKED},
    {MAIL_PROTOCOL_POP3, DIALOGUE_CLIENT, LINE_END_DEFECTS, REMARK_POP3_LINE_END},
    {MAIL_PROTOCOL_POP3, DIALOGUE_CLIENT, DIALOGUE_DEFECT_TOO_LONG, REMARK_POP3_COMMAND_LONG},
    {MAIL_PROTOCOL_POP3, DIALOGUE_CLIENT, OCTET_DEFECTS, REMARK_POP3_NOT_ASCII},
    {MAIL_PROTOCOL_POP3, DIALOGUE_CLIENT, DIALOGUE_DEFECT_UNKNOWN, REMARK_POP3_UNKNOWN},
    {MAIL_PROTOCOL_POP3, DIALOGUE_CLIENT, FORM_DEFECTS, REMARK_POP3_SYNTAX},
    {MAIL_PROTOCOL_POP3, DIALOGUE_CLIENT, DIALOGUE_DEFECT_ORDER, REMARK_POP3_ORDER},
    {MAIL_PROTOCOL_POP3, DIALOGUE_CLIENT, TLS_DEFECTS, REMARK_POP3_TLS},
    {MAIL_PROTOCOL_POP3, DIALOGUE_SERVER, LINE_END_DEFECTS, REMARK_POP3_LINE_END},
    {MAIL_PROTOCOL_POP3, DIALOGUE_SERVER, DIALOGUE_DEFECT_TOO_LONG, REMARK_POP3_REPLY_LONG},
    {MAIL_PROTOCOL_POP3, DIALOGUE_SERVER, OCTET_DEFECTS, REMARK_POP3_NOT_ASCII},
    {MAIL_PROTOCOL_POP3, DIALOGUE_SERVER, FORM_DEFECTS, REMARK_POP3_REPLY},
    {MAIL_PROTOCOL_POP3, DIALOGUE_SERVER, DIALOGUE_DEFECT_UNASKED, REMARK_POP3_UNASKED},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_CLIENT, LINE_END_DEFECTS, REMARK_IMAP_LINE_END},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_TOO_LONG, REMARK_IMAP_LONG},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_CLIENT, OCTET_DEFECTS, REMARK_IMAP_OCTETS},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_UNKNOWN, REMARK_IMAP_UNKNOWN},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_CLIENT, FORM_DEFECTS, REMARK_IMAP_SYNTAX},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_ORDER, REMARK_IMAP_ORDER},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_CLIENT, TLS_DEFECTS, REMARK_IMAP_TLS},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_SERVER, LINE_END_DEFECTS, REMARK_IMAP_LINE_END},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_SERVER, OCTET_DEFECTS, REMARK_IMAP_OCTETS},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_SERVER, FORM_DEFECTS, REMARK_IMAP_REPLY},
    {MAIL_PROTOCOL_IMAP, DIALOGUE_SERVER, DIALOGUE_DEFECT_UNASKED, REMARK_IMAP_UNASKED},
    {MAIL_PROTOCOL_HTTP, DIALOGUE_CLIENT, LINE_END_DEFECTS, REMARK_HTTP_LINE_END},
    {MAIL_PROTOCOL_HTTP, DIALOGUE_CLIENT, DIALOGUE_DEFECT_SYNTAX, REMARK_HTTP_SYNTAX},
    {MAIL_PROTOCOL_HTTP, DIALOGUE_SERVER, LINE_END_DEFECTS, REMARK_HTTP_LINE_END},
    {MAIL_PROTOCOL_HTTP, DIALOGUE_SERVER, DIALOGUE_DEFECT_SYNTAX, REMARK_HTTP_SYNTAX},
};

/* RFC 5321 §4.1.5: verbs and codes that begin with X are private. */
static bool is_private(const DialogueEvent *said)
{
    return said->verb.length > 0 && (said->verb.data[0] == 'X' || said->verb.data[0] == 'x');
}

/* Bits that this line may have without blame. */
static guint32 excused(const RemarkCase *on, const DialogueEvent *said)
{
    /* Behind a gap a line may be part of a message, or lack its beginning. */
    if (on->talk->has_loss || (said->defects & DIALOGUE_DEFECT_CUT) != 0) {
        return G_MAXUINT32;
    }
    guint32 defects =
        on->talk->is_disordered ? DIALOGUE_DEFECT_ORDER | DIALOGUE_DEFECT_UNASKED : 0u;
    if (on->event->conversation->protocol != MAIL_PROTOCOL_SMTP) {
        return defects;
    }
    if (said->side == DIALOGUE_SERVER) {
        /* A line that is no reply at all has no code to be unknown. */
        defects |= (said->defects & DIALOGUE_DEFECT_SYNTAX) != 0 ? DIALOGUE_DEFECT_UNKNOWN : 0u;
    } else {
        defects |= is_private(said) ? DIALOGUE_DEFECT_UNKNOWN : 0u;
        defects |= (said->defects & TLS_DEFECTS) != 0 ? DIALOGUE_DEFECT_ORDER : 0u;
        /* RFC 1870 §3, RFC 6152 §2 and their like make the lines of MAIL and RCPT longer. */
        bool is_path =
            byte_span_is_nocase(said->verb, "MAIL") || byte_span_is_nocase(said->verb, "RCPT");
        defects |= is_path && on->talk->offers != 0 && said->text.length < 1536
                       ? DIALOGUE_DEFECT_TOO_LONG
                       : 0u;
    }
    defects |= (on->talk->offers & OFFER_UTF8) != 0 ? DIALOGUE_DEFECT_EIGHT_BIT : 0u;
    return defects;
}

/* What exactly is wrong with the form of an SMTP command. */
static RemarkId refine_syntax(const DialogueEvent *said)
{
    bool has_path = said->item != NULL && said->item->syntax != NULL &&
                    strstr(said->item->syntax, ":<") != NULL;
    if (byte_span_is_nocase(said->verb, "BDAT")) {
        return REMARK_CHUNK_SYNTAX;
    }
    if (byte_span_trim(said->arguments).length == 0) {
        return REMARK_COMMAND_BARE;
    }
    return has_path && byte_span_find(said->arguments, ':', 0) < 0 ? REMARK_NO_COLON
                                                                   : REMARK_COMMAND_SYNTAX;
}

static RemarkId refine(RemarkId id, const DialogueEvent *said)
{
    if (id == REMARK_COMMAND_SYNTAX) {
        return refine_syntax(said);
    }
    if (id == REMARK_COMMAND_ORDER && said->state_before == SMTP_STATE_CONNECTED) {
        return REMARK_EARLY_TALKER;
    }
    return id;
}

/* Of a command that is known, its form is given. */
static void tell_line(const RemarkCase *on, RemarkId id)
{
    static const RemarkId about_form[] = {
        REMARK_COMMAND_SYNTAX,
        REMARK_COMMAND_BARE,
        REMARK_NO_COLON,
        REMARK_POP3_SYNTAX,
        REMARK_IMAP_SYNTAX,
    };
    const VocabularyItem *item = on->event->dialogue->item;
    bool is_about_form = false;
    for (gsize i = 0; i < G_N_ELEMENTS(about_form); i++) {
        is_about_form |= about_form[i] == id;
    }
    if (!is_about_form || item == NULL || item->syntax == NULL) {
        remark_tell(on, id, NULL);
        return;
    }
    g_autofree char *topic = g_strdup_printf(
        "%s %s", mail_protocol_name(on->event->conversation->protocol), item->token
    );
    g_autofree char *word = g_ascii_strdown(topic, -1);
    g_autofree char *instead =
        g_strdup_printf("Its form is: %s. `mailwalk rfc %s` says more.", item->syntax, word);
    remark_tell_instead(on, id, instead);
}

void remark_judge_line(const RemarkCase *on)
{
    const DialogueEvent *said = on->event->dialogue;
    if (said->defects == 0) {
        return;
    }
    MailProtocol protocol = on->event->conversation->protocol;
    guint32 defects = said->defects & ~excused(on, said);
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        const LineRule *rule = &rules[i];
        if (rule->protocol != protocol || rule->side != said->side ||
            (rule->defects & defects) == 0) {
            continue;
        }
        if (said->kind == DIALOGUE_EVENT_REPLY) {
            remark_note_reply(on, rule->remark, BYTE_SPAN_EMPTY);
        } else {
            tell_line(on, refine(rule->remark, said));
        }
    }
}
