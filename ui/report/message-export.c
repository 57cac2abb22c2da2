/* For memrchr(). */
#define _GNU_SOURCE

#include "ui/report/message-export.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define MBOX_BUFFER (1024 * 1024)

struct MessageExport {
    char *eml_folder;
    char *mbox_path;
    FILE *mbox;
    bool force;
    MessageRecordOptions options;
    GHashTable *open; /* stream number -> MessageRecord */
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
    if (export->error != NULL) {
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

static void free_record(gpointer data)
{
    MessageRecord *record = data;
    if (record->spill_data != NULL) {
        fclose(record->spill_data);
    }
    message_record_free(record);
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
        .wants_octets = true,
        .spill = spill,
        .owner = export,
    };
    export->open = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_record);
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
    g_free(export->eml_folder);
    g_free(export->mbox_path);
    g_free(export);
}

typedef bool (*OctetWriter)(FILE *file, ByteSpan octets);

static bool write_plain(FILE *file, ByteSpan octets)
{
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

/* Where the next line of any '>' and "From " begins, from the line start 'at' on. */
static gsize find_from_line(ByteSpan octets, gsize at)
{
    while (at < octets.length) {
        guint8 first = octets.data[at];
        if ((first == 'F' || first == '>') && is_from_line(byte_span_from(octets, at))) {
            return at;
        }
        gssize end = byte_span_find(octets, '\n', at);
        at = end < 0 ? octets.length : (gsize)end + 1;
    }
    return octets.length;
}

/* The form called mboxrd: a line of any '>' and "From " gets one '>' more, so that it can be taken
 * off again. The octets begin with a line. */
static bool write_quoted(FILE *file, ByteSpan octets)
{
    gsize line = find_from_line(octets, 0);
    while (line < octets.length) {
        ByteSpan before = byte_span_slice(octets, 0, line);
        if (!write_plain(file, before) || fputc('>', file) == EOF) {
            return false;
        }
        octets = byte_span_from(octets, line);
        gssize end = byte_span_find(octets, '\n', 0);
        line = find_from_line(octets, end < 0 ? octets.length : (gsize)end + 1);
    }
    return write_plain(file, octets);
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
    if (!write_plain(record->spill_data, byte_buffer_span(&record->octets))) {
        return false;
    }
    byte_buffer_reset(&record->octets);
    rewind(record->spill_data);
    while ((length = fread(block + kept, 1, sizeof block - kept, record->spill_data)) > 0) {
        length += kept;
        gsize lines = length_of_lines(block, length);
        if (!writer(file, byte_span(block, lines))) {
            return false;
        }
        kept = length - lines;
        memmove(block, block + lines, kept);
    }
    return writer(file, byte_span(block, kept));
}

static bool write_octets(FILE *file, MessageRecord *record, OctetWriter writer)
{
    return record->spill_data != NULL ? write_spilled(file, record, writer)
                                      : writer(file, byte_buffer_span(&record->octets));
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
        if (!is_written || close(descriptor) != 0) {
            note_failure(export, path);
        }
        return;
    }
    FILE *file = fdopen(descriptor, "wb");
    bool is_written = file != NULL && write_octets(file, record, write_plain);
    if (file == NULL || fclose(file) != 0 || !is_written) {
        note_failure(export, path);
    }
}

/* "From sender date", as mail readers of mbox files expect. */
static bool write_separator(FILE *file, const MessageRecord *record, ByteSpan reverse_path)
{
    char date[64];
    struct tm parts;
    time_t seconds = (time_t)(record->first_time_ns / 1000000000);
    gmtime_r(&seconds, &parts);
    strftime(date, sizeof date, "%a %b %e %H:%M:%S %Y", &parts);
    g_autofree char *sender = byte_span_to_display(byte_span_slice(reverse_path, 0, 256));
    g_strdelimit(sender, " \t", '_');
    return fprintf(file, "From %s %s\n", *sender == '\0' ? "MAILER-DAEMON" : sender, date) > 0;
}

static void write_mbox(MessageExport *export, MessageRecord *record, ByteSpan reverse_path)
{
    bool is_written = write_separator(export->mbox, record, reverse_path) &&
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
    g_hash_table_remove(export->open, &number);
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
            export->open,
            g_memdup2(&number, sizeof number),
            message_record_new(&export->options, event)
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
        if (fclose(mbox) != 0) {
            note_failure(export, export->mbox_path);
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
