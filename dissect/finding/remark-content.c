/* The octets of a message on their way: line ends, dots, the length of lines, the eighth bit. */

#include "dissect/finding/remark-judge.h"
#include "protocol/encoding/dot-stuffing.h"

#define TEXT_LINE_MAXIMUM 1000 /* RFC 5321 §4.5.3.1.6, CRLF included */

void remark_judge_content_begin(const RemarkCase *on)
{
    RemarkTalk *talk = on->talk;
    talk->message_is_open = true;
    talk->line_length = 0;
    talk->line_was_long = false;
}

/* What stands behind the last line feed; the whole length where there is none. */
static gsize length_behind_line(ByteSpan octets)
{
    gsize at = octets.length;
    while (at > 0 && octets.data[at - 1] != '\n') {
        at--;
    }
    return octets.length - at;
}

/* Leaps from line end to line end, a thousand octets at a time. */
static void measure_lines(RemarkTalk *talk, ByteSpan octets)
{
    gsize at = 0;
    while (at < octets.length && !talk->line_was_long) {
        gsize room = (gsize)(TEXT_LINE_MAXIMUM - talk->line_length);
        gsize length = MIN(room, octets.length - at);
        gsize behind = length_behind_line(byte_span_slice(octets, at, length));
        if (behind < length) {
            at += length - behind;
            talk->line_length = 0;
        } else if (length == room) {
            talk->line_was_long = true;
        } else {
            talk->line_length += length;
            at += length;
        }
    }
}

void remark_judge_content(const RemarkCase *on)
{
    DialogueMessageKind kind = on->event->dialogue->message->kind;
    if (!on->talk->line_was_long && kind == DIALOGUE_MESSAGE_DATA) {
        measure_lines(on->talk, on->event->dialogue->text);
    }
}

typedef struct {
    guint32 defects; /* DotDefect bits */
    RemarkId sent;
    RemarkId retrieved; /* N_REMARKS: none */
} ContentRule;

static const ContentRule rules[] = {
    {DOT_DEFECTS_SMUGGLING, REMARK_SMUGGLING, N_REMARKS},
    {DOT_DEFECT_BARE_LF, REMARK_CONTENT_BARE_LF, REMARK_POP3_CONTENT_LINE_END},
    {DOT_DEFECT_BARE_CR, REMARK_CONTENT_BARE_CR, N_REMARKS},
    {DOT_DEFECT_NOT_STUFFED, REMARK_NOT_STUFFED, REMARK_POP3_NOT_STUFFED},
    {DOT_DEFECT_NUL, REMARK_CONTENT_NUL, N_REMARKS},
};

void remark_judge_content_end(const RemarkCase *on)
{
    RemarkTalk *talk = on->talk;
    const DialogueEvent *said = on->event->dialogue;
    DialogueMessageKind kind = said->message->kind;
    bool is_sent = kind == DIALOGUE_MESSAGE_DATA;
    bool is_retrieved = kind == DIALOGUE_MESSAGE_RETR || kind == DIALOGUE_MESSAGE_TOP;
    talk->message_is_open = false;
    if (!is_sent && !is_retrieved) {
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        RemarkId id = is_sent ? rules[i].sent : rules[i].retrieved;
        if ((said->defects & rules[i].defects) != 0 && id != N_REMARKS) {
            remark_tell(on, id, NULL);
        }
    }
    if (is_sent && (said->defects & DOT_DEFECT_EIGHT_BIT) != 0 && !talk->may_be_eight_bit &&
        said->message->has_envelope) {
        remark_tell(on, REMARK_EIGHT_BIT_CONTENT, NULL);
    }
    if (talk->line_was_long && said->message->missing == 0) {
        remark_tell(on, REMARK_TEXT_LINE_LONG, NULL);
    }
    talk->may_be_eight_bit = false;
}
