#include "protocol/message/gmime-bridge.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <iconv.h>
#include <signal.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* GMime wakes GPGME, which makes the whole process ignore SIGPIPE; that is not ours to change. */
static gpointer wake(gpointer unused)
{
    struct sigaction before;
    (void)unused;
    bool is_kept = sigaction(SIGPIPE, NULL, &before) == 0;
    g_mime_init();
    if (is_kept) {
        sigaction(SIGPIPE, &before, NULL);
    }
    return NULL;
}

void gmime_bridge_init(void)
{
    static GOnce once = G_ONCE_INIT;
    g_once(&once, wake, NULL);
}

/* UTF-8 is by far the most common and needs no conversion, only a look at every octet. */
static char *check_utf8(ByteSpan octets, gsize *out_n_bad)
{
    GString *text = g_string_sized_new(octets.length + 1);
    const char *at = (const char *)octets.data;
    gsize left = octets.length;
    while (left > 0) {
        const char *end = NULL;
        g_utf8_validate_len(at, left, &end);
        g_string_append_len(text, at, end - at);
        left -= (gsize)(end - at);
        at = end;
        if (left > 0) {
            bool is_nul = *at == '\0';
            g_string_append(text, is_nul ? "?" : REPLACEMENT);
            *out_n_bad += is_nul ? 0 : 1;
            at++;
            left--;
        }
    }
    return g_string_free(text, FALSE);
}

static void convert(iconv_t converter, ByteSpan octets, GString *text, gsize *out_n_bad)
{
    char *in = (char *)octets.data; /* iconv() does not write there, its type only says so */
    size_t in_left = octets.length;
    char block[4096];
    while (in_left > 0) {
        char *out = block;
        size_t out_left = sizeof block;
        size_t result = iconv(converter, &in, &in_left, &out, &out_left);
        int problem = result == (size_t)-1 ? errno : 0;
        g_string_append_len(text, block, out - block);
        if (problem != 0 && problem != E2BIG) {
            g_string_append(text, REPLACEMENT);
            (*out_n_bad)++;
            in++;
            in_left--;
        }
    }
    char *out = block;
    size_t out_left = sizeof block;
    iconv(converter, NULL, NULL, &out, &out_left);
    g_string_append_len(text, block, out - block);
}

static char *without_nul(char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (text[i] == '\0') {
            text[i] = '?';
        }
    }
    return text;
}

char *gmime_bridge_to_utf8(ByteSpan octets, const char *charset, gsize *out_n_bad)
{
    gmime_bridge_init();
    *out_n_bad = 0;
    if (g_ascii_strcasecmp(charset, "utf-8") == 0 || g_ascii_strcasecmp(charset, "us-ascii") == 0) {
        return check_utf8(octets, out_n_bad);
    }
    iconv_t converter = g_mime_iconv_open("utf-8", charset);
    if (converter == (iconv_t)-1) {
        return NULL;
    }
    GString *text = g_string_sized_new(octets.length + 1);
    convert(converter, octets, text, out_n_bad);
    g_mime_iconv_close(converter);
    gsize length = text->len;
    return without_nul(g_string_free(text, FALSE), length);
}
