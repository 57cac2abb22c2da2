/* A header as it may come from anybody. The first octet says in which pieces it arrives; whatever
 * the pieces, the same fields come out, every field lies where it says, and what the writers make
 * of the texts in it stays one field. */

#include "protocol/message/header-block.h"
#include "protocol/message/message-address.h"
#include "protocol/message/message-date.h"
#include "protocol/message/message-writer.h"
#include "protocol/message/received-field.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_block(const HeaderBlock *block, ByteSpan input)
{
    gsize end = 0;
    for (guint i = 0; i < block->n_fields; i++) {
        const HeaderField *field = &block->fields[i];
        g_assert(field->offset == end && field->raw.length > 0);
        g_assert(field->offset + field->raw.length <= input.length);
        g_assert(field->body.data + field->body.length <= field->raw.data + field->raw.length);
        g_assert(header_block_at(block, field->offset) == field);
        end = field->offset + field->raw.length;
    }
    g_assert(block->body_offset <= input.length && block->body_offset >= end);
}

static void read_in_pieces(ByteSpan input, gsize piece, const HeaderBlock *expected)
{
    HeaderReader reader;
    HeaderReaderResult result = HEADER_READER_NEED_MORE;
    header_reader_init(&reader);
    while (input.length > 0 && result == HEADER_READER_NEED_MORE) {
        ByteSpan part = byte_span_slice(input, 0, piece);
        guint8 *copy = g_memdup2(part.data, part.length);
        ByteSpan rest = byte_span(copy, part.length);
        result = header_reader_feed(&reader, &rest);
        input = byte_span_from(input, part.length - rest.length);
        g_free(copy);
    }
    if (result == HEADER_READER_NEED_MORE) {
        header_reader_finish(&reader);
    }
    g_assert(reader.block.n_fields == expected->n_fields);
    g_assert(reader.block.body_offset == expected->body_offset);
    g_assert(reader.block.defects == expected->defects);
    header_reader_clear(&reader);
}

static void read_as_addresses(ByteSpan body)
{
    MessageAddressList *list = message_address_list_parse(body);
    for (guint i = 0; i < list->n_items; i++) {
        g_assert(list->items[i].offset + list->items[i].length <= body.length);
        g_free(message_address_path(&list->items[i]));
        g_free(message_address_display_name(&list->items[i]));
    }
    message_address_list_free(list);
}

static void read_field(const HeaderField *field)
{
    ReceivedField received;
    MessageDate date;
    bool is_clean = true;
    ByteSpan rest = field->body;
    ByteSpan id;
    g_autofree char *text = header_field_text(field);
    g_autofree char *decoded = header_field_decoded(field);
    g_assert(text != NULL);
    g_assert(g_utf8_validate(decoded, -1, NULL));
    received_field_parse(field->body, &received);
    if (message_date_parse(field->body, &date)) {
        char written[MESSAGE_DATE_SIZE];
        /* The zone may carry the first or last day of the calendar out of it. */
        gint64 local = date.seconds + date.zone_minutes * 60;
        g_assert(local >= -2208988800 && local <= 253402300800);
        message_date_write(CLAMP(date.seconds, -2200000000, 253400000000), 0, written);
    }
    message_date_parse_internal(field->body, &date);
    while (message_id_next(&rest, &id, &is_clean)) {
        g_assert(id.length >= 2);
    }
    read_as_addresses(field->body);
}

/* Hostile texts in every place of a composed message: it still has exactly these fields. */
static void write_again(const HeaderField *field)
{
    MessageDraftOptions options = {.seconds = 1, .message_id = "1@x", .seed = 1};
    g_autofree char *text = header_field_text(field);
    MessageDraft *draft = message_draft_new(&options);
    HeaderBlock block;
    message_draft_add_text(draft, "Subject", text);
    message_draft_add_addresses(draft, "To", text);
    message_draft_add_structured(draft, "X-Other", text);
    message_draft_set_body(draft, draft_part_new_text("plain", text));
    GBytes *message = message_draft_write(draft);
    gsize length = 0;
    const void *data = g_bytes_get_data(message, &length);
    header_block_init(&block);
    header_block_parse(&block, byte_span(data, length), 0);
    g_assert(header_block_count(&block, "Subject") == 1 && header_block_count(&block, "To") == 1);
    g_assert(block.n_fields >= 7 && block.n_fields <= 8);
    g_assert((block.defects & MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_BARE_LF)) == 0);
    g_assert((block.defects & MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_HEADER_CONTROL)) == 0);
    header_block_clear(&block);
    g_bytes_unref(message);
    message_draft_free(draft);
}

static void trace_again(const HeaderField *field)
{
    g_autofree char *text = header_field_text(field);
    ReceivedTrace trace = {
        .from_name = text, .from_address = text, .by_name = "b", .for_path = text};
    g_autofree char *written = received_field_write(&trace);
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, byte_span_from_string(written), 0);
    g_assert(block.n_fields == 1);
    header_block_clear(&block);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    HeaderBlock block;
    if (size == 0) {
        return 0;
    }
    ByteSpan input = byte_span(data + 1, size - 1);
    header_block_init(&block);
    header_block_parse(&block, input, 0);
    check_block(&block, input);
    read_in_pieces(input, data[0] + 1u, &block);
    header_block_judge(&block);
    ReceivedChain *chain = received_chain_new(&block, NULL);
    received_chain_free(chain);
    for (guint i = 0; i < block.n_fields && i < 50; i++) {
        read_field(&block.fields[i]);
        write_again(&block.fields[i]);
        trace_again(&block.fields[i]);
    }
    header_block_clear(&block);
    return 0;
}
