#include "ui/report/capture-annotate.h"

#include "dissect/capture/capture-reader.h"
#include "protocol/rfc/rfc-index.h"
#include "ui/report/pcapng-writer.h"
#include "ui/report/whole-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>

#define LINK_ETHERNET 1
#define PROGRAM "mailwalk"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_PACKET = 6,
};

struct CaptureAnnotate {
    char *path;
    char *temporary;
    GHashTable *comments; /* frame -> GString */
    gsize held;
    guint64 dropped;
    FILE *out;
    bool is_big; /* of the section that is being copied */
};

static void free_comment(gpointer comment)
{
    g_string_free(comment, TRUE);
}

CaptureAnnotate *capture_annotate_new(const char *path, bool force, GError **error)
{
    if (!force && g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(
            error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s exists; --force replaces it", path
        );
        return NULL;
    }
    CaptureAnnotate *annotate = g_new0(CaptureAnnotate, 1);
    annotate->path = g_strdup(path);
    /* a device or a pipe is written to as it is */
    annotate->temporary =
        whole_file_is_special(path) ? g_strdup(path) : g_strconcat(path, ".part", NULL);
    annotate->comments = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_comment);
    return annotate;
}

void capture_annotate_free(CaptureAnnotate *annotate)
{
    if (annotate != NULL) {
        if (annotate->out != NULL) {
            fclose(annotate->out);
            if (strcmp(annotate->temporary, annotate->path) != 0) {
                g_unlink(annotate->temporary);
            }
        }
        g_hash_table_unref(annotate->comments);
        g_free(annotate->path);
        g_free(annotate->temporary);
        g_free(annotate);
    }
}

guint64 capture_annotate_dropped(const CaptureAnnotate *annotate)
{
    return annotate->dropped;
}

static void add_comment(CaptureAnnotate *annotate, guint64 frame, const char *text)
{
    GString *comment = g_hash_table_lookup(annotate->comments, &frame);
    gsize length = strlen(text) + 1;
    gsize before = comment == NULL ? 0 : comment->len;
    if (before + length > ANNOTATE_COMMENT_MAXIMUM ||
        annotate->held + length > ANNOTATE_HELD_MAXIMUM) {
        annotate->dropped++;
        return;
    }
    if (comment == NULL) {
        comment = g_string_new(NULL);
        g_hash_table_insert(annotate->comments, g_memdup2(&frame, sizeof frame), comment);
    }
    if (comment->len > 0) {
        g_string_append_c(comment, '\n');
    }
    g_string_append(comment, text);
    annotate->held += length;
}

static void append_reference(GString *text, RfcReference reference)
{
    if (reference.number != 0) {
        g_autofree char *shown = rfc_reference_to_string(reference);
        g_string_append_printf(text, " (%s)", shown);
    }
}

static void append_remarks(GString *text, const Step *step)
{
    for (guint i = 0; i < step->remarks->len; i++) {
        const StepRemark *remark = &g_array_index(step->remarks, StepRemark, i);
        g_string_append_printf(text, "\n! %s", remark->text);
        append_reference(text, remark->reference);
        if (remark->instead != NULL) {
            g_string_append_printf(text, " %s", remark->instead);
        }
    }
}

/* All that is known, for the first frame of the step. */
static char *describe(const Step *step)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "Step %" G_GUINT64_FORMAT ": %s", step->number, step->text);
    if (step->meaning != NULL && g_strcmp0(step->meaning, step->text) != 0) {
        g_string_append_printf(text, "\n%s", step->meaning);
    }
    if (step->why != NULL) {
        g_string_append_printf(text, " %s", step->why);
    }
    if (step->references->len > 0) {
        append_reference(text, g_array_index(step->references, RfcReference, 0));
    }
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        g_string_append_printf(
            text, "\n%*s%s: %s", (int)(2 + 2 * detail->indent), "", detail->label, detail->text
        );
        append_reference(text, detail->reference);
    }
    append_remarks(text, step);
    return g_string_free(text, FALSE);
}

void capture_annotate_step(CaptureAnnotate *annotate, const Step *step)
{
    if (step->frames->len == 0 || step->kind == STEP_FRAME || step->kind == STEP_CLOSED) {
        return;
    }
    g_autofree char *whole = describe(step);
    g_autofree char *further =
        g_strdup_printf("Step %" G_GUINT64_FORMAT ", continued: %s", step->number, step->title);
    for (guint i = 0; i < step->frames->len; i++) {
        guint64 frame = g_array_index(step->frames, guint64, i);
        add_comment(annotate, frame, i == 0 ? whole : further);
    }
}

static const char *comment_of(const CaptureAnnotate *annotate, guint64 frame)
{
    const GString *comment = g_hash_table_lookup(annotate->comments, &frame);
    return comment == NULL ? NULL : comment->str;
}

static bool write_out(CaptureAnnotate *annotate, const GByteArray *octets, GError **error)
{
    if (fwrite(octets->data, 1, octets->len, annotate->out) == octets->len) {
        return true;
    }
    g_set_error(
        error,
        G_FILE_ERROR,
        G_FILE_ERROR_IO,
        "cannot write %s: %s",
        annotate->temporary,
        g_strerror(errno)
    );
    return false;
}

/* A classic capture: its header tells link type and resolution, the reader gives the frames. */
static bool convert_classic(
    CaptureAnnotate *annotate,
    const char *path,
    ByteSpan header,
    guint64 *frame_number,
    GError **error
)
{
    g_autoptr(GByteArray) block = g_byte_array_new();
    g_autoptr(CaptureReader) reader = capture_reader_open(path, *frame_number, error);
    CaptureFrame frame;
    bool is_big = header.data[0] == 0xa1;
    bool has_nanoseconds = header.data[is_big ? 3 : 0] == 0x4d;
    guint high = header.data[is_big ? 22 : 21];
    guint low = header.data[is_big ? 23 : 20];
    guint16 link_type = (guint16)(high << 8 | low);
    if (reader == NULL) {
        return false;
    }
    pcapng_put_section(block, PROGRAM);
    pcapng_put_interface(block, link_type, has_nanoseconds ? 9 : 6);
    while (capture_reader_next(reader, &frame) == CAPTURE_FRAME) {
        PcapngPacket packet = {
            .ticks = (guint64)frame.time_ns / (has_nanoseconds ? 1 : 1000),
            .original_length = frame.original_length,
            .octets = byte_span(frame.data, frame.captured_length),
            .comment = comment_of(annotate, frame.number),
        };
        pcapng_put_packet(block, &packet);
        *frame_number = frame.number + 1;
        if (!write_out(annotate, block, error)) {
            return false;
        }
        g_byte_array_set_size(block, 0);
    }
    return write_out(annotate, block, error);
}

static guint32 get32(const CaptureAnnotate *annotate, const guint8 *octets)
{
    guint32 number;
    memcpy(&number, octets, sizeof number);
    return annotate->is_big ? GUINT32_FROM_BE(number) : GUINT32_FROM_LE(number);
}

static void set32(const CaptureAnnotate *annotate, guint8 *octets, guint32 number)
{
    guint32 stored = annotate->is_big ? GUINT32_TO_BE(number) : GUINT32_TO_LE(number);
    memcpy(octets, &stored, sizeof stored);
}

/* Puts the comment before the options that the packet has; without any, the end of options too. */
static void insert_comment(const CaptureAnnotate *annotate, GByteArray *block, const char *comment)
{
    enum {
        HEAD = 28
    };

    static const guint8 end_of_options[4] = {0};
    if (block->len < HEAD + 4) {
        return;
    }
    guint64 captured = get32(annotate, block->data + 20);
    guint64 options = HEAD + (captured + 3) / 4 * 4;
    if (options + 4 > block->len) {
        return;
    }
    g_autoptr(GByteArray) tail = g_byte_array_new();
    g_byte_array_append(tail, block->data + options, block->len - 4 - (guint)options);
    g_byte_array_set_size(block, (guint)options);
    pcapng_put_comment(block, comment, annotate->is_big);
    if (tail->len == 0) {
        g_byte_array_append(block, end_of_options, sizeof end_of_options);
    } else {
        g_byte_array_append(block, tail->data, tail->len);
    }
    g_byte_array_append(block, end_of_options, 4);
    set32(annotate, block->data + 4, block->len);
    set32(annotate, block->data + block->len - 4, block->len);
}

/* The next block with both its lengths; false: the end, or the file is cut or broken there. */
static bool read_block(CaptureAnnotate *annotate, FILE *in, GByteArray *block)
{
    guint8 head[12];
    if (fread(head, 1, sizeof head, in) != sizeof head) {
        return false;
    }
    guint32 type;
    memcpy(&type, head, sizeof type); /* reads the same in both octet orders */
    if (type == BLOCK_SECTION) {
        annotate->is_big = head[8] == 0x1a;
    }
    guint32 length = get32(annotate, head + 4);
    if (length < sizeof head || length % 4 != 0 || length > ANNOTATE_BLOCK_MAXIMUM) {
        return false;
    }
    g_byte_array_set_size(block, length);
    memcpy(block->data, head, sizeof head);
    gsize rest = length - sizeof head;
    return fread(block->data + sizeof head, 1, rest, in) == rest;
}

static bool copy_blocks(CaptureAnnotate *annotate, FILE *in, guint64 *frame_number, GError **error)
{
    g_autoptr(GByteArray) block = g_byte_array_new();
    while (read_block(annotate, in, block)) {
        guint32 type = get32(annotate, block->data);
        bool is_packet = type == BLOCK_PACKET || type == BLOCK_OLD_PACKET;
        if (is_packet || type == BLOCK_SIMPLE_PACKET) {
            const char *comment = comment_of(annotate, *frame_number);
            if (comment != NULL && is_packet) {
                insert_comment(annotate, block, comment);
            }
            (*frame_number)++;
        }
        if (!write_out(annotate, block, error)) {
            return false;
        }
    }
    return true;
}

static bool
write_capture(CaptureAnnotate *annotate, const char *path, guint64 *frame_number, GError **error)
{
    guint8 header[24] = {0};
    FILE *in = g_str_equal(path, "-") ? NULL : fopen(path, "rb");
    if (in == NULL) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_NOENT,
            "--annotate reads the capture twice, so it needs a file, not '%s'",
            path
        );
        return false;
    }
    gsize length = fread(header, 1, sizeof header, in);
    rewind(in);
    bool is_pcapng = length >= 4 && memcmp(header, "\x0a\x0d\x0d\x0a", 4) == 0;
    bool is_done = is_pcapng
                       ? copy_blocks(annotate, in, frame_number, error)
                       : convert_classic(
                             annotate, path, byte_span(header, sizeof header), frame_number, error
                         );
    fclose(in);
    return is_done;
}

static bool begin_file(CaptureAnnotate *annotate, GError **error)
{
    annotate->out = fopen(annotate->temporary, "wb");
    if (annotate->out == NULL) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_ACCES,
            "cannot write %s: %s",
            annotate->temporary,
            g_strerror(errno)
        );
    }
    return annotate->out != NULL;
}

static bool end_file(CaptureAnnotate *annotate, GError **error)
{
    bool is_closed = fclose(annotate->out) == 0;
    annotate->out = NULL;
    bool has_other_name = strcmp(annotate->temporary, annotate->path) != 0;
    if (!is_closed || (has_other_name && g_rename(annotate->temporary, annotate->path) != 0)) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_IO,
            "cannot write %s: %s",
            annotate->path,
            g_strerror(errno)
        );
        if (has_other_name) {
            g_unlink(annotate->temporary);
        }
        return false;
    }
    return true;
}

bool capture_annotate_write(CaptureAnnotate *annotate, const char *const *captures, GError **error)
{
    guint64 frame_number = 1;
    if (!begin_file(annotate, error)) {
        return false;
    }
    for (guint i = 0; captures[i] != NULL; i++) {
        if (!write_capture(annotate, captures[i], &frame_number, error)) {
            return false;
        }
    }
    return end_file(annotate, error);
}

bool capture_annotate_write_log(CaptureAnnotate *annotate, const FrameLog *log, GError **error)
{
    g_autoptr(GByteArray) block = g_byte_array_new();
    if (!begin_file(annotate, error)) {
        return false;
    }
    pcapng_put_section(block, PROGRAM);
    pcapng_put_interface(block, LINK_ETHERNET, 9);
    for (gsize i = 0; i < frame_log_count(log); i++) {
        LoggedFrame frame = frame_log_get(log, i);
        PcapngPacket packet = {
            .ticks = (guint64)frame.time,
            .original_length = (guint32)frame.octets.length,
            .octets = frame.octets,
            .comment = comment_of(annotate, frame.number),
        };
        pcapng_put_packet(block, &packet);
        if (!write_out(annotate, block, error)) {
            return false;
        }
        g_byte_array_set_size(block, 0);
    }
    return end_file(annotate, error);
}
