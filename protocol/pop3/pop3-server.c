/* The loop of the server, and the commands of AUTHORIZATION and of the end. */

#include "protocol/pop3/pop3-server.h"

#include "protocol/encoding/dot-stuffing.h"
#include "protocol/pop3/pop3-server-private.h"

#define OUTPUT_MAXIMUM (256u * 1024 * 1024) /* the longest answer: a message, whole */

Pop3Server *pop3_server_new(const Pop3ServerOptions *options)
{
    Pop3Server *server = g_new0(Pop3Server, 1);
    server->options = *options;
    server->host_name = g_strdup(options->host_name);
    server->greeting = g_strdup(options->greeting);
    server->dialogue = pop3_dialogue_new();
    byte_buffer_init(&server->output, OUTPUT_MAXIMUM);
    return server;
}

static void clear_message(gpointer data)
{
    Pop3Message *message = data;
    g_free(message->unique_id);
}

void pop3_server_free(Pop3Server *server)
{
    if (server == NULL) {
        return;
    }
    pop3_dialogue_free(server->dialogue);
    byte_buffer_clear(&server->output);
    g_clear_pointer(&server->messages, g_array_unref);
    g_free(server->host_name);
    g_free(server->greeting);
    g_free(server->banner);
    g_free(server->user);
    g_free(server->secret);
    g_free(server);
}

bool pop3_server_offers(const Pop3Server *server, Pop3Offer offer)
{
    return (server->options.offers & offer) != 0;
}

static void put(Pop3Server *server, ByteSpan octets)
{
    if (!byte_buffer_append(&server->output, octets)) {
        server->is_closing = true;
        return;
    }
    server->unread += octets.length;
}

static void put_line(Pop3Server *server, const char *status, const char *format, va_list arguments)
    G_GNUC_PRINTF(3, 0);

static void put_line(Pop3Server *server, const char *status, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    put(server, byte_span_from_string(status));
    if (*status != '\0' && *text != '\0') {
        put(server, BYTE_SPAN_LITERAL(" "));
    }
    put(server, byte_span_from_string(text));
    put(server, BYTE_SPAN_LITERAL("\r\n"));
}

void pop3_server_ok(Pop3Server *server, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line(server, "+OK", format, arguments);
    va_end(arguments);
}

void pop3_server_error(Pop3Server *server, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line(server, "-ERR", format, arguments);
    va_end(arguments);
}

void pop3_server_line(Pop3Server *server, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line(server, "", format, arguments);
    va_end(arguments);
}

bool pop3_server_ask(Pop3Server *server, Pop3ServerEventKind kind, Pop3ServerEvent *out_event)
{
    out_event->kind = kind;
    out_event->needs_answer = true;
    server->asked = kind;
    server->awaits_answer = true;
    return true;
}

void pop3_server_greet(Pop3Server *server, gint64 now_us)
{
    if (pop3_server_offers(server, POP3_OFFER_APOP)) {
        server->banner = g_strdup_printf(
            "<%" G_GUINT64_FORMAT ".%" G_GINT64_FORMAT "@%s>",
            server->options.seed % 100000,
            now_us / 1000000,
            server->host_name
        );
    }
    pop3_server_ok(
        server,
        "%s%s%s",
        server->greeting,
        server->banner == NULL ? "" : " ",
        server->banner == NULL ? "" : server->banner
    );
}

static bool handle_user(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *event)
{
    (void)event;
    g_free(server->user);
    server->user = byte_span_to_string(byte_span_trim(command->arguments));
    pop3_server_ok(server, "%s", "");
    return false;
}

static bool ask_login(Pop3Server *server, bool is_apop, Pop3ServerEvent *event)
{
    server->is_apop = is_apop;
    event->identity = byte_span_from_string(server->user);
    event->method = is_apop ? "APOP" : "USER/PASS";
    return pop3_server_ask(server, POP3_SERVER_LOGIN, event);
}

static bool handle_pass(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *event)
{
    if (server->user == NULL) {
        pop3_server_error(server, "USER must come first");
        return false;
    }
    g_free(server->secret);
    server->secret = byte_span_to_string(command->arguments);
    return ask_login(server, false, event);
}

static bool handle_apop(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *event)
{
    ByteSpan rest = command->arguments;
    ByteSpan name = BYTE_SPAN_EMPTY;
    ByteSpan digest = BYTE_SPAN_EMPTY;
    byte_span_next_token(&rest, ' ', &name);
    byte_span_next_token(&rest, ' ', &digest);
    g_free(server->user);
    g_free(server->secret);
    server->user = byte_span_to_string(name);
    server->secret = byte_span_to_string(digest);
    return ask_login(server, true, event);
}

bool pop3_server_proof_fits(const Pop3Server *server, const char *password)
{
    if (password == NULL) {
        return false;
    }
    if (!server->is_apop) {
        return g_str_equal(server->secret, password);
    }
    /* RFC 1939 §7: MD5 of the timestamp and the shared secret */
    g_autofree char *shared = g_strconcat(server->banner, password, NULL);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_MD5, shared, -1);
    return g_ascii_strcasecmp(digest, server->secret) == 0;
}

void pop3_server_answer_login(
    Pop3Server *server, const Pop3Entry *entries, gsize count, const char *refusal
)
{
    g_assert(server->awaits_answer && server->asked == POP3_SERVER_LOGIN);
    server->awaits_answer = false;
    g_clear_pointer(&server->secret, g_free);
    if (refusal != NULL) {
        g_clear_pointer(&server->user, g_free);
        pop3_server_error(server, "%s", refusal);
        return;
    }
    server->messages = g_array_new(FALSE, TRUE, sizeof(Pop3Message));
    g_array_set_clear_func(server->messages, clear_message);
    guint64 octets = 0;
    for (gsize i = 0; i < count; i++) {
        Pop3Message message = {
            .octets = entries[i].octets, .unique_id = g_strdup(entries[i].unique_id)};
        g_array_append_val(server->messages, message);
        octets += message.octets;
    }
    pop3_server_ok(
        server,
        "maildrop has %" G_GSIZE_FORMAT " %s (%" G_GUINT64_FORMAT " octets)",
        count,
        count == 1 ? "message" : "messages",
        octets
    );
}

static bool handle_capa(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *event)
{
    static const struct {
        Pop3Offer offer;
        const char *line;
    } lines[] = {
        {POP3_OFFER_USER, "USER"},
        {POP3_OFFER_TOP, "TOP"},
        {POP3_OFFER_UIDL, "UIDL"},
        {POP3_OFFER_PIPELINING, "PIPELINING"},
        {POP3_OFFER_RESP_CODES, "RESP-CODES"},
        {POP3_OFFER_UTF8, "UTF8"},
    };

    (void)command;
    (void)event;
    pop3_server_ok(server, "capabilities follow");
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (pop3_server_offers(server, lines[i].offer)) {
            pop3_server_line(server, "%s", lines[i].line);
        }
    }
    if (pop3_server_offers(server, POP3_OFFER_STLS) && !server->is_tls) {
        pop3_server_line(server, "STLS");
    }
    pop3_server_line(server, "IMPLEMENTATION mailwalk");
    pop3_server_line(server, ".");
    return false;
}

static bool handle_stls(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *event)
{
    (void)command;
    if (server->is_tls) {
        pop3_server_error(server, "TLS is on already");
        return false;
    }
    pop3_server_ok(server, "begin TLS");
    event->kind = POP3_SERVER_STLS;
    return true;
}

static void sign_off(Pop3Server *server)
{
    pop3_server_ok(server, "POP3 server signing off");
    server->is_closing = true;
}

static bool handle_quit(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *event)
{
    (void)command;
    if (server->messages != NULL) {
        return pop3_server_ask(server, POP3_SERVER_UPDATE, event);
    }
    sign_off(server);
    return false;
}

void pop3_server_answer_update(Pop3Server *server, const char *refusal)
{
    g_assert(server->awaits_answer && server->asked == POP3_SERVER_UPDATE);
    server->awaits_answer = false;
    if (refusal == NULL) {
        sign_off(server);
    } else {
        pop3_server_error(server, "%s", refusal);
        server->is_closing = true;
    }
}

bool pop3_server_is_deleted(const Pop3Server *server, gsize index)
{
    return server->messages != NULL && index < server->messages->len &&
           g_array_index(server->messages, Pop3Message, index).is_deleted;
}

typedef struct {
    Pop3CommandId id;
    guint32 needs;
    Pop3Handler handle;
} HandlerRow;

static const HandlerRow handlers[] = {
    {POP3_COMMAND_APOP, POP3_OFFER_APOP, handle_apop},
    {POP3_COMMAND_CAPA, POP3_OFFER_CAPA, handle_capa},
    {POP3_COMMAND_DELE, 0, pop3_server_handle_dele},
    {POP3_COMMAND_LIST, 0, pop3_server_handle_list},
    {POP3_COMMAND_NOOP, 0, pop3_server_handle_noop},
    {POP3_COMMAND_PASS, POP3_OFFER_USER, handle_pass},
    {POP3_COMMAND_QUIT, 0, handle_quit},
    {POP3_COMMAND_RETR, 0, pop3_server_handle_retr},
    {POP3_COMMAND_RSET, 0, pop3_server_handle_rset},
    {POP3_COMMAND_STAT, 0, pop3_server_handle_stat},
    {POP3_COMMAND_STLS, POP3_OFFER_STLS, handle_stls},
    {POP3_COMMAND_TOP, POP3_OFFER_TOP, pop3_server_handle_top},
    {POP3_COMMAND_UIDL, POP3_OFFER_UIDL, pop3_server_handle_uidl},
    {POP3_COMMAND_USER, POP3_OFFER_USER, handle_user},
};

static const HandlerRow *find_handler(const Pop3Server *server, const Pop3CommandRow *row)
{
    for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++) {
        if (handlers[i].id == row->id &&
            (handlers[i].needs & server->options.offers) == handlers[i].needs) {
            return &handlers[i];
        }
    }
    return NULL;
}

static bool
handle_command(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event)
{
    const Pop3CommandRow *row = command->item == NULL ? NULL : pop3_command_of(command->item);
    const HandlerRow *handler = row == NULL ? NULL : find_handler(server, row);
    if (handler == NULL) {
        pop3_server_error(server, row == NULL ? "unknown command" : "not offered here");
        return false;
    }
    if ((row->item.states & pop3_dialogue_state(server->dialogue)) == 0) {
        bool is_in = server->messages != NULL;
        pop3_server_error(server, is_in ? "you are logged in already" : "log in first");
        return false;
    }
    if ((command->defects & (DIALOGUE_DEFECT_SYNTAX | DIALOGUE_DEFECT_TRAILING)) != 0) {
        pop3_server_error(server, "syntax: %s", row->item.syntax);
        return false;
    }
    return handler->handle(server, command, out_event);
}

/* Lets the dialogue read what was said since it read last. */
static bool feed_own_words(Pop3Server *server)
{
    ByteSpan output = byte_buffer_span(&server->output);
    ByteSpan fresh = byte_span_from(output, output.length - server->unread);
    server->unread = 0;
    if (fresh.length > 0) {
        pop3_dialogue_class.feed(server->dialogue, DIALOGUE_SERVER, fresh);
    }
    return fresh.length > 0;
}

bool pop3_server_next_event(Pop3Server *server, Pop3ServerEvent *out_event)
{
    DialogueEvent event;
    while (!server->awaits_answer) {
        *out_event = (Pop3ServerEvent){0};
        feed_own_words(server);
        if (server->is_closing) {
            out_event->kind = POP3_SERVER_CLOSE;
            bool is_news = !server->close_was_told;
            server->close_was_told = true;
            return is_news;
        }
        if (!pop3_dialogue_class.next(server->dialogue, &event)) {
            return false;
        }
        if (event.kind == DIALOGUE_EVENT_COMMAND && handle_command(server, &event, out_event)) {
            return true;
        }
    }
    return false;
}

void pop3_server_receive(Pop3Server *server, ByteSpan octets)
{
    if (!server->is_closing) {
        pop3_dialogue_class.feed(server->dialogue, DIALOGUE_CLIENT, octets);
    }
}

ByteSpan pop3_server_output(const Pop3Server *server)
{
    return byte_buffer_span(&server->output);
}

void pop3_server_consume_output(Pop3Server *server, gsize length)
{
    g_assert(length <= byte_buffer_length(&server->output) - server->unread);
    byte_buffer_consume(&server->output, length);
}

void pop3_server_begin_tls(Pop3Server *server)
{
    server->is_tls = true;
    pop3_dialogue_begin_tls(server->dialogue);
    g_clear_pointer(&server->user, g_free);
}
