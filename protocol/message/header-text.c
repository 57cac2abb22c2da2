#include "protocol/message/header-block.h"

#include "protocol/encoding/encoded-word.h"
#include "protocol/message/message-address.h"

/* RFC 5322 §2.2.3: unfolding takes the line end away and leaves the white space behind it. */
static void append_unfolded(ByteSpan body, ByteBuffer *target)
{
    gsize at = 0;
    while (at < body.length) {
        gssize end = byte_span_find(body, '\n', at);
        gsize next = end < 0 ? body.length : (gsize)end + 1;
        ByteSpan line = byte_span_slice(body, at, end < 0 ? next - at : (gsize)end - at);
        if (end >= 0 && line.length > 0 && line.data[line.length - 1] == '\r') {
            line.length--;
        }
        /* The buffer's maximum was set to the length of the body: it cannot be too small. */
        g_assert(byte_buffer_append(target, line));
        at = next;
    }
}

ByteSpan header_field_unfold(const HeaderField *field, ByteBuffer *scratch)
{
    if (field->n_lines <= 1) {
        return byte_span_trim(field->body);
    }
    byte_buffer_reset(scratch);
    scratch->maximum = MAX(scratch->maximum, field->body.length);
    append_unfolded(field->body, scratch);
    return byte_span_trim(byte_buffer_span(scratch));
}

char *header_field_text(const HeaderField *field)
{
    ByteBuffer scratch;
    byte_buffer_init(&scratch, field->body.length);
    char *text = byte_span_to_string(header_field_unfold(field, &scratch));
    byte_buffer_clear(&scratch);
    return text;
}

char *header_field_decoded(const HeaderField *field)
{
    g_autofree char *text = header_field_text(field);
    return encoded_words_decode(byte_span_from_string(text));
}

char *message_address_display_name(const MessageAddress *address)
{
    return address->name == NULL ? NULL
                                 : encoded_words_decode(byte_span_from_string(address->name));
}

char *header_block_text(const HeaderBlock *block, const char *name)
{
    const HeaderField *field = header_block_find(block, name);
    return field == NULL ? NULL : header_field_text(field);
}

char *header_block_decoded(const HeaderBlock *block, const char *name)
{
    const HeaderField *field = header_block_find(block, name);
    return field == NULL ? NULL : header_field_decoded(field);
}
