/* An HTTP conversation as a capture may hold it. The first octet says in which pieces it arrives;
 * 0xff changes sides, 0xfe stands for a few missing octets. Whatever the pieces, the same lines
 * and as many body octets come out. */

#include "protocol/http/http-dialogue.h"
#include "protocol/http/http-form.h"
#include "protocol/http/http-line.h"

#define CHANGE_SIDE 0xff
#define GAP 0xfe

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    guint64 octets;
    guint64 end[2];
    guint64 order[2];
} Digest;

static void add_octets(guint64 *digest, ByteSpan span)
{
    for (gsize i = 0; i < span.length; i++) {
        *digest = (*digest ^ span.data[i]) * G_GUINT64_CONSTANT(1099511628211);
    }
}

static void note_event(Digest *digest, const DialogueEvent *event)
{
    g_assert(event->from <= event->to);
    if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA || event->kind == DIALOGUE_EVENT_OPAQUE) {
        g_assert(event->to - event->from == event->text.length);
        digest->octets += event->text.length;
    } else {
        digest->order[event->side] = digest->order[event->side] * 31 + event->kind;
        add_octets(&digest->order[event->side], event->text);
        add_octets(&digest->order[event->side], event->verb);
    }
    if (event->text.length > 0) {
        g_assert(event->from >= digest->end[event->side]);
        digest->end[event->side] = event->to;
    }
    g_assert(http_dialogue_class.state_name(event->state_after) != NULL);
}

static void drain(HttpDialogue *dialogue, Digest *digest)
{
    DialogueEvent event;
    while (http_dialogue_class.next(dialogue, &event)) {
        note_event(digest, &event);
    }
}

static void
feed(HttpDialogue *dialogue, DialogueSide side, ByteSpan run, gsize piece, Digest *digest)
{
    while (run.length > 0) {
        ByteSpan part = byte_span_slice(run, 0, piece);
        guint8 *copy = g_memdup2(part.data, part.length);
        run = byte_span_from(run, piece);
        http_dialogue_class.feed(dialogue, side, byte_span(copy, part.length));
        drain(dialogue, digest);
        g_free(copy);
    }
}

static Digest converse(ByteSpan input, gsize piece)
{
    HttpDialogue *dialogue = http_dialogue_new();
    Digest digest = {0};
    DialogueSide side = DIALOGUE_CLIENT;
    for (gsize at = 0; at < input.length;) {
        gsize end = at;
        while (end < input.length && input.data[end] < GAP) {
            end++;
        }
        feed(dialogue, side, byte_span_slice(input, at, end - at), piece, &digest);
        if (end < input.length && input.data[end] == CHANGE_SIDE) {
            side = side == DIALOGUE_CLIENT ? DIALOGUE_SERVER : DIALOGUE_CLIENT;
        } else if (end < input.length) {
            http_dialogue_class.feed_missing(dialogue, side, 5);
            drain(dialogue, &digest);
        }
        at = end + 1;
    }
    http_dialogue_class.finish(dialogue, DIALOGUE_CLIENT);
    drain(dialogue, &digest);
    http_dialogue_class.finish(dialogue, DIALOGUE_SERVER);
    drain(dialogue, &digest);
    http_dialogue_free(dialogue);
    return digest;
}

static void read_as_form(ByteSpan input)
{
    GString *out = g_string_new(NULL);
    ByteSpan value;
    http_form_free(http_form_parse_urlencoded(input));
    http_form_free(http_form_parse_multipart(BYTE_SPAN_LITERAL("xx"), input));
    http_form_mask(input, out);
    http_value_parameter(input, "boundary", &value);
    http_value_has(input, "chunked");
    g_string_free(out, TRUE);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0) {
        return 0;
    }
    ByteSpan input = byte_span(data + 1, size - 1);
    Digest whole = converse(input, G_MAXSIZE);
    Digest split = converse(input, data[0] + 1u);
    g_assert_cmpuint(whole.octets, ==, split.octets);
    g_assert(whole.order[0] == split.order[0] && whole.order[1] == split.order[1]);
    read_as_form(input);
    return 0;
}
