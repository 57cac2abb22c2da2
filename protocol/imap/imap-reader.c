#include "protocol/imap/imap-reader.h"

#include "protocol/dialogue/dialogue.h"

void imap_reader_init(ImapReader *reader, gsize maximum)
{
    *reader = (ImapReader){0};
    byte_buffer_init(&reader->gathered, maximum);
    byte_buffer_init(&reader->ending, 2 * IMAP_ENDING_MAXIMUM);
}

void imap_reader_clear(ImapReader *reader)
{
    byte_buffer_clear(&reader->gathered);
    byte_buffer_clear(&reader->ending);
    imap_reader_init(reader, reader->gathered.maximum);
}

static void start_unit(ImapReader *reader)
{
    byte_buffer_reset(&reader->gathered);
    byte_buffer_reset(&reader->ending);
    reader->consumed = 0;
    reader->line_start = 0;
    reader->longest_line = 0;
    reader->defects = 0;
    reader->is_lent = false;
}

/* Keeps at least the last IMAP_ENDING_MAXIMUM octets and the line end of a line that 'gathered'
 * has no room for. */
static void keep_ending(ImapReader *reader, ByteSpan piece)
{
    gsize most = IMAP_ENDING_MAXIMUM + 2;
    ByteSpan last = byte_span_from(piece, piece.length > most ? piece.length - most : 0);
    gsize held = byte_buffer_length(&reader->ending);
    if (held + last.length > most) {
        byte_buffer_consume(&reader->ending, MIN(held, held + last.length - most));
    }
    bool fits = byte_buffer_append(&reader->ending, last);
    g_assert(fits);
}

/* Takes the first 'length' octets of the run off the input into the reader. */
static void gather(ImapReader *reader, DialogueInput *input, gsize length)
{
    ByteSpan piece = byte_span_slice(dialogue_input_peek(input), 0, length);
    gsize room = reader->gathered.maximum - byte_buffer_length(&reader->gathered);
    gsize kept = MIN(room, length);
    bool fits = byte_buffer_append(&reader->gathered, byte_span_slice(piece, 0, kept));
    g_assert(fits);
    if (kept < length) {
        if (byte_buffer_length(&reader->ending) == 0) {
            ByteSpan before = byte_buffer_span(&reader->gathered);
            keep_ending(reader, byte_span_slice(before, 0, before.length - kept));
        }
        keep_ending(reader, piece);
    }
    reader->consumed += length;
    reader->scanned = 0;
    dialogue_input_consume(input, length);
}

/* The unit as far as it has been read, the line end of its last line left aside. */
static void describe(ImapReader *reader, DialogueInput *input, guint64 line_end, ImapUnit *unit)
{
    bool is_whole_in_run = reader->consumed == 0;
    ByteSpan octets = is_whole_in_run
                          ? byte_span_slice(dialogue_input_peek(input), 0, reader->scanned)
                          : byte_buffer_span(&reader->gathered);
    gsize maximum = reader->gathered.maximum;
    guint64 length = reader->consumed + reader->scanned;
    guint64 text_length = length - line_end;
    *unit = (ImapUnit){.from = reader->from, .to = reader->from + length};
    unit->raw = byte_span_slice(octets, 0, maximum);
    unit->text = byte_span_slice(octets, 0, (gsize)MIN(text_length, maximum));
    guint64 ending_length = MIN(text_length - reader->line_start, IMAP_ENDING_MAXIMUM);
    if (is_whole_in_run || length <= maximum) {
        unit->ending =
            byte_span_slice(octets, (gsize)(text_length - ending_length), (gsize)ending_length);
    } else {
        ByteSpan ending = byte_buffer_span(&reader->ending);
        gsize kept = (gsize)MIN(ending_length, ending.length - line_end);
        unit->ending = byte_span_slice(ending, ending.length - (gsize)line_end - kept, kept);
    }
    unit->longest_line = reader->longest_line;
    unit->defects = reader->defects | (text_length > maximum ? DIALOGUE_DEFECT_TOO_LONG : 0u);
}

static bool has_eight_bit(ByteSpan line)
{
    guint64 all = 0;
    gsize at = 0;
    for (; at + sizeof all <= line.length; at += sizeof all) {
        guint64 eight;
        memcpy(&eight, line.data + at, sizeof eight);
        all |= eight;
    }
    for (; at < line.length; at++) {
        all |= line.data[at];
    }
    return (all & G_GUINT64_CONSTANT(0x8080808080808080)) != 0;
}

/* What can be wrong with the octets of a line, as far as they were kept. */
static guint32 octet_defects(ByteSpan line)
{
    guint32 defects = 0;
    if (line.length == 0) {
        return 0;
    }
    defects |= has_eight_bit(line) ? DIALOGUE_DEFECT_EIGHT_BIT : 0u;
    defects |= memchr(line.data, '\0', line.length) != NULL ? DIALOGUE_DEFECT_NUL : 0u;
    defects |= memchr(line.data, '\r', line.length) != NULL ? DIALOGUE_DEFECT_BARE_CR : 0u;
    return defects;
}

static guint8 octet_before_line_feed(const ImapReader *reader, DialogueInput *input)
{
    if (reader->consumed + reader->scanned < reader->line_start + 2) {
        return '\0';
    }
    ByteSpan octets = byte_buffer_length(&reader->ending) > 0 ? byte_buffer_span(&reader->ending)
                                                              : byte_buffer_span(&reader->gathered);
    if (reader->consumed == 0) {
        octets = byte_span_slice(dialogue_input_peek(input), 0, reader->scanned);
    }
    return octets.data[octets.length - 2];
}

/* A line feed has been read: it stands at the end of what was scanned. */
static ImapUnitStep
end_line(ImapReader *reader, DialogueInput *input, bool reads_literals, ImapUnit *unit)
{
    if (reader->consumed > 0) {
        gather(reader, input, reader->scanned);
    }
    bool has_cr = octet_before_line_feed(reader, input) == '\r';
    guint64 length = reader->consumed + reader->scanned;
    reader->longest_line = MAX(reader->longest_line, length - reader->line_start);
    reader->defects |= has_cr ? 0u : DIALOGUE_DEFECT_BARE_LF;
    describe(reader, input, has_cr ? 2 : 1, unit);
    guint64 start = MIN(reader->line_start, unit->text.length);
    reader->defects |= octet_defects(byte_span_from(unit->text, (gsize)start));
    unit->defects |= reader->defects;
    if (reads_literals && imap_literal_at_end(unit->ending, &unit->literal)) {
        return IMAP_UNIT_LITERAL;
    }
    imap_reader_end_unit(reader, input);
    return IMAP_UNIT_LINE;
}

ImapUnitStep
imap_reader_next(ImapReader *reader, DialogueInput *input, bool reads_literals, ImapUnit *out_unit)
{
    g_assert(reader->stream_left == 0);
    if (reader->is_lent) {
        start_unit(reader);
    }
    for (;;) {
        ByteSpan run = dialogue_input_peek(input);
        if (reader->consumed + reader->scanned == 0) {
            reader->from = input->position;
        }
        if (reader->scanned == run.length) {
            if (run.length == 0) {
                return IMAP_UNIT_NEED_MORE;
            }
            gather(reader, input, run.length);
            continue;
        }
        if (reader->literal_left > 0) {
            gsize taken = (gsize)MIN(reader->literal_left, run.length - reader->scanned);
            reader->scanned += taken;
            reader->literal_left -= taken;
            reader->line_start = reader->consumed + reader->scanned;
            byte_buffer_reset(&reader->ending);
            continue;
        }
        gssize line_feed = byte_span_find(run, '\n', reader->scanned);
        reader->scanned = line_feed < 0 ? run.length : (gsize)line_feed + 1;
        if (line_feed >= 0) {
            return end_line(reader, input, reads_literals, out_unit);
        }
    }
}

void imap_reader_take_literal(ImapReader *reader, guint64 octets)
{
    reader->literal_left = octets;
    reader->line_start = reader->consumed + reader->scanned;
    byte_buffer_reset(&reader->ending);
}

void imap_reader_keep(ImapReader *reader, DialogueInput *input, ImapUnit *out_unit)
{
    ImapUnit unit = *out_unit;
    if (reader->scanned > 0) {
        gather(reader, input, reader->scanned);
    }
    ByteSpan kept = byte_buffer_span(&reader->gathered);
    out_unit->text = byte_span_slice(kept, 0, unit.text.length);
    out_unit->raw = byte_span_slice(kept, 0, unit.raw.length);
    out_unit->ending = BYTE_SPAN_EMPTY;
}

void imap_reader_end_unit(ImapReader *reader, DialogueInput *input)
{
    dialogue_input_consume(input, reader->scanned);
    reader->scanned = 0;
    reader->is_lent = true;
}

void imap_reader_start_stream(ImapReader *reader, guint64 octets)
{
    if (reader->is_lent) {
        start_unit(reader);
    }
    reader->stream_left = octets;
}

bool imap_reader_stream(ImapReader *reader, DialogueInput *input, ByteSpan *out_octets)
{
    ByteSpan run = dialogue_input_peek(input);
    gsize length = (gsize)MIN(reader->stream_left, run.length);
    if (length == 0) {
        return false;
    }
    *out_octets = byte_span_slice(run, 0, length);
    reader->stream_left -= length;
    dialogue_input_consume(input, length);
    return true;
}

bool imap_reader_is_within_unit(const ImapReader *reader)
{
    return !reader->is_lent && reader->consumed + reader->scanned > 0;
}

bool imap_reader_cut(ImapReader *reader, DialogueInput *input, ImapUnit *out_unit)
{
    if (!imap_reader_is_within_unit(reader)) {
        return false;
    }
    guint64 literal_left = reader->literal_left;
    reader->literal_left = 0;
    describe(reader, input, 0, out_unit);
    if (literal_left == 0) {
        guint64 start = MIN(reader->line_start, out_unit->text.length);
        out_unit->defects |= octet_defects(byte_span_from(out_unit->text, (gsize)start));
    }
    out_unit->defects |= DIALOGUE_DEFECT_CUT;
    imap_reader_end_unit(reader, input);
    return true;
}
