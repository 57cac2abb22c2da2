#include "protocol/address/mail-path.h"

static bool is_white(guint8 octet)
{
    return octet == ' ' || octet == '\t';
}

/* Where what may be one path ends: at the first 'end' outside quotation marks. */
static gsize find_end(ByteSpan text, guint8 end)
{
    bool is_quoted = false;
    for (gsize i = 0; i < text.length; i++) {
        guint8 octet = text.data[i];
        if (octet == '\\' && is_quoted) {
            i++;
        } else if (octet == '"') {
            is_quoted = !is_quoted;
        } else if (octet == end && !is_quoted) {
            return i;
        }
    }
    return text.length;
}

/* Quotation marks that never close would swallow the parameters: then they count for nothing. */
static gsize find_end_or_first(ByteSpan text, guint8 end, guint8 otherwise)
{
    gsize found = find_end(text, end);
    if (found < text.length) {
        return found;
    }
    gssize plain = byte_span_find(text, end, 0);
    return plain >= 0 ? (gsize)plain : find_end(text, otherwise);
}

/* A-d-l ":" in front of the mailbox. */
static ByteSpan split_route(MailPath *path, ByteSpan text)
{
    if (text.length == 0 || text.data[0] != '@') {
        return text;
    }
    gsize colon = find_end(text, ':');
    /* "IPv6:" inside a literal is no end of the route. */
    while (colon < text.length) {
        ByteSpan before = byte_span_slice(text, 0, colon);
        gssize open = -1;
        for (gsize i = 0; i < before.length; i++) {
            open = before.data[i] == '[' ? (gssize)i : before.data[i] == ']' ? -1 : open;
        }
        if (open < 0) {
            break;
        }
        colon += 1 + find_end(byte_span_from(text, colon + 1), ':');
    }
    if (colon >= text.length) {
        path->defects |= MAIL_PATH_DEFECT_ROUTE;
        return text;
    }
    path->source_route = byte_span_slice(text, 0, colon);
    return byte_span_from(text, colon + 1);
}

/* At-domain *("," At-domain) */
static bool is_route(ByteSpan route, AddressRuleSet rules)
{
    for (gsize at = 0; at <= route.length;) {
        gssize comma = byte_span_find(route, ',', at);
        gsize end = comma < 0 ? route.length : (gsize)comma;
        ByteSpan part = byte_span_slice(route, at, end - at);
        if (part.length == 0 || part.data[0] != '@' ||
            !address_judge_domain(rules, byte_span_from(part, 1)).is_valid) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

static void judge(MailPath *path)
{
    AddressRuleSet rules = path->needs_smtputf8 ? ADDRESS_INTERNATIONAL : ADDRESS_SMTP;
    if (path->source_route.length > 0 && !is_route(path->source_route, rules)) {
        path->defects |= MAIL_PATH_DEFECT_ROUTE;
    }
    path->verdict = address_judge(rules, path->mailbox);
    path->local_part = path->verdict.local_part;
    path->domain = path->verdict.domain;
    if (path->local_part.data == NULL) {
        path->local_part = path->mailbox;
    }
    path->is_postmaster = byte_span_is_nocase(path->local_part, "postmaster");
    if (path->verdict.fault == ADDRESS_FAULT_NO_AT && path->domain.length == 0) {
        /* RFC 5321 §4.1.1.3: <Postmaster> is the one mailbox that needs no domain. */
        path->defects |= path->is_postmaster ? 0 : MAIL_PATH_DEFECT_NO_DOMAIN;
    } else if (!path->verdict.is_valid) {
        path->defects |= MAIL_PATH_DEFECT_MAILBOX;
    }
    bool is_too_long = path->verdict.fault == ADDRESS_FAULT_LOCAL_TOO_LONG ||
                       path->verdict.fault == ADDRESS_FAULT_DOMAIN_TOO_LONG ||
                       path->verdict.fault == ADDRESS_FAULT_PATH_TOO_LONG ||
                       path->text.length + 2 > MAIL_PATH_MAXIMUM;
    path->defects |= is_too_long ? MAIL_PATH_DEFECT_TOO_LONG : 0;
}

static bool has_high_octet(ByteSpan text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (text.data[i] > 127) {
            return true;
        }
    }
    return false;
}

static void read_inside(MailPath *path)
{
    if (path->text.length == 0) {
        bool has_brackets = (path->defects & MAIL_PATH_DEFECT_NO_BRACKETS) == 0;
        path->is_null = has_brackets;
        path->defects |= has_brackets ? 0 : MAIL_PATH_DEFECT_EMPTY;
        return;
    }
    path->needs_smtputf8 = has_high_octet(path->text);
    path->mailbox = split_route(path, path->text);
    judge(path);
}

ByteSpan mail_path_parse(ByteSpan text, MailPath *out_path)
{
    MailPath path = {.defects = 0};
    while (text.length > 0 && is_white(text.data[0])) {
        path.defects |= MAIL_PATH_DEFECT_SPACE_BEFORE;
        text = byte_span_from(text, 1);
    }
    if (text.length > 0 && text.data[0] == '<') {
        ByteSpan inside = byte_span_from(text, 1);
        gsize end = find_end_or_first(inside, '>', ' ');
        path.text = byte_span_slice(inside, 0, end);
        bool is_closed = end < inside.length && inside.data[end] == '>';
        path.defects |= is_closed ? 0 : MAIL_PATH_DEFECT_NOT_CLOSED;
        text = byte_span_from(inside, end + (is_closed ? 1 : 0));
    } else {
        gsize end = find_end_or_first(text, ' ', '\t');
        path.defects |= MAIL_PATH_DEFECT_NO_BRACKETS;
        path.text = byte_span_slice(text, 0, end);
        text = byte_span_from(text, end);
    }
    read_inside(&path);
    *out_path = path;
    return text;
}

gssize local_part_unquote(ByteSpan local_part, guint8 *out, gsize capacity)
{
    bool is_quoted = local_part.length >= 2 && local_part.data[0] == '"' &&
                     local_part.data[local_part.length - 1] == '"';
    ByteSpan inside =
        is_quoted ? byte_span_slice(local_part, 1, local_part.length - 2) : local_part;
    gsize length = 0;
    for (gsize i = 0; i < inside.length; i++) {
        if (is_quoted && inside.data[i] == '\\' && i + 1 < inside.length) {
            i++;
        }
        if (length == capacity) {
            return -1;
        }
        out[length++] = inside.data[i];
    }
    return (gssize)length;
}
