#include "ui/report/vocabulary-json.h"

#include "protocol/rfc/rfc-index.h"
#include "ui/report/vocabulary-replies.h"
#include "ui/report/vocabulary-text.h"

void vocabulary_json_reference(JsonLine *line, RfcReference reference)
{
    json_line_array_begin(line, "rfc");
    if (reference.number != 0) {
        json_line_object_begin(line, NULL);
        json_line_number(line, "rfc", reference.number);
        json_line_string(line, "section", reference.section);
        json_line_string(line, "title", rfc_section_title(reference));
        json_line_object_end(line);
    }
    json_line_array_end(line);
}

static void add_document(JsonLine *line, const VocabularyItem *item)
{
    const RfcDocument *document = rfc_document(item->reference.number);
    if (document != NULL) {
        json_line_string(line, "date", document->date);
        json_line_string(line, "status", document->status);
    }
    json_line_boolean(line, "is_obsolete", rfc_is_obsolete(item->reference.number));
    json_line_array_begin(line, "obsoleted_by");
    g_auto(GStrv) numbers =
        g_strsplit_set(document == NULL ? "" : document->obsoleted_by, ", ", -1);
    for (char **number = numbers; *number != NULL; number++) {
        guint64 value;
        if (g_ascii_string_to_unsigned(*number, 10, 1, G_MAXUINT16, &value, NULL)) {
            json_line_number(line, NULL, value);
        }
    }
    json_line_array_end(line);
    guint16 since = item->since == 0 ? item->reference.number : item->since;
    const RfcDocument *first = rfc_document(since);
    json_line_number(line, "since", since);
    json_line_string(line, "since_date", first == NULL ? NULL : first->date);
    json_line_string(line, "replaced_by", item->replaced_by);
}

static void add_states(JsonLine *line, const VocabularyItem *item)
{
    json_line_array_begin(line, "states");
    g_autofree char *names = vocabulary_state_names(item);
    g_auto(GStrv) each = g_strsplit(names == NULL ? "" : names, ", ", -1);
    for (char **name = each; *name != NULL; name++) {
        json_line_string(line, NULL, *name);
    }
    json_line_array_end(line);
}

static void add_replies(JsonLine *line, const VocabularyItem *item)
{
    json_line_array_begin(line, "replies");
    const char *rest = item->replies == NULL ? "" : item->replies;
    VocabularyReply reply;
    while (vocabulary_next_reply(item, &rest, &reply)) {
        json_line_object_begin(line, NULL);
        json_line_string(line, "code", reply.token);
        json_line_string(line, "response_code", reply.code[0] == '\0' ? NULL : reply.code);
        json_line_string(line, "meaning", reply.sense == NULL ? NULL : reply.sense->meaning);
        if (reply.sense != NULL) {
            vocabulary_json_reference(line, reply.sense->reference);
        }
        json_line_object_end(line);
    }
    json_line_array_end(line);
}

void vocabulary_json_members(JsonLine *line, const VocabularyItem *item)
{
    json_line_string(line, "protocol", vocabulary_protocol_name(item->protocol));
    json_line_string(line, "kind", vocabulary_kind_name(item->kind));
    json_line_string(line, "token", item->token);
    json_line_string(line, "context", item->context);
    json_line_string(line, "meaning", item->meaning);
    vocabulary_json_reference(line, item->reference);
    add_document(line, item);
    json_line_string(line, "syntax", item->syntax);
    add_states(line, item);
    json_line_string(
        line, "answer", item->shape == REPLY_SHAPE_NONE ? NULL : reply_shape_meaning(item->shape)
    );
    add_replies(line, item);
    json_line_boolean(line, "is_secret", item->is_secret);
}
