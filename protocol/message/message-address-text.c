#include "protocol/message/message-address.h"

static bool is_atom_text(guint8 octet)
{
    return g_ascii_isalnum(octet) || octet >= 0x80 ||
           (octet != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", octet) != NULL);
}

/* RFC 5322 §3.2.3: atoms parted by single dots. */
static bool is_dot_atom(const char *text)
{
    bool needs_atom = true;
    for (; *text != '\0'; text++) {
        if (*text == '.' && !needs_atom) {
            needs_atom = true;
        } else if (is_atom_text((guint8)*text)) {
            needs_atom = false;
        } else {
            return false;
        }
    }
    return !needs_atom;
}

static void append_quoted(GString *target, const char *text)
{
    g_string_append_c(target, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            g_string_append_c(target, '\\');
        }
        g_string_append_c(target, *text);
    }
    g_string_append_c(target, '"');
}

char *message_address_path(const MessageAddress *address)
{
    if (address->kind != MESSAGE_ADDRESS_MAILBOX) {
        return NULL;
    }
    GString *path = g_string_new(NULL);
    if (is_dot_atom(address->mailbox)) {
        g_string_append(path, address->mailbox);
    } else {
        append_quoted(path, address->mailbox);
    }
    if (address->host != NULL) {
        g_string_append_printf(path, "@%s", address->host);
    }
    return g_string_free(path, FALSE);
}

bool message_id_next(ByteSpan *rest, ByteSpan *out_id, bool *out_is_clean)
{
    gsize at = 0;
    while (at < rest->length) {
        guint8 octet = rest->data[at];
        if (octet == '<') {
            gssize end = byte_span_find(*rest, '>', at);
            if (end < 0) {
                *out_is_clean = false;
                break;
            }
            *out_id = byte_span_slice(*rest, at, (gsize)end + 1 - at);
            *rest = byte_span_from(*rest, (gsize)end + 1);
            if (byte_span_find(*out_id, '@', 0) < 0 || byte_span_find(*out_id, ' ', 0) >= 0) {
                *out_is_clean = false;
            }
            return true;
        }
        if (strchr(" \t\r\n", octet) == NULL || octet == '\0') {
            *out_is_clean = false;
        }
        at++;
    }
    *rest = byte_span_from(*rest, rest->length);
    return false;
}
