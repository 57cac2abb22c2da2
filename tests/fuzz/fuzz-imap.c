/* An IMAP conversation as a capture may hold it. The first octet says in which pieces it arrives,
 * its high bits how the dialogue starts; 0xff changes sides, 0xfe stands for a few missing octets.
 * Whatever the pieces, the same events come out. The rest is read by the parsers, too. */

#include "protocol/imap/imap-dialogue.h"
#include "protocol/imap/imap-fetch-response.h"
#include "protocol/imap/imap-parser.h"
#include "protocol/imap/imap-writer.h"

#define CHANGE_SIDE 0xff
#define GAP 0xfe
#define GAP_LENGTH 5
#define PIECE_BITS 0x3f

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    guint64 events;
    guint64 octets[2];  /* of messages, one digest for each side */
    bool is_compressed; /* offsets are then those of whole pieces */
} Digest;

static void add(guint64 *digest, guint64 value)
{
    *digest = (*digest ^ value) * G_GUINT64_CONSTANT(1099511628211);
}

static void add_octets(guint64 *digest, ByteSpan span)
{
    for (gsize i = 0; i < span.length; i++) {
        add(digest, span.data[i]);
    }
}

static void note_message(Digest *digest, const DialogueMessage *message)
{
    add(&digest->events, message->number);
    add(&digest->events, message->announced);
    add(&digest->events, message->octets);
    add(&digest->events, message->missing);
    add(&digest->events, message->is_complete);
    add_octets(&digest->events, message->section);
}

static void note_credential(Digest *digest, const DialogueCredential *credential)
{
    g_assert(credential->method != NULL);
    add_octets(&digest->events, credential->identity);
    add_octets(&digest->events, credential->secret);
    add_octets(&digest->events, credential->proof);
    add(&digest->events, credential->succeeded);
}

static void note_event(Digest *digest, const DialogueEvent *event)
{
    g_assert(event->from <= event->to);
    g_assert(imap_dialogue_class.state_name(event->state_after) != NULL);
    if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        add_octets(&digest->octets[event->side], event->text);
        return;
    }
    add(&digest->events, event->kind);
    add(&digest->events, event->side);
    add(&digest->events, event->exchange);
    add(&digest->events, event->defects);
    add(&digest->events, event->state_after);
    add_octets(&digest->events, event->text);
    add_octets(&digest->events, event->tag);
    add_octets(&digest->events, event->verb);
    add_octets(&digest->events, event->code);
    if (event->message != NULL && event->kind != DIALOGUE_EVENT_MISSING) {
        note_message(digest, event->message);
    }
    if (event->credential != NULL) {
        note_credential(digest, event->credential);
    }
    digest->is_compressed |= byte_span_is_nocase(event->verb, "COMPRESS");
    if (!digest->is_compressed) {
        add(&digest->events, event->from);
        add(&digest->events, event->to);
    }
}

static void drain(ImapDialogue *dialogue, Digest *digest)
{
    DialogueEvent event;
    while (imap_dialogue_class.next(dialogue, &event)) {
        note_event(digest, &event);
    }
}

static void
feed(ImapDialogue *dialogue, DialogueSide side, ByteSpan run, gsize piece, Digest *digest)
{
    while (run.length > 0) {
        ByteSpan part = byte_span_slice(run, 0, piece);
        guint8 *copy = g_memdup2(part.data, part.length);
        run = byte_span_from(run, part.length);
        imap_dialogue_class.feed(dialogue, side, byte_span(copy, part.length));
        drain(dialogue, digest);
        g_free(copy);
    }
}

static ImapDialogue *begin(guint8 how)
{
    ImapDialogue *dialogue = imap_dialogue_new();
    switch (how & ~PIECE_BITS) {
    case 0x40:
        imap_dialogue_class.set_joined_late(dialogue);
        break;
    case 0x80:
        imap_dialogue_class.set_one_sided(dialogue, DIALOGUE_CLIENT);
        break;
    case 0xc0:
        imap_dialogue_class.set_one_sided(dialogue, DIALOGUE_SERVER);
        break;
    default:
        break;
    }
    return dialogue;
}

static Digest converse(guint8 how, ByteSpan input, gsize piece)
{
    ImapDialogue *dialogue = begin(how);
    Digest digest = {0};
    DialogueSide side = (how & ~PIECE_BITS) == 0x80 ? DIALOGUE_CLIENT : DIALOGUE_SERVER;
    for (gsize at = 0; at < input.length;) {
        gsize end = at;
        while (end < input.length && input.data[end] < GAP) {
            end++;
        }
        feed(dialogue, side, byte_span_slice(input, at, end - at), piece, &digest);
        if (end < input.length && input.data[end] == CHANGE_SIDE) {
            side = side == DIALOGUE_CLIENT ? DIALOGUE_SERVER : DIALOGUE_CLIENT;
        } else if (end < input.length) {
            imap_dialogue_class.feed_missing(dialogue, side, GAP_LENGTH);
            drain(dialogue, &digest);
        }
        at = end + 1;
    }
    imap_dialogue_class.finish(dialogue, DIALOGUE_CLIENT);
    drain(dialogue, &digest);
    imap_dialogue_class.finish(dialogue, DIALOGUE_SERVER);
    drain(dialogue, &digest);
    imap_dialogue_free(dialogue);
    return digest;
}

static void read_as_text(ByteSpan input)
{
    ImapCommand command;
    ImapResponse response;
    ImapFetchReader reader;
    ImapFetchPair pair;
    ImapToken item;
    imap_command_parse(input, IMAP_REVISION_1, &command);
    if (command.row != NULL) {
        imap_command_argument_defects(command.row, command.arguments);
    }
    imap_response_parse(input, &response);
    imap_may_be_response(input, IMAP_REVISION_2);
    imap_fetch_announced_part(input, &item);
    imap_fetch_reader_init(&reader, response.arguments);
    while (imap_fetch_reader_next(&reader, &pair)) {
        g_assert(pair.value.length > 0);
    }
    imap_response_code_find(response.code, IMAP_REVISION_1);
    imap_capability_find(input, IMAP_REVISION_2);
}

static void write_and_read(ByteSpan input)
{
    ByteBuffer out;
    ByteBuffer read;
    ImapScanner scanner;
    ImapToken token;
    byte_buffer_init(&out, 4 * input.length + 64);
    byte_buffer_init(&read, input.length);
    g_assert(imap_write_astring(&out, input, true));
    imap_scanner_init(&scanner, byte_buffer_span(&out));
    g_assert(imap_scanner_next(&scanner, &token) && imap_token_append_text(&token, &read));
    g_assert(byte_span_equal(byte_buffer_span(&read), input) && scanner.rest.length == 0);
    byte_buffer_clear(&out);
    byte_buffer_clear(&read);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0) {
        return 0;
    }
    ByteSpan input = byte_span(data + 1, size - 1);
    Digest whole = converse(data[0], input, G_MAXSIZE);
    Digest split = converse(data[0], input, (data[0] & PIECE_BITS) + 1u);
    g_assert_cmpuint(whole.events, ==, split.events);
    g_assert_cmpuint(whole.octets[0], ==, split.octets[0]);
    g_assert_cmpuint(whole.octets[1], ==, split.octets[1]);
    read_as_text(input);
    write_and_read(input);
    return 0;
}
