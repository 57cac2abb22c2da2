#include "dissect/finding/message-record.h"

const char *message_kind_name(DialogueMessageKind kind)
{
    static const char *const names[] = {
        [DIALOGUE_MESSAGE_DATA] = "DATA",
        [DIALOGUE_MESSAGE_BDAT] = "BDAT",
        [DIALOGUE_MESSAGE_RETR] = "RETR",
        [DIALOGUE_MESSAGE_TOP] = "TOP",
        [DIALOGUE_MESSAGE_FETCH] = "FETCH",
        [DIALOGUE_MESSAGE_APPEND] = "APPEND",
        [DIALOGUE_MESSAGE_HTTP] = "HTTP",
    };
    return names[kind];
}

MessageRecord *message_record_new(const MessageRecordOptions *options, const DissectEvent *begin)
{
    MessageRecord *record = g_new0(MessageRecord, 1);
    record->options = options;
    byte_buffer_init(&record->head, MESSAGE_HEAD_MAXIMUM);
    byte_buffer_init(&record->octets, MESSAGE_HELD_MAXIMUM);
    record->digest = options->wants_digest ? g_checksum_new(G_CHECKSUM_SHA256) : NULL;
    message_record_restart(record, begin);
    return record;
}

void message_record_restart(MessageRecord *record, const DissectEvent *begin)
{
    record->step = begin->step;
    record->direction = begin->direction;
    record->first_frame = begin->frame;
    record->last_frame = begin->frame;
    record->first_time_ns = begin->time_ns;
    record->last_time_ns = begin->time_ns;
    byte_buffer_reset(&record->head);
    byte_buffer_reset(&record->octets);
    record->head_is_over = record->options->without_head;
    record->spilled = 0;
    record->last_octet = 0;
    record->spill_data = NULL;
    if (record->digest != NULL) {
        g_checksum_reset(record->digest);
    }
}

void message_record_free(MessageRecord *record)
{
    if (record != NULL) {
        byte_buffer_clear(&record->head);
        byte_buffer_clear(&record->octets);
        g_clear_pointer(&record->digest, g_checksum_free);
        g_free(record);
    }
}

/* Octets up to and with the empty line; 0: it is not there yet. */
static gsize length_of_head(ByteSpan octets)
{
    for (gssize at = byte_span_find(octets, '\n', 0); at >= 0;
         at = byte_span_find(octets, '\n', (gsize)at + 1)) {
        ByteSpan behind = byte_span_from(octets, (gsize)at + 1);
        if (byte_span_starts_with(behind, "\r\n")) {
            return (gsize)at + 3;
        }
        if (byte_span_starts_with(behind, "\n")) {
            return (gsize)at + 2;
        }
    }
    return 0;
}

static void keep_head(MessageRecord *record, ByteSpan octets)
{
    gsize room = MESSAGE_HEAD_MAXIMUM - byte_buffer_length(&record->head);
    gsize before = byte_buffer_length(&record->head);
    bool fits = byte_buffer_append(&record->head, byte_span_slice(octets, 0, room));
    g_assert(fits);
    /* The empty line may lie across the border of two pieces. */
    gsize looked = before > 3 ? before - 3 : 0;
    ByteSpan head = byte_buffer_span(&record->head);
    gsize length = length_of_head(byte_span_from(head, looked));
    if (length > 0) {
        record->head.end = record->head.start + looked + length;
        record->head_is_over = true;
    } else if (octets.length >= room) {
        record->head_is_over = true;
    }
}

static void keep_octets(MessageRecord *record, ByteSpan octets)
{
    if (byte_buffer_append(&record->octets, octets)) {
        return;
    }
    if (record->options->spill != NULL) {
        record->options->spill(record->options->owner, record, byte_buffer_span(&record->octets));
        record->options->spill(record->options->owner, record, octets);
        record->spilled += byte_buffer_length(&record->octets) + octets.length;
        byte_buffer_reset(&record->octets);
    }
}

void message_record_data(MessageRecord *record, const DissectEvent *data)
{
    ByteSpan octets = data->dialogue->text;
    record->last_frame = data->frame;
    record->last_time_ns = data->time_ns;
    if (!record->head_is_over) {
        keep_head(record, octets);
    }
    if (record->digest != NULL) {
        g_checksum_update(record->digest, octets.data, (gssize)octets.length);
    }
    if (record->options->wants_octets && octets.length > 0) {
        record->last_octet = octets.data[octets.length - 1];
        keep_octets(record, octets);
    }
}

void message_record_end(MessageRecord *record, const DissectEvent *end)
{
    record->last_frame = MAX(record->last_frame, end->frame);
    record->last_time_ns = MAX(record->last_time_ns, end->time_ns);
}

const char *message_record_sha256(const MessageRecord *record)
{
    return record->digest == NULL ? NULL : g_checksum_get_string(record->digest);
}

bool message_is_part(const DialogueMessage *message)
{
    return message->kind == DIALOGUE_MESSAGE_FETCH && message->is_partial && message->announced > 0;
}
