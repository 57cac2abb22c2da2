#include "ui/report/vocabulary-replies.h"

#include <string.h>

#include "protocol/catalogue/catalogue.h"
#include "protocol/rfc/rfc-index.h"

#define CODE_WIDTH 6

static const VocabularyItem *
find_row(VocabularyProtocol protocol, VocabularyKind kind, const char *token)
{
    CatalogueCursor cursor = {0};
    const VocabularyItem *found = NULL;
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        bool is_match = item->protocol == protocol && item->kind == kind &&
                        g_ascii_strcasecmp(item->token, token) == 0;
        if (is_match && (found == NULL || catalogue_is_in_force(item))) {
            found = item;
        }
        if (found != NULL && catalogue_is_in_force(found)) {
            return found;
        }
    }
    return found;
}

static const VocabularyItem *sense_of(const VocabularyItem *command, const VocabularyReply *reply)
{
    const VocabularyItem *sense = NULL;
    if (reply->code[0] != '\0') {
        sense = find_row(command->protocol, VOCABULARY_RESPONSE_CODE, reply->code);
    }
    if (sense == NULL) {
        sense = catalogue_reply_sense(command, reply->token);
    }
    return sense != NULL ? sense : find_row(command->protocol, VOCABULARY_RESPONSE, reply->token);
}

bool vocabulary_next_reply(
    const VocabularyItem *item, const char **rest, VocabularyReply *out_reply
)
{
    const char *start = *rest + strspn(*rest, " |");
    if (*start == '\0') {
        return false;
    }
    gsize length = strcspn(start, " ");
    *rest = start + length;
    gsize token_length = MIN(strcspn(start, "["), length);
    *out_reply = (VocabularyReply){0};
    g_strlcpy(out_reply->token, start, MIN(sizeof(out_reply->token), token_length + 1));
    if (token_length < length) {
        gsize code_length = strcspn(start + token_length + 1, "] ");
        g_strlcpy(
            out_reply->code, start + token_length + 1, MIN(sizeof(out_reply->code), code_length + 1)
        );
    }
    out_reply->sense = sense_of(item, out_reply);
    return true;
}

static char *reply_label(const VocabularyReply *reply)
{
    return reply->code[0] == '\0' ? g_strdup(reply->token)
                                  : g_strdup_printf("%s [%s]", reply->token, reply->code);
}

static guint widest_reply(const VocabularyItem *item)
{
    guint width = CODE_WIDTH;
    const char *rest = item->replies;
    VocabularyReply reply;
    while (vocabulary_next_reply(item, &rest, &reply)) {
        g_autofree char *label = reply_label(&reply);
        width = MAX(width, text_width(label) + 2);
    }
    return width;
}

void vocabulary_add_replies(
    TextLayout *layout, guint indent, guint label_width, const VocabularyItem *item
)
{
    if (item->replies == NULL) {
        return;
    }
    text_layout_row(
        layout,
        &(TextRow){
            .indent = indent,
            .label = "Replies",
            .label_style = TEXT_LABEL,
            .label_width = label_width,
            .text = "",
        }
    );
    guint width = widest_reply(item);
    const char *rest = item->replies;
    VocabularyReply reply;
    while (vocabulary_next_reply(item, &rest, &reply)) {
        g_autofree char *label = reply_label(&reply);
        g_autofree char *place =
            reply.sense == NULL ? NULL : rfc_reference_to_string(reply.sense->reference);
        text_layout_row(
            layout,
            &(TextRow){
                .indent = indent + 2,
                .label = label,
                .label_style = TEXT_PROTOCOL,
                .label_width = width,
                .text = reply.sense == NULL ? "" : reply.sense->meaning,
                .note = place,
            }
        );
    }
}

void vocabulary_add_reply_class(TextLayout *layout, guint indent, const VocabularyItem *item)
{
    if (item->protocol != VOCABULARY_SMTP || item->kind != VOCABULARY_REPLY ||
        strlen(item->token) != 3 || !g_ascii_isdigit(item->token[1])) {
        return;
    }
    const char class_token[] = {item->token[0], 'y', 'z', '\0'};
    const VocabularyItem *row = find_row(VOCABULARY_SMTP, VOCABULARY_RULE, class_token);
    if (row == NULL) {
        row = find_row(VOCABULARY_SMTP, VOCABULARY_REPLY, class_token);
    }
    if (row == NULL) {
        return;
    }
    g_autofree char *text = g_strdup_printf("%s: %s", row->token, row->meaning);
    g_autofree char *place = rfc_reference_to_string(row->reference);
    text_layout_row(layout, &(TextRow){.indent = indent, .text = text, .note = place});
}
