/* A message by itself: its header and trace, its MIME tree, and the envelope beside the header. */

#include "dissect/finding/remark-judge.h"

/* Told of the content on its way already, or of the piece of a message that a part is. */
#define TOLD_ELSEWHERE                                                                             \
    (MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_BARE_CR) | MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_BARE_LF))

#define ENVELOPE_PATHS_MAXIMUM 100 /* recipients that are looked for in the header */

static bool is_worth_telling(const RemarkCase *on, guint defect)
{
    return (TOLD_ELSEWHERE & MESSAGE_DEFECT_BIT(defect)) == 0 &&
           on->judge->message_rows[defect].severity != FINDING_NOTE;
}

static void tell_defects(const RemarkCase *on, guint64 defects, guint64 *told, const char *about)
{
    for (guint64 rest = defects & ~*told; rest != 0; rest &= rest - 1) {
        guint defect = (guint)__builtin_ctzll(rest);
        if (is_worth_telling(on, defect)) {
            remark_tell_row(on, &on->judge->message_rows[defect], about);
        }
    }
    *told |= defects;
}

static void tell_field_defects(const RemarkCase *on, const HeaderField *field, guint64 *told)
{
    g_autofree char *name =
        byte_span_to_display(byte_span_slice(field->name, 0, REMARK_ABOUT_MAXIMUM));
    tell_defects(on, field->defects, told, name[0] == '\0' ? NULL : name);
}

static void judge_header(const RemarkCase *on)
{
    HeaderBlock *header = &on->judge->header;
    guint64 told = 0;
    for (guint i = 0; i < header->n_fields; i++) {
        if ((header->fields[i].defects & ~told) != 0) {
            tell_field_defects(on, &header->fields[i], &told);
        }
    }
    tell_defects(on, header->defects, &told, NULL);
}

static void judge_trace(const RemarkCase *on)
{
    if (header_block_find(&on->judge->header, "Received") == NULL) {
        return;
    }
    g_autoptr(ReceivedChain) chain = received_chain_new(&on->judge->header, NULL);
    guint64 told = 0;
    guint64 backwards = MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_RECEIVED_TIME_BACKWARDS);
    for (guint i = 0; i < chain->n_hops; i++) {
        char about[32];
        g_snprintf(about, sizeof about, "hop %u", chain->hops[i].number);
        if ((chain->hops[i].defects & backwards & ~told) != 0) {
            remark_tell_row(
                on, &on->judge->message_rows[MESSAGE_DEFECT_RECEIVED_TIME_BACKWARDS], about
            );
        }
        tell_defects(on, chain->hops[i].defects, &told, about);
    }
    tell_defects(on, chain->defects, &told, NULL);
}

static bool holds_nocase(ByteSpan text, ByteSpan word)
{
    for (gsize i = 0; i + word.length <= text.length; i++) {
        if (g_ascii_tolower(text.data[i]) == g_ascii_tolower(word.data[0]) &&
            byte_span_equal_nocase(byte_span_slice(text, i, word.length), word)) {
            return true;
        }
    }
    return false;
}

static bool is_named(RemarkJudge *judge, const char *const *fields, ByteSpan path)
{
    for (guint i = 0; fields[i] != NULL; i++) {
        const HeaderField *field = NULL;
        while ((field = header_block_find_next(&judge->header, fields[i], field)) != NULL) {
            if (holds_nocase(header_field_unfold(field, &judge->scratch), path)) {
                return true;
            }
        }
    }
    return false;
}

/* RFC 2919 and RFC 2369 mark what a list sends; RFC 5322 §3.6.6 what was sent again. */
static bool is_redirected(const HeaderBlock *header)
{
    static const char *const marks[] = {
        "List-Id", "List-Post", "List-Unsubscribe", "Resent-From", "Resent-To", "Mailing-List"};
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (header_block_find(header, marks[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static void judge_envelope(const RemarkCase *on)
{
    static const char *const senders[] = {"From", "Sender", NULL};
    static const char *const recipients[] = {"To", "Cc", "Bcc", NULL};
    const DialogueMessage *message = on->event->dialogue->message;
    if (!message->has_envelope || is_redirected(&on->judge->header)) {
        return;
    }
    if (message->reverse_path.length > 0 && header_block_find(&on->judge->header, "From") != NULL &&
        !is_named(on->judge, senders, message->reverse_path)) {
        remark_tell_span(on, REMARK_SENDER_DIFFERS, message->reverse_path);
    }
    ByteSpan rest = message->forward_paths;
    ByteSpan path;
    for (guint i = 0; i < ENVELOPE_PATHS_MAXIMUM && byte_span_next_token(&rest, '\n', &path); i++) {
        if (path.length > 0 && !is_named(on->judge, recipients, path)) {
            remark_tell_span(on, REMARK_RECIPIENT_UNNAMED, path);
            return;
        }
    }
}

/* The header of the message itself has been judged; the fields of its parts come with the tree. */
static guint64 defects_of_part(const MimePart *part)
{
    return part->defects & ~(part->depth == 0 ? part->header.defects : 0);
}

static void judge_tree(const RemarkCase *on, const MimeTree *tree)
{
    guint64 told = 0;
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        guint64 defects = defects_of_part(part);
        if ((defects & ~told) != 0) {
            g_autofree char *number = mime_part_number(part);
            g_autofree char *about = g_strdup_printf(
                "part %s, %.40s/%.40s",
                number == NULL || number[0] == '\0' ? "0" : number,
                part->type,
                part->subtype
            );
            g_autofree char *safe = byte_span_to_display(byte_span_from_string(about));
            tell_defects(on, defects, &told, safe);
        }
    }
}

/* FETCH of a section other than the whole and the header is no message by itself. */
static bool begins_with_header(const DialogueMessage *message)
{
    return message->origin == 0 &&
           (message->section.length == 0 || byte_span_is_nocase(message->section, "HEADER"));
}

void remarks_judge_message(
    RemarkJudge *judge,
    const DissectEvent *end,
    ByteSpan head,
    const MimeTree *tree,
    RemarkFunction function,
    gpointer data
)
{
    const DialogueMessage *message = end->dialogue->message;
    RemarkCase on = {judge, NULL, end, function, data};
    if (!message->is_complete || !begins_with_header(message) ||
        message->kind == DIALOGUE_MESSAGE_HTTP) {
        return;
    }
    header_block_parse(&judge->header, head, 0);
    if (!judge->header.has_separator && head.length < message->octets) {
        return; /* longer than what was kept of it */
    }
    header_block_judge(&judge->header);
    judge_header(&on);
    judge_trace(&on);
    judge_envelope(&on);
    if (tree != NULL && message->kind != DIALOGUE_MESSAGE_TOP && message->section.length == 0) {
        judge_tree(&on, tree);
    }
}
