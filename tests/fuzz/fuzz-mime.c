/* A whole message. The first octet sets the limits of the tree; whatever the octets, parts lie
 * inside their parents, IMAP sections are where parts say, and content is decoded within its bound.
 */

#include "protocol/message/message-structure.h"
#include "protocol/message/message-writer.h"
#include "protocol/message/mime-tree.h"
#include "protocol/message/report-reader.h"

#define CONTENT_MAXIMUM 4096

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_part(const MimeTree *tree, const MimePart *part)
{
    const MimePart *parent = part->parent;
    g_assert(part->header_offset + part->header_length == part->body_offset);
    g_assert(part->body_offset + part->body_length <= mime_tree_octets(tree).length);
    g_assert(parent == NULL || parent->children[part->index] == part);
    g_assert(parent == NULL || part->header_offset >= parent->body_offset);
    g_assert(
        parent == NULL ||
        part->body_offset + part->body_length <= parent->body_offset + parent->body_length ||
        part->body_length == 0
    );
    g_autofree char *number = mime_part_number(part);
    ByteSpan octets;
    g_assert(mime_tree_section(tree, byte_span_from_string(number), &octets));
    g_assert(octets.data == mime_part_raw(tree, part).data && octets.length == part->body_length);
}

static void read_content(const MimeTree *tree, const MimePart *part)
{
    bool is_whole = false;
    g_autoptr(GBytes) content = mime_part_content(tree, part, CONTENT_MAXIMUM, &is_whole);
    g_autofree char *text = mime_part_text(tree, part, CONTENT_MAXIMUM);
    gsize length = mime_part_content_length(tree, part);
    g_assert(g_bytes_get_size(content) <= CONTENT_MAXIMUM);
    g_assert(is_whole == (length <= CONTENT_MAXIMUM));
    g_assert(!is_whole || g_bytes_get_size(content) == length);
    g_assert(g_utf8_validate(text, -1, NULL));
    if (part->file_name != NULL) {
        g_autofree char *safe = mime_safe_file_name(part->file_name, "part");
        g_autofree char *again = mime_safe_file_name(safe, "part");
        g_assert_cmpstr(safe, ==, again);
        g_assert(strchr(safe, '/') == NULL && safe[0] != '.' && safe[0] != '\0');
    }
}

static void write_structure(const MimeTree *tree)
{
    ByteBuffer out;
    byte_buffer_init(&out, 4 * mime_tree_octets(tree).length + 1024 * 1024);
    const MimePart *root = mime_tree_root(tree);
    g_assert(message_structure_write_body(tree, root, true, &out));
    g_assert(message_structure_write_envelope(root, &out));
    byte_buffer_clear(&out);
}

static void answer(GBytes *message)
{
    MessageDraftOptions options = {.seconds = 1, .message_id = "1@x", .seed = 1};
    MessageReply reply = {.from = "bob@x", .to_all = true, .text = "x", .quotes = true};
    MessageForward forward = {.from = "bob@x", .to = "carol@x", .text = "x"};
    g_autoptr(MessageDraft) answered = message_draft_new_reply(message, &reply, &options);
    g_autoptr(MessageDraft) forwarded = message_draft_new_forward(message, &forward, &options);
    g_autoptr(GBytes) first = message_draft_write(answered);
    g_autoptr(GBytes) second = message_draft_write(forwarded);
    g_assert(first != NULL && second != NULL);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0) {
        return 0;
    }
    MimeLimits limits = {.depth = data[0] % 16, .parts = 1 + data[0]};
    g_autoptr(GBytes) message = g_bytes_new(data + 1, size - 1);
    MimeTree *tree = mime_tree_new(message, &limits);
    g_assert(mime_tree_n_parts(tree) <= limits.parts);
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        g_assert(part->depth <= limits.depth + 1 && part->sequence == i);
        check_part(tree, part);
        read_content(tree, part);
    }
    mime_tree_check(tree);
    write_structure(tree);
    MessageReport *report = message_report_read(tree);
    message_report_free(report);
    mime_tree_free(tree);
    answer(message);
    return 0;
}
