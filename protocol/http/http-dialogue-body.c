/* Bodies of both sides: by length, in chunks, up to the end, and what runs through a tunnel. */

#include "protocol/http/http-dialogue-private.h"

void http_side_open_message(HttpDialogue *dialogue, DialogueSide which)
{
    HttpSide *side = &dialogue->sides[which];
    side->message = (DialogueMessage){
        .kind = DIALOGUE_MESSAGE_HTTP,
        .number = ++dialogue->messages,
        .section = byte_span(side->content_type, side->content_type_length),
        .announced = side->reading == HTTP_READS_LENGTH ? side->left : 0,
    };
    side->message_is_open = true;
    side->following |= HTTP_FOLLOWS_MESSAGE_BEGIN;
    if (which == DIALOGUE_CLIENT) {
        http_secret_scanner_init(&dialogue->scanner, http_scan_kind(side->message.section));
        byte_buffer_reset(&dialogue->form);
    }
}

void http_side_end_message(HttpDialogue *dialogue, DialogueSide which, bool end_was_seen)
{
    HttpSide *side = &dialogue->sides[which];
    if (!side->message_is_open) {
        return;
    }
    side->message_is_open = false;
    side->may_skip_body = false;
    side->message.is_complete = end_was_seen && side->message.missing == 0;
    side->following |= HTTP_FOLLOWS_MESSAGE_END;
    if (which == DIALOGUE_CLIENT && side->message.is_complete && dialogue->scanner.has_secret) {
        http_login_form(dialogue);
    }
}

/* Forms are short; what does not fit is no log-in. */
static void keep_form(HttpDialogue *dialogue, ByteSpan piece)
{
    if (dialogue->scanner.kind != HTTP_SCAN_NONE && !byte_buffer_append(&dialogue->form, piece)) {
        byte_buffer_reset(&dialogue->form);
        dialogue->scanner.kind = HTTP_SCAN_NONE;
    }
}

static bool give_content(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    ByteSpan run = dialogue_input_peek(&side->input);
    if (run.length == 0) {
        return false;
    }
    if (side->reading != HTTP_READS_TO_END) {
        run = byte_span_slice(run, 0, (gsize)MIN(run.length, side->left));
        side->left -= run.length;
    }
    event->kind = DIALOGUE_EVENT_MESSAGE_DATA;
    event->from = side->input.position;
    event->text = run;
    event->exchange = side->exchange;
    side->message.octets += run.length;
    event->message = &side->message;
    if (which == DIALOGUE_CLIENT) {
        event->is_secret = http_secret_scanner_feed(&dialogue->scanner, run);
        keep_form(dialogue, run);
    }
    dialogue_input_consume(&side->input, run.length);
    event->to = side->input.position;
    if (side->reading == HTTP_READS_LENGTH && side->left == 0) {
        side->reading = HTTP_READS_START_LINE;
        http_side_end_message(dialogue, which, true);
    } else if (side->reading == HTTP_READS_CHUNK && side->left == 0) {
        side->reading = HTTP_READS_CHUNK_END;
    }
    return true;
}

/* Nothing behind this can be read: the chunks do not fit together. */
static void lose_chunks(HttpDialogue *dialogue, DialogueSide which)
{
    HttpSide *side = &dialogue->sides[which];
    http_side_end_message(dialogue, which, false);
    side->reading = HTTP_LOOKS_FOR_START;
}

/* RFC 9112 §7.1; true: a line was taken and no event comes of it. */
static bool take_chunk_line(HttpDialogue *dialogue, DialogueSide which)
{
    HttpSide *side = &dialogue->sides[which];
    Line line;
    guint64 from = 0;
    guint64 size = 0;
    if (!dialogue_input_line(&side->input, &line, &from)) {
        return false;
    }
    bool is_end = side->reading == HTTP_READS_CHUNK_END;
    if (is_end ? line.text.length > 0 : !http_chunk_size(line.text, &size)) {
        side->defects |= DIALOGUE_DEFECT_SYNTAX;
        lose_chunks(dialogue, which);
    } else if (is_end) {
        side->reading = HTTP_READS_CHUNK_SIZE;
    } else if (size == 0) {
        side->reading = HTTP_READS_TRAILERS;
        http_side_end_message(dialogue, which, true);
    } else {
        side->left = size;
        side->reading = HTTP_READS_CHUNK;
    }
    return true;
}

static bool give_tunnel(HttpSide *side, DialogueEvent *event)
{
    ByteSpan run = dialogue_input_peek(&side->input);
    if (run.length == 0) {
        return false;
    }
    event->kind = DIALOGUE_EVENT_OPAQUE;
    event->from = side->input.position;
    event->text = run;
    dialogue_input_consume(&side->input, run.length);
    event->to = side->input.position;
    return true;
}

bool http_side_read_body(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    while (side->reading == HTTP_READS_CHUNK_SIZE || side->reading == HTTP_READS_CHUNK_END) {
        if (!take_chunk_line(dialogue, which) || side->following != 0) {
            return false;
        }
    }
    switch (side->reading) {
    case HTTP_READS_LENGTH:
    case HTTP_READS_CHUNK:
    case HTTP_READS_TO_END:
        return give_content(dialogue, which, event);
    case HTTP_READS_TUNNEL:
        return give_tunnel(side, event);
    case HTTP_READS_START_LINE:
    case HTTP_READS_FIELDS:
    case HTTP_READS_CHUNK_SIZE:
    case HTTP_READS_CHUNK_END:
    case HTTP_READS_TRAILERS:
    case HTTP_LOOKS_FOR_START:
        return false;
    }
    g_assert_not_reached();
}
