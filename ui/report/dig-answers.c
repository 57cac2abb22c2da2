#include "ui/report/dig-answers.h"

#include "protocol/dns/dns-text.h"

/* "hamburger.edu MX": what one would have typed behind dig. */
static char *arguments_of(ByteSpan message)
{
    DnsReader reader;
    DnsRecord record;
    DnsName name;
    if (!dns_reader_begin(&reader, message) || !dns_reader_next(&reader, &record) ||
        record.section != DNS_SECTION_QUESTION ||
        !dns_message_name(message, record.name.start, &name, NULL, NULL)) {
        return NULL;
    }
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    char text[DNS_NAME_TEXT_MAXIMUM];
    dns_name_to_text(&name, text);
    return g_strdup_printf("%s %s", text, dns_type_to_text(record.type, room));
}

void dig_answers_event(GString *out, const DissectEvent *event)
{
    if (event->kind != DISSECT_DNS || event->exchange.kind != DNS_EXCHANGE_ANSWER) {
        return;
    }
    char server[PACKET_ADDRESS_TEXT_SIZE];
    g_autofree char *arguments = arguments_of(event->octets);
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(event->time_ns / 1000000000);
    g_autofree char *when =
        time == NULL ? NULL : g_date_time_format(time, "%a %b %d %H:%M:%S UTC %Y");
    DnsTextFooter footer = {
        .query_time_ms = (event->time_ns / 1000 - event->exchange.time_us) / 1000,
        .server = packet_address_format(&event->source, server),
        .port = event->source_port,
        .over_tcp = event->is_tcp,
        .when = when,
        .arguments = arguments,
    };
    dns_text_message(event->octets, &footer, out);
    g_string_append_c(out, '\n');
}
