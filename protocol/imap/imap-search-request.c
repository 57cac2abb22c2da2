#include "protocol/imap/imap-search-request.h"

#include "protocol/encoding/encoded-word.h"
#include "protocol/imap/imap-flag-bits.h"
#include "protocol/message/message-date.h"

typedef struct {
    ImapScanner *scanner;
    ImapSearchResolve resolve;
    gpointer data;
    char *charset;
    guint depth;
    guint keys;
    ImapSearchJudgement judgement;
} Parser;

typedef enum {
    TAKES_NOTHING,
    TAKES_TEXT,  /* an astring */
    TAKES_FIELD, /* a field name, then text */
    TAKES_WORD,  /* a keyword */
    TAKES_NUMBER,
    TAKES_DATE,
    TAKES_UIDS,
    TAKES_KEY,
    TAKES_TWO_KEYS,
} Operand;

typedef enum {
    DATE_BEFORE,
    DATE_ON,
    DATE_SINCE,
} DateSide;

typedef struct {
    const char *name;
    ImapSearchKind kind;
    Operand operand;
    guint32 mask;  /* FLAGS; of a date: DateSide */
    guint32 flags; /* FLAGS: those set; KEYWORD: 1 for "not" */
    const char *field;
} KeyRow;

static const KeyRow keys[] = {
    {"ALL", IMAP_SEARCH_ALL, TAKES_NOTHING, 0, 0, NULL},
    {"ANSWERED", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_ANSWERED, IMAP_FLAG_ANSWERED, NULL},
    {"BCC", IMAP_SEARCH_HEADER, TAKES_TEXT, 0, 0, "Bcc"},
    {"BEFORE", IMAP_SEARCH_DAY, TAKES_DATE, DATE_BEFORE, 0, NULL},
    {"BODY", IMAP_SEARCH_BODY, TAKES_TEXT, 0, 0, NULL},
    {"CC", IMAP_SEARCH_HEADER, TAKES_TEXT, 0, 0, "Cc"},
    {"DELETED", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_DELETED, IMAP_FLAG_DELETED, NULL},
    {"DRAFT", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_DRAFT, IMAP_FLAG_DRAFT, NULL},
    {"FLAGGED", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_FLAGGED, IMAP_FLAG_FLAGGED, NULL},
    {"FROM", IMAP_SEARCH_HEADER, TAKES_TEXT, 0, 0, "From"},
    {"HEADER", IMAP_SEARCH_HEADER, TAKES_FIELD, 0, 0, NULL},
    {"KEYWORD", IMAP_SEARCH_KEYWORD, TAKES_WORD, 0, 0, NULL},
    {"LARGER", IMAP_SEARCH_LARGER, TAKES_NUMBER, 0, 0, NULL},
    {"NEW",
     IMAP_SEARCH_FLAGS,
     TAKES_NOTHING,
     IMAP_FLAG_RECENT | IMAP_FLAG_SEEN,
     IMAP_FLAG_RECENT,
     NULL},
    {"NOT", IMAP_SEARCH_NOT, TAKES_KEY, 0, 0, NULL},
    {"OLD", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_RECENT, 0, NULL},
    {"ON", IMAP_SEARCH_DAY, TAKES_DATE, DATE_ON, 0, NULL},
    {"OR", IMAP_SEARCH_OR, TAKES_TWO_KEYS, 0, 0, NULL},
    {"RECENT", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_RECENT, IMAP_FLAG_RECENT, NULL},
    {"SEEN", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_SEEN, IMAP_FLAG_SEEN, NULL},
    {"SENTBEFORE", IMAP_SEARCH_SENT_DAY, TAKES_DATE, DATE_BEFORE, 0, NULL},
    {"SENTON", IMAP_SEARCH_SENT_DAY, TAKES_DATE, DATE_ON, 0, NULL},
    {"SENTSINCE", IMAP_SEARCH_SENT_DAY, TAKES_DATE, DATE_SINCE, 0, NULL},
    {"SINCE", IMAP_SEARCH_DAY, TAKES_DATE, DATE_SINCE, 0, NULL},
    {"SMALLER", IMAP_SEARCH_SMALLER, TAKES_NUMBER, 0, 0, NULL},
    {"SUBJECT", IMAP_SEARCH_HEADER, TAKES_TEXT, 0, 0, "Subject"},
    {"TEXT", IMAP_SEARCH_TEXT, TAKES_TEXT, 0, 0, NULL},
    {"TO", IMAP_SEARCH_HEADER, TAKES_TEXT, 0, 0, "To"},
    {"UID", IMAP_SEARCH_SET, TAKES_UIDS, 0, 0, NULL},
    {"UNANSWERED", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_ANSWERED, 0, NULL},
    {"UNDELETED", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_DELETED, 0, NULL},
    {"UNDRAFT", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_DRAFT, 0, NULL},
    {"UNFLAGGED", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_FLAGGED, 0, NULL},
    {"UNKEYWORD", IMAP_SEARCH_KEYWORD, TAKES_WORD, 0, 1, NULL},
    {"UNSEEN", IMAP_SEARCH_FLAGS, TAKES_NOTHING, IMAP_FLAG_SEEN, 0, NULL},
};

void imap_search_node_free(ImapSearchNode *node)
{
    if (node != NULL) {
        g_free(node->name);
        g_free(node->text);
        g_clear_pointer(&node->messages, g_array_unref);
        g_clear_pointer(&node->children, g_ptr_array_unref);
        g_free(node);
    }
}

static void free_node(gpointer data)
{
    imap_search_node_free(data);
}

static ImapSearchNode *new_node(ImapSearchKind kind)
{
    ImapSearchNode *node = g_new0(ImapSearchNode, 1);
    node->kind = kind;
    node->children = g_ptr_array_new_with_free_func(free_node);
    return node;
}

char *imap_search_fold(const char *utf8)
{
    g_autofree char *normal = g_utf8_normalize(utf8, -1, G_NORMALIZE_ALL);
    return normal == NULL ? g_ascii_strdown(utf8, -1) : g_utf8_casefold(normal, -1);
}

static bool fail(Parser *parser, ImapSearchJudgement judgement)
{
    parser->judgement = judgement;
    return false;
}

static bool next_token(Parser *parser, ImapToken *out_token)
{
    return imap_scanner_next(parser->scanner, out_token) || fail(parser, IMAP_SEARCH_SYNTAX);
}

static bool take_octets(Parser *parser, ByteBuffer *out)
{
    ImapToken token;
    if (!next_token(parser, &token)) {
        return false;
    }
    bool is_string = token.kind == IMAP_TOKEN_ATOM || token.kind == IMAP_TOKEN_QUOTED ||
                     token.kind == IMAP_TOKEN_LITERAL;
    return (is_string && imap_token_append_text(&token, out)) || fail(parser, IMAP_SEARCH_SYNTAX);
}

static bool take_text(Parser *parser, ImapSearchNode *node)
{
    ByteBuffer octets;
    bool is_clean;
    byte_buffer_init(&octets, 65536);
    bool is_taken = take_octets(parser, &octets);
    g_autofree char *utf8 = NULL;
    if (is_taken) {
        const char *charset = parser->charset == NULL ? "UTF-8" : parser->charset;
        utf8 = charset_to_utf8(byte_buffer_span(&octets), charset, &is_clean);
        is_taken = utf8 != NULL || fail(parser, IMAP_SEARCH_CHARSET);
    }
    byte_buffer_clear(&octets);
    node->text = is_taken ? imap_search_fold(utf8) : NULL;
    return is_taken;
}

static bool take_name(Parser *parser, ImapSearchNode *node)
{
    ByteBuffer octets;
    byte_buffer_init(&octets, 1024);
    bool is_taken = take_octets(parser, &octets);
    if (is_taken) {
        node->name = byte_span_to_string(byte_buffer_span(&octets));
    }
    byte_buffer_clear(&octets);
    return is_taken;
}

static bool take_number(Parser *parser, ImapSearchNode *node)
{
    ImapToken token;
    return next_token(parser, &token) &&
           (byte_span_to_number(token.value, &node->number) || fail(parser, IMAP_SEARCH_SYNTAX));
}

/* "1-Feb-1994", in quotes or without. */
static bool take_date(Parser *parser, DateSide side, ImapSearchNode *node)
{
    ImapToken token;
    MessageDate date;
    if (!next_token(parser, &token)) {
        return false;
    }
    g_autofree char *day = byte_span_to_string(token.value);
    bool is_short = strlen(day) > 1 && day[1] == '-';
    g_autofree char *text = g_strconcat(is_short ? " " : "", day, " 00:00:00 +0000", NULL);
    if (token.value.length > 11 ||
        !message_date_parse_internal(byte_span_from_string(text), &date)) {
        return fail(parser, IMAP_SEARCH_SYNTAX);
    }
    gint64 number = date.seconds / 86400 - (date.seconds % 86400 < 0 ? 1 : 0);
    node->first_day = side == DATE_BEFORE ? G_MININT64 : number;
    node->last_day = side == DATE_BEFORE ? number - 1 : side == DATE_ON ? number : G_MAXINT64;
    return true;
}

static bool take_set(Parser *parser, ByteSpan text, bool are_uids, ImapSearchNode *node)
{
    node->messages = parser->resolve(text, are_uids, parser->data);
    return node->messages != NULL || fail(parser, IMAP_SEARCH_ANSWERED);
}

static bool take_uids(Parser *parser, ImapSearchNode *node)
{
    ImapToken token;
    return next_token(parser, &token) && take_set(parser, token.value, true, node);
}

static bool take_key(Parser *parser, const ImapToken *first, GPtrArray *out);

static bool take_keys(Parser *parser, guint count, ImapSearchNode *node)
{
    ImapToken token;
    for (guint i = 0; i < count; i++) {
        if (!next_token(parser, &token) || !take_key(parser, &token, node->children)) {
            return false;
        }
    }
    return true;
}

static bool take_operand(Parser *parser, const KeyRow *row, ImapSearchNode *node)
{
    switch (row->operand) {
    case TAKES_NOTHING:
        return true;
    case TAKES_TEXT:
        return take_text(parser, node);
    case TAKES_FIELD:
        return take_name(parser, node) && take_text(parser, node);
    case TAKES_WORD:
        return take_name(parser, node);
    case TAKES_NUMBER:
        return take_number(parser, node);
    case TAKES_DATE:
        return take_date(parser, (DateSide)row->mask, node);
    case TAKES_UIDS:
        return take_uids(parser, node);
    case TAKES_KEY:
        return take_keys(parser, 1, node);
    case TAKES_TWO_KEYS:
        return take_keys(parser, 2, node);
    }
    return false;
}

static const KeyRow *find_key(ByteSpan name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (byte_span_is_nocase(name, keys[i].name)) {
            return &keys[i];
        }
    }
    return NULL;
}

static bool is_set(const ImapToken *token)
{
    guint8 first = token->value.length == 0 ? 0 : token->value.data[0];
    return token->kind == IMAP_TOKEN_ATOM &&
           (g_ascii_isdigit(first) || first == '*' || first == '$');
}

/* "(key key ...)": all of them. */
static bool take_group(Parser *parser, ImapSearchNode *node)
{
    ImapToken token;
    while (next_token(parser, &token) && token.kind != IMAP_TOKEN_LIST_CLOSE) {
        if (!take_key(parser, &token, node->children)) {
            return false;
        }
    }
    return parser->judgement == IMAP_SEARCH_GOOD &&
           (node->children->len > 0 || fail(parser, IMAP_SEARCH_SYNTAX));
}

static bool take_one(Parser *parser, const ImapToken *first, GPtrArray *out)
{
    if (first->kind == IMAP_TOKEN_LIST_OPEN) {
        ImapSearchNode *group = new_node(IMAP_SEARCH_AND);
        g_ptr_array_add(out, group);
        return take_group(parser, group);
    }
    if (is_set(first)) {
        ImapSearchNode *set = new_node(IMAP_SEARCH_SET);
        g_ptr_array_add(out, set);
        return take_set(parser, first->value, false, set);
    }
    const KeyRow *row = first->kind == IMAP_TOKEN_ATOM ? find_key(first->value) : NULL;
    if (row == NULL) {
        return fail(parser, IMAP_SEARCH_SYNTAX);
    }
    ImapSearchNode *node = new_node(row->kind);
    node->mask = row->mask;
    node->flags = row->flags;
    node->is_not = row->kind == IMAP_SEARCH_KEYWORD && row->flags != 0;
    node->name = g_strdup(row->field);
    g_ptr_array_add(out, node);
    return take_operand(parser, row, node);
}

static bool take_key(Parser *parser, const ImapToken *first, GPtrArray *out)
{
    if (++parser->depth > IMAP_SEARCH_DEPTH_MAXIMUM || ++parser->keys > IMAP_SEARCH_KEYS_MAXIMUM) {
        return fail(parser, IMAP_SEARCH_SYNTAX);
    }
    bool is_good = take_one(parser, first, out);
    parser->depth--;
    return is_good;
}

static bool take_charset(Parser *parser, ImapToken *token)
{
    ImapToken name;
    if (!byte_span_is_nocase(token->value, "CHARSET") || token->kind != IMAP_TOKEN_ATOM) {
        return true;
    }
    if (!next_token(parser, &name)) {
        return false;
    }
    parser->charset = byte_span_to_string(name.value);
    bool is_clean;
    g_autofree char *trial = charset_to_utf8(BYTE_SPAN_LITERAL("a"), parser->charset, &is_clean);
    return trial == NULL ? fail(parser, IMAP_SEARCH_CHARSET) : next_token(parser, token);
}

static bool parse_all(Parser *parser, ImapSearchNode *root)
{
    ImapToken token;
    if (!next_token(parser, &token) || !take_charset(parser, &token)) {
        return false;
    }
    do {
        if (!take_key(parser, &token, root->children)) {
            return false;
        }
    } while (imap_scanner_next(parser->scanner, &token));
    return token.kind == IMAP_TOKEN_END || fail(parser, IMAP_SEARCH_SYNTAX);
}

ImapSearchJudgement imap_search_parse(
    ImapScanner *scanner, ImapSearchResolve resolve, gpointer data, ImapSearchNode **out_node
)
{
    Parser parser = {.scanner = scanner, .resolve = resolve, .data = data};
    g_autoptr(ImapSearchNode) root = new_node(IMAP_SEARCH_AND);
    if (parse_all(&parser, root)) {
        *out_node = g_steal_pointer(&root);
    }
    g_free(parser.charset);
    return parser.judgement;
}
