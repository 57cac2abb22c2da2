#include "dissect/finding/remark-judge.h"

#include "protocol/smtp/smtp-vocabulary.h"

#define FRAMES_WORTH_COUNTING 20

static RemarkRow row_of_defect(const MessageDefectRow *row)
{
    static const char *const requirements[] = {
        [MESSAGE_DEFECT_NOTE] = "",
        [MESSAGE_DEFECT_SHOULD] = "SHOULD",
        [MESSAGE_DEFECT_MUST] = "MUST",
    };
    return (RemarkRow){
        .id = N_REMARKS,
        .name = row->name,
        .severity = (FindingSeverity)row->severity,
        .requirement = requirements[row->severity],
        .text = row->meaning,
        .instead = row->advice,
        .reference = row->reference,
    };
}

RemarkJudge *remark_judge_new(void)
{
    RemarkJudge *judge = g_new0(RemarkJudge, 1);
    judge->talks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    header_block_init(&judge->header);
    byte_buffer_init(&judge->scratch, HEADER_LENGTH_MAXIMUM);
    for (guint i = 0; i < N_MESSAGE_DEFECTS; i++) {
        judge->message_rows[i] = row_of_defect(message_defect_row((MessageDefectId)i));
    }
    return judge;
}

void remark_judge_free(RemarkJudge *judge)
{
    if (judge != NULL) {
        g_hash_table_unref(judge->talks);
        header_block_clear(&judge->header);
        byte_buffer_clear(&judge->scratch);
        g_free(judge);
    }
}

static RemarkTalk *talk_of(RemarkJudge *judge, guint64 number)
{
    if (judge->latest != NULL && judge->latest_number == number) {
        return judge->latest;
    }
    RemarkTalk *talk = g_hash_table_lookup(judge->talks, &number);
    if (talk == NULL) {
        guint64 *key = g_new(guint64, 1);
        *key = number;
        talk = g_new0(RemarkTalk, 1);
        g_hash_table_insert(judge->talks, key, talk);
    }
    judge->latest = talk;
    judge->latest_number = number;
    return talk;
}

void remark_tell_row(const RemarkCase *on, const RemarkRow *row, const char *about)
{
    Remark remark = {
        .row = row,
        .step = on->event->step,
        .about = about,
        .instead = row->instead,
    };
    on->function(on->data, &remark);
}

void remark_tell(const RemarkCase *on, RemarkId id, const char *about)
{
    remark_tell_row(on, remark_row(id), about);
}

void remark_tell_instead(const RemarkCase *on, RemarkId id, const char *instead)
{
    Remark remark = {.row = remark_row(id), .step = on->event->step, .instead = instead};
    on->function(on->data, &remark);
}

void remark_tell_once(const RemarkCase *on, RemarkId id, const char *about)
{
    guint64 bit = G_GUINT64_CONSTANT(1) << (id % 64);
    if ((on->talk->told[id / 64] & bit) == 0) {
        on->talk->told[id / 64] |= bit;
        remark_tell(on, id, about);
    }
}

void remark_tell_span(const RemarkCase *on, RemarkId id, ByteSpan about)
{
    g_autofree char *text = byte_span_to_display(byte_span_slice(about, 0, REMARK_ABOUT_MAXIMUM));
    remark_tell(on, id, text);
}

void remark_note_reply(const RemarkCase *on, RemarkId id, ByteSpan about)
{
    RemarkTalk *talk = on->talk;
    talk->reply[id / 64] |= G_GUINT64_CONSTANT(1) << (id % 64);
    if (about.length > 0) {
        g_autofree char *text = byte_span_to_display(byte_span_slice(about, 0, 20));
        g_strlcpy(talk->reply_about, text, sizeof talk->reply_about);
    }
}

static void tell_reply(const RemarkCase *on)
{
    RemarkTalk *talk = on->talk;
    for (guint word = 0; word < REMARK_WORDS; word++) {
        guint64 bits = talk->reply[word];
        talk->reply[word] = 0;
        for (; bits != 0; bits &= bits - 1) {
            RemarkId id = (RemarkId)(word * 64 + (guint)__builtin_ctzll(bits));
            bool has_about = id >= REMARK_ENHANCED_MALFORMED && id <= REMARK_ENHANCED_UNKNOWN;
            const char *about = has_about ? talk->reply_about : NULL;
            if (id == REMARK_ENHANCED_MISSING) {
                remark_tell_once(on, id, about);
            } else {
                remark_tell(on, id, about);
            }
        }
    }
}

static void judge_command(const RemarkCase *on)
{
    const DialogueEvent *said = on->event->dialogue;
    remark_judge_line(on);
    if (on->event->conversation->protocol == MAIL_PROTOCOL_SMTP) {
        remark_judge_smtp_command(on);
    }
    on->talk->latest_exchange = said->exchange;
    on->talk->has_quit |=
        byte_span_is_nocase(said->verb, "QUIT") || byte_span_is_nocase(said->verb, "LOGOUT");
}

static void judge_reply(const RemarkCase *on)
{
    const DialogueEvent *said = on->event->dialogue;
    remark_judge_line(on);
    if (on->event->conversation->protocol == MAIL_PROTOCOL_SMTP) {
        remark_judge_smtp_reply(on);
    }
    if (said->is_last) {
        tell_reply(on);
        if (!said->is_intermediate && said->exchange > 0) {
            on->talk->answered_exchange = MAX(on->talk->answered_exchange, said->exchange);
        }
    }
}

/* A proof of a password is no password; only what can be read as it is counts. */
static void judge_credential(const RemarkCase *on)
{
    const DialogueCredential *credential = on->event->dialogue->credential;
    if (credential->secret.length > 0) {
        bool is_web = on->event->conversation->protocol == MAIL_PROTOCOL_HTTP;
        remark_tell(on, is_web ? REMARK_HTTP_PASSWORD : REMARK_PLAIN_PASSWORD, credential->method);
    }
}

/* Octets that had to be waited for come late; then the order of the sides proves nothing. */
static void note_frame(const RemarkCase *on)
{
    RemarkTalk *talk = on->talk;
    talk->is_disordered |= on->event->frame < talk->latest_frame;
    talk->latest_frame = MAX(talk->latest_frame, on->event->frame);
}

static void judge_said(const RemarkCase *on)
{
    note_frame(on);
    switch (on->event->dialogue->kind) {
    case DIALOGUE_EVENT_COMMAND:
        judge_command(on);
        break;
    case DIALOGUE_EVENT_REPLY:
        judge_reply(on);
        break;
    case DIALOGUE_EVENT_CONTINUATION:
        remark_judge_line(on);
        break;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
        remark_judge_content_begin(on);
        break;
    case DIALOGUE_EVENT_MESSAGE_DATA:
        remark_judge_content(on);
        break;
    case DIALOGUE_EVENT_MESSAGE_END:
        remark_judge_content_end(on);
        break;
    case DIALOGUE_EVENT_CREDENTIAL:
        judge_credential(on);
        break;
    case DIALOGUE_EVENT_OPAQUE:
        on->talk->is_opaque = true;
        break;
    case DIALOGUE_EVENT_MISSING:
        on->talk->has_loss = true;
        break;
    }
}

static bool is_under_way(const RemarkTalk *talk)
{
    return !talk->is_opaque && !talk->has_quit &&
           (talk->message_is_open || talk->latest_exchange > talk->answered_exchange);
}

static void judge_tcp(const RemarkCase *on)
{
    RemarkTalk *talk = on->talk;
    const StreamEvent *tcp = on->event->tcp;
    if (tcp->kind == STREAM_EVENT_RESET && is_under_way(talk)) {
        remark_tell_once(
            on,
            REMARK_RESET,
            tcp->direction == STREAM_FROM_CLIENT ? "by the client" : "by the server"
        );
    } else if (tcp->kind == STREAM_EVENT_ZERO_WINDOW) {
        remark_tell_once(
            on,
            REMARK_ZERO_WINDOW,
            tcp->direction == STREAM_FROM_CLIENT ? "the client" : "the server"
        );
    } else if (tcp->kind == STREAM_EVENT_FIN && !talk->has_ended) {
        talk->has_ended = true;
        talk->ended_by = tcp->direction;
    }
}

static void judge_close(const RemarkCase *on)
{
    RemarkTalk *talk = on->talk;
    if (on->event->conversation->protocol == MAIL_PROTOCOL_SMTP) {
        remark_judge_smtp_close(on);
    }
    if (talk->data_frames >= FRAMES_WORTH_COUNTING &&
        talk->retransmissions * 20 > talk->data_frames) {
        g_autofree char *about = g_strdup_printf(
            "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " segments",
            talk->retransmissions,
            talk->data_frames
        );
        remark_tell(on, REMARK_RETRANSMISSIONS, about);
    }
}

void remarks_judge_event(
    RemarkJudge *judge, const DissectEvent *event, RemarkFunction function, gpointer data
)
{
    if (event->conversation == NULL) {
        return;
    }
    guint64 number = event->conversation->number;
    RemarkCase on = {judge, talk_of(judge, number), event, function, data};
    switch (event->kind) {
    case DISSECT_DIALOGUE:
        judge_said(&on);
        break;
    case DISSECT_TCP:
        judge_tcp(&on);
        break;
    case DISSECT_GAP:
        on.talk->has_loss = true;
        break;
    case DISSECT_CLOSED:
        judge_close(&on);
        judge->latest = NULL;
        g_hash_table_remove(judge->talks, &number);
        break;
    case DISSECT_OPENED:
    case DISSECT_PROTOCOL:
    case DISSECT_DNS:
    case DISSECT_TLS:
    case DISSECT_OVERLAP:
    case DISSECT_FRAGMENT:
        break;
    }
}

void remarks_judge_frame(RemarkJudge *judge, const Conversation *conversation, guint32 notes)
{
    RemarkTalk *talk = talk_of(judge, conversation->number);
    guint32 again = FRAME_NOTE_RETRANSMISSION | FRAME_NOTE_FAST_RETRANSMISSION |
                    FRAME_NOTE_SPURIOUS_RETRANSMISSION;
    talk->data_frames++;
    talk->retransmissions += (notes & again) != 0;
}
