#pragma once

/* Reads frames through libpcap: from a file, from standard input, from octets in memory; live
 * capture is opened by capture-live.h and read by the same functions.
 *
 *     open ── GError: no such file, or a format that libpcap cannot read, called by its name
 *      └─ next ─┬─ CAPTURE_FRAME: one frame, borrowed until the following next()
 *               ├─ CAPTURE_IDLE: live only, nothing came for a while
 *               ├─ CAPTURE_END
 *               └─ CAPTURE_DAMAGED: all frames before the damage were given; see damage()
 */

#include "dissect/capture/capture-frame.h"

typedef struct CaptureReader CaptureReader;

#define CAPTURE_ERROR capture_error_quark()
GQuark capture_error_quark(void);

typedef enum {
    CAPTURE_ERROR_OPEN,      /* no such file, no right to read it, no such interface */
    CAPTURE_ERROR_FORMAT,    /* a known format that libpcap does not read */
    CAPTURE_ERROR_EMPTY,     /* no octet at all */
    CAPTURE_ERROR_NOT_KNOWN, /* not a capture */
    CAPTURE_ERROR_HEADER,    /* a capture whose own header is broken */
    CAPTURE_ERROR_FILTER,    /* a filter expression that does not compile */
} CaptureError;

typedef enum {
    CAPTURE_FRAME,
    CAPTURE_IDLE,
    CAPTURE_END,
    CAPTURE_DAMAGED,
} CaptureResult;

/* Where and why reading stopped before the end. */
typedef struct {
    bool is_cut;    /* the file ends inside a record; otherwise a record contradicts itself */
    guint64 frame;  /* number of the frame that could not be read */
    guint64 offset; /* of the damaged record in the file, counted from 0 */
    char *message;  /* a sentence for people */
} CaptureDamage;

typedef struct {
    guint64 received;
    guint64 dropped;              /* for want of room in the kernel's buffer */
    guint64 dropped_by_interface; /* by the card or its driver */
    bool is_known;
} CaptureDrops;

/* "-" is standard input. The first frame gets the number 'first_number'. */
CaptureReader *capture_reader_open(const char *path, guint64 first_number, GError **error);

/* 'octets' must outlive the reader. */
CaptureReader *capture_reader_open_memory(ByteSpan octets, GError **error);
void capture_reader_free(CaptureReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaptureReader, capture_reader_free)

CaptureResult capture_reader_next(CaptureReader *reader, CaptureFrame *out_frame);

/* NULL while nothing is wrong; owned by the reader. */
const CaptureDamage *capture_reader_damage(const CaptureReader *reader);

/* "pcap, microseconds", "pcapng" ...; for live capture the name of the interface. */
const char *capture_reader_format(const CaptureReader *reader);
guint64 capture_reader_frames(const CaptureReader *reader);

/* Octets of the file taken so far and its size, 0 where that is not known: for progress. Both may
 * be asked from another thread than the one that reads. */
guint64 capture_reader_position(const CaptureReader *reader);
guint64 capture_reader_size(const CaptureReader *reader);

/* Live capture only; is_known is false for files. */
CaptureDrops capture_reader_drops(CaptureReader *reader);

/* Makes the reading end soon; may be called from another thread. */
void capture_reader_stop(CaptureReader *reader);
