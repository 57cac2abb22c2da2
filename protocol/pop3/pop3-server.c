/* The server's life, its loop, and what all its parts share. */

#include "protocol/pop3/pop3-server.h"

#include "protocol/pop3/pop3-server-private.h"

#define OUTPUT_MAXIMUM (256u * 1024 * 1024) /* the longest answer: a message, whole */

Pop3Server *pop3_server_new(const Pop3ServerOptions *options)
{
    Pop3Server *server = g_new0(Pop3Server, 1);
    server->options = *options;
    server->host_name = g_strdup(options->host_name);
    server->greeting = g_strdup(options->greeting);
    server->mechanisms = g_strdup(options->mechanisms);
    server->dialogue = pop3_dialogue_new();
    byte_buffer_init(&server->output, OUTPUT_MAXIMUM);
    return server;
}

void pop3_server_free(Pop3Server *server)
{
    if (server == NULL) {
        return;
    }
    pop3_dialogue_free(server->dialogue);
    sasl_server_free(server->sasl);
    line_overrides_clear(&server->overrides);
    byte_buffer_clear(&server->output);
    g_clear_pointer(&server->messages, g_array_unref);
    g_free(server->host_name);
    g_free(server->greeting);
    g_free(server->mechanisms);
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
    server->errors++;
    guint maximum = server->options.maximum_errors;
    server->is_closing = server->is_closing || (maximum > 0 && server->errors > maximum);
    server->abort_is_due = server->is_closing && server->messages != NULL && !server->was_updated;
}

void pop3_server_line(Pop3Server *server, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line(server, "", format, arguments);
    va_end(arguments);
}

void pop3_server_refuse(Pop3Server *server, const char *refusal)
{
    const char *end = refusal[0] == '[' ? strchr(refusal, ']') : NULL;
    if (end != NULL && !pop3_server_offers(server, POP3_OFFER_RESP_CODES)) {
        refusal = end + 1 + (end[1] == ' ');
    }
    pop3_server_error(server, "%s", refusal);
}

bool pop3_server_ask(Pop3Server *server, Pop3ServerEventKind kind, Pop3ServerEvent *out_event)
{
    out_event->kind = kind;
    out_event->needs_answer = true;
    server->asked = kind;
    server->awaits_answer = true;
    return true;
}

/* One that refuses is the end of the conversation. */
static void say_greeting(Pop3Server *server, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 2);
    pop3_server_line(server, "%s", lines[0]);
    server->is_closing = server->is_closing || !g_str_has_prefix(text, "+OK");
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
    const char *override = line_overrides_take(&server->overrides, 0);
    if (override != NULL) {
        say_greeting(server, override);
        return;
    }
    pop3_server_ok(
        server,
        "%s%s%s",
        server->greeting,
        server->banner == NULL ? "" : " ",
        server->banner == NULL ? "" : server->banner
    );
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
    {POP3_COMMAND_APOP, POP3_OFFER_APOP, pop3_server_handle_apop},
    {POP3_COMMAND_AUTH, POP3_OFFER_SASL, pop3_server_handle_auth},
    {POP3_COMMAND_CAPA, POP3_OFFER_CAPA, pop3_server_handle_capa},
    {POP3_COMMAND_DELE, 0, pop3_server_handle_dele},
    {POP3_COMMAND_LANG, POP3_OFFER_LANG, pop3_server_handle_lang},
    {POP3_COMMAND_LIST, 0, pop3_server_handle_list},
    {POP3_COMMAND_NOOP, 0, pop3_server_handle_noop},
    {POP3_COMMAND_PASS, POP3_OFFER_USER, pop3_server_handle_pass},
    {POP3_COMMAND_QUIT, 0, pop3_server_handle_quit},
    {POP3_COMMAND_RETR, 0, pop3_server_handle_retr},
    {POP3_COMMAND_RSET, 0, pop3_server_handle_rset},
    {POP3_COMMAND_STAT, 0, pop3_server_handle_stat},
    {POP3_COMMAND_STLS, POP3_OFFER_STLS, pop3_server_handle_stls},
    {POP3_COMMAND_TOP, POP3_OFFER_TOP, pop3_server_handle_top},
    {POP3_COMMAND_UIDL, POP3_OFFER_UIDL, pop3_server_handle_uidl},
    {POP3_COMMAND_USER, POP3_OFFER_USER, pop3_server_handle_user},
    {POP3_COMMAND_UTF8, POP3_OFFER_UTF8, pop3_server_handle_utf8},
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

/* False: the line itself is not in order, and answered. */
static bool form_is_fit(Pop3Server *server, const DialogueEvent *command, const Pop3CommandRow *row)
{
    bool may_be_long = row != NULL && row->id == POP3_COMMAND_AUTH;
    if ((command->defects & DIALOGUE_DEFECT_TOO_LONG) != 0 && !may_be_long) {
        pop3_server_error(server, "line too long");
        return false;
    }
    if ((command->defects & DIALOGUE_DEFECT_NUL) != 0) {
        pop3_server_error(server, "a line holds no NUL");
        return false;
    }
    if (row == NULL) {
        pop3_server_error(server, "unknown command");
        return false;
    }
    return true;
}

/* False: not now, and answered. 'messages' may be missing where an override said +OK to a log-in.
 */
static bool order_is_fit(Pop3Server *server, const Pop3CommandRow *row)
{
    Pop3State state = pop3_dialogue_state(server->dialogue);
    bool needs_maildrop = (row->item.states & POP3_STATE_AUTHORIZATION) == 0;
    if ((row->item.states & state) == 0) {
        bool is_in = state == POP3_STATE_TRANSACTION;
        pop3_server_error(server, is_in ? "you are logged in already" : "log in first");
        return false;
    }
    if (needs_maildrop && server->messages == NULL) {
        pop3_server_error(server, "no maildrop is open");
        return false;
    }
    return true;
}

static void say_override(Pop3Server *server, const DialogueEvent *command, const char *text)
{
    const Pop3CommandRow *row = command->item == NULL ? NULL : pop3_command_of(command->item);
    ReplyShape shape = row == NULL ? REPLY_SHAPE_LINE : row->item.shape;
    bool has_argument = byte_span_trim(command->arguments).length > 0;
    bool is_dotted =
        shape == REPLY_SHAPE_DOTTED || (shape == REPLY_SHAPE_LINE_OR_DOTTED && !has_argument);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        pop3_server_line(server, "%s", lines[i]);
    }
    if (is_dotted && g_str_has_prefix(text, "+OK")) {
        pop3_server_line(server, ".");
    }
}

static bool
handle_command(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event)
{
    const Pop3CommandRow *row = command->item == NULL ? NULL : pop3_command_of(command->item);
    const char *override = line_overrides_take(&server->overrides, command->exchange);
    if (!server->user_is_fresh &&
        server->messages == NULL) { /* RFC 1939 §7: PASS comes right behind USER */
        g_clear_pointer(&server->user, g_free);
    }
    server->user_is_fresh = false;
    if (override != NULL) {
        say_override(server, command, override);
        return false;
    }
    if (!form_is_fit(server, command, row)) {
        return false;
    }
    const HandlerRow *handler = find_handler(server, row);
    if (handler == NULL) {
        pop3_server_error(server, "not offered here");
        return false;
    }
    if (!order_is_fit(server, row)) {
        return false;
    }
    if ((command->defects & (DIALOGUE_DEFECT_SYNTAX | DIALOGUE_DEFECT_TRAILING)) != 0) {
        pop3_server_error(server, "syntax: %s", row->item.syntax);
        return false;
    }
    return handler->handle(server, command, out_event);
}

/* Lets the dialogue read what was said since it read last. */
static void feed_own_words(Pop3Server *server)
{
    ByteSpan output = byte_buffer_span(&server->output);
    ByteSpan fresh = byte_span_from(output, output.length - server->unread);
    server->unread = 0;
    if (fresh.length > 0) {
        pop3_dialogue_class.feed(server->dialogue, DIALOGUE_SERVER, fresh);
    }
}

static bool take_event(Pop3Server *server, const DialogueEvent *event, Pop3ServerEvent *out_event)
{
    if (event->kind == DIALOGUE_EVENT_COMMAND) {
        return handle_command(server, event, out_event);
    }
    if (event->kind == DIALOGUE_EVENT_CONTINUATION) {
        return pop3_server_take_response(server, event, out_event);
    }
    if (event->kind == DIALOGUE_EVENT_OPAQUE) {
        server->is_closing = true; /* TLS that nobody here knows of: an override said +OK */
    }
    return false;
}

static bool give_due(Pop3Server *server, Pop3ServerEvent *out_event, bool *out_is_over)
{
    *out_is_over = false;
    if (server->login_is_due) {
        server->login_is_due = false;
        return pop3_server_ask_login(server, sasl_server_mechanism(server->sasl), out_event);
    }
    if (server->abort_is_due) {
        server->abort_is_due = false;
        out_event->kind = POP3_SERVER_ABORTED;
        return true;
    }
    if (server->is_closing) {
        out_event->kind = POP3_SERVER_CLOSE;
        *out_is_over = server->close_was_told;
        server->close_was_told = true;
        return !*out_is_over;
    }
    return false;
}

bool pop3_server_next_event(Pop3Server *server, Pop3ServerEvent *out_event)
{
    DialogueEvent event;
    bool is_over;
    while (!server->awaits_answer) {
        *out_event = (Pop3ServerEvent){0};
        feed_own_words(server);
        if (give_due(server, out_event, &is_over)) {
            return true;
        }
        if (is_over || server->awaits_tls || !pop3_dialogue_class.next(server->dialogue, &event)) {
            return false;
        }
        if (take_event(server, &event, out_event)) {
            return true;
        }
    }
    /* The answer comes later, and the octets were only lent. */
    if (!pop3_dialogue_hold_client(server->dialogue)) {
        server->is_closing = true;
    }
    return false;
}

void pop3_server_receive(Pop3Server *server, ByteSpan octets)
{
    if (!server->is_closing && !server->awaits_tls) {
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
    server->awaits_tls = false;
    pop3_dialogue_begin_tls(server->dialogue);
    g_clear_pointer(&server->user, g_free);
    g_clear_pointer(&server->sasl, sasl_server_free);
}

void pop3_server_set_override(Pop3Server *server, guint64 number, const char *text, bool *said)
{
    line_overrides_set(&server->overrides, number, text, said);
}

void pop3_server_hang_up(Pop3Server *server)
{
    server->abort_is_due = !server->is_closing && server->messages != NULL && !server->was_updated;
    server->is_closing = true;
    server->awaits_answer = false;
    server->login_is_due = false;
}

void pop3_server_time_out(Pop3Server *server)
{
    pop3_server_hang_up(server); /* RFC 1939 §3: without a word */
}
