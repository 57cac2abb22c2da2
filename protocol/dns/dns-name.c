#include "protocol/dns/dns-name.h"

const DnsName dns_root = {.length = 1, .octets = {0}};

/* Octets that RFC 1035 §5.1 gives a meaning, or that a reader could mistake. */
static bool needs_backslash(guint8 octet)
{
    return octet == '.' || octet == '\\' || octet == '"' || octet == '(' || octet == ')' ||
           octet == ';' || octet == '@' || octet == '$';
}

typedef struct {
    ByteSpan text;
    gsize at;
    bool was_escaped;
} Letters;

/* The next octet of the text, escapes undone; false: a broken escape. */
static bool next_octet(Letters *letters, guint8 *out_octet)
{
    const guint8 *here = letters->text.data + letters->at;
    gsize left = letters->text.length - letters->at;
    letters->was_escaped = here[0] == '\\';
    if (!letters->was_escaped) {
        *out_octet = here[0];
        letters->at++;
        return true;
    }
    if (left < 2) {
        return false;
    }
    if (!g_ascii_isdigit((char)here[1])) {
        *out_octet = here[1];
        letters->at += 2;
        return true;
    }
    if (left < 4 || !g_ascii_isdigit((char)here[2]) || !g_ascii_isdigit((char)here[3])) {
        return false;
    }
    guint number = (here[1] - '0') * 100u + (here[2] - '0') * 10u + (here[3] - '0');
    letters->at += 4;
    *out_octet = (guint8)number;
    return number <= G_MAXUINT8;
}

/* The labels of a text; '*out_is_absolute': it ended with a dot. */
static bool read_labels(ByteSpan text, DnsName *name, bool *out_is_absolute)
{
    Letters letters = {.text = text};
    gsize label_at = 0; /* of the present label's length octet */
    gsize end = 1;
    *out_is_absolute = false;
    while (letters.at < text.length) {
        guint8 octet = 0;
        if (!next_octet(&letters, &octet)) {
            return false;
        }
        if (octet == '.' && !letters.was_escaped) {
            gsize length = end - label_at - 1;
            if (length == 0) {
                return false;
            }
            name->octets[label_at] = (guint8)length;
            label_at = end++;
            *out_is_absolute = letters.at == text.length;
        } else {
            if (end - label_at > DNS_LABEL_MAXIMUM) {
                return false;
            }
            name->octets[end++] = octet;
        }
        if (end > DNS_NAME_MAXIMUM - 1 && letters.at < text.length) {
            return false;
        }
    }
    gsize length = end - label_at - 1;
    if (length > 0) {
        name->octets[label_at] = (guint8)length;
        label_at = end;
    }
    if (label_at + 1 > DNS_NAME_MAXIMUM) {
        return false;
    }
    name->octets[label_at] = 0;
    name->length = (guint8)(label_at + 1);
    return true;
}

bool dns_name_from_span(ByteSpan text, DnsName *out_name)
{
    bool is_absolute = false;
    DnsName name;
    if (byte_span_is(text, ".")) {
        *out_name = dns_root;
        return true;
    }
    if (text.length == 0 || !read_labels(text, &name, &is_absolute)) {
        return false;
    }
    *out_name = name;
    return true;
}

bool dns_name_from_text(const char *text, DnsName *out_name)
{
    return dns_name_from_span(byte_span_from_string(text), out_name);
}

static bool join(const DnsName *head, const DnsName *tail, DnsName *out_name)
{
    gsize kept = head->length - 1u;
    if (kept + tail->length > DNS_NAME_MAXIMUM) {
        return false;
    }
    DnsName joined = {.length = (guint8)(kept + tail->length)};
    memcpy(joined.octets, head->octets, kept);
    memcpy(joined.octets + kept, tail->octets, tail->length);
    *out_name = joined;
    return true;
}

bool dns_name_from_text_under(ByteSpan text, const DnsName *origin, DnsName *out_name)
{
    bool is_absolute = false;
    DnsName name;
    if (byte_span_is(text, "@")) {
        *out_name = *origin;
        return true;
    }
    if (byte_span_is(text, ".")) {
        *out_name = dns_root;
        return true;
    }
    if (text.length == 0 || !read_labels(text, &name, &is_absolute)) {
        return false;
    }
    if (is_absolute) {
        *out_name = name;
        return true;
    }
    return join(&name, origin, out_name);
}

static gsize write_octet(guint8 octet, char *out)
{
    if (needs_backslash(octet)) {
        out[0] = '\\';
        out[1] = (char)octet;
        return 2;
    }
    if (octet > ' ' && octet < 0x7f) {
        out[0] = (char)octet;
        return 1;
    }
    out[0] = '\\';
    out[1] = (char)('0' + octet / 100);
    out[2] = (char)('0' + octet / 10 % 10);
    out[3] = (char)('0' + octet % 10);
    return 4;
}

gsize dns_name_to_text(const DnsName *name, char out_text[DNS_NAME_TEXT_MAXIMUM])
{
    gsize length = 0;
    for (gsize at = 0; at < name->length && name->octets[at] != 0;) {
        gsize label_end = at + 1 + name->octets[at];
        for (at++; at < label_end; at++) {
            length += write_octet(name->octets[at], out_text + length);
        }
        out_text[length++] = '.';
    }
    if (length == 0 && name->length > 0) {
        out_text[length++] = '.';
    }
    out_text[length] = '\0';
    return length;
}

char *dns_name_to_string(const DnsName *name)
{
    char text[DNS_NAME_TEXT_MAXIMUM];
    gsize length = dns_name_to_text(name, text);
    return g_strndup(text, length);
}

char *dns_name_to_plain_string(const DnsName *name)
{
    char text[DNS_NAME_TEXT_MAXIMUM];
    gsize length = dns_name_to_text(name, text);
    return g_strndup(text, length > 1 ? length - 1 : length);
}

/* Length octets are below 64 and so are no letters. */
static guint8 lower(guint8 octet)
{
    return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
}

bool dns_name_equal(const DnsName *left, const DnsName *right)
{
    if (left->length != right->length) {
        return false;
    }
    for (gsize i = 0; i < left->length; i++) {
        if (lower(left->octets[i]) != lower(right->octets[i])) {
            return false;
        }
    }
    return true;
}

guint dns_name_hash(const DnsName *name)
{
    guint32 hash = 2166136261u;
    for (gsize i = 0; i < name->length; i++) {
        hash = (hash ^ lower(name->octets[i])) * 16777619u;
    }
    return hash;
}

#define LABELS_MAXIMUM (DNS_NAME_MAXIMUM / 2)

/* The place of each label's length octet. */
static guint label_places(const DnsName *name, guint8 places[LABELS_MAXIMUM + 1])
{
    guint count = 0;
    for (gsize at = 0; at < name->length && name->octets[at] != 0; at += 1u + name->octets[at]) {
        places[count++] = (guint8)at;
    }
    return count;
}

static int compare_labels(const guint8 *left, const guint8 *right)
{
    gsize shared = MIN(left[0], right[0]);
    for (gsize i = 1; i <= shared; i++) {
        int difference = (int)lower(left[i]) - (int)lower(right[i]);
        if (difference != 0) {
            return difference;
        }
    }
    return (int)left[0] - (int)right[0];
}

int dns_name_compare(const DnsName *left, const DnsName *right)
{
    guint8 left_places[LABELS_MAXIMUM + 1];
    guint8 right_places[LABELS_MAXIMUM + 1];
    guint left_count = label_places(left, left_places);
    guint right_count = label_places(right, right_places);
    guint shared = MIN(left_count, right_count);
    for (guint i = 1; i <= shared; i++) {
        int difference = compare_labels(
            left->octets + left_places[left_count - i],
            right->octets + right_places[right_count - i]
        );
        if (difference != 0) {
            return difference;
        }
    }
    return (int)left_count - (int)right_count;
}

guint dns_name_labels(const DnsName *name)
{
    guint8 places[LABELS_MAXIMUM + 1];
    return label_places(name, places);
}

bool dns_name_is_under(const DnsName *name, const DnsName *ancestor)
{
    if (name->length < ancestor->length) {
        return false;
    }
    gsize at = 0;
    gsize wanted = (gsize)name->length - ancestor->length;
    while (at < wanted) {
        at += 1u + name->octets[at];
    }
    if (at != wanted) {
        return false;
    }
    for (gsize i = 0; i < ancestor->length; i++) {
        if (lower(name->octets[at + i]) != lower(ancestor->octets[i])) {
            return false;
        }
    }
    return true;
}

bool dns_name_parent(const DnsName *name, DnsName *out_parent)
{
    if (name->length <= 1) {
        return false;
    }
    gsize cut = 1u + name->octets[0];
    DnsName parent = {.length = (guint8)(name->length - cut)};
    memcpy(parent.octets, name->octets + cut, parent.length);
    *out_parent = parent;
    return true;
}

void dns_name_suffix(const DnsName *name, guint labels, DnsName *out_suffix)
{
    guint8 places[LABELS_MAXIMUM + 1];
    guint count = label_places(name, places);
    if (labels >= count) {
        *out_suffix = *name;
        return;
    }
    gsize cut = labels == 0 ? name->length - 1u : places[count - labels];
    DnsName suffix = {.length = (guint8)(name->length - cut)};
    memcpy(suffix.octets, name->octets + cut, suffix.length);
    *out_suffix = suffix;
}

bool dns_name_prepend(ByteSpan label, const DnsName *name, DnsName *out_name)
{
    if (label.length == 0 || label.length > DNS_LABEL_MAXIMUM) {
        return false;
    }
    DnsName head = {.length = (guint8)(label.length + 2)};
    head.octets[0] = (guint8)label.length;
    memcpy(head.octets + 1, label.data, label.length);
    return join(&head, name, out_name);
}

bool dns_name_is_wildcard(const DnsName *name)
{
    return name->length >= 3 && name->octets[0] == 1 && name->octets[1] == '*';
}

void dns_name_reverse(const guint8 *address, gsize length, DnsName *out_name)
{
    GString *text = g_string_new(NULL);
    for (gsize i = length; i-- > 0;) {
        if (length == 4) {
            g_string_append_printf(text, "%u.", address[i]);
        } else {
            g_string_append_printf(text, "%x.%x.", address[i] & 0xfu, address[i] >> 4);
        }
    }
    g_string_append(text, length == 4 ? "in-addr.arpa" : "ip6.arpa");
    bool is_name = dns_name_from_text(text->str, out_name);
    g_assert(is_name);
    g_string_free(text, TRUE);
}
