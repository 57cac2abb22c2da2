#include "protocol/message/header-block.h"

enum {
    FIRST_CAPACITY = 32,
};

void header_block_init(HeaderBlock *block)
{
    *block = (HeaderBlock){0};
}

void header_block_clear(HeaderBlock *block)
{
    g_free(block->fields);
    header_block_init(block);
}

static bool is_blank(guint8 octet)
{
    return octet == ' ' || octet == '\t';
}

static bool is_all_blank(ByteSpan text)
{
    return byte_span_trim(text).length == 0;
}

/* RFC 5322 §2.2: a name is printable ASCII without space and colon. */
static bool is_name(ByteSpan name)
{
    for (gsize i = 0; i < name.length; i++) {
        if (name.data[i] < 33 || name.data[i] > 126) {
            return false;
        }
    }
    return name.length > 0;
}

static guint64 judge_octets(ByteSpan text)
{
    guint64 defects = 0;
    guint8 has_eight_bit = 0;
    guint8 has_return = 0;
    guint8 has_control = 0;
    /* Without a branch, so that it is done for many octets at once: all headers pass here. */
    for (gsize i = 0; i < text.length; i++) {
        guint8 octet = text.data[i];
        has_eight_bit |= octet & 0x80;
        has_return |= octet == '\r';
        has_control |= ((octet < ' ') & (octet != '\t') & (octet != '\r')) | (octet == 0x7f);
    }
    defects |= has_return ? MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_BARE_CR) : 0;
    defects |= has_control ? MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_HEADER_CONTROL) : 0;
    if (has_eight_bit) {
        bool is_utf8 = g_utf8_validate_len((const char *)text.data, text.length, NULL);
        defects |= is_utf8 ? MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_HEADER_UTF8)
                           : MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_HEADER_EIGHT_BIT);
    }
    return defects;
}

static guint64 judge_line(ByteSpan text)
{
    guint64 defects = judge_octets(text);
    if (text.length > HEADER_LINE_MAXIMUM) {
        defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_LINE_OVER_998);
    } else if (text.length > HEADER_LINE_ADVISED) {
        defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_LINE_OVER_78);
    }
    return defects;
}

typedef struct {
    ByteSpan text; /* without the line end */
    gsize length;  /* with it */
    guint64 defects;
} HeaderLine;

static HeaderLine next_line(ByteSpan message, gsize at)
{
    HeaderLine line = {0};
    gssize end = byte_span_find(message, '\n', at);
    if (end < 0) {
        line.text = byte_span_from(message, at);
        line.length = line.text.length;
        line.defects = MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_HEADER_CUT);
    } else {
        line.length = (gsize)end + 1 - at;
        line.text = byte_span_slice(message, at, line.length - 1);
        if (line.text.length > 0 && line.text.data[line.text.length - 1] == '\r') {
            line.text.length--;
        } else {
            line.defects = MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_BARE_LF);
        }
    }
    return line;
}

static HeaderField *add_field(HeaderBlock *block)
{
    if (block->n_fields == HEADER_FIELDS_MAXIMUM) {
        block->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_TOO_MANY_FIELDS);
        return NULL;
    }
    if (block->n_fields == block->capacity) {
        block->capacity = block->capacity == 0 ? FIRST_CAPACITY : block->capacity * 2;
        block->fields = g_renew(HeaderField, block->fields, block->capacity);
    }
    return &block->fields[block->n_fields++];
}

/* "From alice@crepes.fr Mon Jan 5 ..." of a mailbox file; but "From : alice@crepes.fr" is a field.
 */
static bool is_mailbox_line(ByteSpan line)
{
    return byte_span_starts_with(line, "From ") &&
           !byte_span_starts_with(byte_span_trim(byte_span_from(line, strlen("From "))), ":");
}

static void begin_field(HeaderField *field, const HeaderLine *line, gsize offset, bool is_first)
{
    *field = (HeaderField){.offset = offset, .n_lines = 1, .defects = line->defects};
    field->raw = byte_span(line->text.data, line->length);
    field->body = line->text;
    if (is_first && is_mailbox_line(line->text)) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_MAILBOX_LINE);
        return;
    }
    if (line->text.length > 0 && is_blank(line->text.data[0])) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_LEADING_FOLD);
        return;
    }
    gssize colon = byte_span_find(line->text, ':', 0);
    if (colon < 0) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_NO_COLON);
        return;
    }
    ByteSpan before = byte_span_slice(line->text, 0, (gsize)colon);
    field->name = byte_span_trim(before);
    field->body = byte_span_from(line->text, (gsize)colon + 1);
    if (field->name.length != before.length) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_SPACE_BEFORE_COLON);
    }
    if (!is_name(field->name)) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_FIELD_NAME);
    }
}

static void extend_field(HeaderField *field, const HeaderLine *line)
{
    const guint8 *end = line->text.data + line->text.length;
    field->raw.length += line->length;
    field->body.length = (gsize)(end - field->body.data);
    field->n_lines++;
    field->defects |= line->defects;
    if (is_all_blank(line->text)) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_BLANK_FOLD);
    }
}

static void finish_block(HeaderBlock *block, ByteSpan message, gsize end, gsize origin)
{
    block->octets = byte_span_slice(message, 0, end);
    block->body_offset = origin + end;
    if (!block->has_separator) {
        block->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_NO_SEPARATOR);
    }
    for (guint i = 0; i < block->n_fields; i++) {
        block->defects |= block->fields[i].defects;
    }
}

void header_block_parse(HeaderBlock *block, ByteSpan message, gsize origin)
{
    HeaderField *field = NULL;
    gsize at = 0;
    block->n_fields = 0;
    block->has_separator = false;
    block->defects = 0;
    while (at < message.length && !block->has_separator) {
        HeaderLine line = next_line(message, at);
        bool is_cut = (line.defects & MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_HEADER_CUT)) != 0;
        if (line.text.length == 0 && !is_cut) {
            block->has_separator = true;
            block->defects |= line.defects;
        } else {
            line.defects |= judge_line(line.text);
            if (field != NULL && is_blank(line.text.data[0])) {
                extend_field(field, &line);
            } else if (field != NULL || block->n_fields == 0) {
                bool is_first = block->n_fields == 0;
                field = add_field(block);
                if (field != NULL) {
                    begin_field(field, &line, origin + at, is_first);
                }
            }
        }
        at += line.length;
    }
    finish_block(block, message, at, origin);
}

bool header_field_is(const HeaderField *field, const char *name)
{
    return byte_span_is_nocase(field->name, name);
}

const HeaderField *
header_block_find_next(const HeaderBlock *block, const char *name, const HeaderField *after)
{
    ByteSpan wanted = byte_span_from_string(name);
    for (guint i = after == NULL ? 0 : (guint)(after - block->fields) + 1; i < block->n_fields;
         i++) {
        ByteSpan found = block->fields[i].name;
        if (found.length == wanted.length && byte_span_equal_nocase(found, wanted)) {
            return &block->fields[i];
        }
    }
    return NULL;
}

const HeaderField *header_block_find(const HeaderBlock *block, const char *name)
{
    return header_block_find_next(block, name, NULL);
}

guint header_block_count(const HeaderBlock *block, const char *name)
{
    guint count = 0;
    const HeaderField *field = NULL;
    while ((field = header_block_find_next(block, name, field)) != NULL) {
        count++;
    }
    return count;
}

const HeaderField *header_block_at(const HeaderBlock *block, gsize offset)
{
    guint low = 0;
    guint high = block->n_fields;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const HeaderField *field = &block->fields[middle];
        if (offset < field->offset) {
            high = middle;
        } else if (offset >= field->offset + field->raw.length) {
            low = middle + 1;
        } else {
            return field;
        }
    }
    return NULL;
}
