#include "tests/support/test.h"

#include "dissect/conversation/tls-observer.h"
#include "protocol/text/byte-buffer.h"

/* Handshakes built here, length by length; fed in pieces of every size. */

static void put_vector(GByteArray *out, guint width, const void *octets, gsize length)
{
    for (guint i = width; i > 0; i--) {
        guint8 octet = (guint8)(length >> (8 * (i - 1)));
        g_byte_array_append(out, &octet, 1);
    }
    g_byte_array_append(out, octets, (guint)length);
}

/* One record with one handshake message in it. */
static GByteArray *record(guint8 type, const GByteArray *body)
{
    g_autoptr(GByteArray) message = g_byte_array_new();
    g_byte_array_append(message, &type, 1);
    put_vector(message, 3, body->data, body->len);
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)"\x16\x03\x01", 3);
    put_vector(out, 2, message->data, message->len);
    return out;
}

static GByteArray *client_hello(const char *name)
{
    g_autoptr(GByteArray) list = g_byte_array_new();
    g_autoptr(GByteArray) extension = g_byte_array_new();
    g_autoptr(GByteArray) extensions = g_byte_array_new();
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_byte_array_append(list, (const guint8 *)"\0", 1);
    put_vector(list, 2, name, strlen(name));
    put_vector(extension, 2, list->data, list->len);
    g_byte_array_append(extensions, (const guint8 *)"\0\0", 2);
    put_vector(extensions, 2, extension->data, extension->len);
    g_byte_array_append(
        body,
        (const guint8 *)"\x03\x03"
                        "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr",
        34
    );
    put_vector(body, 1, "", 0);
    put_vector(body, 2, "\x13\x01", 2);
    put_vector(body, 1, "\0", 1);
    put_vector(body, 2, extensions->data, extensions->len);
    return record(1, body);
}

static GByteArray *server_hello(const char *cipher, bool is_1_3)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_byte_array_append(
        body,
        (const guint8 *)"\x03\x03"
                        "ssssssssssssssssssssssssssssssss",
        34
    );
    put_vector(body, 1, "", 0);
    g_byte_array_append(body, (const guint8 *)cipher, 2);
    g_byte_array_append(body, (const guint8 *)"\0", 1);
    put_vector(body, 2, "\x00\x2b\x00\x02\x03\x04", is_1_3 ? 6 : 0);
    return record(2, body);
}

/* A certificate with as much in it as is read: up to the subject with its common name. */
static GByteArray *certificate(const char *name)
{
    g_autoptr(GByteArray) pair = g_byte_array_new();
    g_autoptr(GByteArray) body = g_byte_array_new();
    guint8 length = (guint8)strlen(name);
    g_byte_array_append(pair, (const guint8 *)"\x06\x03\x55\x04\x03\x0c", 6);
    g_byte_array_append(pair, &length, 1);
    g_byte_array_append(pair, (const guint8 *)name, length);
    /* version, serial number, signature, issuer, validity, then the subject */
    g_autoptr(GByteArray) fields = g_byte_array_new();
    g_byte_array_append(
        fields,
        (const guint8 *)"\xa0\x03\x02\x01\x02"
                        "\x02\x01\x07"
                        "\x30\0"
                        "\x30\0"
                        "\x30\0",
        14
    );
    const guint8 heads[] = {
        0x30, (guint8)(pair->len + 4), 0x31, (guint8)(pair->len + 2), 0x30, (guint8)pair->len};
    g_byte_array_append(fields, heads, sizeof heads);
    g_byte_array_append(fields, pair->data, pair->len);
    const guint8 outer[] = {0x30, (guint8)(fields->len + 2), 0x30, (guint8)fields->len};
    g_autoptr(GByteArray) whole = g_byte_array_new();
    g_byte_array_append(whole, outer, sizeof outer);
    g_byte_array_append(whole, fields->data, fields->len);
    g_autoptr(GByteArray) list = g_byte_array_new();
    put_vector(list, 3, whole->data, whole->len);
    put_vector(body, 3, list->data, list->len);
    return record(11, body);
}

static void feed(TlsObserver *observer, guint side, const GByteArray *octets, gsize piece)
{
    for (gsize at = 0; at < octets->len; at += piece) {
        g_autofree guint8 *copy = g_memdup2(octets->data + at, MIN(piece, octets->len - at));
        tls_observer_feed(observer, side, byte_span(copy, MIN(piece, octets->len - at)));
    }
}

static void what_is_readable_is_read_in_any_pieces(void **state)
{
    (void)state;
    g_autoptr(GByteArray) client = client_hello("mail.crepes.fr");
    g_autoptr(GByteArray) server = server_hello("\xc0\x2f", false);
    g_autoptr(GByteArray) subject = certificate("mail.crepes.fr");
    for (gsize piece = 1; piece <= client->len; piece++) {
        TlsObserver observer;
        tls_observer_init(&observer);
        feed(&observer, 0, client, piece);
        feed(&observer, 1, server, piece);
        feed(&observer, 1, subject, piece);
        assert_string_equal(observer.server_name, "mail.crepes.fr");
        assert_string_equal(observer.version, "TLS 1.2");
        assert_string_equal(observer.cipher, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assert_string_equal(observer.subject, "mail.crepes.fr");
        tls_observer_clear(&observer);
    }
}

static void the_version_is_the_one_that_was_chosen(void **state)
{
    (void)state;
    g_autoptr(GByteArray) server = server_hello("\x12\x34", true);
    TlsObserver observer;
    tls_observer_init(&observer);
    feed(&observer, 1, server, server->len);
    assert_string_equal(observer.version, "TLS 1.3");
    assert_string_equal(observer.cipher, "0x1234"); /* no name is known */
    tls_observer_clear(&observer);
}

static void octets_that_are_no_handshake_end_it(void **state)
{
    (void)state;
    g_autoptr(GByteArray) server = server_hello("\x13\x01", true);
    TlsObserver observer;
    tls_observer_init(&observer);
    assert_false(tls_observer_feed(&observer, 1, BYTE_SPAN_LITERAL("\x15\x03\x01\0\2\2\x28")));
    feed(&observer, 1, server, server->len);
    assert_null(observer.version);
    tls_observer_clear(&observer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_readable_is_read_in_any_pieces),
        cmocka_unit_test(the_version_is_the_one_that_was_chosen),
        cmocka_unit_test(octets_that_are_no_handshake_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
