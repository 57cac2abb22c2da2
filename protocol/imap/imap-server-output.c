/* What the server says: data, status lines, and word of what others changed. Only status lines are
 * heard by the dialogue; the state of the session hangs on nothing else. */

#include "protocol/encoding/modified-utf7.h"
#include "protocol/imap/imap-server-private.h"
#include "protocol/imap/imap-writer.h"

static void add_piece(ImapServer *server, GBytes *octets, gsize from, gsize to)
{
    ImapPiece *piece = g_new0(ImapPiece, 1);
    piece->octets = g_bytes_ref(octets);
    piece->from = from;
    piece->to = to;
    g_queue_push_tail(&server->pieces, piece);
}

void imap_server_put(ImapServer *server, ByteSpan octets)
{
    if (!g_queue_is_empty(&server->pieces)) {
        g_autoptr(GBytes) copy = g_bytes_new(octets.data, octets.length);
        add_piece(server, copy, 0, octets.length);
    } else if (!byte_buffer_append(&server->output, octets)) {
        server->is_closing = true; /* so much untagged data has no honest cause */
    }
}

void imap_server_put_piece(ImapServer *server, GBytes *octets, gsize from, gsize to)
{
    if (to - from <= IMAP_OUTPUT_ENOUGH && g_queue_is_empty(&server->pieces)) {
        gsize length;
        const guint8 *data = g_bytes_get_data(octets, &length);
        imap_server_put(server, byte_span_slice(byte_span(data, length), from, to - from));
    } else {
        add_piece(server, octets, from, to);
        imap_server_refill(server);
    }
}

void imap_server_refill(ImapServer *server)
{
    while (byte_buffer_length(&server->output) < IMAP_OUTPUT_ENOUGH) {
        ImapPiece *piece = g_queue_peek_head(&server->pieces);
        if (piece == NULL) {
            return;
        }
        gsize length;
        const guint8 *data = g_bytes_get_data(piece->octets, &length);
        gsize taken = MIN(piece->to - piece->from, (gsize)IMAP_OUTPUT_ENOUGH);
        bool fits = byte_buffer_append(&server->output, byte_span(data + piece->from, taken));
        g_assert(fits);
        piece->from += taken;
        if (piece->from == piece->to) {
            g_bytes_unref(piece->octets);
            g_free(g_queue_pop_head(&server->pieces));
        }
    }
}

static void put_formatted(ImapServer *server, const char *format, va_list arguments)
    G_GNUC_PRINTF(2, 0);

static void put_formatted(ImapServer *server, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    imap_server_put(server, byte_span_from_string(text));
}

void imap_server_print(ImapServer *server, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_formatted(server, format, arguments);
    va_end(arguments);
}

void imap_server_untagged(ImapServer *server, const char *format, ...)
{
    va_list arguments;
    imap_server_put(server, BYTE_SPAN_LITERAL("* "));
    va_start(arguments, format);
    put_formatted(server, format, arguments);
    va_end(arguments);
    imap_server_put(server, BYTE_SPAN_LITERAL("\r\n"));
}

static void put_heard(ImapServer *server, const char *line)
{
    ByteSpan words = byte_span_from_string(line);
    imap_server_put(server, words);
    imap_dialogue_hear_server(server->dialogue, words);
}

static void say_text(
    ImapServer *server, const char *tag, const char *status, const char *code, const char *text
)
{
    g_autofree char *line = g_strdup_printf(
        "%s %s %s%s%s%s\r\n",
        tag,
        status,
        code == NULL ? "" : "[",
        code == NULL ? "" : code,
        code == NULL ? "" : "] ",
        text
    );
    put_heard(server, line);
}

void imap_server_say(
    ImapServer *server,
    const char *tag,
    const char *status,
    const char *code,
    const char *format,
    ...
)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    say_text(server, tag, status, code, text);
}

void imap_server_go_on(ImapServer *server, const char *text)
{
    g_autofree char *line = g_strconcat("+ ", text, "\r\n", NULL);
    put_heard(server, line);
}

/* RFC 9051 §7.5.1: no expunge while FETCH, STORE or SEARCH by sequence number is answered. */
static bool may_expunge(const ImapCommandRow *row)
{
    if (row == NULL || row->is_uid) {
        return row != NULL;
    }
    return row->id != IMAP_COMMAND_FETCH && row->id != IMAP_COMMAND_STORE &&
           row->id != IMAP_COMMAND_SEARCH;
}

static void answer(ImapServer *server, const char *status, const char *code, const char *text)
{
    imap_server_sync(server, may_expunge(server->row));
    if (!server->is_closing) {
        say_text(server, server->tag, status, code, text);
    }
}

void imap_server_ok(ImapServer *server, const char *code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    answer(server, "OK", code, text);
}

void imap_server_no(ImapServer *server, const char *code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    answer(server, "NO", code, text);
}

void imap_server_bad(ImapServer *server, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    say_text(server, server->tag, "BAD", NULL, text);
}

void imap_server_bye(ImapServer *server, const char *format, ...)
{
    if (server->is_closing) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    say_text(server, "*", "BYE", NULL, text);
    server->is_closing = true;
}

typedef struct {
    ImapStorageResult result;
    const char *code; /* RFC 9051 §7.1 */
    const char *text;
} RefusalRow;

static const RefusalRow refusals[] = {
    {IMAP_STORAGE_NO_MAILBOX, "NONEXISTENT", "There is no such mailbox"},
    {IMAP_STORAGE_NO_MESSAGE, "EXPUNGEISSUED", "Some of the messages have been expunged"},
    {IMAP_STORAGE_EXISTS, "ALREADYEXISTS", "There is such a mailbox already"},
    {IMAP_STORAGE_BAD_NAME, "CANNOT", "No mailbox can have that name"},
    {IMAP_STORAGE_NOT_ALLOWED, "CANNOT", "That cannot be done with this mailbox"},
    {IMAP_STORAGE_OVER_QUOTA, "OVERQUOTA", "The user's quota is used up"},
    {IMAP_STORAGE_LIMIT, "LIMIT", "A limit of this server would be exceeded"},
    {IMAP_STORAGE_FAILED, "UNAVAILABLE", "The mail store does not work just now"},
};

void imap_server_refuse(ImapServer *server, ImapStorageResult result, bool is_target)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        if (refusals[i].result == result) {
            bool may_create = is_target && result == IMAP_STORAGE_NO_MAILBOX;
            imap_server_no(
                server, may_create ? "TRYCREATE" : refusals[i].code, "%s", refusals[i].text
            );
            return;
        }
    }
    g_assert_not_reached();
}

void imap_server_write_name(ImapServer *server, const char *name)
{
    ByteBuffer coded;
    ByteBuffer written;
    ByteSpan utf8 = byte_span_from_string(name);
    byte_buffer_init(&coded, IMAP_SERVER_LITERAL_MAXIMUM);
    byte_buffer_init(&written, IMAP_SERVER_LITERAL_MAXIMUM);
    bool is_coded = !server->allows_utf8 && modified_utf7_encode(utf8, &coded, NULL, NULL);
    bool fits = imap_write_astring(
        &written, is_coded ? byte_buffer_span(&coded) : utf8, server->allows_utf8
    );
    imap_server_put(server, fits ? byte_buffer_span(&written) : BYTE_SPAN_LITERAL("\"\""));
    byte_buffer_clear(&coded);
    byte_buffer_clear(&written);
}

static void append_flags(const ImapServer *server, guint32 flags, ByteBuffer *out)
{
    guint32 system = flags & (server->is_rev2 ? IMAP_FLAGS_SETTABLE : IMAP_FLAGS_SYSTEM);
    bool fits = byte_buffer_append_string(out, "(") && imap_flags_write(system, out);
    bool is_first = system == 0;
    for (guint i = 0; i < IMAP_KEYWORDS_MAXIMUM && fits; i++) {
        const char *keyword = server->store->keyword(server->storage, i);
        if (keyword == NULL) {
            break;
        }
        if ((flags & (1u << (IMAP_KEYWORD_SHIFT + i))) != 0) {
            fits = byte_buffer_printf(out, "%s%s", is_first ? "" : " ", keyword);
            is_first = false;
        }
    }
    fits = fits && byte_buffer_append_string(out, ")");
    g_assert(fits); /* 26 keywords of at most 100 octets */
}

void imap_server_write_flags(ImapServer *server, guint32 flags)
{
    ByteBuffer text;
    byte_buffer_init(&text, IMAP_OUTPUT_ENOUGH);
    append_flags(server, flags, &text);
    imap_server_put(server, byte_buffer_span(&text));
    byte_buffer_clear(&text);
}

static guint count_keywords(const ImapServer *server)
{
    guint count = 0;
    while (server->store->keyword(server->storage, count) != NULL) {
        count++;
    }
    return count;
}

void imap_server_tell_flags(ImapServer *server, bool must_tell)
{
    guint count = count_keywords(server);
    if (!must_tell && count == server->n_told_keywords) {
        return;
    }
    server->n_told_keywords = count;
    guint32 keywords =
        (guint32)((G_GUINT64_CONSTANT(1) << (IMAP_KEYWORD_SHIFT + count)) - 1) & ~IMAP_FLAGS_SYSTEM;
    ByteBuffer text;
    byte_buffer_init(&text, IMAP_OUTPUT_ENOUGH);
    append_flags(server, keywords | IMAP_FLAGS_SETTABLE, &text);
    g_autofree char *flags = byte_span_to_string(byte_buffer_span(&text));
    byte_buffer_clear(&text);
    imap_server_untagged(server, "FLAGS %s", flags);
    if (server->is_read_only) {
        imap_server_untagged(server, "OK [PERMANENTFLAGS ()] No flag can be changed");
        return;
    }
    bool has_room = count < IMAP_KEYWORDS_MAXIMUM;
    flags[strlen(flags) - 1] = '\0';
    imap_server_untagged(
        server, "OK [PERMANENTFLAGS %s%s)] Flags that stay", flags, has_room ? " \\*" : ""
    );
}

static void tell_update(const ImapUpdate *update, gpointer data)
{
    ImapServer *server = data;
    ImapMessageInfo info;
    switch (update->kind) {
    case IMAP_UPDATE_EXPUNGED:
        imap_server_untagged(server, "%u EXPUNGE", update->number);
        break;
    case IMAP_UPDATE_EXISTS:
        imap_server_untagged(server, "%u EXISTS", update->number);
        break;
    case IMAP_UPDATE_RECENT:
        if (!server->is_rev2) {
            imap_server_untagged(server, "%u RECENT", update->number);
        }
        break;
    case IMAP_UPDATE_FLAGS:
        if (server->store->message(server->storage, update->number, &info)) {
            imap_server_tell_flags(server, false);
            imap_server_print(server, "* %u FETCH (", update->number);
            if (server->is_rev2) {
                imap_server_print(server, "UID %u ", update->uid);
            }
            imap_server_print(server, "FLAGS ");
            imap_server_write_flags(server, info.flags);
            imap_server_print(server, ")\r\n");
        }
        break;
    case IMAP_UPDATE_GONE:
        imap_server_bye(server, "The selected mailbox is gone");
        break;
    }
}

void imap_server_sync(ImapServer *server, bool may_tell_expunge)
{
    if (server->selected != NULL && !server->is_closing) {
        server->store->update(server->storage, may_tell_expunge, tell_update, server);
    }
}
