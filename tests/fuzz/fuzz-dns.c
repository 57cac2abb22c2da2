/* DNS messages and DNS over TCP, as a capture or a peer may send them. The first octet says in
 * which pieces the rest arrives as a stream. What can be read must be written again alike. */

#include "protocol/dns/dns-exchange.h"
#include "protocol/dns/dns-field.h"
#include "protocol/dns/dns-stream.h"
#include "protocol/dns/dns-text.h"
#include "protocol/dns/dns-writer.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void count_field(const DnsField *field, const char *value, void *user_data)
{
    gsize *length = user_data;
    g_assert(field->place.start <= field->place.end);
    *length += strlen(value);
}

/* RDATA as text and back gives the same octets, and so does a message written anew. */
static void repeat_record(DnsWriter *writer, ByteSpan message, const DnsRecord *record)
{
    DnsData data = dns_record_data(message, record);
    DnsName name;
    ByteBuffer first;
    ByteBuffer second;
    byte_buffer_init(&first, DNS_MESSAGE_MAXIMUM);
    byte_buffer_init(&second, DNS_MESSAGE_MAXIMUM);
    if (dns_data_expand(data, &first) && record->type != DNS_TYPE_OPT) {
        g_autoptr(GString) text = g_string_new(NULL);
        DnsData alone = dns_data_alone(record->type, byte_buffer_span(&first));
        dns_data_to_text(alone, text);
        bool is_read = dns_data_from_text(
            record->type, byte_span(text->str, text->len), &dns_root, &second, NULL
        );
        g_assert(is_read);
        g_assert(byte_span_equal(byte_buffer_span(&first), byte_buffer_span(&second)));
        if (dns_message_name(message, record->name.start, &name, NULL, NULL)) {
            bool fits = dns_writer_record(
                writer,
                record->section,
                &name,
                record->type,
                record->class_number,
                record->ttl,
                byte_buffer_span(&first)
            );
            (void)fits;
        }
    }
    byte_buffer_clear(&first);
    byte_buffer_clear(&second);
}

static void read_message(ByteSpan message, DnsExchangeTable *table)
{
    DnsDefect defects[4];
    DnsReader reader;
    DnsRecord record;
    DnsWriter writer;
    gsize length = 0;
    DnsTextFooter footer = DNS_TEXT_NO_FOOTER;
    g_autoptr(GString) out = g_string_new(NULL);
    gsize count = dns_message_check(message, defects, G_N_ELEMENTS(defects));
    for (gsize i = 0; i < MIN(count, G_N_ELEMENTS(defects)); i++) {
        g_assert(defects[i].offset <= message.length);
    }
    dns_message_is_plausible(message);
    dns_fields_each(message, count_field, &length);
    dns_text_message(message, &footer, out);
    dns_text_short(message, out);
    dns_meaning(message, out);
    g_assert(g_str_is_ascii(out->str));
    dns_exchange_see(table, 1, message, 1, 1);
    if (!dns_reader_begin(&reader, message)) {
        return;
    }
    dns_writer_begin(&writer, DNS_MESSAGE_MAXIMUM, &reader.header);
    while (dns_reader_next(&reader, &record)) {
        if (record.section != DNS_SECTION_QUESTION) {
            repeat_record(&writer, message, &record);
        }
    }
    gsize defective = dns_message_check(dns_writer_message(&writer), defects, 1);
    g_assert(defective == 0 || reader.header.has_reserved_bit);
    dns_writer_clear(&writer);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0) {
        return 0;
    }
    DnsExchangeTable *table = dns_exchange_table_new(4);
    ByteSpan rest = byte_span(data + 1, size - 1);
    gsize piece = data[0] + 1u;
    DnsStream stream;
    DnsStreamMessage message;
    read_message(rest, table);
    dns_stream_init(&stream);
    while (rest.length > 0) {
        ByteSpan input = byte_span_slice(rest, 0, piece);
        rest = byte_span_from(rest, piece);
        while (dns_stream_next(&stream, &input, &message)) {
            read_message(message.octets, table);
        }
    }
    dns_stream_clear(&stream);
    dns_exchange_table_free(table);
    return 0;
}
