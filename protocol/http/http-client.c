#include "protocol/http/http-client.h"

#include "protocol/http/http-framing.h"
#include "protocol/http/http-server.h"

struct HttpClient {
    HttpDialogue *dialogue;
    ByteBuffer output;
    ByteBuffer requests; /* written and not yet shown to the dialogue */
    ByteBuffer header;   /* of the answer, LF behind each line */
    ByteBuffer body;
    HttpFraming framing;
    guint code;
    guint n_untold; /* requests in 'requests' */
    bool is_reading;
    bool is_too_long;
    bool is_broken;
    bool has_ended;
};

HttpClient *http_client_new(gsize maximum_body)
{
    HttpClient *client = g_new0(HttpClient, 1);
    client->dialogue = http_dialogue_new();
    byte_buffer_init(&client->output, HTTP_OUTPUT_MAXIMUM);
    byte_buffer_init(&client->requests, HTTP_OUTPUT_MAXIMUM);
    byte_buffer_init(&client->header, HTTP_HEADER_MAXIMUM);
    byte_buffer_init(&client->body, maximum_body);
    return client;
}

void http_client_free(HttpClient *client)
{
    if (client != NULL) {
        http_dialogue_free(client->dialogue);
        byte_buffer_clear(&client->output);
        byte_buffer_clear(&client->requests);
        byte_buffer_clear(&client->header);
        byte_buffer_clear(&client->body);
        g_free(client);
    }
}

bool http_client_request(
    HttpClient *client,
    const char *method,
    const char *target,
    const char *host,
    const HttpFieldText *fields,
    gsize n_fields,
    const ByteSpan *body
)
{
    gsize before = byte_buffer_length(&client->output);
    if (!http_write_request(&client->output, method, target, host, fields, n_fields, body)) {
        return false;
    }
    client->n_untold++;
    return byte_buffer_append(
        &client->requests, byte_span_from(byte_buffer_span(&client->output), before)
    );
}

/* The dialogue must know what was asked before it reads the answer: one to HEAD has no body. */
static void tell_dialogue(HttpClient *client)
{
    DialogueEvent event;
    http_dialogue_class.feed(
        client->dialogue, DIALOGUE_CLIENT, byte_buffer_span(&client->requests)
    );
    while (http_dialogue_class.next(client->dialogue, &event)) {
        g_assert(event.side == DIALOGUE_CLIENT);
    }
    byte_buffer_reset(&client->requests);
    client->n_untold = 0;
}

void http_client_receive(HttpClient *client, ByteSpan octets)
{
    tell_dialogue(client);
    http_dialogue_class.feed(client->dialogue, DIALOGUE_SERVER, octets);
}

void http_client_end_of_input(HttpClient *client)
{
    tell_dialogue(client);
    client->has_ended = true;
    http_dialogue_class.finish(client->dialogue, DIALOGUE_SERVER);
}

guint http_client_waiting(const HttpClient *client)
{
    return client->n_untold + http_dialogue_waiting(client->dialogue);
}

static void keep_line(HttpClient *client, ByteSpan text)
{
    if (byte_buffer_length(&client->header) + text.length + 1 > HTTP_HEADER_MAXIMUM ||
        !byte_buffer_append(&client->header, text) ||
        !byte_buffer_append_string(&client->header, "\n")) {
        client->is_too_long = true;
    }
}

static void begin_answer(HttpClient *client, const DialogueEvent *event)
{
    guint64 code = 0;
    byte_buffer_reset(&client->header);
    byte_buffer_reset(&client->body);
    client->is_reading = true;
    client->is_too_long = false;
    client->is_broken = (event->defects & DIALOGUE_DEFECT_SYNTAX) != 0;
    client->framing = (HttpFraming){.is_version_1_0 = byte_span_is(event->tag, "HTTP/1.0")};
    client->code = byte_span_to_number(event->code, &code) ? (guint)code : 0;
}

/* True: the answer is whole with its header. */
static bool end_header(HttpClient *client, const DialogueEvent *event)
{
    const char *method = event->command != NULL ? event->command->token : "GET";
    HttpBodyKind kind = http_framing_answer(
        &client->framing, http_method_of(byte_span_from_string(method)), client->code
    );
    client->is_broken |= kind == HTTP_BODY_UNKNOWN;
    return kind == HTTP_BODY_NONE || kind == HTTP_BODY_TUNNEL || kind == HTTP_BODY_UNKNOWN;
}

/* True: with this line the answer is whole. */
static bool take_line(HttpClient *client, const DialogueEvent *event)
{
    HttpField field;
    if (event->is_intermediate) {
        return false;
    }
    if (event->is_first) {
        begin_answer(client, event);
    }
    if (!client->is_reading) {
        return false; /* a trailer */
    }
    if ((event->defects & DIALOGUE_DEFECT_CUT) != 0) {
        client->is_broken = true;
        return true;
    }
    if (event->is_last) {
        return end_header(client, event);
    }
    keep_line(client, event->text);
    if (!event->is_first) {
        http_field_parse(event->text, &field);
        http_framing_field(&client->framing, &field);
    }
    return false;
}

/* As much as there is room for, in whatever pieces it comes. */
static void keep_body(HttpClient *client, ByteSpan text)
{
    gsize room = client->body.maximum - byte_buffer_length(&client->body);
    ByteSpan kept = byte_span_slice(text, 0, room);
    bool fits = byte_buffer_append(&client->body, kept);
    g_assert(fits);
    client->is_too_long |= kept.length < text.length;
}

/* True: the answer in the buffers is whole. */
static bool take_event(HttpClient *client, const DialogueEvent *event)
{
    if (event->side != DIALOGUE_SERVER) {
        return false;
    }
    if (event->kind == DIALOGUE_EVENT_REPLY) {
        return take_line(client, event);
    }
    if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        keep_body(client, event->text);
    }
    if (event->kind != DIALOGUE_EVENT_MESSAGE_END) {
        return false;
    }
    client->is_broken |= !event->message->is_complete;
    return client->is_reading;
}

static void describe(const HttpClient *client, HttpAnswer *answer)
{
    ByteSpan rest = byte_buffer_span(&client->header);
    ByteSpan first = BYTE_SPAN_EMPTY;
    HttpStatusLine line;
    byte_span_next_token(&rest, '\n', &first);
    http_status_line_parse(first, &line);
    *answer = (HttpAnswer){
        .code = client->code,
        .reason = line.reason,
        .body = byte_buffer_span(&client->body),
        .is_complete = !client->is_broken && !client->is_too_long,
        .keeps_alive =
            http_framing_persists(&client->framing) && !client->has_ended && !client->is_broken,
    };
    http_client_field(client, "Content-Type", &answer->content_type);
}

bool http_client_next_answer(HttpClient *client, HttpAnswer *out_answer)
{
    DialogueEvent event;
    while (http_dialogue_class.next(client->dialogue, &event)) {
        if (take_event(client, &event)) {
            client->is_reading = false;
            describe(client, out_answer);
            return true;
        }
    }
    return false;
}

bool http_client_next_field(const HttpClient *client, gsize *place, HttpField *out_field)
{
    ByteSpan all = byte_buffer_span(&client->header);
    ByteSpan line;
    if (*place == 0) {
        gssize first_end = byte_span_find(all, '\n', 0);
        *place = first_end < 0 ? all.length : (gsize)first_end + 1;
    }
    ByteSpan rest = byte_span_from(all, *place);
    if (!byte_span_next_token(&rest, '\n', &line)) {
        return false;
    }
    *place = all.length - rest.length;
    http_field_parse(line, out_field);
    return true;
}

bool http_client_field(const HttpClient *client, const char *name, ByteSpan *out_value)
{
    gsize place = 0;
    HttpField field;
    while (http_client_next_field(client, &place, &field)) {
        if (byte_span_is_nocase(field.name, name)) {
            *out_value = field.value;
            return true;
        }
    }
    return false;
}

ByteSpan http_client_output(const HttpClient *client)
{
    return byte_buffer_span(&client->output);
}

void http_client_consume_output(HttpClient *client, gsize length)
{
    byte_buffer_consume(&client->output, length);
}
