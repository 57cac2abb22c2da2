#include "protocol/message/header-block.h"

#include "protocol/encoding/encoded-word.h"
#include "protocol/message/message-address.h"
#include "protocol/message/message-date.h"

typedef enum {
    BODY_TEXT,
    BODY_ADDRESSES,
    BODY_DATE,
    BODY_IDENTIFIERS,
    BODY_OTHER,
} BodyKind;

typedef struct {
    const char *name;
    BodyKind kind;
    bool is_single;    /* RFC 5322 §3.6: at most once in a header */
    bool may_be_empty; /* of those whose body has a grammar */
} FieldRule;

static const FieldRule rules[] = {
    {.name = "Bcc", .kind = BODY_ADDRESSES, .is_single = true, .may_be_empty = true},
    {.name = "Cc", .kind = BODY_ADDRESSES, .is_single = true},
    {.name = "Content-Disposition", .kind = BODY_OTHER, .is_single = true},
    {.name = "Content-ID", .kind = BODY_OTHER, .is_single = true},
    {.name = "Content-Transfer-Encoding", .kind = BODY_OTHER, .is_single = true},
    {.name = "Content-Type", .kind = BODY_OTHER, .is_single = true},
    {.name = "Date", .kind = BODY_DATE, .is_single = true},
    {.name = "From", .kind = BODY_ADDRESSES, .is_single = true},
    {.name = "In-Reply-To", .kind = BODY_IDENTIFIERS, .is_single = true},
    {.name = "Message-ID", .kind = BODY_IDENTIFIERS, .is_single = true},
    {.name = "MIME-Version", .kind = BODY_OTHER, .is_single = true},
    {.name = "References", .kind = BODY_IDENTIFIERS, .is_single = true},
    {.name = "Reply-To", .kind = BODY_ADDRESSES, .is_single = true},
    {.name = "Resent-Date", .kind = BODY_DATE},
    {.name = "Resent-From", .kind = BODY_ADDRESSES},
    {.name = "Resent-To", .kind = BODY_ADDRESSES},
    {.name = "Sender", .kind = BODY_ADDRESSES, .is_single = true},
    {.name = "Subject", .kind = BODY_TEXT, .is_single = true},
    {.name = "To", .kind = BODY_ADDRESSES, .is_single = true},
};

static const FieldRule *find_rule(ByteSpan name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (byte_span_is_nocase(name, rules[i].name)) {
            return &rules[i];
        }
    }
    return NULL;
}

static bool is_blank(guint8 octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static bool has_good_content(EncodedWord *word)
{
    ByteBuffer octets;
    byte_buffer_init(&octets, word->whole.length);
    bool has_room = encoded_word_octets(word, &octets);
    byte_buffer_clear(&octets);
    return has_room && word->fault == ENCODED_WORD_FAULT_NONE;
}

/* RFC 2047 §2 and §4: the form of each word, and what it encodes. "=?" alone is no attempt. */
static bool has_bad_encoded_word(ByteSpan body)
{
    gssize at = -1;
    while ((at = byte_span_find(body, '=', (gsize)(at + 1))) >= 0) {
        EncodedWord word;
        ByteSpan rest = byte_span_from(body, (gsize)at);
        if (!byte_span_starts_with(rest, "=?")) {
            continue;
        }
        if (encoded_word_parse(rest, &word)) {
            if (!has_good_content(&word)) {
                return true;
            }
            at += (gssize)word.whole.length - 1;
        } else if (word.fault == ENCODED_WORD_FAULT_ENCODING || word.fault == ENCODED_WORD_FAULT_SPACE) {
            return true;
        }
    }
    return false;
}

static guint64 judge_addresses(const HeaderField *field, guint *out_n_mailboxes)
{
    g_autoptr(MessageAddressList) list = message_address_list_parse(field->body);
    *out_n_mailboxes = list->n_mailboxes;
    return list->is_valid ? 0 : MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_ADDRESS_SYNTAX);
}

static guint64 judge_identifiers(const HeaderField *field)
{
    bool is_clean = true;
    guint count = 0;
    ByteSpan rest = field->body;
    ByteSpan id;
    while (message_id_next(&rest, &id, &is_clean)) {
        count++;
    }
    bool is_one = !header_field_is(field, "Message-ID") || count == 1;
    return is_clean && is_one ? 0 : MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_MESSAGE_ID_SYNTAX);
}

static bool is_empty(const HeaderField *field)
{
    for (gsize i = 0; i < field->body.length; i++) {
        if (!is_blank(field->body.data[i])) {
            return false;
        }
    }
    return true;
}

static guint64 judge_body(const HeaderField *field, const FieldRule *rule, guint *out_n_mailboxes)
{
    MessageDate date;
    if (rule->kind != BODY_TEXT && is_empty(field)) {
        return rule->may_be_empty ? 0 : MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_EMPTY_FIELD);
    }
    switch (rule->kind) {
    case BODY_ADDRESSES:
        return judge_addresses(field, out_n_mailboxes);
    case BODY_IDENTIFIERS:
        return judge_identifiers(field);
    case BODY_DATE:
        message_date_parse(field->body, &date);
        return date.defects;
    case BODY_TEXT:
    case BODY_OTHER:
        break;
    }
    return 0;
}

static bool is_trace(const HeaderField *field)
{
    return header_field_is(field, "Received") || header_field_is(field, "Return-Path");
}

typedef struct {
    guint counts[G_N_ELEMENTS(rules)];
    guint n_authors;
    bool has_author_field; /* a field that the author's program wrote has been seen */
} HeaderJudge;

static void judge_field(HeaderJudge *judge, HeaderField *field)
{
    const FieldRule *rule = find_rule(field->name);
    if (is_trace(field) && judge->has_author_field) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_TRACE_NOT_ON_TOP);
    }
    if (has_bad_encoded_word(field->body)) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_ENCODED_WORD);
    }
    if (rule == NULL) {
        return;
    }
    guint n_mailboxes = 0;
    field->defects |= judge_body(field, rule, &n_mailboxes);
    judge->has_author_field = true;
    if (judge->counts[rule - rules]++ > 0 && rule->is_single) {
        field->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_DUPLICATE_FIELD);
    }
    if (byte_span_is_nocase(field->name, "From")) {
        judge->n_authors += n_mailboxes;
    }
}

void header_block_judge(HeaderBlock *block)
{
    static const struct {
        const char *name;
        MessageDefectId defect;
    } wanted[] = {
        {"Date", MESSAGE_DEFECT_NO_DATE},
        {"From", MESSAGE_DEFECT_NO_FROM},
        {"Message-ID", MESSAGE_DEFECT_NO_MESSAGE_ID},
    };

    HeaderJudge judge = {0};
    for (guint i = 0; i < block->n_fields; i++) {
        judge_field(&judge, &block->fields[i]);
        block->defects |= block->fields[i].defects;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        if (header_block_find(block, wanted[i].name) == NULL) {
            block->defects |= MESSAGE_DEFECT_BIT(wanted[i].defect);
        }
    }
    /* RFC 5322 §3.6.2: with several authors it must be said who of them sent the message. */
    if (judge.n_authors > 1 && header_block_find(block, "Sender") == NULL) {
        block->defects |= MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_NO_SENDER);
    }
}
