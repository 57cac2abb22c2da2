#include "protocol/imap/imap-parser.h"

/* The next word up to a space, and the space; empty at the end. */
static ByteSpan take_word(ByteSpan *rest)
{
    gsize length = 0;
    while (length < rest->length && rest->data[length] != ' ') {
        length++;
    }
    ByteSpan word = byte_span_slice(*rest, 0, length);
    *rest = byte_span_from(*rest, length + 1);
    return word;
}

/* RFC 9051 §9: a tag has the octets of an astring, without the plus sign. */
bool imap_tag_is_valid(ByteSpan tag)
{
    for (gsize i = 0; i < tag.length; i++) {
        guint8 octet = tag.data[i];
        if (octet <= ' ' || octet >= 0x7f || octet == '+' || octet == '(' || octet == ')' ||
            octet == '{' || octet == '%' || octet == '*' || octet == '"' || octet == '\\') {
            return false;
        }
    }
    return tag.length > 0;
}

void imap_command_parse(ByteSpan text, ImapRevision revision, ImapCommand *out_command)
{
    ImapMemo memo = {.revision = revision};
    imap_command_parse_with(text, &memo, revision, out_command);
}

void imap_command_parse_with(
    ByteSpan text, ImapMemo *memo, ImapRevision revision, ImapCommand *out_command
)
{
    ByteSpan rest = text;
    ImapCommand command = {0};
    command.tag = take_word(&rest);
    command.name = take_word(&rest);
    if (byte_span_is_nocase(command.name, "UID") && rest.length > 0) {
        ByteSpan second = take_word(&rest);
        command.is_uid = true;
        command.name.length += 1 + second.length;
    }
    command.row = imap_memo_command(memo, command.name, revision);
    command.arguments = rest;
    if (!imap_tag_is_valid(command.tag) || command.name.length == 0) {
        command.defects |= DIALOGUE_DEFECT_SYNTAX;
    }
    if (command.row == NULL) {
        command.defects |= DIALOGUE_DEFECT_UNKNOWN;
    }
    *out_command = command;
}

typedef struct {
    ImapCommandId id;
    guint8 least;
    guint8 most; /* ANY_NUMBER: no limit */
} Arity;

#define ANY_NUMBER G_MAXUINT8

/* Extensions may add a bracketed list of parameters to most commands (RFC 9051 §9, "create-param"
 * and its kin), so those have one argument more than the base gives them. */
static const Arity arities[] = {
    {IMAP_COMMAND_APPEND, 2, ANY_NUMBER},
    {IMAP_COMMAND_AUTHENTICATE, 1, 2},
    {IMAP_COMMAND_CANCELUPDATE, 1, ANY_NUMBER},
    {IMAP_COMMAND_CAPABILITY, 0, 0},
    {IMAP_COMMAND_CHECK, 0, 0},
    {IMAP_COMMAND_CLOSE, 0, 0},
    {IMAP_COMMAND_COMPRESS, 1, 1},
    {IMAP_COMMAND_COPY, 2, 2},
    {IMAP_COMMAND_CREATE, 1, 2},
    {IMAP_COMMAND_DELETE, 1, 2},
    {IMAP_COMMAND_DELETEACL, 2, 2},
    {IMAP_COMMAND_ENABLE, 1, ANY_NUMBER},
    {IMAP_COMMAND_EXAMINE, 1, 2},
    {IMAP_COMMAND_EXPUNGE, 0, 0},
    {IMAP_COMMAND_FETCH, 2, 3},
    {IMAP_COMMAND_GETACL, 1, 1},
    {IMAP_COMMAND_GETMETADATA, 2, 3},
    {IMAP_COMMAND_GETQUOTA, 1, 1},
    {IMAP_COMMAND_GETQUOTAROOT, 1, 1},
    {IMAP_COMMAND_ID, 1, 1},
    {IMAP_COMMAND_IDLE, 0, 0},
    {IMAP_COMMAND_LIST, 2, 5},
    {IMAP_COMMAND_LISTRIGHTS, 2, 2},
    {IMAP_COMMAND_LOGIN, 2, 2},
    {IMAP_COMMAND_LOGOUT, 0, 0},
    {IMAP_COMMAND_LSUB, 2, 2},
    {IMAP_COMMAND_MOVE, 2, 2},
    {IMAP_COMMAND_MYRIGHTS, 1, 1},
    {IMAP_COMMAND_NAMESPACE, 0, 0},
    {IMAP_COMMAND_NOOP, 0, 0},
    {IMAP_COMMAND_RENAME, 2, 3},
    {IMAP_COMMAND_REPLACE, 3, ANY_NUMBER},
    {IMAP_COMMAND_SEARCH, 1, ANY_NUMBER},
    {IMAP_COMMAND_SELECT, 1, 2},
    {IMAP_COMMAND_SETACL, 3, 3},
    {IMAP_COMMAND_SETMETADATA, 2, 2},
    {IMAP_COMMAND_SETQUOTA, 2, 2},
    {IMAP_COMMAND_SORT, 3, ANY_NUMBER},
    {IMAP_COMMAND_STARTTLS, 0, 0},
    {IMAP_COMMAND_STATUS, 2, 2},
    {IMAP_COMMAND_STORE, 3, 4},
    {IMAP_COMMAND_SUBSCRIBE, 1, 1},
    {IMAP_COMMAND_THREAD, 3, ANY_NUMBER},
    {IMAP_COMMAND_UNAUTHENTICATE, 0, 0},
    {IMAP_COMMAND_UNSELECT, 0, 0},
    {IMAP_COMMAND_UNSUBSCRIBE, 1, 1},
};

static Arity arity_of(const ImapCommandRow *row)
{
    /* RFC 4315 §2.1: UID EXPUNGE has an argument that EXPUNGE has not. */
    if (row->id == IMAP_COMMAND_EXPUNGE && row->is_uid) {
        return (Arity){row->id, 1, 1};
    }
    for (gsize i = 0; i < G_N_ELEMENTS(arities); i++) {
        if (arities[i].id == row->id) {
            return arities[i];
        }
    }
    return (Arity){row->id, 0, ANY_NUMBER};
}

/* Goes over the arguments; false: brackets or quotes are not closed, or two spaces stand together.
 */
static bool walk_arguments(ByteSpan arguments, bool are_closed, guint *out_count)
{
    ImapScanner scanner;
    ImapToken token;
    ByteSpan value;
    bool is_well_formed = arguments.length == 0 || arguments.data[0] != ' ';
    imap_scanner_init(&scanner, arguments);
    *out_count = 0;
    while (imap_scanner_next_value(&scanner, &token, &value)) {
        is_well_formed = is_well_formed && !token.is_cut && (token.space_before || *out_count == 0);
        (*out_count)++;
    }
    bool has_ended = token.kind == IMAP_TOKEN_END && scanner.depth == 0;
    bool is_in_list = scanner.depth > 0 && scanner.rest.length == 0;
    return is_well_formed && (has_ended || (is_in_list && !are_closed));
}

guint32 imap_command_argument_defects(const ImapCommandRow *row, ByteSpan arguments)
{
    guint count;
    ImapLiteral literal;
    Arity arity = arity_of(row);
    /* A literal just announced is one more argument, whose octets are yet to come. */
    bool has_announcement = imap_literal_at_end(arguments, &literal);
    ByteSpan whole =
        byte_span_slice(arguments, 0, arguments.length - (has_announcement ? literal.length : 0));
    guint32 defects = walk_arguments(whole, !has_announcement, &count) ? 0 : DIALOGUE_DEFECT_SYNTAX;
    count += has_announcement;
    if (whole.length > 0 && whole.data[whole.length - 1] == ' ' && !has_announcement) {
        defects |= DIALOGUE_DEFECT_TRAILING;
    }
    if (count < arity.least) {
        defects |= DIALOGUE_DEFECT_SYNTAX;
    } else if (arity.most != ANY_NUMBER && count > arity.most) {
        defects |= DIALOGUE_DEFECT_TRAILING;
    }
    return defects;
}

guint imap_arguments_before_message(const ImapCommandRow *row)
{
    g_assert(row->carries_message);
    return row->id == IMAP_COMMAND_REPLACE ? 2 : 1;
}

guint imap_count_arguments(ByteSpan arguments)
{
    ImapScanner scanner;
    ImapToken token;
    ByteSpan value;
    guint count = 0;
    imap_scanner_init(&scanner, arguments);
    while (imap_scanner_next_value(&scanner, &token, &value)) {
        count++;
    }
    return count;
}

static ImapStatus status_of(ByteSpan word)
{
    static const struct {
        const char *name;
        ImapStatus status;
    } statuses[] = {
        {"OK", IMAP_STATUS_OK},
        {"NO", IMAP_STATUS_NO},
        {"BAD", IMAP_STATUS_BAD},
        {"BYE", IMAP_STATUS_BYE},
        {"PREAUTH", IMAP_STATUS_PREAUTH},
    };

    if (word.length < 2 || word.length > 7) {
        return IMAP_STATUS_NONE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (byte_span_is_nocase(word, statuses[i].name)) {
            return statuses[i].status;
        }
    }
    return IMAP_STATUS_NONE;
}

/* "[UIDNEXT 12] text": RFC 9051 §9, resp-text. Quoted texts inside may hold brackets. */
static void take_code(ImapResponse *response)
{
    ByteSpan rest = response->arguments;
    if (rest.length == 0 || rest.data[0] != '[') {
        return;
    }
    bool is_quoted = false;
    for (gsize at = 1; at < rest.length; at++) {
        guint8 octet = rest.data[at];
        if (is_quoted && octet == '\\') {
            at++;
        } else if (octet == '"') {
            is_quoted = !is_quoted;
        } else if (octet == ']' && !is_quoted) {
            response->code = byte_span_slice(rest, 1, at - 1);
            gsize after = at + 1;
            after += after < rest.length && rest.data[after] == ' ';
            response->arguments = byte_span_from(rest, after);
            return;
        }
    }
    response->defects |= DIALOGUE_DEFECT_SYNTAX;
}

static void parse_untagged(ByteSpan rest, ImapResponse *response)
{
    ByteSpan word = take_word(&rest);
    if (word.length > 0 && g_ascii_isdigit(word.data[0])) {
        response->has_number = byte_span_to_number(word, &response->number);
        response->defects |= response->has_number ? 0u : DIALOGUE_DEFECT_SYNTAX;
        word = take_word(&rest);
    }
    response->name = word;
    response->arguments = rest;
    response->status = response->has_number ? IMAP_STATUS_NONE : status_of(word);
    if (response->status != IMAP_STATUS_NONE) {
        response->kind = IMAP_RESPONSE_STATUS;
        take_code(response);
        return;
    }
    response->kind = IMAP_RESPONSE_DATA;
    response->defects |= word.length == 0 ? DIALOGUE_DEFECT_SYNTAX : 0u;
}

void imap_response_parse(ByteSpan text, ImapResponse *out_response)
{
    ByteSpan rest = text;
    ImapResponse response = {.kind = IMAP_RESPONSE_UNKNOWN};
    response.tag = take_word(&rest);
    if (byte_span_is(response.tag, "*")) {
        parse_untagged(rest, &response);
    } else if (text.length > 0 && text.data[0] == '+') {
        /* Some servers leave out the space that RFC 3501 §7.5 asks for. */
        bool has_space = response.tag.length == 1;
        response.kind = IMAP_RESPONSE_CONTINUATION;
        response.tag = byte_span_slice(text, 0, 1);
        response.name = response.tag;
        response.arguments = has_space ? rest : byte_span_from(text, 1);
        response.defects |= has_space ? 0u : DIALOGUE_DEFECT_SYNTAX;
    } else {
        ByteSpan word = take_word(&rest);
        ImapStatus status = status_of(word);
        /* PREAUTH and BYE are never tagged (RFC 9051 §7.1). */
        if (imap_tag_is_valid(response.tag) && status != IMAP_STATUS_NONE &&
            status <= IMAP_STATUS_BAD) {
            response.kind = IMAP_RESPONSE_TAGGED;
            response.status = status;
            response.name = word;
            response.arguments = rest;
            take_code(&response);
        } else {
            response.tag = BYTE_SPAN_EMPTY;
            response.defects |= DIALOGUE_DEFECT_UNKNOWN | DIALOGUE_DEFECT_SYNTAX;
        }
    }
    *out_response = response;
}

bool imap_may_be_response(ByteSpan line, ImapRevision revision)
{
    ImapResponse response;
    imap_response_parse(line, &response);
    switch (response.kind) {
    case IMAP_RESPONSE_TAGGED:
    case IMAP_RESPONSE_STATUS:
        return true;
    case IMAP_RESPONSE_DATA:
        return imap_response_find(response.name, revision) != NULL;
    case IMAP_RESPONSE_CONTINUATION:
        return line.length == 1 || line.data[1] == ' ';
    case IMAP_RESPONSE_UNKNOWN:
        return false;
    }
    return false;
}

bool imap_capabilities_have(ByteSpan capabilities, const char *capability)
{
    ByteSpan word;
    while (byte_span_next_token(&capabilities, ' ', &word)) {
        if (byte_span_is_nocase(word, capability)) {
            return true;
        }
    }
    return false;
}
