/* Zones as a scenario may write them, questions as anybody may ask them, and answers as a hostile
 * name server may give them. The first octet chooses. A zone that is read is written and read
 * again alike; a server's answer has no defect; a resolver always comes to an end. */

#include "protocol/dns/dns-writer.h"
#include "sim/naming/dns-resolver.h"
#include "sim/naming/dns-server.h"

#define SEEN_MAXIMUM 100

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static DnsName name_of(const char *text)
{
    DnsName name;
    bool is_name = dns_name_from_text(text, &name);
    g_assert(is_name);
    return name;
}

static void read_zone(ByteSpan input)
{
    DnsName origin = name_of("hamburger.edu");
    g_autoptr(DnsZone) zone = dns_zone_new(&origin);
    g_autoptr(DnsZone) again = dns_zone_new(&origin);
    g_autofree char *text = byte_span_to_string(input);
    g_autoptr(GError) error = NULL;
    bool is_read = dns_zone_parse(zone, text, &error);
    g_assert(is_read == (error == NULL));
    g_autoptr(GString) first = g_string_new(NULL);
    g_autoptr(GString) second = g_string_new(NULL);
    dns_zone_to_text(zone, first);
    is_read = dns_zone_parse(again, first->str, NULL);
    g_assert(is_read);
    g_assert_cmpuint(dns_zone_records(zone), ==, dns_zone_records(again));
    dns_zone_to_text(again, second);
    g_assert_cmpstr(first->str, ==, second->str);
}

static void answer_question(ByteSpan input, bool over_tcp)
{
    static const char *const text =
        "@ SOA ns1 h 1 2 3 4 60\n@ NS ns1\n@ MX 10 mail\nns1 A 10.0.0.1\n"
        "mail A 10.0.0.2\n*.w CNAME mail\nloop CNAME loop\n"
        "sub NS ns.sub\nns.sub A 10.0.0.3\n";
    DnsName origin = name_of("a");
    g_autoptr(DnsZone) zone = dns_zone_new(&origin);
    g_autoptr(DnsServer) server = dns_server_new();
    ByteBuffer out;
    DnsDefect defect;
    bool is_read = dns_zone_parse(zone, text, NULL);
    g_assert(is_read);
    dns_server_add_zone(server, zone);
    byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
    if (dns_server_answer(server, input, over_tcp, &out)) {
        g_assert_cmpuint(dns_message_check(byte_buffer_span(&out), &defect, 1), ==, 0);
        g_assert(over_tcp || byte_buffer_length(&out) <= DNS_SERVER_UDP_MAXIMUM);
    }
    byte_buffer_clear(&out);
}

/* Id and question are right, as a server on the path could make them; the rest is the input's. */
static void forge(DnsResolver *resolver, const DnsAction *action, ByteSpan input, SimTime now)
{
    g_autoptr(GByteArray) forged = g_byte_array_new();
    DnsReader reader;
    DnsRecord record;
    dns_reader_begin(&reader, action->octets);
    dns_reader_next(&reader, &record);
    g_byte_array_append(forged, action->octets.data, record.whole.end);
    if (input.length >= 8) {
        memcpy(forged->data + 2, input.data, 2);
        memcpy(forged->data + 6, input.data + 2, 6);
        input = byte_span_from(input, 8);
    }
    forged->data[2] |= 0x80;
    g_byte_array_append(forged, input.data, (guint)input.length);
    dns_resolver_receive(
        resolver,
        action->exchange,
        byte_span(forged->data, forged->len),
        action->kind == DNS_ACTION_SEND_TCP,
        now
    );
}

static void mislead_resolver(ByteSpan input, bool is_stub)
{
    SimAddress address = sim_address_ipv4(10, 0, 0, 1);
    DnsHint hint = {.name = name_of("r"), .address = address};
    DnsResolverOptions options = {
        .hints = &hint,
        .n_hints = is_stub ? 0 : 1,
        .forwarders = &address,
        .n_forwarders = is_stub ? 1 : 0,
        .has_ipv4 = true,
        .uses_edns = true,
        .cache_entries = SEEN_MAXIMUM,
    };
    g_autoptr(DnsResolver) resolver = dns_resolver_new(&options);
    DnsName name = name_of("www.a.b");
    DnsAction action;
    SimTime now = 0;
    guint done = 0;
    dns_resolver_start(resolver, &name, DNS_TYPE_A, now);
    while (done == 0) {
        while (dns_resolver_next_action(resolver, &action)) {
            if (action.kind == DNS_ACTION_DONE) {
                g_assert_cmpuint(action.answer->queries, <=, DNS_RESOLVER_QUERIES_MAXIMUM);
                g_autoptr(GString) text = g_string_new(NULL);
                dns_answer_to_text(action.answer, text);
                dns_answer_unref(action.answer);
                done++;
            } else if (action.kind != DNS_ACTION_FORGET && input.length > 0) {
                gsize length = MIN(input.data[0], input.length - 1);
                forge(resolver, &action, byte_span_slice(input, 1, length), now);
                input = byte_span_from(input, length + 1);
            }
        }
        g_assert(done > 0 || dns_resolver_deadline(resolver) != SIM_TIME_NEVER);
        now = dns_resolver_deadline(resolver);
        if (now != SIM_TIME_NEVER) {
            dns_resolver_time_out(resolver, now);
        }
    }
    g_assert_cmpuint(dns_resolver_waiting(resolver), ==, 0);
    g_assert_cmpuint(dns_cache_count(dns_resolver_cache(resolver)), <=, SEEN_MAXIMUM);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0) {
        return 0;
    }
    ByteSpan input = byte_span(data + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
        read_zone(input);
        break;
    case 1:
    case 2:
        answer_question(input, data[0] % 5 == 1);
        break;
    default:
        mislead_resolver(input, data[0] % 5 == 4);
        break;
    }
    return 0;
}
