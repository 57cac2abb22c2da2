/* For fopencookie(). */
#define _GNU_SOURCE

#include "dissect/capture/capture-source.h"

#include "dissect/packet/octet-order.h"

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#define HEAD_MAXIMUM 4096
/* Large enough that asking the system costs little beside what it gives. */
#define STREAM_BUFFER (1024 * 1024)
#define PAGE 4096

/* The link type that libpcap sees at every pcapng interface. It must be one that libpcap has the
 * same number for as files have: it holds the two against each other, and takes two interfaces of
 * raw IP for different ones. */
#define LINK_SHOWN 1 /* Ethernet */

/* As much of a pcapng block as must be in one piece to be understood and mended. */
#define BLOCK_HEAD 20
#define BLOCK_SHORTEST 12
#define INTERFACES_MAXIMUM 65536
#define HEAD_ENOUGH 24
#define SNAPSHOT_OFFSET 16 /* in the header of a pcap file */

typedef enum {
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a,
} BlockType;

typedef enum {
    MEND_NOTHING,
    MEND_PCAP,
    MEND_PCAPNG,
} Mend;

struct CaptureSource {
    int descriptor; /* -1: memory */
    ByteSpan memory;
    guint8 head[HEAD_MAXIMUM];
    gsize head_length;
    gsize head_given;
    bool is_peeked;
    atomic_uint_fast64_t position;
    char *memory_of_buffer;
    char *buffer; /* of the stdio stream, on a page of its own: copying into it is faster so */

    guint8 *given_back;
    gsize given_back_length;
    gsize given_back_at;

    Mend mend;
    bool is_swapped;
    guint64 left_in_block; /* octets of the present block still to pass */
    guint8 carried[BLOCK_HEAD];
    gsize carried_length;
    guint64 mixed_from; /* from this frame on each has its link type in the queue */
    guint64 frames_passed;
    guint64 frames_taken;
    GArray *links;       /* guint16 per interface of the section */
    GArray *frame_links; /* guint16 per frame not yet taken */
    guint frame_links_at;
    GArray *block_starts;      /* guint64, of the last two pieces read */
    guint block_starts_before; /* how many of them are of the piece before */
};

CaptureSource *capture_source_new(int descriptor)
{
    CaptureSource *source = g_new0(CaptureSource, 1);
    source->descriptor = descriptor;
    source->memory_of_buffer = g_malloc(STREAM_BUFFER + PAGE);
    source->buffer =
        source->memory_of_buffer + (PAGE - (guintptr)source->memory_of_buffer % PAGE) % PAGE;
    source->links = g_array_new(FALSE, FALSE, sizeof(guint16));
    source->frame_links = g_array_new(FALSE, FALSE, sizeof(guint16));
    source->block_starts = g_array_new(FALSE, FALSE, sizeof(guint64));
    return source;
}

CaptureSource *capture_source_new_memory(ByteSpan octets)
{
    CaptureSource *source = capture_source_new(-1);
    source->memory = octets;
    return source;
}

void capture_source_free(CaptureSource *source)
{
    if (source == NULL) {
        return;
    }
    if (source->descriptor > STDIN_FILENO) {
        close(source->descriptor);
    }
    g_array_unref(source->links);
    g_array_unref(source->frame_links);
    g_array_unref(source->block_starts);
    g_free(source->memory_of_buffer);
    g_free(source->given_back);
    g_free(source);
}

/* As read(2), with memory as one more kind of file. */
static gssize read_some(CaptureSource *source, guint8 *into, gsize size)
{
    if (source->descriptor < 0) {
        gsize length = MIN(size, source->memory.length);
        if (length > 0) {
            memcpy(into, source->memory.data, length);
        }
        source->memory = byte_span_from(source->memory, length);
        return (gssize)length;
    }
    gssize length;
    do {
        length = read(source->descriptor, into, size);
    } while (length < 0 && errno == EINTR);
    return length;
}

bool capture_source_peek(CaptureSource *source, ByteSpan *out_octets)
{
    while (!source->is_peeked && source->head_length < HEAD_ENOUGH) {
        gssize length = read_some(
            source, source->head + source->head_length, HEAD_MAXIMUM - source->head_length
        );
        if (length < 0) {
            return false;
        }
        source->is_peeked = length == 0;
        source->head_length += (gsize)length;
    }
    source->is_peeked = true;
    *out_octets = byte_span(source->head, source->head_length);
    return true;
}

static guint16 file16(const CaptureSource *source, const guint8 *octets)
{
    return source->is_swapped ? read_be16(octets) : read_le16(octets);
}

static guint32 file32(const CaptureSource *source, const guint8 *octets)
{
    return source->is_swapped ? read_be32(octets) : read_le32(octets);
}

static void mend_interface(CaptureSource *source, guint8 *block)
{
    guint16 link = file16(source, block + 8);
    if (link != LINK_SHOWN) {
        source->mixed_from = MIN(source->mixed_from, source->frames_passed);
        block[8] = source->is_swapped ? 0 : LINK_SHOWN;
        block[9] = source->is_swapped ? LINK_SHOWN : 0;
    }
    if (source->links->len < INTERFACES_MAXIMUM) {
        g_array_append_val(source->links, link);
    }
    /* No limit, so that one that is too small or differs from the others' does no harm. */
    memset(block + 12, 0, 4);
}

static void note_frame(CaptureSource *source, guint32 interface)
{
    if (source->frames_passed++ >= source->mixed_from) {
        guint16 link = interface < source->links->len
                           ? g_array_index(source->links, guint16, interface)
                           : LINK_SHOWN;
        g_array_append_val(source->frame_links, link);
    }
}

/* Looks at the first BLOCK_HEAD octets of a block (fewer only at the end of the file) and gives its
 * length, 0 if it is not a block: then libpcap shall find out what is wrong. */
static guint64 look_at_block(CaptureSource *source, guint8 *block, gsize length)
{
    if (length < BLOCK_SHORTEST) {
        return 0;
    }
    guint32 type = read_le32(block);
    if (type == BLOCK_SECTION) {
        source->is_swapped = read_be32(block + 8) == 0x1a2b3c4d;
        g_array_set_size(source->links, 0);
    }
    type = file32(source, block);
    guint32 total = file32(source, block + 4);
    if (type == BLOCK_INTERFACE && length >= BLOCK_HEAD) {
        mend_interface(source, block);
    } else if (type == BLOCK_PACKET) {
        note_frame(source, file32(source, block + 8));
    } else if (type == BLOCK_OLD_PACKET) {
        note_frame(source, file16(source, block + 8));
    } else if (type == BLOCK_SIMPLE_PACKET) {
        note_frame(source, 0);
    }
    return total < BLOCK_SHORTEST ? 0 : total;
}

/* Walks over the blocks in a piece of the file that begins at 'offset'; gives how many octets of
 * the piece can be handed on: the beginning of a block is kept until enough of it has come. */
static gsize
mend_blocks(CaptureSource *source, guint8 *piece, gsize length, guint64 offset, bool is_end)
{
    gsize at = 0;
    while (at < length) {
        if (source->left_in_block > 0) {
            gsize step = (gsize)MIN((guint64)(length - at), source->left_in_block);
            source->left_in_block -= step;
            at += step;
            continue;
        }
        gsize present = length - at;
        if (present < BLOCK_HEAD && !is_end) {
            return at;
        }
        guint64 start = offset + at;
        g_array_append_val(source->block_starts, start);
        source->left_in_block = look_at_block(source, piece + at, present);
        if (source->left_in_block == 0) {
            source->mend = MEND_NOTHING;
            return length;
        }
    }
    return at;
}

/* The pieces that went before the last one have been read by now. */
static void forget_block_starts(CaptureSource *source)
{
    g_array_remove_range(source->block_starts, 0, source->block_starts_before);
    source->block_starts_before = source->block_starts->len;
}

static gsize take_given_back(CaptureSource *source, guint8 *into, gsize size)
{
    gsize length = MIN(source->given_back_length - source->given_back_at, size);
    memcpy(into, source->given_back + source->given_back_at, length);
    source->given_back_at += length;
    return length;
}

/* Fills 'into' with what was given back, what was kept, what was peeked at, and what comes. */
static gssize gather(CaptureSource *source, guint8 *into, gsize size)
{
    if (source->given_back_at < source->given_back_length) {
        return (gssize)take_given_back(source, into, size);
    }
    gsize length = source->carried_length;
    memcpy(into, source->carried, length);
    source->carried_length = 0;
    gsize peeked = MIN(source->head_length - source->head_given, size - length);
    if (peeked > 0) {
        memcpy(into + length, source->head + source->head_given, peeked);
        source->head_given += peeked;
        return (gssize)(length + peeked);
    }
    gssize more = read_some(source, into + length, size - length);
    if (more < 0) {
        return -1;
    }
    return (gssize)length + more;
}

static gssize read_pcapng(CaptureSource *source, guint8 *into, gsize size, guint64 offset)
{
    gsize before = source->carried_length;
    gsize given = 0;
    while (given == 0) {
        gssize length = gather(source, into, size);
        if (length <= 0) {
            return length;
        }
        bool is_end = (gsize)length == before;
        forget_block_starts(source);
        given = mend_blocks(source, into, (gsize)length, offset, is_end);
        before = (gsize)length - given;
        memcpy(source->carried, into + given, before);
        source->carried_length = before;
    }
    return (gssize)given;
}

static void move_on(CaptureSource *source, guint64 offset, gssize length)
{
    if (length > 0) {
        atomic_store_explicit(&source->position, offset + (guint64)length, memory_order_relaxed);
    }
}

/* The header of a pcap file is given alone, so that what follows need not go through the stream. */
static ssize_t stream_read(void *cookie, char *buffer, size_t size)
{
    CaptureSource *source = cookie;
    guint8 *into = (guint8 *)buffer;
    guint64 offset = capture_source_position(source);
    gssize length;
    g_assert(size >= 2 * BLOCK_HEAD);
    if (source->mend == MEND_PCAPNG) {
        length = read_pcapng(source, into, size, offset);
    } else {
        length = gather(source, into, offset < HEAD_ENOUGH ? (gsize)(HEAD_ENOUGH - offset) : size);
    }
    move_on(source, offset, length);
    return length;
}

gssize capture_source_read(CaptureSource *source, guint8 *into, gsize size)
{
    gssize length = gather(source, into, size);
    move_on(source, capture_source_position(source), length);
    return length;
}

void capture_source_give_back(CaptureSource *source, ByteSpan octets)
{
    g_assert(source->given_back_at == source->given_back_length);
    g_free(source->given_back);
    source->given_back = g_memdup2(octets.data, octets.length);
    source->given_back_length = octets.length;
    source->given_back_at = 0;
    guint64 offset = capture_source_position(source) - octets.length;
    atomic_store_explicit(&source->position, offset, memory_order_relaxed);
}

/* Only tells where the stream is. */
static int stream_seek(void *cookie, off64_t *offset, int whence)
{
    CaptureSource *source = cookie;
    if (whence != SEEK_CUR || *offset != 0) {
        errno = ESPIPE;
        return -1;
    }
    *offset = (off64_t)capture_source_position(source);
    return 0;
}

/* What has to be mended, by the first octets. */
static void prepare(CaptureSource *source)
{
    ByteSpan head;
    if (!capture_source_peek(source, &head) || head.length < HEAD_ENOUGH) {
        return;
    }
    guint32 magic = read_le32(head.data);
    if (magic == BLOCK_SECTION) {
        source->mend = MEND_PCAPNG;
        source->mixed_from = G_MAXUINT64;
        return;
    }
    source->mend = MEND_PCAP;
    memset(source->head + SNAPSHOT_OFFSET, 0, 4);
}

FILE *capture_source_stream(CaptureSource *source)
{
    prepare(source);
    cookie_io_functions_t functions = {.read = stream_read, .seek = stream_seek};
    FILE *stream = fopencookie(source, "rb", functions);
    if (stream != NULL) {
        setvbuf(stream, source->buffer, _IOFBF, STREAM_BUFFER);
    }
    return stream;
}

guint64 capture_source_position(const CaptureSource *source)
{
    return atomic_load_explicit(&source->position, memory_order_relaxed);
}

bool capture_source_next_link(CaptureSource *source, guint32 *out_link)
{
    if (source->mend != MEND_PCAPNG || source->frames_taken++ < source->mixed_from ||
        source->frame_links_at == source->frame_links->len) {
        return false;
    }
    *out_link = g_array_index(source->frame_links, guint16, source->frame_links_at);
    source->frame_links_at++;
    if (source->frame_links_at == source->frame_links->len) {
        g_array_set_size(source->frame_links, 0);
        source->frame_links_at = 0;
    }
    return true;
}

guint64 capture_source_block_start(const CaptureSource *source, guint64 position)
{
    guint64 start = position;
    for (guint i = 0; i < source->block_starts->len; i++) {
        guint64 candidate = g_array_index(source->block_starts, guint64, i);
        if (candidate >= position) {
            break;
        }
        start = candidate;
    }
    return start;
}
