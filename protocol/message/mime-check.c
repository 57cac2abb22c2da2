#include "protocol/message/mime-tree-internal.h"

#include "protocol/encoding/base64.h"
#include "protocol/message/gmime-bridge.h"

/* So much of a part is decoded to look at its type and charset. */
#define CHECK_MAXIMUM (1024 * 1024)

/* RFC 2045 §6.7, rule 5: lines of quoted-printable have at most 76 characters. */
#define QUOTED_PRINTABLE_LINE 76

static const struct {
    const char *magic;
    gsize length;
    gsize offset;
    const char *type;
} magics[] = {
    {"\x89PNG\r\n\x1a\n", 8, 0, "image/png"},
    {"\xff\xd8\xff", 3, 0, "image/jpeg"},
    {"GIF87a", 6, 0, "image/gif"},
    {"GIF89a", 6, 0, "image/gif"},
    {"WEBP", 4, 8, "image/webp"},
    {"BM", 2, 0, "image/bmp"},
    {"II*\0", 4, 0, "image/tiff"},
    {"MM\0*", 4, 0, "image/tiff"},
    {"%PDF-", 5, 0, "application/pdf"},
    {"%!PS", 4, 0, "application/postscript"},
    {"{\\rtf", 5, 0, "application/rtf"},
    {"PK\x03\x04", 4, 0, "application/zip"},
    {"\x1f\x8b", 2, 0, "application/gzip"},
    {"7z\xbc\xaf\x27\x1c", 6, 0, "application/x-7z-compressed"},
    {"Rar!\x1a\x07", 6, 0, "application/vnd.rar"},
    {"\x7f"
     "ELF",
     4,
     0,
     "application/x-executable"},
    {"MZ", 2, 0, "application/x-msdownload"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, 0, "application/x-ole-storage"},
    {"ID3", 3, 0, "audio/mpeg"},
    {"OggS", 4, 0, "application/ogg"},
    {"ftyp", 4, 4, "video/mp4"},
};

const char *mime_sniff(ByteSpan content)
{
    for (gsize i = 0; i < G_N_ELEMENTS(magics); i++) {
        ByteSpan here = byte_span_slice(content, magics[i].offset, magics[i].length);
        if (byte_span_equal(here, byte_span(magics[i].magic, magics[i].length))) {
            return magics[i].type;
        }
    }
    return NULL;
}

/* Types whose content must begin with their magic, and what they may be called instead. A star
 * stands for the rest of a name. */
static const struct {
    const char *declared;
    const char *found;
} compatible[] = {
    {"image/jpg", "image/jpeg"},
    {"image/pjpeg", "image/jpeg"},
    {"image/x-png", "image/png"},
    {"image/x-ms-bmp", "image/bmp"},
    {"image/*", "image/tiff"},
    {"text/rtf", "application/rtf"},
    {"application/msword", "application/rtf"},
    {"application/msword", "application/x-ole-storage"},
    {"application/vnd.ms-*", "application/x-ole-storage"},
    {"application/vnd.*", "application/zip"},
    {"application/epub+zip", "application/zip"},
    {"application/java-archive", "application/zip"},
    {"application/x-zip*", "application/zip"},
    {"application/x-gzip", "application/gzip"},
    {"application/x-tar", "application/gzip"},
    {"application/x-gtar*", "application/gzip"},
    {"application/x-compressed*", "application/gzip"},
    {"application/x-rar*", "application/vnd.rar"},
    {"application/illustrator", "application/pdf"},
    {"application/x-pdf", "application/pdf"},
    {"application/x-dosexec", "application/x-msdownload"},
    {"application/vnd.microsoft.portable-executable", "application/x-msdownload"},
    {"application/x-sharedlib", "application/x-executable"},
    {"audio/ogg", "application/ogg"},
    {"video/ogg", "application/ogg"},
    {"audio/mp3", "audio/mpeg"},
    {"audio/mp4", "video/mp4"},
    {"audio/x-m4a", "video/mp4"},
    {"video/quicktime", "video/mp4"},
    {"image/hei*", "video/mp4"},
    {"image/avif", "video/mp4"},
};

static bool matches(const char *pattern, const char *type)
{
    gsize length = strcspn(pattern, "*");
    return pattern[length] == '*' ? strncmp(pattern, type, length) == 0
                                  : strcmp(pattern, type) == 0;
}

/* Types that always begin with a magic of the table above. */
static bool has_magic(const char *type)
{
    static const char *const types[] = {
        "image/png",
        "image/jpeg",
        "image/gif",
        "application/pdf",
        "application/zip",
        "application/gzip",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(type, types[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool may_be(const char *declared, const char *found)
{
    if (strcmp(declared, found) == 0) {
        return true;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(compatible); i++) {
        if (strcmp(compatible[i].found, found) == 0 && matches(compatible[i].declared, declared)) {
            return true;
        }
    }
    return false;
}

static const char *type_of_name(const char *name)
{
    static const char *const extensions[][2] = {
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".gif", "image/gif"},
        {".pdf", "application/pdf"},
    };
    const char *dot = name == NULL ? NULL : strrchr(name, '.');
    for (gsize i = 0; dot != NULL && i < G_N_ELEMENTS(extensions); i++) {
        if (g_ascii_strcasecmp(dot, extensions[i][0]) == 0) {
            return extensions[i][1];
        }
    }
    return NULL;
}

/* Two octets prove little in a text. */
static bool is_weak(const char *found)
{
    return strcmp(found, "image/bmp") == 0 || strcmp(found, "application/x-msdownload") == 0;
}

static bool type_differs(const MimePart *part, ByteSpan content)
{
    g_autofree char *declared = g_strdup_printf("%s/%s", part->type, part->subtype);
    const char *found = mime_sniff(content);
    const char *named = type_of_name(part->file_name);
    bool is_text = mime_part_is(part, "text", NULL);
    if (content.length == 0) {
        return false;
    }
    if (has_magic(declared) && (found == NULL || strcmp(found, declared) != 0)) {
        return true;
    }
    if (found == NULL) {
        return false;
    }
    if (strcmp(declared, "application/octet-stream") == 0) {
        return named != NULL && strcmp(named, found) != 0;
    }
    return !(is_text && is_weak(found)) && !may_be(declared, found);
}

static void blame(MimePart *part, MessageDefectId id)
{
    part->defects |= MESSAGE_DEFECT_BIT(id);
}

static bool is_good_base64(ByteSpan raw)
{
    Base64Decoder decoder;
    ByteBuffer decoded;
    bool is_good = true;
    byte_buffer_init(&decoded, base64_decoded_maximum(BASE64_MIME_LINE * 1024));
    base64_decoder_init(&decoder, BASE64_MIME);
    for (gsize at = 0; at < raw.length && is_good; at += BASE64_MIME_LINE * 1024) {
        ByteSpan piece = byte_span_slice(raw, at, BASE64_MIME_LINE * 1024);
        byte_buffer_reset(&decoded);
        base64_decoder_feed(&decoder, piece, &decoded);
        is_good = decoder.fault == BASE64_FAULT_NONE;
    }
    byte_buffer_reset(&decoded);
    if (is_good) {
        base64_decoder_finish(&decoder, &decoded);
        is_good = decoder.fault == BASE64_FAULT_NONE;
    }
    byte_buffer_clear(&decoded);
    return is_good;
}

static bool is_good_quoted_line(ByteSpan line)
{
    if (line.length > 0 && line.data[line.length - 1] == '\r') {
        line.length--;
    }
    if (line.length > QUOTED_PRINTABLE_LINE) {
        return false;
    }
    gsize soft = line.length;
    while (soft > 0 && (line.data[soft - 1] == ' ' || line.data[soft - 1] == '\t')) {
        soft--;
    }
    for (gsize i = 0; i < line.length; i++) {
        bool is_soft_break = line.data[i] == '=' && i + 1 == soft;
        bool is_pair = i + 2 < line.length && g_ascii_isxdigit(line.data[i + 1]) &&
                       g_ascii_isxdigit(line.data[i + 2]);
        if (line.data[i] == '=' && !is_soft_break && !is_pair) {
            return false;
        }
        if (line.data[i] >= 0x7f || (line.data[i] < ' ' && line.data[i] != '\t')) {
            return false;
        }
    }
    return true;
}

static bool is_good_quoted_printable(ByteSpan raw)
{
    gsize at = 0;
    while (at < raw.length) {
        gssize end = byte_span_find(raw, '\n', at);
        gsize next = end < 0 ? raw.length : (gsize)end + 1;
        gsize length = (end < 0 ? raw.length : (gsize)end) - at;
        if (!is_good_quoted_line(byte_span_slice(raw, at, length))) {
            return false;
        }
        at = next;
    }
    return true;
}

/* RFC 2045 §2.7 and §2.8: lines of at most 998 octets, no NUL, CR and LF only together. */
static void check_identity(MimePart *part, ByteSpan raw)
{
    gsize line_length = 0;
    for (gsize i = 0; i < raw.length; i++) {
        guint8 octet = raw.data[i];
        bool is_bare = (octet == '\n' && (i == 0 || raw.data[i - 1] != '\r')) ||
                       (octet == '\r' && i + 1 < raw.length && raw.data[i + 1] != '\n');
        line_length = octet == '\n' ? 0 : line_length + 1;
        if (octet >= 0x80 && part->encoding == MIME_ENCODING_7BIT) {
            blame(part, MESSAGE_DEFECT_EIGHT_BIT_BODY);
        }
        if (octet == '\0' || is_bare || line_length > HEADER_LINE_MAXIMUM + 1) {
            blame(part, MESSAGE_DEFECT_BINARY_BODY);
        }
    }
}

static void check_encoding(MimePart *part, ByteSpan raw)
{
    switch (part->encoding) {
    case MIME_ENCODING_7BIT:
    case MIME_ENCODING_8BIT:
        check_identity(part, raw);
        break;
    case MIME_ENCODING_QUOTED_PRINTABLE:
        if (!is_good_quoted_printable(raw)) {
            blame(part, MESSAGE_DEFECT_QUOTED_PRINTABLE);
        }
        break;
    case MIME_ENCODING_BASE64:
        if (!is_good_base64(raw)) {
            blame(part, MESSAGE_DEFECT_BASE64);
        }
        break;
    case MIME_ENCODING_BINARY:
    case MIME_ENCODING_UUENCODE:
    case MIME_ENCODING_UNKNOWN:
        break;
    }
}

static bool has_eight_bit(ByteSpan content)
{
    for (gsize i = 0; i < content.length; i++) {
        if (content.data[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

/* RFC 2046 §4.1.2: text without a charset is ASCII. A content cut at the maximum may end inside a
 * character, which is not the sender's fault. */
static void check_charset(MimePart *part, ByteSpan content, bool is_whole)
{
    const char *charset = part->charset == NULL ? "us-ascii" : part->charset;
    bool is_ascii = strcmp(charset, "us-ascii") == 0 || strcmp(charset, "ascii") == 0;
    gsize n_bad = 0;
    if (!mime_part_is(part, "text", NULL)) {
        return;
    }
    if (is_ascii) {
        n_bad = has_eight_bit(content) ? 1 : 0;
    } else {
        g_autofree char *text = gmime_bridge_to_utf8(content, charset, &n_bad);
        if (text == NULL) {
            blame(part, MESSAGE_DEFECT_CHARSET_UNKNOWN);
            return;
        }
    }
    if (n_bad > (is_whole ? 0 : 4)) {
        blame(part, MESSAGE_DEFECT_CHARSET_WRONG);
    }
}

static void check_part(const MimeTree *tree, MimePart *part)
{
    if (part->is_message) {
        header_block_judge(&part->header);
    }
    if (part->n_children > 0 || part->encoding == MIME_ENCODING_UNKNOWN) {
        return;
    }
    bool is_whole = false;
    g_autoptr(GBytes) content = mime_part_content(tree, part, CHECK_MAXIMUM, &is_whole);
    gsize length = 0;
    const void *data = g_bytes_get_data(content, &length);
    check_encoding(part, mime_part_raw(tree, part));
    check_charset(part, byte_span(data, length), is_whole);
    if (type_differs(part, byte_span(data, length))) {
        blame(part, MESSAGE_DEFECT_TYPE_DIFFERS);
    }
}

void mime_tree_check(MimeTree *tree)
{
    for (guint i = 0; i < tree->parts->len; i++) {
        check_part(tree, g_ptr_array_index(tree->parts, i));
    }
}
