/* What an SMTP line means after those before it: offers and their use, pipelining, STARTTLS, names
 * and addresses, enhanced status codes, the end of a session. */

#include "dissect/finding/remark-judge.h"
#include "protocol/address/mail-path.h"
#include "protocol/smtp/smtp-parameters.h"
#include "protocol/smtp/smtp-vocabulary.h"

typedef struct {
    const char *keyword;
    RemarkOffer offer;
} OfferWord;

static const OfferWord offer_words[] = {
    {"SIZE", OFFER_SIZE},
    {"8BITMIME", OFFER_EIGHT_BIT},
    {"STARTTLS", OFFER_STARTTLS},
    {"AUTH", OFFER_AUTH},
    {"PIPELINING", OFFER_PIPELINING},
    {"DSN", OFFER_DSN},
    {"CHUNKING", OFFER_CHUNKING},
    {"SMTPUTF8", OFFER_UTF8},
    {"ENHANCEDSTATUSCODES", OFFER_ENHANCED},
    {"BINARYMIME", OFFER_BINARY},
};

static void judge_hello(const RemarkCase *on, const DialogueEvent *said)
{
    ByteSpan name = said->arguments;
    gssize space = byte_span_find(name, ' ', 0);
    name = space < 0 ? name : byte_span_slice(name, 0, (gsize)space);
    if (name.length == 0) {
        return; /* the missing argument has a remark of its own */
    }
    AddressVerdict verdict = address_judge_domain(ADDRESS_INTERNATIONAL, name);
    if (!verdict.is_valid) {
        remark_tell_span(on, REMARK_HELLO_NAME, name);
    } else if (!verdict.is_literal && byte_span_find(name, '.', 0) < 0) {
        remark_tell_span(on, REMARK_HELLO_UNQUALIFIED, name);
    }
}

/* What most paths are: no need to ask the judge. */
static bool is_ordinary_path(ByteSpan path)
{
    guint at = 0;
    guint dots = 0;
    guint8 before = '.';
    for (gsize i = 0; i < path.length; i++) {
        guint8 octet = path.data[i];
        bool is_mark = octet == '@' || octet == '.' || octet == '-';
        if (!g_ascii_isalnum(octet) && !is_mark && (octet != '_' || at > 0)) {
            return false;
        }
        if (is_mark && !g_ascii_isalnum(before) && before != '_') {
            return false;
        }
        at += octet == '@';
        dots += octet == '.' && at > 0;
        before = octet;
    }
    return at == 1 && dots > 0 && g_ascii_isalnum(before) && path.length <= 64;
}

/* Whether the whole answer to EHLO is known, so that what is not in it was not offered. */
static bool knows_offers(const RemarkTalk *talk)
{
    return talk->has_offers && !talk->has_loss;
}

static void judge_parameters(
    const RemarkCase *on, ByteSpan rest, SmtpCommandId command, const SmtpParameters *parameters
)
{
    const RemarkTalk *talk = on->talk;
    guint32 needed = 0;
    bool is_mail = command == SMTP_COMMAND_MAIL;
    needed |= parameters->size > 0 ? OFFER_SIZE : 0u;
    needed |= parameters->body == SMTP_BODY_EIGHT_BIT ? OFFER_EIGHT_BIT : 0u;
    needed |= parameters->body == SMTP_BODY_BINARY ? OFFER_BINARY : 0u;
    needed |= parameters->wants_utf8 ? OFFER_UTF8 : 0u;
    needed |= is_mail && parameters->auth.length > 0 ? OFFER_AUTH : 0u;
    needed |= parameters->envelope_id.length + parameters->return_what.length +
                          parameters->notify.length + parameters->original_recipient.length >
                      0
                  ? OFFER_DSN
                  : 0u;
    if (knows_offers(talk) && (needed & ~talk->offers) != 0) {
        remark_tell_span(on, REMARK_NOT_OFFERED, byte_span_trim(rest));
    }
    if (talk->size_limit > 0 && parameters->size > talk->size_limit) {
        remark_tell(on, REMARK_SIZE_OVER_LIMIT, NULL);
    }
}

static void judge_path(const RemarkCase *on, const DialogueEvent *said, SmtpCommandId command)
{
    MailPath path;
    SmtpParameters parameters = {0};
    guint32 broken = MAIL_PATH_DEFECT_NO_DOMAIN | MAIL_PATH_DEFECT_ROUTE |
                     MAIL_PATH_DEFECT_MAILBOX | MAIL_PATH_DEFECT_TOO_LONG;
    gssize colon = byte_span_find(said->arguments, ':', 0);
    ByteSpan text = byte_span_trim(byte_span_from(said->arguments, (gsize)(colon + 1)));
    gsize length = text.length;
    ByteSpan rest = BYTE_SPAN_EMPTY;
    bool is_ordinary = length > 2 && text.data[0] == '<' && text.data[length - 1] == '>' &&
                       is_ordinary_path(byte_span_slice(text, 1, length - 2));
    if (!is_ordinary) {
        rest = mail_path_parse(text, &path);
        if ((path.defects & broken) != 0) {
            remark_tell_span(on, REMARK_ADDRESS, path.text);
        }
        smtp_parameters_parse(said->arguments, command, &parameters);
        judge_parameters(on, rest, command, &parameters);
    }
    if (command == SMTP_COMMAND_MAIL) {
        on->talk->may_be_eight_bit =
            parameters.body != SMTP_BODY_SEVEN_BIT || parameters.wants_utf8;
    }
}

/* RFC 2920 §3.1 and RFC 5321 §4.3.1: who may send without waiting. */
static void judge_pipelining(const RemarkCase *on, const DialogueEvent *said)
{
    const RemarkTalk *talk = on->talk;
    const Stream *stream = on->event->conversation->stream;
    bool can_judge = !talk->has_loss && !talk->is_disordered &&
                     stream_is_seen(stream, STREAM_FROM_SERVER) && stream_has_handshake(stream);
    bool is_bad_already = (said->defects & (DIALOGUE_DEFECT_INJECTED | DIALOGUE_DEFECT_ORDER)) != 0;
    if (!can_judge || is_bad_already || talk->latest_exchange <= talk->answered_exchange) {
        return;
    }
    if (talk->group_end > talk->answered_exchange) {
        remark_tell_once(on, REMARK_PIPELINE_GROUP, NULL);
    } else if (talk->has_offers && (talk->offers & OFFER_PIPELINING) == 0) {
        remark_tell_once(on, REMARK_PIPELINING_NOT_OFFERED, NULL);
    }
}

static void judge_chunk(const RemarkCase *on, const DialogueEvent *said)
{
    const RemarkTalk *talk = on->talk;
    if (talk->chunk_was_refused) {
        remark_tell(on, REMARK_CHUNK_AFTER_REFUSAL, NULL);
    } else if (knows_offers(talk) && (talk->offers & OFFER_CHUNKING) == 0) {
        remark_tell_once(on, REMARK_NOT_OFFERED, "BDAT");
    }
    (void)said;
}

static void judge_protection(const RemarkCase *on)
{
    if ((on->talk->offers & OFFER_STARTTLS) != 0 && !on->talk->asked_tls) {
        remark_tell_once(on, REMARK_STARTTLS_UNUSED, NULL);
    }
}

void remark_judge_smtp_command(const RemarkCase *on)
{
    RemarkTalk *talk = on->talk;
    const DialogueEvent *said = on->event->dialogue;
    const SmtpCommandRow *row = said->item == NULL ? NULL : smtp_command_of(said->item);
    bool has_form = (said->defects & DIALOGUE_DEFECT_SYNTAX) == 0;
    judge_pipelining(on, said);
    if (row == NULL) {
        return;
    }
    if (row->id == SMTP_COMMAND_EHLO || row->id == SMTP_COMMAND_HELO ||
        row->id == SMTP_COMMAND_LHLO) {
        judge_hello(on, said);
    } else if (row->id == SMTP_COMMAND_MAIL || row->id == SMTP_COMMAND_RCPT) {
        judge_protection(on);
        if (has_form) {
            judge_path(on, said, row->id);
        }
    } else if (row->id == SMTP_COMMAND_BDAT) {
        judge_chunk(on, said);
    } else if (row->id == SMTP_COMMAND_AUTH) {
        judge_protection(on);
    } else if (row->id == SMTP_COMMAND_STARTTLS) {
        talk->asked_tls = true;
        if (knows_offers(talk) && (talk->offers & OFFER_STARTTLS) == 0) {
            remark_tell(on, REMARK_STARTTLS_NOT_OFFERED, NULL);
        }
    }
    talk->chunk_was_refused &= row->id != SMTP_COMMAND_RSET && row->id != SMTP_COMMAND_MAIL &&
                               row->id != SMTP_COMMAND_EHLO && row->id != SMTP_COMMAND_HELO;
    if (row->ends_group && row->id != SMTP_COMMAND_DATA && row->id != SMTP_COMMAND_BDAT) {
        talk->group_end = said->exchange;
    }
}

static bool is_overwritten(ByteSpan keyword)
{
    gsize same = 0;
    while (same < keyword.length && keyword.data[same] == 'X') {
        same++;
    }
    return keyword.length >= 6 && same + 1 >= keyword.length;
}

static void note_offer(const RemarkCase *on, ByteSpan line)
{
    ByteSpan rest = byte_span_trim(line);
    ByteSpan keyword = BYTE_SPAN_EMPTY;
    byte_span_next_token(&rest, ' ', &keyword);
    for (gsize i = 0; i < G_N_ELEMENTS(offer_words); i++) {
        if (byte_span_is_nocase(keyword, offer_words[i].keyword)) {
            on->talk->offers |= offer_words[i].offer;
            if (offer_words[i].offer == OFFER_SIZE) {
                guint64 limit = 0;
                byte_span_to_number(byte_span_trim(rest), &limit);
                on->talk->size_limit = limit;
            }
            return;
        }
    }
    if (byte_span_starts_with_nocase(keyword, "AUTH=")) {
        on->talk->offers |= OFFER_AUTH;
    } else if (is_overwritten(keyword)) {
        remark_note_reply(on, REMARK_STARTTLS_HIDDEN, BYTE_SPAN_EMPTY);
    }
}

static bool is_hello(const VocabularyItem *command)
{
    return command != NULL &&
           (g_str_equal(command->token, "EHLO") || g_str_equal(command->token, "HELO") ||
            g_str_equal(command->token, "LHLO"));
}

static void take_offers(const RemarkCase *on, const DialogueEvent *said)
{
    RemarkTalk *talk = on->talk;
    if (!said->is_positive) {
        return;
    }
    if (said->is_first) {
        talk->offers = 0;
        talk->size_limit = 0;
        talk->has_offers = true;
    } else {
        note_offer(on, byte_span_from(said->text, 4));
    }
}

/* Digits, a dot, digits ...: how many numbers stand apart by dots, and what they take. */
static guint count_numbers(ByteSpan text, gsize *out_length)
{
    guint count = 0;
    gsize at = 0;
    while (at < text.length && g_ascii_isdigit(text.data[at])) {
        while (at < text.length && g_ascii_isdigit(text.data[at])) {
            at++;
        }
        count++;
        if (at + 1 >= text.length || text.data[at] != '.' || !g_ascii_isdigit(text.data[at + 1])) {
            break;
        }
        at++;
    }
    *out_length = at;
    return count;
}

/* RFC 2034 §4: class.subject.detail, of the class of the reply code. */
static void judge_enhanced(const RemarkCase *on, const DialogueEvent *said)
{
    bool is_offered = (on->talk->offers & OFFER_ENHANCED) != 0;
    if (said->enhanced.length > 0) {
        if (smtp_enhanced_code_find(said->enhanced) == NULL) {
            remark_note_reply(on, REMARK_ENHANCED_UNKNOWN, said->enhanced);
        }
        return;
    }
    ByteSpan text = byte_span_from(said->text, 4);
    gsize length = 0;
    guint numbers = count_numbers(text, &length);
    bool is_closed = length == text.length || text.data[length] == ' ';
    bool has_class = length > 1 && text.data[1] == '.' && strchr("245", text.data[0]) != NULL;
    ByteSpan code = byte_span_slice(text, 0, length);
    if (has_class && numbers == 3 && is_closed && text.data[0] != said->code.data[0]) {
        remark_note_reply(on, REMARK_ENHANCED_CLASS, code);
    } else if (is_offered && has_class && numbers >= 2 && numbers <= 3) {
        remark_note_reply(on, REMARK_ENHANCED_MALFORMED, code);
    } else if (is_offered && said->exchange > 0 && said->code.data[0] != '3') {
        remark_note_reply(on, REMARK_ENHANCED_MISSING, BYTE_SPAN_EMPTY);
    }
}

void remark_judge_smtp_reply(const RemarkCase *on)
{
    RemarkTalk *talk = on->talk;
    const DialogueEvent *said = on->event->dialogue;
    if (said->code.length != 3) {
        return;
    }
    if (is_hello(said->command)) {
        take_offers(on, said);
    } else if (said->exchange > 0) {
        judge_enhanced(on, said);
    }
    if (!said->is_last || said->command == NULL) {
        return;
    }
    talk->server_closes |= byte_span_is(said->code, "221") || byte_span_is(said->code, "421");
    if (g_str_equal(said->command->token, "STARTTLS") && !said->is_positive &&
        (talk->offers & OFFER_STARTTLS) != 0) {
        remark_note_reply(on, REMARK_STARTTLS_REFUSED, BYTE_SPAN_EMPTY);
    }
    if (g_str_equal(said->command->token, "BDAT")) {
        talk->chunk_was_refused = !said->is_positive;
    }
}

void remark_judge_smtp_close(const RemarkCase *on)
{
    const RemarkTalk *talk = on->talk;
    const Stream *stream = on->event->conversation->stream;
    bool was_seen = stream_has_handshake(stream) && stream_is_seen(stream, STREAM_FROM_SERVER) &&
                    stream_is_seen(stream, STREAM_FROM_CLIENT) && !talk->has_loss;
    if (was_seen && talk->has_offers && talk->has_ended && talk->ended_by == STREAM_FROM_CLIENT &&
        on->event->close_reason == STREAM_CLOSED_BY_FIN && !talk->has_quit &&
        !talk->server_closes && !talk->is_opaque) {
        remark_tell(on, REMARK_NO_QUIT, NULL);
    }
}
