/* What the client says: commands built piece by piece, and the queue from which they go out. */

#include "protocol/encoding/modified-utf7.h"
#include "protocol/imap/imap-client-private.h"
#include "protocol/message/message-date.h"

#define TEXT_MAXIMUM (1024 * 1024) /* of one command, literals left aside */

typedef struct {
    ImapClient *client;
    ImapClientCommand *command;
    ByteBuffer text;
} Builder;

static void free_piece(gpointer data)
{
    ImapClientPiece *piece = data;
    g_bytes_unref(piece->text);
    g_clear_pointer(&piece->literal, g_bytes_unref);
    g_free(piece);
}

void imap_client_command_free(ImapClientCommand *command)
{
    if (command != NULL) {
        g_ptr_array_unref(command->pieces);
        sasl_client_free(command->sasl);
        g_free(command->name);
        g_free(command);
    }
}

static Builder begin(ImapClient *client, ImapCommandId id, const char *words)
{
    Builder builder = {.client = client, .command = g_new0(ImapClientCommand, 1)};
    builder.command->id = id;
    builder.command->pieces = g_ptr_array_new_with_free_func(free_piece);
    byte_buffer_init(&builder.text, TEXT_MAXIMUM);
    bool fits = byte_buffer_append_string(&builder.text, words);
    g_assert(fits);
    return builder;
}

static void end_piece(Builder *builder, GBytes *literal)
{
    ImapClientPiece *piece = g_new0(ImapClientPiece, 1);
    piece->text = byte_buffer_steal(&builder->text);
    piece->literal = literal == NULL ? NULL : g_bytes_ref(literal);
    g_ptr_array_add(builder->command->pieces, piece);
}

/* Text that does not fit is left out: it is the caller's own, and far beyond any command. */
static void add(Builder *builder, const char *text)
{
    bool fits = byte_buffer_append_string(&builder->text, text);
    (void)fits;
}

static void add_string(Builder *builder, ByteSpan text)
{
    bool allows_utf8 = builder->client->allows_utf8;
    if (imap_is_astring_atom(text) || imap_can_be_quoted(text, allows_utf8)) {
        bool fits = imap_write_astring(&builder->text, text, allows_utf8);
        (void)fits;
        return;
    }
    g_autoptr(GBytes) literal = g_bytes_new(text.data, text.length);
    end_piece(builder, literal);
}

static void add_name(Builder *builder, const char *name)
{
    ByteBuffer coded;
    ByteSpan utf8 = byte_span_from_string(name);
    byte_buffer_init(&coded, TEXT_MAXIMUM);
    bool is_coded = !builder->client->allows_utf8 && modified_utf7_encode(utf8, &coded, NULL, NULL);
    add_string(builder, is_coded ? byte_buffer_span(&coded) : utf8);
    byte_buffer_clear(&coded);
}

/* The command will be said only if the one queued before it succeeds. */
static void need_former(Builder *builder)
{
    builder->command->needs_former = true;
}

static guint64 enqueue(Builder *builder)
{
    ImapClient *client = builder->client;
    if (client->is_over || client->waiting.length >= IMAP_CLIENT_COMMANDS_MAXIMUM) {
        byte_buffer_clear(&builder->text);
        imap_client_command_free(builder->command);
        return 0;
    }
    end_piece(builder, NULL);
    byte_buffer_clear(&builder->text);
    g_queue_push_tail(&client->waiting, builder->command);
    guint64 number = builder->command->number = ++client->n_commands;
    imap_client_pump(client);
    return number;
}

void imap_client_put(ImapClient *client, ByteSpan words)
{
    if (!byte_buffer_append(&client->output, words)) {
        client->is_over = true; /* the server takes nothing any more */
        return;
    }
    imap_dialogue_hear_client(client->dialogue, words);
}

static void put_bytes(ImapClient *client, GBytes *bytes)
{
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    if (length > 0) {
        imap_client_put(client, byte_span(data, length));
    }
}

static bool has_plus(const ImapClient *client, gsize octets)
{
    return !client->options.never_literal_plus &&
           (imap_client_has(client, "LITERAL+") ||
            (octets <= 4096 &&
             (imap_client_has(client, "LITERAL-") || imap_client_has(client, "IMAP4rev2"))));
}

/* Says pieces up to a literal that must be asked for. True: the command has been said whole. */
static bool say_pieces(ImapClient *client, ImapClientCommand *command)
{
    while (command->next_piece < command->pieces->len) {
        const ImapClientPiece *piece = g_ptr_array_index(command->pieces, command->next_piece++);
        put_bytes(client, piece->text);
        if (piece->literal == NULL) {
            continue;
        }
        gsize octets = g_bytes_get_size(piece->literal);
        bool is_plus = has_plus(client, octets);
        g_autofree char *announcement =
            g_strdup_printf("{%" G_GSIZE_FORMAT "%s}\r\n", octets, is_plus ? "+" : "");
        imap_client_put(client, byte_span_from_string(announcement));
        if (!is_plus) {
            return false;
        }
        put_bytes(client, piece->literal);
    }
    imap_client_put(client, BYTE_SPAN_LITERAL("\r\n"));
    command->next_piece++;
    return true;
}

static bool is_said(const ImapClientCommand *command)
{
    return command->next_piece > command->pieces->len;
}

/* RFC 9051 §5.5: what changes the session is waited for even by a client that pipelines. */
static bool blocks(const ImapClientCommand *command)
{
    return !is_said(command) || command->id == IMAP_COMMAND_AUTHENTICATE ||
           command->id == IMAP_COMMAND_IDLE || command->id == IMAP_COMMAND_STARTTLS ||
           command->id == IMAP_COMMAND_ENABLE || command->id == IMAP_COMMAND_LOGIN ||
           command->id == IMAP_COMMAND_SELECT || command->id == IMAP_COMMAND_EXAMINE;
}

static bool may_say(const ImapClient *client)
{
    const ImapClientCommand *last = g_queue_peek_tail((GQueue *)&client->unanswered);
    const ImapClientCommand *next = g_queue_peek_head((GQueue *)&client->waiting);
    return client->is_greeted && !client->is_over && next != NULL &&
           (last == NULL || (client->options.pipelines && !blocks(last) && !next->needs_former));
}

static void say_authenticate(ImapClient *client, ImapClientCommand *command)
{
    if (sasl_client_speaks_first(command->sasl) && imap_client_has(client, "SASL-IR")) {
        ByteSpan initial = sasl_client_begin(command->sasl);
        command->has_begun = true;
        g_autofree char *text = byte_span_to_string(initial);
        g_autofree char *word = g_strconcat(" ", *text == '\0' ? "=" : text, NULL);
        ImapClientPiece *piece = g_new0(ImapClientPiece, 1);
        piece->text = g_bytes_new(word, strlen(word));
        g_ptr_array_add(command->pieces, piece);
    }
}

/* For teaching: other words than its own. */
static void take_override(ImapClient *client, ImapClientCommand *command)
{
    const char *text = line_overrides_take(&client->overrides, command->exchange);
    if (text != NULL) {
        ImapClientPiece *piece = g_new0(ImapClientPiece, 1);
        piece->text = g_bytes_new(text, strlen(text));
        g_ptr_array_set_size(command->pieces, 0);
        g_ptr_array_add(command->pieces, piece);
    }
}

void imap_client_pump(ImapClient *client)
{
    while (may_say(client)) {
        ImapClientCommand *command = g_queue_pop_head(&client->waiting);
        g_autofree char *tag =
            g_strdup_printf("a%" G_GUINT64_FORMAT " ", command->exchange = ++client->n_said);
        g_queue_push_tail(&client->unanswered, command);
        if (command->sasl != NULL) {
            say_authenticate(client, command);
        }
        take_override(client, command);
        imap_client_put(client, byte_span_from_string(tag));
        say_pieces(client, command);
    }
}

static void send_literal(ImapClient *client, ImapClientCommand *command)
{
    const ImapClientPiece *piece = g_ptr_array_index(command->pieces, command->next_piece - 1);
    put_bytes(client, piece->literal);
    say_pieces(client, command);
    imap_client_pump(client);
}

static void answer_challenge(ImapClient *client, ImapClientCommand *command, ByteSpan challenge)
{
    ByteSpan response = BYTE_SPAN_LITERAL("*");
    if (sasl_client_speaks_first(command->sasl) && !command->has_begun) {
        command->has_begun = true;
        response = sasl_client_begin(command->sasl);
    } else if (sasl_client_challenge(command->sasl, challenge) == SASL_CLIENT_RESPONSE) {
        response = sasl_client_response(command->sasl);
    }
    g_autofree char *text = byte_span_to_string(response);
    g_autofree char *line = g_strconcat(text, "\r\n", NULL);
    imap_client_put(client, byte_span_from_string(line));
}

bool imap_client_go_on(ImapClient *client, ByteSpan challenge, ImapClientEvent *out_event)
{
    ImapClientCommand *command = g_queue_peek_tail(&client->unanswered);
    if (command == NULL) {
        return false;
    }
    if (!is_said(command)) {
        if (!imap_dialogue_awaits_octets(client->dialogue)) {
            send_literal(client, command);
        }
    } else if (command->sasl != NULL) {
        answer_challenge(client, command, challenge);
    } else if (command->id == IMAP_COMMAND_IDLE && !client->is_idling) {
        client->is_idling = true;
        if (client->wants_no_idle) {
            imap_client_stop_idling(client);
            return false;
        }
        out_event->kind = IMAP_CLIENT_IDLING;
        out_event->command = command->number;
        return true;
    }
    return false;
}

guint64 imap_client_log_in(
    ImapClient *client, const char *user, const char *password, const char *mechanism
)
{
    if (mechanism == NULL) {
        Builder login = begin(client, IMAP_COMMAND_LOGIN, "LOGIN ");
        add_string(&login, byte_span_from_string(user));
        add(&login, " ");
        add_string(&login, byte_span_from_string(password));
        return enqueue(&login);
    }
    SaslClientOptions options = {
        .service = "imap",
        .host_name = client->host_name,
        .identity = user,
        .password = password,
        .seed = client->options.seed + client->attempts++,
    };
    SaslClient *sasl = sasl_client_new(byte_span_from_string(mechanism), &options);
    if (sasl == NULL) {
        return 0;
    }
    Builder builder = begin(client, IMAP_COMMAND_AUTHENTICATE, "AUTHENTICATE ");
    add(&builder, sasl_client_mechanism(sasl));
    builder.command->sasl = sasl;
    return enqueue(&builder);
}

guint64 imap_client_say(ImapClient *client, const char *line)
{
    ByteSpan name = byte_span_from_string(line);
    gssize space = byte_span_find(name, ' ', 0);
    name = space < 0 ? name : byte_span_slice(name, 0, (gsize)space);
    const ImapCommandRow *row = imap_command_find(name, IMAP_REVISION_1);
    Builder builder = begin(client, row == NULL ? IMAP_COMMAND_EXPERIMENTAL : row->id, line);
    return enqueue(&builder);
}

guint64 imap_client_list(ImapClient *client, const char *reference, const char *pattern)
{
    Builder builder = begin(client, IMAP_COMMAND_LIST, "LIST ");
    bool fits = imap_write_quoted(&builder.text, byte_span_from_string(reference));
    add(&builder, " ");
    fits = fits && imap_write_quoted(&builder.text, byte_span_from_string(pattern));
    (void)fits;
    return enqueue(&builder);
}

guint64 imap_client_select(ImapClient *client, const char *name, bool is_read_only)
{
    Builder builder = begin(
        client,
        is_read_only ? IMAP_COMMAND_EXAMINE : IMAP_COMMAND_SELECT,
        is_read_only ? "EXAMINE " : "SELECT "
    );
    builder.command->name = g_strdup(name);
    add_name(&builder, name);
    return enqueue(&builder);
}

guint64
imap_client_name_command(ImapClient *client, ImapCommandId id, const char *name, const char *second)
{
    const ImapCommandRow *row = imap_command_row(id, IMAP_REVISION_1);
    Builder builder = begin(client, id, row->item.token);
    add(&builder, " ");
    add_name(&builder, name);
    if (second != NULL) {
        add(&builder, " ");
        add_name(&builder, second);
    }
    return enqueue(&builder);
}

guint64 imap_client_status(ImapClient *client, const char *name, const char *items)
{
    Builder builder = begin(client, IMAP_COMMAND_STATUS, "STATUS ");
    add_name(&builder, name);
    add(&builder, " (");
    add(&builder, items);
    add(&builder, ")");
    return enqueue(&builder);
}

static Builder begin_on_set(ImapClient *client, ImapCommandId id, bool is_uid, const char *set)
{
    const ImapCommandRow *row = imap_command_row(id, IMAP_REVISION_2);
    Builder builder = begin(client, id, is_uid ? "UID " : "");
    add(&builder, row->item.token);
    add(&builder, " ");
    add(&builder, set);
    add(&builder, " ");
    return builder;
}

guint64 imap_client_fetch(ImapClient *client, const char *set, bool is_uid, const char *items)
{
    Builder builder = begin_on_set(client, IMAP_COMMAND_FETCH, is_uid, set);
    add(&builder, items);
    return enqueue(&builder);
}

guint64 imap_client_store(
    ImapClient *client, const char *set, bool is_uid, const char *change, const char *flags
)
{
    Builder builder = begin_on_set(client, IMAP_COMMAND_STORE, is_uid, set);
    add(&builder, change);
    add(&builder, " (");
    add(&builder, flags);
    add(&builder, ")");
    return enqueue(&builder);
}

guint64 imap_client_copy(ImapClient *client, const char *set, bool is_uid, const char *name)
{
    Builder builder = begin_on_set(client, IMAP_COMMAND_COPY, is_uid, set);
    add_name(&builder, name);
    return enqueue(&builder);
}

static Builder begin_expunge(ImapClient *client, const char *uids)
{
    Builder builder =
        begin(client, IMAP_COMMAND_EXPUNGE, uids == NULL ? "EXPUNGE" : "UID EXPUNGE ");
    add(&builder, uids == NULL ? "" : uids);
    return builder;
}

guint64 imap_client_move(ImapClient *client, const char *set, bool is_uid, const char *name)
{
    if (imap_client_has(client, "MOVE") || imap_client_has(client, "IMAP4rev2")) {
        Builder builder = begin_on_set(client, IMAP_COMMAND_MOVE, is_uid, set);
        add_name(&builder, name);
        return enqueue(&builder);
    }
    imap_client_copy(client, set, is_uid, name);
    Builder store = begin_on_set(client, IMAP_COMMAND_STORE, is_uid, set);
    add(&store, "+FLAGS.SILENT (\\Deleted)");
    need_former(&store);
    enqueue(&store);
    Builder expunge =
        begin_expunge(client, is_uid && imap_client_has(client, "UIDPLUS") ? set : NULL);
    need_former(&expunge);
    return enqueue(&expunge);
}

guint64 imap_client_expunge(ImapClient *client, const char *uids)
{
    Builder builder = begin_expunge(client, uids);
    return enqueue(&builder);
}

/* Strings beyond ASCII go as literals where UTF-8 is not agreed on. */
static void add_criteria(Builder *builder, const char *criteria)
{
    ImapScanner scanner;
    ImapToken token;
    imap_scanner_init(&scanner, byte_span_from_string(criteria));
    while (imap_scanner_next(&scanner, &token)) {
        add(builder, token.space_before ? " " : "");
        if (token.kind == IMAP_TOKEN_QUOTED && !imap_can_be_quoted(token.value, false)) {
            ByteBuffer text;
            byte_buffer_init(&text, TEXT_MAXIMUM);
            if (imap_token_append_text(&token, &text)) {
                add_string(builder, byte_buffer_span(&text));
            }
            byte_buffer_clear(&text);
        } else {
            bool fits = byte_buffer_append(&builder->text, token.raw);
            (void)fits;
        }
    }
}

guint64 imap_client_search(ImapClient *client, bool is_uid, const char *criteria)
{
    bool is_ascii = g_str_is_ascii(criteria);
    Builder builder = begin(client, IMAP_COMMAND_SEARCH, is_uid ? "UID SEARCH " : "SEARCH ");
    add(&builder, is_ascii || client->allows_utf8 ? "" : "CHARSET UTF-8 ");
    add_criteria(&builder, criteria);
    return enqueue(&builder);
}

guint64 imap_client_append(
    ImapClient *client, const char *name, const char *flags, gint64 seconds, GBytes *message
)
{
    char date[MESSAGE_DATE_SIZE];
    Builder builder = begin(client, IMAP_COMMAND_APPEND, "APPEND ");
    add_name(&builder, name);
    if (flags != NULL) {
        add(&builder, " (");
        add(&builder, flags);
        add(&builder, ")");
    }
    if (seconds >= 0) {
        message_date_write_internal(seconds, 0, date);
        add(&builder, " \"");
        add(&builder, date);
        add(&builder, "\"");
    }
    add(&builder, " ");
    end_piece(&builder, message);
    return enqueue(&builder);
}

guint64 imap_client_idle(ImapClient *client)
{
    Builder builder = begin(client, IMAP_COMMAND_IDLE, "IDLE");
    client->wants_no_idle = false;
    return enqueue(&builder);
}

void imap_client_stop_idling(ImapClient *client)
{
    client->wants_no_idle = true;
    if (client->is_idling) {
        client->is_idling = false;
        imap_client_put(client, BYTE_SPAN_LITERAL("DONE\r\n"));
    }
}

guint64 imap_client_log_out(ImapClient *client)
{
    return imap_client_say(client, "LOGOUT");
}
