#include "protocol/imap/imap-inflater.h"

#include <zlib.h>

#define RAW_DEFLATE_WINDOW (-15) /* RFC 4978 §3: RFC 1951 as it is, without a header */

struct ImapInflater {
    z_stream stream;
    DialogueInput text;
    guint64 from;
    guint64 to;
    bool may_have_more; /* the last piece filled the output */
    bool has_failed;
    guint8 output[IMAP_INFLATE_OUTPUT];
};

ImapInflater *imap_inflater_new(void)
{
    ImapInflater *inflater = g_new0(ImapInflater, 1);
    dialogue_input_init(&inflater->text, 0, 0);
    inflater->has_failed = inflateInit2(&inflater->stream, RAW_DEFLATE_WINDOW) != Z_OK;
    return inflater;
}

void imap_inflater_free(ImapInflater *inflater)
{
    if (inflater != NULL) {
        inflateEnd(&inflater->stream);
        dialogue_input_clear(&inflater->text);
        g_free(inflater);
    }
}

DialogueInput *imap_inflater_text(ImapInflater *inflater)
{
    return &inflater->text;
}

/* One step of the inflater over at most IMAP_INFLATE_INPUT octets of the wire. */
static void inflate_piece(ImapInflater *inflater, DialogueInput *wire)
{
    ByteSpan run = byte_span_slice(dialogue_input_peek(wire), 0, IMAP_INFLATE_INPUT);
    guint8 nothing = 0;
    inflater->stream.next_in = run.length == 0 ? &nothing : (Bytef *)run.data;
    inflater->stream.avail_in = (uInt)run.length;
    inflater->stream.next_out = inflater->output;
    inflater->stream.avail_out = IMAP_INFLATE_OUTPUT;
    int result = inflate(&inflater->stream, Z_SYNC_FLUSH);
    gsize taken = run.length - inflater->stream.avail_in;
    gsize given = IMAP_INFLATE_OUTPUT - inflater->stream.avail_out;
    if (taken > 0) {
        inflater->from = wire->position;
        dialogue_input_consume(wire, taken);
        inflater->to = wire->position;
    }
    inflater->text.fed = byte_span(inflater->output, given);
    inflater->may_have_more = inflater->stream.avail_out == 0;
    inflater->has_failed = result != Z_OK && result != Z_BUF_ERROR;
}

bool imap_inflater_refill(ImapInflater *inflater, DialogueInput *wire)
{
    g_assert(inflater->text.fed.length == 0);
    while (!inflater->has_failed && inflater->text.fed.length == 0 &&
           (inflater->may_have_more || dialogue_input_peek(wire).length > 0)) {
        inflate_piece(inflater, wire);
    }
    return inflater->text.fed.length > 0;
}

bool imap_inflater_has_failed(const ImapInflater *inflater)
{
    return inflater->has_failed && inflater->text.fed.length == 0;
}

guint64 imap_inflater_from(const ImapInflater *inflater)
{
    return inflater->from;
}

guint64 imap_inflater_to(const ImapInflater *inflater)
{
    return inflater->to;
}
