#include "protocol/dns/dns-stream.h"

#define LENGTH_OCTETS 2

void dns_stream_init(DnsStream *stream)
{
    *stream = (DnsStream){0};
    byte_buffer_init(&stream->partial, LENGTH_OCTETS + DNS_MESSAGE_MAXIMUM);
}

void dns_stream_clear(DnsStream *stream)
{
    byte_buffer_clear(&stream->partial);
    dns_stream_init(stream);
}

gsize dns_stream_pending(const DnsStream *stream)
{
    return stream->gives_partial ? 0 : byte_buffer_length(&stream->partial);
}

/* Octets that the message at the front of 'run' has with its length; more than the run has where
 * the length itself is not there yet. */
static gsize whole_length(ByteSpan run)
{
    return run.length < LENGTH_OCTETS ? LENGTH_OCTETS
                                      : LENGTH_OCTETS + ((gsize)run.data[0] << 8 | run.data[1]);
}

static ByteSpan take(DnsStream *stream, ByteSpan *input, gsize length)
{
    ByteSpan taken = byte_span_slice(*input, 0, length);
    *input = byte_span_from(*input, taken.length);
    stream->position += taken.length;
    return taken;
}

static bool lend(DnsStream *stream, ByteSpan whole, DnsStreamMessage *out_message)
{
    out_message->octets = byte_span_from(whole, LENGTH_OCTETS);
    out_message->to = stream->position;
    out_message->from = stream->position - whole.length;
    return true;
}

static void gather(DnsStream *stream, ByteSpan *input)
{
    gsize wanted = whole_length(byte_buffer_span(&stream->partial));
    gsize missing = wanted - byte_buffer_length(&stream->partial);
    bool fits = byte_buffer_append(&stream->partial, take(stream, input, missing));
    g_assert(fits);
}

bool dns_stream_next(DnsStream *stream, ByteSpan *input, DnsStreamMessage *out_message)
{
    if (stream->gives_partial) {
        byte_buffer_reset(&stream->partial);
        stream->gives_partial = false;
    }
    if (stream->is_lost) {
        take(stream, input, input->length);
        return false;
    }
    if (stream->skip > 0) {
        stream->skip -= take(stream, input, (gsize)MIN(stream->skip, input->length)).length;
    }
    if (byte_buffer_length(&stream->partial) == 0 && input->length >= LENGTH_OCTETS &&
        input->length >= whole_length(*input)) {
        return lend(stream, take(stream, input, whole_length(*input)), out_message);
    }
    while (input->length > 0) {
        gather(stream, input);
        ByteSpan run = byte_buffer_span(&stream->partial);
        if (run.length >= LENGTH_OCTETS && run.length >= whole_length(run)) {
            stream->gives_partial = true;
            return lend(stream, run, out_message);
        }
    }
    return false;
}

void dns_stream_missing(DnsStream *stream, guint64 length)
{
    ByteSpan run = stream->gives_partial ? BYTE_SPAN_EMPTY : byte_buffer_span(&stream->partial);
    guint64 left = stream->skip;
    stream->position += length;
    if (run.length >= LENGTH_OCTETS) {
        left = whole_length(run) - run.length;
    }
    byte_buffer_reset(&stream->partial);
    stream->gives_partial = false;
    stream->is_lost = stream->is_lost || left < length;
    stream->skip = stream->is_lost ? 0 : left - length;
}

bool dns_stream_write(ByteBuffer *out, ByteSpan message)
{
    g_assert(message.length <= DNS_MESSAGE_MAXIMUM);
    guint8 length[LENGTH_OCTETS] = {(guint8)(message.length >> 8), (guint8)message.length};
    if (byte_buffer_length(out) + LENGTH_OCTETS + message.length > out->maximum) {
        return false;
    }
    return byte_buffer_append(out, byte_span(length, sizeof length)) &&
           byte_buffer_append(out, message);
}
