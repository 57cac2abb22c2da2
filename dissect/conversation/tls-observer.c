#include "dissect/conversation/tls-observer.h"

/* RFC 8446 §5.1 and §4, RFC 5246 §7.4 */
#define RECORD_HANDSHAKE 22
#define RECORD_HEADER 5
#define HANDSHAKE_HEADER 4
#define CLIENT_HELLO 1
#define SERVER_HELLO 2
#define CERTIFICATE 11
#define EXTENSION_SERVER_NAME 0
#define EXTENSION_SUPPORTED_VERSIONS 43

void tls_observer_init(TlsObserver *observer)
{
    *observer = (TlsObserver){0};
    for (int side = 0; side < 2; side++) {
        byte_buffer_init(&observer->records[side], TLS_HANDSHAKE_MAXIMUM);
        byte_buffer_init(&observer->handshakes[side], TLS_HANDSHAKE_MAXIMUM);
    }
}

void tls_observer_clear(TlsObserver *observer)
{
    for (int side = 0; side < 2; side++) {
        byte_buffer_clear(&observer->records[side]);
        byte_buffer_clear(&observer->handshakes[side]);
    }
    g_clear_pointer(&observer->server_name, g_free);
    g_clear_pointer(&observer->subject, g_free);
    g_clear_pointer(&observer->cipher, g_free);
}

static gsize number(ByteSpan span, gsize at, gsize width)
{
    gsize value = 0;
    for (gsize i = at; i < at + width && i < span.length; i++) {
        value = value << 8 | span.data[i];
    }
    return value;
}

/* Takes a vector with a length of 'width' octets off the front; empty where it does not fit. */
static ByteSpan take_vector(ByteSpan *rest, gsize width)
{
    if (rest->length < width) {
        *rest = BYTE_SPAN_EMPTY;
        return BYTE_SPAN_EMPTY;
    }
    gsize length = number(*rest, 0, width);
    ByteSpan vector = byte_span_slice(*rest, width, length);
    *rest = byte_span_from(*rest, width + length);
    return vector;
}

static const char *version_name(gsize version)
{
    switch (version) {
    case 0x0300:
        return "SSL 3.0";
    case 0x0301:
        return "TLS 1.0";
    case 0x0302:
        return "TLS 1.1";
    case 0x0303:
        return "TLS 1.2";
    case 0x0304:
        return "TLS 1.3";
    default:
        return "an unknown version of TLS";
    }
}

/* The suites that mail servers choose most, by their names in IANA's registry "TLS Cipher Suites"
 * (RFC 8446 §11). */
static const struct {
    guint16 number;
    const char *name;
} cipher_names[] = {
    {0x0004, "TLS_RSA_WITH_RC4_128_MD5"},
    {0x0005, "TLS_RSA_WITH_RC4_128_SHA"},
    {0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
    {0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
    {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    {0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"},
    {0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    {0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0x1301, "TLS_AES_128_GCM_SHA256"},
    {0x1302, "TLS_AES_256_GCM_SHA384"},
    {0x1303, "TLS_CHACHA20_POLY1305_SHA256"},
    {0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    {0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    {0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    {0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    {0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
};

static char *cipher_name(gsize number)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cipher_names); i++) {
        if (cipher_names[i].number == number) {
            return g_strdup(cipher_names[i].name);
        }
    }
    return g_strdup_printf("0x%04zx", number);
}

static void read_server_name(TlsObserver *observer, ByteSpan extension)
{
    ByteSpan list = take_vector(&extension, 2);
    if (list.length < 1 || list.data[0] != 0) {
        return;
    }
    list = byte_span_from(list, 1);
    ByteSpan name = take_vector(&list, 2);
    if (name.length > 0 && observer->server_name == NULL) {
        observer->server_name = byte_span_to_display(byte_span_slice(name, 0, 255));
    }
}

static void read_extensions(TlsObserver *observer, guint side, ByteSpan rest)
{
    ByteSpan extensions = take_vector(&rest, 2);
    while (extensions.length >= 4) {
        gsize type = number(extensions, 0, 2);
        extensions = byte_span_from(extensions, 2);
        ByteSpan body = take_vector(&extensions, 2);
        if (side == 0 && type == EXTENSION_SERVER_NAME) {
            read_server_name(observer, body);
        } else if (side == 1 && type == EXTENSION_SUPPORTED_VERSIONS && body.length == 2) {
            observer->version = version_name(number(body, 0, 2));
        }
    }
}

static bool read_hello(TlsObserver *observer, guint side, ByteSpan body)
{
    if (body.length < 35) {
        return false;
    }
    gsize version = number(body, 0, 2);
    ByteSpan rest = byte_span_from(body, 34);
    take_vector(&rest, 1); /* session id */
    if (side == 0) {
        take_vector(&rest, 2); /* cipher suites */
        take_vector(&rest, 1); /* compression methods */
    } else {
        g_free(observer->cipher);
        observer->cipher = cipher_name(number(rest, 0, 2));
        observer->version = version_name(version);
        rest = byte_span_from(rest, 3);
    }
    read_extensions(observer, side, rest);
    observer->has_hello[side] = true;
    return true;
}

/* One DER element: its tag and content; false where the lengths do not fit. */
static bool take_element(ByteSpan *rest, guint8 *out_tag, ByteSpan *out_content)
{
    if (rest->length < 2) {
        return false;
    }
    gsize header = 2;
    gsize length = rest->data[1];
    if (length >= 0x80) {
        gsize width = length & 0x7f;
        if (width == 0 || width > 3 || rest->length < 2 + width) {
            return false;
        }
        length = number(*rest, 2, width);
        header += width;
    }
    if (length > rest->length - header) {
        return false;
    }
    *out_tag = rest->data[0];
    *out_content = byte_span_slice(*rest, header, length);
    *rest = byte_span_from(*rest, header + length);
    return true;
}

/* Name is a sequence of sets of {OID, value}; the common name is OID 2.5.4.3. */
static char *common_name(ByteSpan name)
{
    guint8 tag;
    ByteSpan set;
    ByteSpan pair;
    ByteSpan identifier;
    ByteSpan value;
    while (take_element(&name, &tag, &set)) {
        if (take_element(&set, &tag, &pair) && take_element(&pair, &tag, &identifier) &&
            take_element(&pair, &tag, &value) && byte_span_is(identifier, "\x55\x04\x03")) {
            return byte_span_to_display(byte_span_slice(value, 0, 255));
        }
    }
    return NULL;
}

/* RFC 5280 §4.1: version, serial number, signature, issuer, validity, subject. */
static bool read_certificate(TlsObserver *observer, ByteSpan body)
{
    ByteSpan list = take_vector(&body, 3);
    ByteSpan certificate = take_vector(&list, 3);
    ByteSpan part;
    guint8 tag;
    ByteSpan signed_part;
    if (!take_element(&certificate, &tag, &part) || !take_element(&part, &tag, &signed_part)) {
        return false;
    }
    ByteSpan element;
    for (int index = 0; take_element(&signed_part, &tag, &element); index++) {
        if (index == 0 && tag != 0xa0) {
            index = 1; /* version 1 leaves the version out */
        }
        if (index == 5) {
            g_free(observer->subject);
            observer->subject = common_name(element);
            return observer->subject != NULL;
        }
    }
    return false;
}

static bool read_handshake(TlsObserver *observer, guint side)
{
    bool is_new = false;
    for (;;) {
        ByteSpan held = byte_buffer_span(&observer->handshakes[side]);
        gsize length = number(held, 1, 3);
        if (held.length < HANDSHAKE_HEADER || held.length - HANDSHAKE_HEADER < length) {
            return is_new;
        }
        ByteSpan body = byte_span_slice(held, HANDSHAKE_HEADER, length);
        if (held.data[0] == (side == 0 ? CLIENT_HELLO : SERVER_HELLO)) {
            is_new |= read_hello(observer, side, body);
        } else if (side == 1 && held.data[0] == CERTIFICATE) {
            is_new |= read_certificate(observer, body);
        }
        byte_buffer_consume(&observer->handshakes[side], HANDSHAKE_HEADER + length);
    }
}

static void end_side(TlsObserver *observer, guint side)
{
    observer->is_over[side] = true;
    byte_buffer_clear(&observer->records[side]);
    byte_buffer_clear(&observer->handshakes[side]);
}

bool tls_observer_feed(TlsObserver *observer, guint side, ByteSpan octets)
{
    bool is_new = false;
    if (observer->is_over[side]) {
        return false;
    }
    if (!byte_buffer_append(&observer->records[side], octets)) {
        end_side(observer, side);
        return false;
    }
    for (;;) {
        ByteSpan held = byte_buffer_span(&observer->records[side]);
        gsize length = number(held, 3, 2);
        if (held.length >= 1 && held.data[0] != RECORD_HANDSHAKE) {
            end_side(observer, side); /* alert, cipher change or hidden data */
            return is_new;
        }
        if (held.length < RECORD_HEADER || held.length - RECORD_HEADER < length) {
            return is_new;
        }
        if (!byte_buffer_append(
                &observer->handshakes[side], byte_span_slice(held, RECORD_HEADER, length)
            )) {
            end_side(observer, side);
            return is_new;
        }
        byte_buffer_consume(&observer->records[side], RECORD_HEADER + length);
        is_new |= read_handshake(observer, side);
    }
}
