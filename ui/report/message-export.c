/* For memrchr(). */
#define _GNU_SOURCE

#include "ui/report/message-export.h"

#include "protocol/text/wide-vectors.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define MBOX_BUFFER (64 * 1024) /* stays in the processor's cache */
#define SPARE_RECORDS 16

struct MessageExport {
    char *eml_folder;
    char *mbox_path;
    FILE *mbox;
    bool force;
    MessageRecordOptions options;
    GHashTable *open;  /* stream number -> MessageRecord */
    GPtrArray *spares; /* records of messages that are over, for others */
    gint64 date_seconds;
    char date[64]; /* of those seconds, as a separator says it */
    guint64 count;
    guint64 next_number;
    GError *error; /* the first failure; nothing is written after it */
};

static void note_failure(MessageExport *export, const char *path)
{
    if (export->error == NULL) {
        int saved = errno;
        g_set_error(
            &export->error,
            G_FILE_ERROR,
            g_file_error_from_errno(saved),
            "cannot write %s: %s",
            path,
            g_strerror(saved)
        );
    }
}

/* Octets of a message too long to hold lie in a file without a name until the message is over. */
static void spill(gpointer owner, MessageRecord *record, ByteSpan octets)
{
    MessageExport *export = owner;
    if (export->error != NULL || octets.length == 0) {
        return;
    }
    if (record->spill_data == NULL) {
        record->spill_data = tmpfile();
    }
    if (record->spill_data == NULL ||
        fwrite(octets.data, 1, octets.length, record->spill_data) != octets.length) {
        note_failure(export, "a temporary file");
    }
}

static void close_spill(MessageRecord *record)
{
    if (record->spill_data != NULL) {
        fclose(record->spill_data);
        record->spill_data = NULL;
    }
}

static void free_record(gpointer data)
{
    MessageRecord *record = data;
    close_spill(record);
    message_record_free(record);
}

static MessageRecord *take_record(MessageExport *export, const DissectEvent *begin)
{
    if (export->spares->len == 0) {
        return message_record_new(&export->options, begin);
    }
    MessageRecord *record = g_ptr_array_steal_index_fast(export->spares, export->spares->len - 1);
    message_record_restart(record, begin);
    return record;
}

static void give_record(MessageExport *export, MessageRecord *record)
{
    close_spill(record);
    if (export->spares->len < SPARE_RECORDS) {
        g_ptr_array_add(export->spares, record);
    } else {
        message_record_free(record);
    }
}

MessageExport *
message_export_new(const char *eml_folder, const char *mbox_path, bool force, GError **error)
{
    g_autoptr(MessageExport) export = g_new0(MessageExport, 1);
    export->eml_folder = g_strdup(eml_folder);
    export->mbox_path = g_strdup(mbox_path);
    export->force = force;
    export->next_number = 1;
    export->options = (MessageRecordOptions){
        .without_head = true,
        .wants_octets = true,
        .spill = spill,
        .owner = export,
    };
    export->open = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_record);
    export->spares = g_ptr_array_new_with_free_func(free_record);
    export->date_seconds = G_MININT64;
    if (eml_folder != NULL && g_mkdir_with_parents(eml_folder, 0777) != 0) {
        note_failure(export, eml_folder);
    }
    if (mbox_path != NULL && export->error == NULL) {
        int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL);
        int descriptor = open(mbox_path, flags, 0666);
        export->mbox = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
        if (export->mbox == NULL) {
            note_failure(export, mbox_path);
        } else {
            setvbuf(export->mbox, NULL, _IOFBF, MBOX_BUFFER);
        }
    }
    if (export->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&export->error));
        return NULL;
    }
    return g_steal_pointer(&export);
}

void message_export_free(MessageExport *export)
{
    if (export == NULL) {
        return;
    }
    if (export->mbox != NULL) {
        fclose(export->mbox);
    }
    g_clear_error(&export->error);
    g_hash_table_unref(export->open);
    g_ptr_array_unref(export->spares);
    g_free(export->eml_folder);
    g_free(export->mbox_path);
    g_free(export);
}

typedef bool (*OctetWriter)(FILE *file, ByteSpan octets, bool begins_with_line);

static bool write_plain(FILE *file, ByteSpan octets, bool begins_with_line)
{
    (void)begins_with_line;
    return octets.length == 0 || fwrite(octets.data, 1, octets.length, file) == octets.length;
}

static bool is_from_line(ByteSpan line)
{
    gsize at = 0;
    while (at < line.length && line.data[at] == '>') {
        at++;
    }
    return byte_span_starts_with(byte_span_from(line, at), "From ");
}

#define LANES 32

/* Octets looked at side by side; gcc and clang make vector instructions of it on any machine. */
typedef guint8 Lanes __attribute__((vector_size(LANES)));

/* Whether a line that may have to be quoted begins in the block. The octet before it is read too.
 */
static inline bool has_beginning(const guint8 *block)
{
    Lanes before;
    Lanes here;
    guint64 parts[LANES / sizeof(guint64)];
    memcpy(&before, block - 1, sizeof before);
    memcpy(&here, block, sizeof here);
    Lanes found = (Lanes)(before == '\n') & ((Lanes)(here == 'F') | (Lanes)(here == '>'));
    memcpy(parts, &found, sizeof parts);
    return (parts[0] | parts[1] | parts[2] | parts[3]) != 0;
}

/* From the octet 'at' on, which is not the first: whole blocks in which no such line begins. */
WIDE_VECTORS
static gsize skip_blocks(const guint8 *octets, gsize length, gsize at)
{
    while (length - at >= LANES && !has_beginning(octets + at)) {
        at += LANES;
    }
    return at;
}

/* Where the next line of any '>' and "From " begins, from 'at' on. */
static gsize find_from_line(ByteSpan octets, gsize at, bool begins_with_line)
{
    while (at < octets.length) {
        at = at > 0 ? skip_blocks(octets.data, octets.length, at) : 0;
        gsize end = MIN(octets.length, at + LANES);
        for (; at < end; at++) {
            bool is_line = at == 0 ? begins_with_line : octets.data[at - 1] == '\n';
            if (is_line && is_from_line(byte_span_from(octets, at))) {
                return at;
            }
        }
    }
    return octets.length;
}

/* The form called mboxrd: a line of any '>' and "From " gets one '>' more, so that it can be taken
 * off again. Whole lines, but the last, and the first unless it 'begins_with_line'. */
static bool write_quoted(FILE *file, ByteSpan octets, bool begins_with_line)
{
    gsize written = 0;
    gsize line = find_from_line(octets, 0, begins_with_line);
    while (line < octets.length) {
        if (!write_plain(file, byte_span_slice(octets, written, line - written), true) ||
            fputc('>', file) == EOF) {
            return false;
        }
        written = line;
        line = find_from_line(octets, line + 1, begins_with_line);
    }
    return write_plain(file, byte_span_from(octets, written), true);
}

/* Up to and with the last line end, so that the next block begins with a line; all of it where
 * there is none. */
static gsize length_of_lines(const guint8 *block, gsize length)
{
    const guint8 *last = memrchr(block, '\n', length);
    return last == NULL ? length : (gsize)(last - block) + 1;
}

static bool write_spilled(FILE *file, MessageRecord *record, OctetWriter writer)
{
    guint8 block[65536];
    gsize kept = 0;
    gsize length;
    bool begins_with_line = true;
    if (!write_plain(record->spill_data, byte_buffer_span(&record->octets), true)) {
        return false;
    }
    byte_buffer_reset(&record->octets);
    rewind(record->spill_data);
    while ((length = fread(block + kept, 1, sizeof block - kept, record->spill_data)) > 0) {
        length += kept;
        gsize lines = length_of_lines(block, length);
        if (!writer(file, byte_span(block, lines), begins_with_line)) {
            return false;
        }
        begins_with_line = block[lines - 1] == '\n';
        kept = length - lines;
        memmove(block, block + lines, kept);
    }
    return writer(file, byte_span(block, kept), begins_with_line);
}

static bool write_octets(FILE *file, MessageRecord *record, OctetWriter writer)
{
    return record->spill_data != NULL ? write_spilled(file, record, writer)
                                      : writer(file, byte_buffer_span(&record->octets), true);
}

/* The next number whose name is free. */
static int create_file(MessageExport *export, bool is_complete, char **out_path)
{
    for (;; export->next_number++) {
        g_autofree char *name = g_strdup_printf(
            "message-%06" G_GUINT64_FORMAT "%s.eml",
            export->next_number,
            is_complete ? "" : ".incomplete"
        );
        g_autofree char *path = g_build_filename(export->eml_folder, name, NULL);
        int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (export->force ? O_TRUNC : O_EXCL);
        int descriptor = open(path, flags, 0666);
        if (descriptor >= 0 || errno != EEXIST) {
            *out_path = g_steal_pointer(&path);
            export->next_number++;
            return descriptor;
        }
    }
}

static bool write_all(int descriptor, ByteSpan octets)
{
    while (octets.length > 0) {
        gssize written = write(descriptor, octets.data, octets.length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        octets = byte_span_from(octets, written < 0 ? 0 : (gsize)written);
    }
    return true;
}

/* Half a file is worse than none; what is no regular file is not ours to take away. */
static void fail_with_file(MessageExport *export, const char *path)
{
    note_failure(export, path);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        g_unlink(path);
    }
}

static void write_eml(MessageExport *export, MessageRecord *record, bool is_complete)
{
    g_autofree char *path = NULL;
    int descriptor = create_file(export, is_complete, &path);
    if (descriptor < 0) {
        note_failure(export, path);
        return;
    }
    if (record->spill_data == NULL) {
        bool is_written = write_all(descriptor, byte_buffer_span(&record->octets));
        int reason = errno;
        bool is_closed = close(descriptor) == 0;
        errno = is_written ? errno : reason;
        if (!is_written || !is_closed) {
            fail_with_file(export, path);
        }
        return;
    }
    FILE *file = fdopen(descriptor, "wb");
    bool is_written = file != NULL && write_octets(file, record, write_plain);
    if (file == NULL || fclose(file) != 0 || !is_written) {
        fail_with_file(export, path);
    }
}

/* Most messages come in the same second as the one before. */
static const char *date_of(MessageExport *export, gint64 time_ns)
{
    time_t seconds = (time_t)(time_ns / 1000000000);
    if ((gint64)seconds != export->date_seconds) {
        struct tm parts;
        gmtime_r(&seconds, &parts);
        strftime(export->date, sizeof export->date, "%a %b %e %H:%M:%S %Y", &parts);
        export->date_seconds = (gint64)seconds;
    }
    return export->date;
}

/* "From sender date", as mail readers of mbox files expect. */
static bool
write_separator(MessageExport *export, const MessageRecord *record, ByteSpan reverse_path)
{
    const char *date = date_of(export, record->first_time_ns);
    g_autofree char *sender = byte_span_to_display(byte_span_slice(reverse_path, 0, 256));
    g_strdelimit(sender, " \t", '_');
    const char *name = *sender == '\0' ? "MAILER-DAEMON" : sender;
    return fprintf(export->mbox, "From %s %s\n", name, date) > 0;
}

static void write_mbox(MessageExport *export, MessageRecord *record, ByteSpan reverse_path)
{
    bool is_written = write_separator(export, record, reverse_path) &&
                      write_octets(export->mbox, record, write_quoted);
    if (is_written && record->last_octet != '\n') {
        is_written = fputc('\n', export->mbox) != EOF;
    }
    if (!is_written || fputc('\n', export->mbox) == EOF) {
        note_failure(export, export->mbox_path);
    }
}

static void end_message(MessageExport *export, const DissectEvent *event)
{
    gpointer key;
    guint64 number = event->conversation->number;
    MessageRecord *record = g_hash_table_lookup(export->open, &number);
    if (record == NULL) {
        return;
    }
    const DialogueMessage *message = event->dialogue->message;
    message_record_end(record, event);
    if (export->eml_folder != NULL && export->error == NULL) {
        write_eml(export, record, message->is_complete);
    }
    if (export->mbox != NULL && export->error == NULL) {
        write_mbox(export, record, message->reverse_path);
    }
    export->count++;
    g_hash_table_steal_extended(export->open, &number, &key, NULL);
    g_free(key);
    give_record(export, record);
}

/* What a webmail page carries is no mail message of its own. */
static bool is_mail(const DissectEvent *event)
{
    return event->kind == DISSECT_DIALOGUE && event->dialogue->message != NULL &&
           event->dialogue->message->kind != DIALOGUE_MESSAGE_HTTP;
}

void message_export_event(MessageExport *export, const DissectEvent *event)
{
    if (!is_mail(event)) {
        return;
    }
    guint64 number = event->conversation->number;
    if (event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_BEGIN) {
        g_hash_table_insert(
            export->open, g_memdup2(&number, sizeof number), take_record(export, event)
        );
    } else if (event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        MessageRecord *record = g_hash_table_lookup(export->open, &number);
        if (record != NULL) {
            message_record_data(record, event);
        }
    } else if (event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_END) {
        end_message(export, event);
    }
}

bool message_export_finish(MessageExport *export, GError **error)
{
    if (export->mbox != NULL) {
        FILE *mbox = g_steal_pointer(&export->mbox);
        bool is_closed = fclose(mbox) == 0;
        if (!is_closed || export->error != NULL) {
            fail_with_file(export, export->mbox_path);
        }
    }
    if (export->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&export->error));
        return false;
    }
    return true;
}

guint64 message_export_count(const MessageExport *export)
{
    return export->count;
}
