#pragma once

/* What reading a file and capturing live share; internal to this folder. */

#include "dissect/capture/capture-format.h"
#include "dissect/capture/capture-reader.h"
#include "dissect/capture/capture-records.h"
#include "dissect/capture/capture-source.h"

#include <pcap/pcap.h>
#include <stdatomic.h>

typedef struct CaptureLive CaptureLive;

struct CaptureReader {
    pcap_t *pcap;
    CaptureSource *source; /* NULL: live */
    FILE *stream;          /* closed by libpcap */
    CaptureFormat format;
    CaptureLive *live; /* NULL: a file */
    char *live_name;
    guint64 first_number;
    guint64 next_number;
    guint64 offset; /* in a pcap file: of the next record */
    guint32 record_header;
    guint32 link_type;
    guint64 size;
    CaptureRecordForm form; /* of a plain file, while it is read in blocks */
    bool has_blocks;
    bool has_links;            /* pcapng: each frame may have its own link type */
    bool has_unsigned_seconds; /* the file has 32 bits for them */
    bool has_microseconds;     /* live only: libpcap gives files in nanoseconds */
    atomic_bool is_stopped;
    CaptureDamage damage;
    bool is_damaged;
};

/* Takes a frame as libpcap gives it; false: no more now. */
typedef bool (*CaptureHandler
)(gpointer owner, const struct pcap_pkthdr *header, const guint8 *octets);

/* Hands many frames over in one go, which costs less than asking for each. CAPTURE_FRAME: the
 * handler refused or a good many have been given; go on. Every frame must be filled in, in its
 * turn. */
CaptureResult
capture_reader_dispatch(CaptureReader *reader, CaptureHandler handler, gpointer owner);
void capture_reader_fill_frame(
    CaptureReader *reader,
    const struct pcap_pkthdr *header,
    const guint8 *octets,
    CaptureFrame *out_frame
);

/* A plain pcap file can be read in blocks instead, whose records are cut where they lie. It ends
 * with the first record that is not whole and sound: from there on, with 'rest' of the last block
 * before all that follows, libpcap reads. */
static inline bool capture_reader_has_blocks(const CaptureReader *reader)
{
    return reader->has_blocks && !atomic_load_explicit(&reader->is_stopped, memory_order_relaxed);
}

gssize capture_reader_read_block(CaptureReader *reader, guint8 *into, gsize size);
CaptureRecordResult
capture_reader_cut_record(CaptureReader *reader, ByteSpan octets, CaptureFrame *out_frame);
void capture_reader_end_blocks(CaptureReader *reader, ByteSpan rest);

/* In capture-live.c. */
CaptureResult capture_live_wait(CaptureReader *reader);
void capture_live_free(CaptureLive *live);
