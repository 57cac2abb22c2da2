#include "ui/report/attachment-export.h"

#include "protocol/message/mime-tree.h"
#include "ui/report/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define NUMBERS_TRIED 100000

struct AttachmentExport {
    char *folder;
    bool force;
    MessageGather *gather;
    GString *manifest;
    GHashTable *written; /* names of this run: never replaced, even with force */
    GError *error;       /* the first one; nothing is tried after it */
    guint count;
};

static void take_message(gpointer owner, const GatheredMessage *message);

AttachmentExport *attachment_export_new(const char *folder, bool force, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) != 0) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_FAILED,
            "cannot make the folder %s: %s",
            folder,
            g_strerror(errno)
        );
        return NULL;
    }
    AttachmentExport *export = g_new0(AttachmentExport, 1);
    export->folder = g_strdup(folder);
    export->force = force;
    export->manifest = g_string_new(
        "file\ttype\tlooks like\toctets\tsha256\tcomplete\tstream\tstep\tframes\tname in the mail\n"
    );
    export->written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    MessageGatherOptions options = {.message = take_message, .owner = export};
    export->gather = message_gather_new(&options);
    return export;
}

void attachment_export_free(AttachmentExport *export)
{
    if (export != NULL) {
        message_gather_free(export->gather);
        g_string_free(export->manifest, TRUE);
        g_hash_table_unref(export->written);
        g_clear_error(&export->error);
        g_free(export->folder);
        g_free(export);
    }
}

void attachment_export_event(AttachmentExport *export, const DissectEvent *event)
{
    message_gather_event(export->gather, event);
}

guint attachment_export_count(const AttachmentExport *export)
{
    return export->count;
}

/* "crepe.gif", then "crepe-2.gif", "crepe-3.gif" ... */
static char *numbered_name(const char *name, guint number)
{
    const char *dot = strrchr(name, '.');
    if (number == 1) {
        return g_strdup(name);
    }
    if (dot == NULL || dot == name) {
        return g_strdup_printf("%s-%u", name, number);
    }
    return g_strdup_printf("%.*s-%u%s", (int)(dot - name), name, number, dot);
}

/* Opens the first name that is free; O_NOFOLLOW so that a link laid there leads nowhere. */
static int open_free(AttachmentExport *export, const char *name, char **out_name)
{
    for (guint number = 1; number < NUMBERS_TRIED; number++) {
        g_autofree char *tried = numbered_name(name, number);
        g_autofree char *path = g_build_filename(export->folder, tried, NULL);
        bool is_ours = g_hash_table_contains(export->written, tried);
        int mode = export->force && !is_ours ? O_TRUNC : O_EXCL;
        int file =
            is_ours ? -1 : g_open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | mode, 0666);
        if (file >= 0) {
            g_hash_table_add(export->written, g_strdup(tried));
            *out_name = g_steal_pointer(&tried);
            return file;
        }
        if (!is_ours && errno != EEXIST && errno != ELOOP && errno != EISDIR) {
            return -1;
        }
    }
    errno = EEXIST;
    return -1;
}

static bool write_all(int file, const guint8 *data, gsize length)
{
    while (length > 0) {
        ssize_t written = write(file, data, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        data += written;
        length -= (gsize)written;
    }
    return true;
}

static void add_field(GString *line, const char *text)
{
    g_autofree char *safe = byte_span_to_display(byte_span_from_string(text));
    g_strdelimit(safe, "\t\n", ' ');
    g_string_append_printf(line, "%s%s", line->len == 0 ? "" : "\t", safe);
}

static void note_in_manifest(
    AttachmentExport *export,
    const GatheredMessage *message,
    const MimePart *part,
    GBytes *content,
    const char *name,
    bool is_whole
)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gsize length;
    const guint8 *data = g_bytes_get_data(content, &length);
    const char *sniffed = mime_sniff(byte_span(data, length));
    g_autofree char *type = g_strdup_printf("%s/%s", part->type, part->subtype);
    g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);
    g_autofree char *frames = gathered_frames_text(
        message, part->body_offset, part->body_offset + MAX(part->body_length, 1)
    );
    g_autofree char *numbers = g_strdup_printf(
        "%s\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT,
        is_whole ? "yes" : "no",
        message->stream,
        message->step
    );
    g_autofree char *octets = g_strdup_printf("%" G_GSIZE_FORMAT, length);
    add_field(line, name);
    add_field(line, type);
    add_field(line, sniffed == NULL ? "" : sniffed);
    add_field(line, octets);
    add_field(line, digest);
    g_string_append_printf(line, "\t%s", numbers);
    add_field(line, frames);
    add_field(line, part->file_name == NULL ? "" : part->file_name);
    g_string_append_printf(export->manifest, "%s\n", line->str);
}

static void write_part(
    AttachmentExport *export,
    const GatheredMessage *message,
    const MimeTree *tree,
    const MimePart *part
)
{
    bool is_whole = true;
    g_autofree char *fallback = g_strdup_printf("attachment-%u", export->count + 1);
    g_autofree char *safe = mime_safe_file_name(part->file_name, fallback);
    g_autofree char *name = NULL;
    bool takes_manifest = g_ascii_strcasecmp(safe, ATTACHMENT_MANIFEST) == 0;
    g_autofree char *wanted =
        takes_manifest ? g_strconcat("attachment-", safe, NULL) : g_strdup(safe);
    g_autoptr(GBytes) content = mime_part_content(tree, part, GATHER_MESSAGE_MAXIMUM, &is_whole);
    gsize length;
    const guint8 *data = g_bytes_get_data(content, &length);
    int file = open_free(export, wanted, &name);
    bool is_written = file >= 0 && write_all(file, data, length);
    int reason = errno;
    is_written &= file >= 0 && close(file) == 0;
    if (!is_written) {
        g_autofree char *half = file < 0 ? NULL : g_build_filename(export->folder, name, NULL);
        if (half != NULL) {
            g_unlink(half);
        }
        g_set_error(
            &export->error,
            G_FILE_ERROR,
            g_file_error_from_errno(reason),
            "cannot write an attachment into %s: %s",
            export->folder,
            g_strerror(reason)
        );
        return;
    }
    export->count++;
    bool is_complete = is_whole && !message->is_cut && message->message->is_complete;
    note_in_manifest(export, message, part, content, name, is_complete);
}

static void take_message(gpointer owner, const GatheredMessage *message)
{
    AttachmentExport *export = owner;
    g_autoptr(MimeTree) tree = mime_tree_new(message->octets, NULL);
    for (guint i = 0; i < mime_tree_n_parts(tree) && export->error == NULL; i++) {
        const MimePart *part = mime_tree_part(tree, i);
        bool is_file = mime_part_is_attachment(part) || part->file_name != NULL;
        if (part->n_children == 0 && is_file && message->message->kind != DIALOGUE_MESSAGE_TOP) {
            write_part(export, message, tree, part);
        }
    }
}

bool attachment_export_finish(AttachmentExport *export, GError **error)
{
    g_autofree char *path = g_build_filename(export->folder, ATTACHMENT_MANIFEST, NULL);
    if (export->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&export->error));
        return false;
    }
    if (!export->force && g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(
            error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s exists; --force replaces it", path
        );
        return false;
    }
    return whole_file_write(path, export->manifest->str, export->manifest->len, error);
}
