#include "ui/anonymize/capture-anonymize.h"

#include "ui/anonymize/anonymize-frame.h"
#include "ui/anonymize/anonymize-streams.h"
#include "ui/report/pcapng-writer.h"
#include "ui/report/whole-file.h"

#define PROGRAM "mailwalk"
#define MAGIC_NANOSECONDS 0xa1b23c4d
#define SNAPSHOT_LENGTH 262144
#define LINK_RAW_OF_SYSTEM 12 /* what libpcap calls raw IP here ... */
#define LINK_RAW_IN_FILES 101 /* ... and in files */

typedef struct {
    gint64 time_ns;
    guint32 link_type;
    guint32 original_length;
    gsize start; /* in 'octets' */
    guint32 length;
    bool has_place;
    AnonymizePlace place;
} KeptFrame;

struct CaptureAnonymize {
    char *path;
    AnonymizeStreams *streams;
    GArray *frames; /* KeptFrame */
    GByteArray *octets;
    GChecksum *sum; /* of all frames: the key of the names */
    bool is_full;
};

CaptureAnonymize *capture_anonymize_new(const char *path, bool force, GError **error)
{
    if (!force && g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(
            error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s exists; --force replaces it", path
        );
        return NULL;
    }
    CaptureAnonymize *anonymize = g_new0(CaptureAnonymize, 1);
    anonymize->path = g_strdup(path);
    anonymize->streams = anonymize_streams_new();
    anonymize->frames = g_array_new(FALSE, FALSE, sizeof(KeptFrame));
    anonymize->octets = g_byte_array_new();
    anonymize->sum = g_checksum_new(G_CHECKSUM_SHA256);
    return anonymize;
}

void capture_anonymize_free(CaptureAnonymize *anonymize)
{
    if (anonymize != NULL) {
        anonymize_streams_free(anonymize->streams);
        g_array_unref(anonymize->frames);
        g_byte_array_unref(anonymize->octets);
        g_checksum_free(anonymize->sum);
        g_free(anonymize->path);
        g_free(anonymize);
    }
}

void capture_anonymize_frame(
    CaptureAnonymize *anonymize,
    const Packet *packet,
    const Conversation *conversation,
    StreamDirection direction
)
{
    const CaptureFrame *frame = packet->frame;
    if (anonymize->is_full ||
        anonymize->octets->len + (gsize)frame->captured_length > ANONYMIZE_HELD_MAXIMUM) {
        anonymize->is_full = true;
        return;
    }
    KeptFrame kept = {
        .time_ns = frame->time_ns,
        .link_type = frame->link_type,
        .original_length = frame->original_length,
        .start = anonymize->octets->len,
        .length = frame->captured_length,
    };
    g_byte_array_append(anonymize->octets, frame->data, frame->captured_length);
    g_checksum_update(anonymize->sum, frame->data, (gssize)frame->captured_length);
    if (packet->kind == PACKET_TCP && conversation != NULL) {
        kept.has_place = true;
        kept.place =
            anonymize_streams_take_frame(anonymize->streams, packet, conversation, direction);
    }
    g_array_append_val(anonymize->frames, kept);
}

void capture_anonymize_event(CaptureAnonymize *anonymize, const DissectEvent *event)
{
    if (!anonymize->is_full) {
        anonymize_streams_take_event(anonymize->streams, event);
    }
}

static void change_frames(CaptureAnonymize *anonymize)
{
    guint8 key[32];
    gsize length = sizeof key;
    g_checksum_get_digest(anonymize->sum, key, &length);
    g_autoptr(AnonymizeNames) names = anonymize_names_new(byte_span(key, length));
    anonymize_streams_change(anonymize->streams, names);
    g_autofree guint8 *before = g_memdup2(anonymize->octets->data, anonymize->octets->len);
    g_autoptr(AnonymizeFrames) frames = anonymize_frames_new(anonymize->streams, names);
    for (guint i = 0; i < anonymize->frames->len; i++) {
        const KeptFrame *kept = &g_array_index(anonymize->frames, KeptFrame, i);
        CaptureFrame frame = {
            .number = i + 1u,
            .time_ns = kept->time_ns,
            .link_type = kept->link_type,
            .captured_length = kept->length,
            .original_length = kept->original_length,
            .data = before + kept->start,
        };
        anonymize_frames_change(
            frames,
            &frame,
            kept->has_place ? &kept->place : NULL,
            anonymize->octets->data + kept->start
        );
    }
    anonymize_frames_finish(frames);
}

static guint32 link_type_in_files(guint32 link_type)
{
    return link_type == LINK_RAW_OF_SYSTEM ? LINK_RAW_IN_FILES : link_type;
}

static void put_32(GByteArray *out, guint32 number)
{
    guint32 little = GUINT32_TO_LE(number);
    g_byte_array_append(out, (const guint8 *)&little, sizeof little);
}

static void put_classic_header(GByteArray *out, guint32 link_type)
{
    put_32(out, MAGIC_NANOSECONDS);
    put_32(out, 2 | 4 << 16); /* version 2.4 */
    put_32(out, 0);
    put_32(out, 0);
    put_32(out, SNAPSHOT_LENGTH);
    put_32(out, link_type_in_files(link_type));
}

static void put_classic_frame(GByteArray *out, const KeptFrame *kept, const guint8 *octets)
{
    gint64 seconds = kept->time_ns / G_GINT64_CONSTANT(1000000000);
    put_32(out, (guint32)seconds);
    put_32(out, (guint32)(kept->time_ns - seconds * G_GINT64_CONSTANT(1000000000)));
    put_32(out, kept->length);
    put_32(out, kept->original_length);
    g_byte_array_append(out, octets + kept->start, kept->length);
}

/* The number of the link type's interface; a new one is written. */
static guint32 interface_of(GByteArray *out, GArray *links, guint32 link_type)
{
    for (guint i = 0; i < links->len; i++) {
        if (g_array_index(links, guint32, i) == link_type) {
            return i;
        }
    }
    g_array_append_val(links, link_type);
    pcapng_put_interface(out, (guint16)link_type_in_files(link_type), 9);
    return links->len - 1;
}

static void put_frames(const CaptureAnonymize *anonymize, GByteArray *out, bool is_classic)
{
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (!is_classic) {
        pcapng_put_section(out, PROGRAM);
    }
    for (guint i = 0; i < anonymize->frames->len; i++) {
        const KeptFrame *kept = &g_array_index(anonymize->frames, KeptFrame, i);
        if (is_classic) {
            put_classic_frame(out, kept, anonymize->octets->data);
            continue;
        }
        PcapngPacket packet = {
            .interface = interface_of(out, links, kept->link_type),
            .ticks = (guint64)kept->time_ns,
            .original_length = kept->original_length,
            .octets = byte_span(anonymize->octets->data + kept->start, kept->length),
        };
        pcapng_put_packet(out, &packet);
    }
}

static bool has_one_link(const CaptureAnonymize *anonymize)
{
    for (guint i = 1; i < anonymize->frames->len; i++) {
        if (g_array_index(anonymize->frames, KeptFrame, i).link_type !=
            g_array_index(anonymize->frames, KeptFrame, 0).link_type) {
            return false;
        }
    }
    return true;
}

bool capture_anonymize_write(CaptureAnonymize *anonymize, GError **error)
{
    bool is_classic = !g_str_has_suffix(anonymize->path, ".pcapng");
    if (anonymize->is_full) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_NOMEM,
            "the capture has more than %" G_GSIZE_FORMAT
            " MB of frames, too many to anonymize at once: cut it first",
            ANONYMIZE_HELD_MAXIMUM / 1024 / 1024
        );
        return false;
    }
    if (is_classic && !has_one_link(anonymize)) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_INVAL,
            "the capture has frames of several kinds of link, which only pcapng can hold: "
            "give a name that ends in .pcapng"
        );
        return false;
    }
    change_frames(anonymize);
    g_autoptr(GByteArray) out = g_byte_array_new();
    if (is_classic) {
        put_classic_header(
            out,
            anonymize->frames->len == 0 ? 1
                                        : g_array_index(anonymize->frames, KeptFrame, 0).link_type
        );
    }
    put_frames(anonymize, out, is_classic);
    return whole_file_write(anonymize->path, (const char *)out->data, out->len, error);
}

guint64 capture_anonymize_frames(const CaptureAnonymize *anonymize)
{
    return anonymize->frames->len;
}
