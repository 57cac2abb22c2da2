/* STORE, COPY, MOVE and EXPUNGE. */

#include "protocol/imap/imap-server-private.h"

static bool may_write(ImapServer *server)
{
    if (server->is_read_only) {
        imap_server_no(server, "CANNOT", "The mailbox was opened to be read only");
    }
    return !server->is_read_only;
}

static bool parse_change(ByteSpan name, ImapFlagsChange *out_change, bool *out_is_silent)
{
    static const struct {
        const char *name;
        ImapFlagsChange change;
        bool is_silent;
    } forms[] = {
        {"FLAGS", IMAP_FLAGS_REPLACE, false},
        {"FLAGS.SILENT", IMAP_FLAGS_REPLACE, true},
        {"+FLAGS", IMAP_FLAGS_ADD, false},
        {"+FLAGS.SILENT", IMAP_FLAGS_ADD, true},
        {"-FLAGS", IMAP_FLAGS_REMOVE, false},
        {"-FLAGS.SILENT", IMAP_FLAGS_REMOVE, true},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (byte_span_is_nocase(name, forms[i].name)) {
            *out_change = forms[i].change;
            *out_is_silent = forms[i].is_silent;
            return true;
        }
    }
    return false;
}

/* Keywords that are new become the mailbox's; taking one away needs none. */
static ImapStorageResult
keyword_bits(ImapServer *server, const GPtrArray *keywords, ImapFlagsChange change, guint32 *flags)
{
    for (guint i = 0; i < keywords->len; i++) {
        const char *keyword = g_ptr_array_index(keywords, i);
        guint index = 0;
        if (change == IMAP_FLAGS_REMOVE) {
            const char *known = server->store->keyword(server->storage, index);
            while (known != NULL && g_ascii_strcasecmp(known, keyword) != 0) {
                known = server->store->keyword(server->storage, ++index);
            }
            if (known == NULL) {
                continue;
            }
        } else {
            ImapStorageResult result = server->store->add_keyword(server->storage, keyword, &index);
            if (result != IMAP_STORAGE_DONE) {
                return result;
            }
        }
        *flags |= 1u << (IMAP_KEYWORD_SHIFT + index);
    }
    return IMAP_STORAGE_DONE;
}

static void tell_flags(ImapServer *server, guint32 sequence)
{
    ImapMessageInfo info;
    if (!server->store->message(server->storage, sequence, &info)) {
        return;
    }
    imap_server_print(server, "* %u FETCH (", sequence);
    if (server->row->is_uid || server->is_rev2) {
        imap_server_print(server, "UID %u ", info.uid);
    }
    imap_server_print(server, "FLAGS ");
    imap_server_write_flags(server, info.flags);
    imap_server_print(server, ")\r\n");
}

static void store_flags(
    ImapServer *server,
    const GArray *sequences,
    ImapFlagsChange change,
    guint32 flags,
    bool is_silent
)
{
    bool has_missed = false;
    imap_server_tell_flags(server, false);
    for (guint i = 0; i < sequences->len; i++) {
        guint32 sequence = g_array_index(sequences, guint32, i);
        guint32 uid = server->store->uid(server->storage, sequence);
        ImapStorageResult result = server->store->change_flags(server->storage, uid, change, flags);
        has_missed |= result == IMAP_STORAGE_NO_MESSAGE;
        if (result != IMAP_STORAGE_DONE && result != IMAP_STORAGE_NO_MESSAGE) {
            imap_server_refuse(server, result, false);
            return;
        }
        if (!is_silent) {
            tell_flags(server, sequence);
        }
    }
    imap_server_ok(server, has_missed ? "EXPUNGEISSUED" : NULL, "STORE completed");
}

bool imap_server_handle_store(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    ImapToken token;
    ImapFlagsChange change;
    bool is_silent;
    guint32 flags;
    (void)out_event;
    imap_arguments_init(&arguments, server, command->arguments);
    g_autoptr(GArray) sequences = imap_arguments_messages(&arguments, server->row->is_uid);
    if (sequences == NULL) {
        return false;
    }
    g_autoptr(GPtrArray) keywords = g_ptr_array_new_with_free_func(g_free);
    if (!imap_arguments_token(&arguments, &token) ||
        !parse_change(token.value, &change, &is_silent) ||
        !imap_arguments_flags(&arguments, true, &flags, keywords) ||
        !imap_arguments_at_end(&arguments)) {
        imap_server_bad(server, "Syntax: %s", server->row->item.syntax);
        return false;
    }
    if (!may_write(server)) {
        return false;
    }
    ImapStorageResult result = keyword_bits(server, keywords, change, &flags);
    if (result != IMAP_STORAGE_DONE) {
        imap_server_refuse(server, result, false);
    } else {
        store_flags(server, sequences, change, flags, is_silent);
    }
    return false;
}

/* "COPYUID 38505 304,319:320 3956:3958" (RFC 9051 §7.1); NULL where nothing was copied. */
static char *
copy_code(ImapServer *server, guint32 uid_validity, const GArray *uids, const guint32 *copies)
{
    if (uids->len == 0 || !imap_server_offers(server, IMAP_OFFER_UIDPLUS | IMAP_OFFER_REVISION_2)) {
        return NULL;
    }
    ByteBuffer text;
    byte_buffer_init(&text, IMAP_OUTPUT_MAXIMUM);
    const guint32 *from = (const guint32 *)(const void *)uids->data;
    bool fits = byte_buffer_printf(&text, "COPYUID %u ", uid_validity) &&
                imap_numbers_write(from, uids->len, &text) &&
                byte_buffer_append_string(&text, " ") &&
                imap_numbers_write(copies, uids->len, &text);
    char *code = fits ? byte_span_to_string(byte_buffer_span(&text)) : NULL;
    byte_buffer_clear(&text);
    return code;
}

/* RFC 9051 §6.4.8: MOVE tells the new UIDs before the expunges, in an untagged OK. */
static void tell_moved(ImapServer *server, const char *code)
{
    if (code != NULL) {
        imap_server_untagged(server, "OK [%s] Moved", code);
    }
    imap_server_sync(server, true);
    imap_server_ok(server, NULL, "MOVE completed");
}

bool imap_server_handle_copy(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    guint32 uid_validity = 0;
    bool is_move = server->row->id == IMAP_COMMAND_MOVE;
    (void)out_event;
    imap_arguments_init(&arguments, server, command->arguments);
    g_autoptr(GArray) sequences = imap_arguments_messages(&arguments, server->row->is_uid);
    if (sequences == NULL) {
        return false;
    }
    g_autofree char *target = imap_arguments_name(&arguments);
    if (target == NULL) {
        imap_server_no(server, "CANNOT", "No mailbox can have that name");
        return false;
    }
    if (is_move && !may_write(server)) {
        return false;
    }
    g_autoptr(GArray) uids = imap_server_uids(server, sequences);
    g_autofree guint32 *copies = g_new0(guint32, uids->len + 1);
    ImapStorageResult result = server->store->copy(
        server->storage,
        (const guint32 *)(const void *)uids->data,
        uids->len,
        target,
        is_move,
        &uid_validity,
        copies
    );
    if (result != IMAP_STORAGE_DONE) {
        imap_server_refuse(server, result, true);
        return false;
    }
    g_autofree char *code = copy_code(server, uid_validity, uids, copies);
    if (is_move) {
        tell_moved(server, code);
    } else {
        imap_server_ok(server, code, "COPY completed");
    }
    return false;
}

/* 'among': sequence numbers, or NULL for all. */
ImapStorageResult imap_server_expunge_deleted(ImapServer *server, const GArray *among)
{
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 count = among == NULL ? server->store->count(server->storage) : among->len;
    for (guint32 i = 0; i < count; i++) {
        ImapMessageInfo info;
        guint32 sequence = among == NULL ? i + 1 : g_array_index(among, guint32, i);
        if (server->store->message(server->storage, sequence, &info) &&
            (info.flags & IMAP_FLAG_DELETED) != 0) {
            g_array_append_val(gone, info.uid);
        }
    }
    return server->store->expunge(
        server->storage, (const guint32 *)(const void *)gone->data, gone->len
    );
}

bool imap_server_handle_expunge(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    g_autoptr(GArray) among = NULL;
    (void)out_event;
    if (server->row->is_uid &&
        !imap_server_offers(server, IMAP_OFFER_UIDPLUS | IMAP_OFFER_REVISION_2)) {
        imap_server_bad(server, "UID EXPUNGE is not offered here (UIDPLUS)");
        return false;
    }
    if (server->row->is_uid) {
        imap_arguments_init(&arguments, server, command->arguments);
        among = imap_arguments_messages(&arguments, true);
        if (among == NULL) {
            return false;
        }
    }
    if (!may_write(server)) {
        return false;
    }
    if (imap_server_expunge_deleted(server, among) == IMAP_STORAGE_DONE) {
        imap_server_ok(server, NULL, "EXPUNGE completed");
    } else {
        imap_server_no(server, "UNAVAILABLE", "Some deleted messages could not be removed");
    }
    return false;
}
