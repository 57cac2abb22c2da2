/* Commands about the session: what the server can do, IDLE, the end. */

#include "protocol/imap/imap-parser.h"
#include "protocol/imap/imap-server-private.h"

typedef struct {
    const char *keyword;
    ImapOffer offer;
} CapabilityRow;

/* IMAP4rev2 has most of these built in (RFC 9051 appendix E); they are named for clients that know
 * only IMAP4rev1. */
static const CapabilityRow capabilities[] = {
    {"IMAP4rev1", IMAP_OFFER_REVISION_1},
    {"IMAP4rev2", IMAP_OFFER_REVISION_2},
    {"LITERAL+", IMAP_OFFER_LITERAL_PLUS},
    {"LITERAL-", IMAP_OFFER_LITERAL_MINUS},
    {"SASL-IR", IMAP_OFFER_SASL_IR},
    {"ID", IMAP_OFFER_ID},
    {"ENABLE", IMAP_OFFER_ENABLE},
    {"IDLE", IMAP_OFFER_IDLE},
    {"NAMESPACE", IMAP_OFFER_NAMESPACE},
    {"UIDPLUS", IMAP_OFFER_UIDPLUS},
    {"UNSELECT", IMAP_OFFER_UNSELECT},
    {"MOVE", IMAP_OFFER_MOVE},
    {"CHILDREN", IMAP_OFFER_CHILDREN},
    {"LIST-EXTENDED", IMAP_OFFER_LIST_EXTENDED},
    {"LIST-STATUS", IMAP_OFFER_LIST_STATUS},
    {"SPECIAL-USE", IMAP_OFFER_SPECIAL_USE},
    {"CREATE-SPECIAL-USE", IMAP_OFFER_CREATE_SPECIAL_USE},
    {"STATUS=SIZE", IMAP_OFFER_STATUS_SIZE},
    {"ESEARCH", IMAP_OFFER_ESEARCH},
    {"SEARCHRES", IMAP_OFFER_SEARCHRES},
    {"BINARY", IMAP_OFFER_BINARY},
    {"UTF8=ACCEPT", IMAP_OFFER_UTF8},
};

guint32 imap_offer_find(const char *keyword)
{
    static const guint32 apart = IMAP_OFFER_REVISION_1 | IMAP_OFFER_LITERAL_PLUS | IMAP_OFFER_ID |
                                 IMAP_OFFER_CHILDREN | IMAP_OFFER_CREATE_SPECIAL_USE |
                                 IMAP_OFFER_UTF8;
    for (gsize i = 0; i < G_N_ELEMENTS(capabilities); i++) {
        if (g_ascii_strcasecmp(keyword, capabilities[i].keyword) == 0) {
            guint32 offer = capabilities[i].offer;
            return (offer & apart) != 0 ? offer : offer | IMAP_OFFER_REVISION_2;
        }
    }
    return g_ascii_strcasecmp(keyword, "STARTTLS") == 0 ? IMAP_OFFER_STARTTLS : 0;
}

static bool is_shown(const ImapServer *server, const CapabilityRow *row)
{
    /* RFC 7888 §6: one of the two, and LITERAL+ says more. */
    bool is_weaker = row->offer == IMAP_OFFER_LITERAL_MINUS &&
                     imap_server_offers(server, IMAP_OFFER_LITERAL_PLUS);
    return imap_server_offers(server, row->offer) && !is_weaker;
}

void imap_server_write_capabilities(const ImapServer *server, ByteBuffer *out)
{
    bool fits = byte_buffer_append_string(out, "CAPABILITY");
    for (gsize i = 0; i < G_N_ELEMENTS(capabilities) && fits; i++) {
        if (is_shown(server, &capabilities[i])) {
            fits = byte_buffer_printf(out, " %s", capabilities[i].keyword);
        }
    }
    if (fits && server->store == NULL) {
        if (imap_server_offers(server, IMAP_OFFER_STARTTLS) && !server->is_tls) {
            fits = byte_buffer_append_string(out, " STARTTLS");
        }
        if (!server->options.allows_plaintext_login && !server->is_tls) {
            fits = fits && byte_buffer_append_string(out, " LOGINDISABLED");
        }
        ByteSpan rest = byte_span_from_string(server->mechanisms);
        ByteSpan name;
        while (fits && byte_span_next_token(&rest, ' ', &name)) {
            fits = byte_buffer_append_string(out, " AUTH=") && byte_buffer_append(out, name);
        }
    }
    g_assert(fits);
}

char *imap_server_capability_code(const ImapServer *server)
{
    ByteBuffer text;
    if (!imap_server_offers(server, IMAP_OFFER_UNASKED)) {
        return NULL;
    }
    byte_buffer_init(&text, IMAP_OUTPUT_ENOUGH);
    imap_server_write_capabilities(server, &text);
    char *code = byte_span_to_string(byte_buffer_span(&text));
    byte_buffer_clear(&text);
    return code;
}

bool imap_server_handle_capability(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ByteBuffer text;
    (void)command;
    (void)out_event;
    byte_buffer_init(&text, IMAP_OUTPUT_ENOUGH);
    imap_server_write_capabilities(server, &text);
    imap_server_print(server, "* ");
    imap_server_put(server, byte_buffer_span(&text));
    imap_server_print(server, "\r\n");
    byte_buffer_clear(&text);
    imap_server_ok(server, NULL, "CAPABILITY completed");
    return false;
}

bool imap_server_handle_noop(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    imap_server_ok(server, NULL, "NOOP completed");
    return false;
}

bool imap_server_handle_check(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    imap_server_ok(server, NULL, "CHECK completed");
    return false;
}

bool imap_server_handle_logout(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    imap_server_say(server, "*", "BYE", NULL, "%s IMAP server signing off", server->software);
    imap_server_say(server, server->tag, "OK", NULL, "LOGOUT completed");
    server->is_closing = true;
    return false;
}

bool imap_server_handle_id(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    ImapToken token;
    (void)out_event;
    imap_arguments_init(&arguments, server, command->arguments);
    bool is_good = imap_arguments_token(&arguments, &token) &&
                   (token.kind == IMAP_TOKEN_LIST_OPEN || imap_token_is_nil(&token));
    if (!is_good) {
        imap_server_bad(server, "Syntax: %s", server->row->item.syntax);
        return false;
    }
    imap_server_untagged(server, "ID (\"name\" \"%s\")", server->software);
    imap_server_ok(server, NULL, "ID completed");
    return false;
}

bool imap_server_handle_enable(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ByteSpan rest = command->arguments;
    ByteSpan word;
    g_autoptr(GString) enabled = g_string_new("* ENABLED");
    (void)out_event;
    while (byte_span_next_token(&rest, ' ', &word)) {
        if (byte_span_is_nocase(word, "IMAP4rev2") &&
            imap_server_offers(server, IMAP_OFFER_REVISION_2)) {
            server->is_rev2 = true;
            server->allows_utf8 = true;
            g_string_append(enabled, " IMAP4rev2");
        } else if (byte_span_is_nocase(word, "UTF8=ACCEPT") && imap_server_offers(server, IMAP_OFFER_UTF8)) {
            server->allows_utf8 = true;
            g_string_append(enabled, " UTF8=ACCEPT");
        }
    }
    g_string_append(enabled, "\r\n");
    ByteSpan line = byte_span(enabled->str, enabled->len);
    imap_server_put(server, line);
    imap_dialogue_hear_server(server->dialogue, line);
    imap_server_ok(server, NULL, "ENABLE completed");
    return false;
}

bool imap_server_handle_namespace(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    imap_server_untagged(server, "NAMESPACE ((\"\" \"/\")) NIL NIL");
    imap_server_ok(server, NULL, "NAMESPACE completed");
    return false;
}

bool imap_server_handle_idle(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    imap_server_go_on(server, "idling");
    server->is_idling = true;
    imap_server_sync(server, true);
    return false;
}

void imap_server_end_idle(ImapServer *server, ByteSpan line)
{
    server->is_idling = false;
    if (byte_span_is_nocase(line, "DONE")) {
        imap_server_ok(server, NULL, "IDLE completed");
    } else {
        imap_server_bad(server, "IDLE is ended by DONE");
    }
}
