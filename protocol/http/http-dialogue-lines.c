/* Start lines, fields and trailers of both sides, and what follows from the end of a header. */

#include "protocol/http/http-dialogue-private.h"
#include "protocol/http/http-vocabulary.h"

static void begin_header(HttpSide *side, ByteSpan version)
{
    side->reading = HTTP_READS_FIELDS;
    side->framing = (HttpFraming){.is_version_1_0 = byte_span_is(version, "HTTP/1.0")};
    side->content_type_length = 0;
}

/* RFC 9112 §3 */
static void read_request_line(HttpDialogue *dialogue, DialogueEvent *event)
{
    HttpSide *client = &dialogue->sides[DIALOGUE_CLIENT];
    HttpRequestLine line;
    http_request_line_parse(event->text, &line);
    begin_header(client, line.version);
    client->method = line.method_id;
    client->exchange = command_queue_push(&dialogue->waiting, (guint8)line.method_id);
    event->kind = DIALOGUE_EVENT_COMMAND;
    event->exchange = client->exchange;
    event->verb = line.method;
    event->arguments = line.target;
    event->tag = line.version;
    event->item = http_method_find(line.method);
    event->is_secret = http_target_has_secret(line.target);
    event->defects |= line.defects;
    event->defects |= dialogue->is_closing ? DIALOGUE_DEFECT_ORDER : 0u;
    dialogue->is_closing = false;
    /* RFC 9113 §3.4: what follows is no HTTP/1.1 */
    if (byte_span_is(event->text, "PRI * HTTP/2.0")) {
        http_dialogue_begin_tunnel(dialogue);
    }
}

/* The request that an answer belongs to; 1xx leaves it waiting. */
static void find_request(HttpDialogue *dialogue, HttpSide *server, DialogueEvent *event)
{
    guint8 id = HTTP_METHOD_OTHER;
    bool is_interim = server->code >= 100 && server->code < 200 && server->code != 101;
    if (command_queue_oldest(&dialogue->waiting, &id, &server->exchange)) {
        if (!is_interim) {
            command_queue_pop(&dialogue->waiting);
        }
    } else {
        server->exchange = 0;
        id = dialogue->client_unseen ? HTTP_METHOD_GET : HTTP_METHOD_OTHER;
        /* RFC 9110 §15.5.9: 408 may come to a client that has said nothing. */
        bool is_allowed = dialogue->client_unseen || dialogue->lost_requests || server->code == 408;
        event->defects |= is_allowed ? 0u : DIALOGUE_DEFECT_UNASKED;
    }
    server->method = (HttpMethod)id;
}

static void describe_reply(const HttpSide *server, DialogueEvent *event)
{
    const char *name = http_method_name(server->method);
    event->kind = DIALOGUE_EVENT_REPLY;
    event->exchange = server->exchange;
    event->command = name == NULL ? NULL : http_method_find(byte_span_from_string(name));
    event->is_positive = server->code < 400;
    event->is_intermediate = server->code < 200 && server->code != 101;
}

/* A proxy's own words, for where the request was not seen. */
static bool says_connected(ByteSpan reason)
{
    return byte_span_is_nocase(reason, "Connection established");
}

/* RFC 9112 §4 */
static void read_status_line(HttpDialogue *dialogue, DialogueEvent *event)
{
    HttpSide *server = &dialogue->sides[DIALOGUE_SERVER];
    HttpStatusLine line;
    http_status_line_parse(event->text, &line);
    begin_header(server, line.version);
    server->code = line.number;
    find_request(dialogue, server, event);
    if (server->exchange == 0 && says_connected(line.reason)) {
        server->method = HTTP_METHOD_CONNECT;
    }
    describe_reply(server, event);
    event->is_first = true;
    event->tag = line.version;
    event->code = line.code;
    event->arguments = line.reason;
    event->item = http_status_find(line.number);
    event->defects |= line.defects;
    event->defects |= event->item == NULL ? DIALOGUE_DEFECT_UNKNOWN : 0u;
}

static void keep_content_type(HttpSide *side, ByteSpan value)
{
    ByteSpan kept = byte_span_slice(value, 0, HTTP_CONTENT_TYPE_MAXIMUM);
    side->content_type_length = (guint8)kept.length;
    if (kept.length > 0) {
        memcpy(side->content_type, kept.data, kept.length);
    }
}

static void open_body(HttpDialogue *dialogue, DialogueSide which, HttpBodyKind kind)
{
    HttpSide *side = &dialogue->sides[which];
    side->left = side->framing.length;
    switch (kind) {
    case HTTP_BODY_NONE:
        side->reading = HTTP_READS_START_LINE;
        return;
    case HTTP_BODY_LENGTH:
        side->reading = HTTP_READS_LENGTH;
        break;
    case HTTP_BODY_CHUNKED:
        side->reading = HTTP_READS_CHUNK_SIZE;
        break;
    case HTTP_BODY_TO_END:
        side->reading = HTTP_READS_TO_END;
        break;
    case HTTP_BODY_UNKNOWN:
        side->reading = HTTP_READS_TUNNEL;
        side->following |= HTTP_FOLLOWS_OPAQUE;
        return;
    case HTTP_BODY_TUNNEL:
        http_dialogue_begin_tunnel(dialogue);
        return;
    }
    http_side_open_message(dialogue, which);
}

static void end_request_header(HttpDialogue *dialogue)
{
    HttpSide *client = &dialogue->sides[DIALOGUE_CLIENT];
    dialogue->is_closing = !http_framing_persists(&client->framing);
    if (client->method != HTTP_METHOD_CONNECT) {
        open_body(dialogue, DIALOGUE_CLIENT, http_framing_request(&client->framing));
    } else if (dialogue->server_unseen) {
        http_dialogue_begin_tunnel(dialogue);
    } else {
        /* RFC 9110 §9.3.6: what comes next is the tunnel's only if the answer is 2xx */
        client->reading = HTTP_READS_START_LINE;
        dialogue->client_waits = true;
    }
}

static void end_answer_header(HttpDialogue *dialogue, DialogueEvent *event)
{
    HttpSide *server = &dialogue->sides[DIALOGUE_SERVER];
    HttpSide *client = &dialogue->sides[DIALOGUE_CLIENT];
    event->is_last = true;
    if (event->is_intermediate) {
        server->reading = HTTP_READS_START_LINE;
        return;
    }
    dialogue->is_closing |= !http_framing_persists(&server->framing);
    http_login_answered(dialogue, server->exchange, server->code);
    /* RFC 9110 §10.1.1: refused before it was sent, the body may be left out. */
    client->may_skip_body = client->message_is_open && client->exchange == server->exchange &&
                            client->framing.expects_continue && client->message.octets == 0;
    if (server->method == HTTP_METHOD_CONNECT) {
        dialogue->client_waits = false;
    }
    open_body(
        dialogue,
        DIALOGUE_SERVER,
        http_framing_answer(&server->framing, server->method, server->code)
    );
}

static void read_field(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    HttpField field;
    http_field_parse(event->text, &field);
    event->verb = field.name;
    event->arguments = field.value;
    event->item = http_field_find(field.name);
    event->is_secret = event->item != NULL && event->item->is_secret;
    event->defects |= field.defects;
    if (side->reading == HTTP_READS_TRAILERS) {
        return;
    }
    event->defects |= http_framing_field(&side->framing, &field);
    if (byte_span_is_nocase(field.name, "Content-Type")) {
        keep_content_type(side, field.value);
    } else if (which == DIALOGUE_CLIENT && event->is_secret) {
        http_login_field(dialogue, &field);
    }
}

static void read_header_line(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    event->exchange = side->exchange;
    if (which == DIALOGUE_SERVER) {
        describe_reply(side, event);
    } else {
        event->kind = DIALOGUE_EVENT_CONTINUATION;
    }
    if (event->text.length > 0) {
        read_field(dialogue, which, event);
    } else if (which == DIALOGUE_SERVER) {
        end_answer_header(dialogue, event);
    } else {
        end_request_header(dialogue);
    }
}

static bool is_start_line(DialogueSide which, ByteSpan text)
{
    return which == DIALOGUE_CLIENT ? http_is_request_line(text) : http_is_status_line(text);
}

/* True: the line gives an event. */
static bool take_line(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    if (side->reading == HTTP_READS_TRAILERS && event->text.length == 0) {
        side->reading = HTTP_READS_START_LINE;
        return false;
    }
    if (side->reading == HTTP_READS_FIELDS || side->reading == HTTP_READS_TRAILERS) {
        read_header_line(dialogue, which, event);
        return true;
    }
    /* RFC 9112 §2.2: an empty line before a request is stepped over. */
    bool is_skipped = side->reading == HTTP_LOOKS_FOR_START ? !is_start_line(which, event->text)
                                                            : event->text.length == 0;
    if (is_skipped) {
        return false;
    }
    if (which == DIALOGUE_CLIENT) {
        read_request_line(dialogue, event);
    } else {
        read_status_line(dialogue, event);
    }
    return true;
}

static bool reads_lines(const HttpSide *side)
{
    return side->reading == HTTP_READS_START_LINE || side->reading == HTTP_READS_FIELDS ||
           side->reading == HTTP_READS_TRAILERS || side->reading == HTTP_LOOKS_FOR_START;
}

static bool read_lines(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    Line line;
    while (!(which == DIALOGUE_SERVER && http_dialogue_held_is_due(dialogue)) &&
           dialogue_input_line(&side->input, &line, &event->from)) {
        event->to = side->input.position;
        event->text = line.text;
        event->defects = dialogue_line_defects(&line, HTTP_LINE_LIMIT);
        if (take_line(dialogue, which, event)) {
            return true;
        }
        *event = (DialogueEvent){.side = which};
    }
    return false;
}

typedef enum {
    PREFIX_NO,
    PREFIX_YES,
    PREFIX_UNDECIDED,
} PrefixVerdict;

/* Whether a run of octets begins with a method and a space. */
static PrefixVerdict begins_with_method(ByteSpan run)
{
    for (guint i = HTTP_METHOD_OTHER + 1; i < N_HTTP_METHODS; i++) {
        ByteSpan name = byte_span_from_string(http_method_name((HttpMethod)i));
        gsize shared = MIN(run.length, name.length);
        if (!byte_span_equal(byte_span_slice(run, 0, shared), byte_span_slice(name, 0, shared))) {
            continue;
        }
        if (run.length <= name.length) {
            return PREFIX_UNDECIDED;
        }
        if (run.data[name.length] == ' ') {
            return PREFIX_YES;
        }
    }
    return PREFIX_NO;
}

/* A refused client either sends its body all the same or begins the next request: the first
 * octets tell. False: not enough of them yet. */
static bool decide_about_body(HttpDialogue *dialogue)
{
    HttpSide *client = &dialogue->sides[DIALOGUE_CLIENT];
    if (byte_buffer_length(&client->input.held) > 0 && !dialogue_input_hold(&client->input)) {
        return true;
    }
    ByteSpan run = dialogue_input_peek(&client->input);
    PrefixVerdict verdict = begins_with_method(run);
    if (client->input.has_ended || client->input.missing > 0) {
        verdict = verdict == PREFIX_UNDECIDED ? PREFIX_NO : verdict;
    }
    if (run.length == 0 || (verdict == PREFIX_UNDECIDED && dialogue_input_hold(&client->input))) {
        return false;
    }
    client->may_skip_body = false;
    if (verdict == PREFIX_YES) {
        http_side_end_message(dialogue, DIALOGUE_CLIENT, false);
        client->reading = HTTP_READS_START_LINE;
    }
    return true;
}

bool http_side_read(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    if (side->may_skip_body && (!decide_about_body(dialogue) || side->following != 0)) {
        return false;
    }
    bool is_given = reads_lines(side) ? read_lines(dialogue, which, event)
                                      : http_side_read_body(dialogue, which, event);
    if (is_given) {
        event->defects |= side->defects;
        side->defects = 0;
    }
    return is_given;
}
