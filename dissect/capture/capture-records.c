#include "dissect/capture/capture-records.h"

#define NANOSECONDS G_GINT64_CONSTANT(1000000000)

/* Links in whose frames libpcap changes no octet and no length. It turns over the headers that some
 * others write in the byte order of the machine. */
static bool is_plain_link(int link, bool is_swapped)
{
    switch (link) {
    case DLT_NULL:
    case DLT_EN10MB:
    case DLT_PPP:
    case DLT_RAW:
    case DLT_IEEE802_11:
    case DLT_IEEE802_11_RADIO:
    case DLT_LOOP:
        return true;
    case DLT_LINUX_SLL:
    case DLT_LINUX_SLL2:
        return !is_swapped;
    default:
        return false;
    }
}

bool capture_record_form_of(pcap_t *pcap, bool has_nanoseconds, CaptureRecordForm *out_form)
{
    bool is_swapped = pcap_is_swapped(pcap) != 0;
    int link = pcap_datalink(pcap);
    int longest = pcap_snapshot(pcap);
    /* Before version 2.4 the two lengths of a record changed places more than once. */
    if (pcap_major_version(pcap) != 2 || pcap_minor_version(pcap) != 4 ||
        !is_plain_link(link, is_swapped) || longest <= 0) {
        return false;
    }
    *out_form = (CaptureRecordForm){
        .link_type = (guint32)link,
        .longest = MIN((guint32)longest, CAPTURE_RECORD_LONGEST),
        .fractions = has_nanoseconds ? 1000000000 : 1000000,
        .fraction_ns = has_nanoseconds ? 1 : 1000,
        .is_swapped = is_swapped,
    };
    return true;
}

static guint32 field(const CaptureRecordForm *form, const guint8 *record, gsize offset)
{
    guint32 value;
    memcpy(&value, record + offset, sizeof value);
    return form->is_swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

CaptureRecordResult
capture_record_cut(const CaptureRecordForm *form, ByteSpan octets, CaptureFrame *out_frame)
{
    if (octets.length < CAPTURE_RECORD_HEADER) {
        return CAPTURE_RECORD_PART;
    }
    guint32 seconds = field(form, octets.data, 0);
    guint32 fraction = field(form, octets.data, 4);
    guint32 captured = field(form, octets.data, 8);
    guint32 original = field(form, octets.data, 12);
    if (G_UNLIKELY(captured > form->longest || fraction >= form->fractions)) {
        return CAPTURE_RECORD_ODD;
    }
    if (octets.length - CAPTURE_RECORD_HEADER < captured) {
        return CAPTURE_RECORD_PART;
    }
    *out_frame = (CaptureFrame){
        .time_ns = seconds * NANOSECONDS + (gint64)fraction * form->fraction_ns,
        .link_type = form->link_type,
        .captured_length = captured,
        .original_length = MAX(original, captured),
        .data = octets.data + CAPTURE_RECORD_HEADER,
    };
    return CAPTURE_RECORD_WHOLE;
}
