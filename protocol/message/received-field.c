#include "protocol/message/received-field.h"

typedef enum {
    CLAUSE_NONE,
    CLAUSE_FROM,
    CLAUSE_BY,
    CLAUSE_VIA,
    CLAUSE_WITH,
    CLAUSE_ID,
    CLAUSE_FOR,
} Clause;

static const char *const clause_names[] = {NULL, "from", "by", "via", "with", "id", "for"};

typedef struct {
    ByteSpan text;
    bool is_comment;
} Token;

typedef struct {
    ByteSpan body;
    gsize at;
} Scanner;

static bool is_space(guint8 octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

/* The place one past the bracket, or quote, that closes what begins at 'at'. */
static gsize find_close(ByteSpan body, gsize at)
{
    bool is_quoted = body.data[at] == '"';
    guint depth = 0;
    for (; at < body.length; at++) {
        guint8 octet = body.data[at];
        if (octet == '\\') {
            at++;
        } else if (octet == '"' && is_quoted) {
            if (depth++ > 0) {
                return at + 1;
            }
        } else if (octet == '(' && !is_quoted) {
            depth++;
        } else if (octet == ')' && !is_quoted && --depth == 0) {
            return at + 1;
        }
    }
    return body.length;
}

static Token read_comment(Scanner *scanner)
{
    gsize start = scanner->at + 1;
    scanner->at = find_close(scanner->body, scanner->at);
    ByteSpan text = byte_span_slice(scanner->body, start, scanner->at - start);
    if (text.length > 0 && text.data[text.length - 1] == ')') {
        text.length--;
    }
    return (Token){.text = text, .is_comment = true};
}

/* False: the date, or the end, comes next. */
static bool next_token(Scanner *scanner, Token *out_token)
{
    ByteSpan body = scanner->body;
    while (scanner->at < body.length && is_space(body.data[scanner->at])) {
        scanner->at++;
    }
    if (scanner->at >= body.length || body.data[scanner->at] == ';') {
        return false;
    }
    if (body.data[scanner->at] == '(') {
        *out_token = read_comment(scanner);
        return true;
    }
    gsize start = scanner->at;
    while (scanner->at < body.length && !is_space(body.data[scanner->at]) &&
           body.data[scanner->at] != '(' && body.data[scanner->at] != ';') {
        bool is_quote = body.data[scanner->at] == '"';
        scanner->at = is_quote ? find_close(body, scanner->at) : scanner->at + 1;
    }
    *out_token = (Token){.text = byte_span_slice(body, start, scanner->at - start)};
    return true;
}

static Clause clause_of(ByteSpan word)
{
    for (guint i = CLAUSE_FROM; i <= CLAUSE_FOR; i++) {
        if (byte_span_is_nocase(word, clause_names[i])) {
            return (Clause)i;
        }
    }
    return CLAUSE_NONE;
}

static ByteSpan *value_of(ReceivedField *field, Clause clause)
{
    switch (clause) {
    case CLAUSE_FROM:
        return &field->from_name;
    case CLAUSE_BY:
        return &field->by_name;
    case CLAUSE_VIA:
        return &field->via;
    case CLAUSE_WITH:
        return &field->with;
    case CLAUSE_ID:
        return &field->id;
    case CLAUSE_FOR:
        return &field->for_path;
    case CLAUSE_NONE:
        break;
    }
    return NULL;
}

static void blame(ReceivedField *field, MessageDefectId id)
{
    field->defects |= MESSAGE_DEFECT_BIT(id);
}

static bool is_address(ByteSpan text)
{
    bool has_sign = false;
    for (gsize i = 0; i < text.length; i++) {
        if (!g_ascii_isxdigit(text.data[i]) && text.data[i] != '.' && text.data[i] != ':') {
            return false;
        }
        has_sign = has_sign || text.data[i] == '.' || text.data[i] == ':';
    }
    return has_sign && text.length >= 2;
}

/* What stands in "[...]", without brackets and the tag of RFC 5321 §4.1.3. */
static ByteSpan literal_in(ByteSpan text)
{
    gssize open = byte_span_find(text, '[', 0);
    gssize close = open < 0 ? -1 : byte_span_find(text, ']', (gsize)open);
    if (close < 0) {
        return BYTE_SPAN_EMPTY;
    }
    ByteSpan literal = byte_span_slice(text, (gsize)open + 1, (gsize)(close - open) - 1);
    return byte_span_starts_with_nocase(literal, "IPv6:") ? byte_span_from(literal, 5) : literal;
}

static ByteSpan first_word(ByteSpan text)
{
    gsize start = 0;
    while (start < text.length && is_space(text.data[start])) {
        start++;
    }
    gsize end = start;
    while (end < text.length && !is_space(text.data[end]) && text.data[end] != '[') {
        end++;
    }
    return byte_span_slice(text, start, end - start);
}

/* RFC 5321 §4.4, TCP-info: an address literal, or a name and the literal. Some servers write the
 * bare address, some "HELO name" or "helo=name". */
static void read_tcp_info(ReceivedField *field, ByteSpan comment)
{
    ByteSpan address = literal_in(comment);
    ByteSpan word = first_word(comment);
    if (address.length == 0 && is_address(word) && word.length == byte_span_trim(comment).length) {
        address = word;
        word = BYTE_SPAN_EMPTY;
    }
    if (field->from_comment.length == 0) {
        field->from_comment = comment;
    }
    if (address.length == 0 || field->from_address.length > 0) {
        return;
    }
    field->from_address = address;
    field->from_comment = comment;
    bool is_greeting = byte_span_is_nocase(word, "HELO") || byte_span_is_nocase(word, "EHLO") ||
                       byte_span_find(word, '=', 0) >= 0;
    field->from_host = is_greeting ? BYTE_SPAN_EMPTY : word;
}

static void read_comment_of(ReceivedField *field, Clause clause, ByteSpan comment)
{
    if (clause == CLAUSE_FROM) {
        read_tcp_info(field, comment);
    } else if (clause == CLAUSE_BY && field->by_comment.length == 0) {
        field->by_comment = comment;
    } else if (clause == CLAUSE_WITH && field->with_comment.length == 0) {
        field->with_comment = comment;
    }
}

static void read_word(ReceivedField *field, Clause clause, ByteSpan word)
{
    ByteSpan *value = value_of(field, clause);
    if (value == NULL) {
        blame(field, MESSAGE_DEFECT_RECEIVED_SYNTAX);
    } else if (value->length == 0) {
        *value = word;
    } else if (clause == CLAUSE_WITH) {
        /* "with Microsoft SMTP Server": not an atom, but one name for those who wrote it. */
        value->length = (gsize)(word.data + word.length - value->data);
    } else if (clause != CLAUSE_FOR) {
        blame(field, MESSAGE_DEFECT_RECEIVED_SYNTAX);
    }
}

static void read_clauses(Scanner *scanner, ReceivedField *field)
{
    Clause clause = CLAUSE_NONE;
    Token token;
    while (next_token(scanner, &token)) {
        Clause next = token.is_comment ? CLAUSE_NONE : clause_of(token.text);
        if (token.is_comment) {
            read_comment_of(field, clause, token.text);
        } else if (next == CLAUSE_NONE) {
            read_word(field, clause, token.text);
        } else {
            if (next < clause || value_of(field, next)->length > 0) {
                blame(field, MESSAGE_DEFECT_RECEIVED_SYNTAX);
            }
            clause = next;
        }
    }
}

static ByteSpan without_brackets(ByteSpan path)
{
    path = byte_span_trim(path);
    if (path.length >= 2 && path.data[0] == '<' && path.data[path.length - 1] == '>') {
        return byte_span_slice(path, 1, path.length - 2);
    }
    return path;
}

static ByteSpan last_labels(ByteSpan host)
{
    guint dots = 0;
    for (gsize i = host.length; i-- > 0;) {
        if (host.data[i] == '.' && ++dots == 2) {
            return byte_span_from(host, i + 1);
        }
    }
    return host;
}

bool received_is_same_place(ByteSpan left, ByteSpan right)
{
    return left.length > 0 && byte_span_equal_nocase(last_labels(left), last_labels(right));
}

/* A machine that calls itself by its first label, and programs on one machine, tell no lie. */
static bool name_differs(const ReceivedField *field)
{
    ByteSpan name = field->from_name;
    ByteSpan host = field->from_host;
    if (name.length == 0 || host.length == 0 || name.data[0] == '[' ||
        byte_span_is_nocase(host, "unknown") || byte_span_starts_with_nocase(host, "localhost")) {
        return false;
    }
    bool is_first_label = host.length > name.length && host.data[name.length] == '.' &&
                          byte_span_equal_nocase(byte_span_slice(host, 0, name.length), name);
    return !is_first_label && !received_is_same_place(name, host);
}

void received_field_parse(ByteSpan body, ReceivedField *out_field)
{
    Scanner scanner = {.body = body};
    ReceivedField field = {0};
    read_clauses(&scanner, &field);
    if (field.from_address.length == 0) {
        field.from_address = literal_in(field.from_name);
    }
    field.for_path = without_brackets(field.for_path);
    if (field.by_name.length == 0) {
        blame(&field, MESSAGE_DEFECT_RECEIVED_SYNTAX);
    }
    if (name_differs(&field)) {
        blame(&field, MESSAGE_DEFECT_RECEIVED_NAME_DIFFERS);
    }
    field.date_text = byte_span_trim(byte_span_from(body, scanner.at + 1));
    field.has_date = message_date_parse(field.date_text, &field.date);
    field.defects |= field.date.defects;
    if (!field.has_date) {
        blame(&field, MESSAGE_DEFECT_RECEIVED_NO_DATE);
    }
    *out_field = field;
}
