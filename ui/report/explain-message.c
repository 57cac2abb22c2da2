#include "ui/report/explain-message.h"

#include "protocol/message/message-vocabulary.h"
#include "protocol/message/mime-tree.h"
#include "protocol/mime/mime-vocabulary.h"
#include "ui/report/explain-defects.h"
#include "ui/report/explain-view.h"

#define VALUE_ROWS 3    /* of a long field */
#define FIELDS_SHOWN 60 /* of a long header */
#define PARTS_SHOWN 60

static const RfcReference format_rule = {5322, "2.1"};
static const RfcReference optional_rule = {5322, "3.6.8"};

/* What a field means; the row's reference, or that of fields nobody has registered. */
static const char *meaning_of(const HeaderField *field, RfcReference *out_reference)
{
    const VocabularyItem *item = message_field_find(field->name);
    *out_reference = item == NULL ? optional_rule : item->reference;
    if (item != NULL) {
        return item->meaning;
    }
    return byte_span_starts_with_nocase(field->name, "X-")
               ? "A field of some program's own, which no RFC describes."
               : "A field that is not known here; readers pass over it.";
}

/* On one line, for the width to wrap: what folded the field is a space again. */
static char *value_of(const HeaderField *field, gsize maximum)
{
    g_autofree char *decoded = header_field_decoded(field);
    g_strdelimit(decoded, "\t", ' ');
    ByteSpan text =
        field->name.length == 0 ? byte_span_trim(field->raw) : byte_span_from_string(decoded);
    if (maximum > 0 && text.length > maximum) {
        g_autofree char *start = explain_display(byte_span_slice(text, 0, maximum));
        return g_strdup_printf("%s ... (%zu octets)", start, text.length);
    }
    return explain_display(text);
}

static void
show_field(const ExplainRequest *request, const HeaderField *field, ExplainOutput *output)
{
    RfcReference reference;
    const char *meaning = meaning_of(field, &reference);
    gsize maximum = request->wants_everything ? 0 : (gsize)output->layout->width * VALUE_ROWS;
    g_autofree char *name = explain_display(field->name);
    g_autofree char *value = value_of(field, maximum);
    explain_row(output, field->name.length == 0 ? "(no name)" : name, TEXT_PROTOCOL, value, NULL);
    if (field->name.length > 0) {
        explain_row(output, "", TEXT_PLAIN, meaning, &reference);
    }
    explain_show_defects(output, field->defects);
}

static void json_field(const HeaderField *field, ExplainOutput *output)
{
    RfcReference reference;
    const char *meaning = meaning_of(field, &reference);
    g_autofree char *text = header_field_text(field);
    g_autofree char *decoded = header_field_decoded(field);
    explain_json_step(output);
    json_line_span(output->json, "field", field->name);
    json_line_number(output->json, "offset", field->offset);
    json_line_string(output->json, "text", text);
    json_line_string(output->json, "decoded", decoded);
    json_line_string(output->json, "meaning", meaning);
    explain_json_defects(output, field->defects);
    explain_json_rfc(output, &reference, 1);
    explain_json_end(output);
}

static void
give_header(const ExplainRequest *request, const HeaderBlock *block, ExplainOutput *output)
{
    for (guint i = 0; i < block->n_fields; i++) {
        if (output->json != NULL) {
            json_field(&block->fields[i], output);
            continue;
        }
        if (i == FIELDS_SHOWN && !request->wants_everything) {
            explain_row_printf(
                output,
                "...",
                TEXT_QUIET,
                "%u more fields (--all shows them)",
                block->n_fields - FIELDS_SHOWN
            );
            break;
        }
        show_field(request, &block->fields[i], output);
        explain_flush(output);
    }
}

/* Defects of the header as a whole, which no single field has. */
static guint64 defects_of_whole(const HeaderBlock *block)
{
    guint64 in_fields = 0;
    for (guint i = 0; i < block->n_fields; i++) {
        in_fields |= block->fields[i].defects;
    }
    return block->defects & ~in_fields;
}

/* "│ " for every ancestor that has younger siblings, then the branch to the part itself. */
static char *branch_of(const MimePart *part)
{
    GString *branch = g_string_new(NULL);
    if (part->parent == NULL) {
        return g_string_free(branch, FALSE);
    }
    for (const MimePart *at = part->parent; at->parent != NULL; at = at->parent) {
        bool is_last = at->index + 1 == at->parent->n_children;
        g_string_prepend(branch, is_last ? "   " : "│  ");
    }
    bool is_last = part->index + 1 == part->parent->n_children;
    g_string_append(branch, is_last ? "└─ " : "├─ ");
    return g_string_free(branch, FALSE);
}

static char *summary_of(const MimeTree *tree, const MimePart *part)
{
    GString *text = g_string_new(NULL);
    g_autofree char *number = mime_part_number(part);
    g_string_append_printf(text, "%s/%s", part->type, part->subtype);
    if (g_ascii_isdigit(number[0])) {
        g_string_append_printf(text, "  part %s", number);
    }
    if (part->charset != NULL) {
        g_string_append_printf(text, "  %s", part->charset);
    }
    if (part->n_children == 0) {
        g_string_append_printf(
            text,
            "  %s, %" G_GUINT64_FORMAT " line%s, %zu octet%s",
            mime_encoding_name(part->encoding),
            part->n_lines,
            part->n_lines == 1 ? "" : "s",
            mime_part_content_length(tree, part),
            mime_part_content_length(tree, part) == 1 ? "" : "s"
        );
    }
    if (part->disposition != NULL) {
        g_string_append_printf(text, "  %s", part->disposition);
    }
    if (part->file_name != NULL) {
        g_string_append_printf(text, "  \"%s\"", part->file_name);
    }
    return g_string_free(text, FALSE);
}

static void show_part(const MimeTree *tree, const MimePart *part, ExplainOutput *output)
{
    g_autofree char *branch = branch_of(part);
    g_autofree char *summary = summary_of(tree, part);
    g_autofree char *safe = byte_span_to_display(byte_span_from_string(summary));
    g_autofree char *line = g_strdup_printf("%s%s", branch, safe);
    g_autofree char *type = g_strdup_printf("%s/%s", part->type, part->subtype);
    const VocabularyItem *item = mime_media_type_find(byte_span_from_string(type));
    text_layout_line(output->layout, 2, TEXT_PROTOCOL, line);
    if (item != NULL) {
        explain_row(output, "", TEXT_PLAIN, item->meaning, &item->reference);
    }
    explain_show_defects(output, part->defects & ~part->header.defects);
}

static void json_part(const MimeTree *tree, const MimePart *part, ExplainOutput *output)
{
    JsonLine *json = output->json;
    g_autofree char *number = mime_part_number(part);
    g_autofree char *type = g_strdup_printf("%s/%s", part->type, part->subtype);
    explain_json_begin(output, "part");
    json_line_number(json, "sequence", part->sequence);
    json_line_number(json, "depth", part->depth);
    json_line_string(json, "number", number);
    json_line_string(json, "content_type", type);
    json_line_string(json, "charset", part->charset);
    json_line_string(json, "encoding", mime_encoding_name(part->encoding));
    json_line_string(json, "disposition", part->disposition);
    json_line_string(json, "file_name", part->file_name);
    json_line_number(json, "offset", part->body_offset);
    json_line_number(json, "length", part->body_length);
    json_line_number(json, "lines", part->n_lines);
    json_line_number(json, "octets", mime_part_content_length(tree, part));
    explain_json_defects(output, part->defects);
    explain_json_end(output);
}

static void give_tree(const ExplainRequest *request, const MimeTree *tree, ExplainOutput *output)
{
    guint n_parts = mime_tree_n_parts(tree);
    for (guint i = 0; i < n_parts; i++) {
        if (output->json != NULL) {
            json_part(tree, mime_tree_part(tree, i), output);
            continue;
        }
        if (i == PARTS_SHOWN && !request->wants_everything) {
            explain_row_printf(
                output, "...", TEXT_QUIET, "%u more parts (--all shows them)", n_parts - PARTS_SHOWN
            );
            break;
        }
        show_part(tree, mime_tree_part(tree, i), output);
    }
}

static void show_message(
    const ExplainRequest *request,
    const HeaderBlock *block,
    const MimeTree *tree,
    bool was_converted,
    ExplainOutput *output
)
{
    ByteSpan octets = mime_tree_octets(tree);
    explain_heading(output, "message: the header, field by field");
    explain_blank(output);
    explain_show_conversion(output, was_converted);
    explain_row_printf(
        output,
        "size",
        TEXT_PLAIN,
        "%zu octets: a header of %zu with %u field%s, a body of %zu",
        octets.length,
        block->body_offset,
        block->n_fields,
        block->n_fields == 1 ? "" : "s",
        octets.length - block->body_offset
    );
    explain_blank(output);
    give_header(request, block, output);
    explain_blank(output);
    explain_row(
        output,
        "body",
        TEXT_PLAIN,
        block->has_separator ? "An empty line ends the header."
                             : "No empty line ends the header, so there is no body.",
        &format_rule
    );
    explain_show_defects(output, defects_of_whole(block));
    explain_blank(output);
    explain_heading(output, "message: the parts of the body");
    give_tree(request, tree, output);
}

static void json_message(
    const ExplainRequest *request,
    const HeaderBlock *block,
    const MimeTree *tree,
    bool is_right,
    ExplainOutput *output
)
{
    give_header(request, block, output);
    give_tree(request, tree, output);
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", is_right);
    json_line_number(output->json, "octets", mime_tree_octets(tree).length);
    json_line_number(output->json, "fields", block->n_fields);
    json_line_number(output->json, "parts", mime_tree_n_parts(tree));
    explain_json_defects(output, defects_of_whole(block));
    explain_json_rfc(output, &format_rule, 1);
    explain_json_end(output);
}

bool explain_message(const ExplainRequest *request, ExplainOutput *output)
{
    ByteBuffer text;
    HeaderBlock block;
    bool was_converted = explain_to_crlf(request->octets, &text);
    g_autoptr(GBytes) octets = byte_buffer_steal(&text);
    g_autoptr(MimeTree) tree = mime_tree_new(octets, NULL);
    mime_tree_check(tree);
    header_block_init(&block);
    header_block_parse(&block, mime_tree_octets(tree), 0);
    header_block_judge(&block);
    bool is_right = !explain_breaks_must(block.defects | mime_tree_defects(tree));
    if (output->json != NULL) {
        json_message(request, &block, tree, is_right, output);
    } else {
        show_message(request, &block, tree, was_converted, output);
    }
    header_block_clear(&block);
    return is_right;
}
