#include "ui/anonymize/anonymize-dns.h"

#include "protocol/dns/dns-data.h"
#include "protocol/dns/dns-message.h"
#include "ui/anonymize/anonymize-words.h"

#include <string.h>

#define LABELS_MAXIMUM 128
#define POINTER 0xc0

/* The labels that stand at one place: a name, or the part of it before a pointer. */
typedef struct {
    guint8 *labels[LABELS_MAXIMUM];
    gsize lengths[LABELS_MAXIMUM];
    guint count;
    bool is_whole; /* it ends here, not elsewhere */
} Labels;

static void find_labels(guint8 *message, DnsPlace place, Labels *out)
{
    *out = (Labels){.is_whole = true};
    for (guint at = place.start; at < place.end && message[at] != 0;) {
        if (message[at] >= POINTER || at + 1u + message[at] > place.end ||
            out->count == LABELS_MAXIMUM) {
            out->is_whole = false;
            return;
        }
        out->labels[out->count] = message + at + 1;
        out->lengths[out->count++] = message[at];
        at += 1u + message[at];
    }
}

/* "25.2.0.192.in-addr.arpa": an address, last part first. */
static bool change_reversed_quad(AnonymizeNames *names, Labels *labels)
{
    guint8 octets[4];
    for (guint i = 0; i < 4; i++) {
        guint64 number;
        if (labels->count < 4 || labels->lengths[i] > 3 ||
            !byte_span_to_number(byte_span(labels->labels[i], labels->lengths[i]), &number) ||
            number > 255) {
            return false;
        }
        octets[3 - i] = (guint8)number;
    }
    anonymize_address(names, octets, sizeof octets);
    for (guint i = 0; i < 4; i++) {
        char number[4];
        g_snprintf(number, sizeof number, "%u", octets[3 - i]);
        memcpy(labels->labels[i], number, MIN(strlen(number), labels->lengths[i]));
    }
    return true;
}

static void change_name(AnonymizeNames *names, guint8 *message, DnsPlace place)
{
    Labels labels;
    find_labels(message, place, &labels);
    guint first = change_reversed_quad(names, &labels) ? 4 : 0;
    for (guint i = first; i < labels.count; i++) {
        bool is_top = labels.is_whole && i + 1 == labels.count;
        bool stays = (is_top && labels.lengths[i] <= 4) ||
                     anonymize_is_service(byte_span(labels.labels[i], labels.lengths[i]));
        if (!stays) {
            anonymize_text(names, labels.labels[i], labels.lengths[i], ANONYMIZE_NAMES);
        }
    }
}

static void change_part(AnonymizeNames *names, guint8 *message, const DnsDataPart *part)
{
    guint8 *at = message + part->place.start;
    gsize length = (gsize)(part->place.end - part->place.start);
    if (part->part == NULL) {
        anonymize_text(names, at, length, ANONYMIZE_EVERYTHING);
        return;
    }
    if (part->part->kind == DNS_PART_NAME || part->part->kind == DNS_PART_PLAIN_NAME) {
        change_name(names, message, part->place);
    } else if (part->part->kind == DNS_PART_IPV4 || part->part->kind == DNS_PART_IPV6) {
        anonymize_address(names, at, length);
    } else if (part->octets.length > 0 && part->part->kind != DNS_PART_OPTIONS) {
        anonymize_text(
            names, message + (part->octets.data - message), part->octets.length, ANONYMIZE_GRAMMAR
        );
    }
}

void anonymize_dns(AnonymizeNames *names, guint8 *message, gsize length)
{
    DnsReader reader;
    DnsRecord record;
    if (!dns_reader_begin(&reader, byte_span(message, length))) {
        anonymize_text(names, message, length, ANONYMIZE_EVERYTHING);
        return;
    }
    gsize end = DNS_HEADER_LENGTH;
    while (dns_reader_next(&reader, &record)) {
        change_name(names, message, record.name);
        DnsDataReader data;
        DnsDataPart part;
        if (record.section != DNS_SECTION_QUESTION) {
            dns_data_begin(&data, byte_span(message, length), record.type, record.data);
            while (dns_data_next(&data, &part)) {
                change_part(names, message, &part);
            }
        }
        end = MAX(end, record.whole.end);
    }
    if (end < length) { /* what cannot be read */
        anonymize_text(names, message + end, length - end, ANONYMIZE_EVERYTHING);
    }
}
