#include "protocol/message/mime-tree-internal.h"

#include <string.h>

/* The message is gone through once, line by line. Open multiparts lie on a stack; a line that is
 * the boundary of one of them ends everything above it. Nothing recurses, so depth costs no stack.
 */

typedef enum {
    INSIDE_HEADER,
    INSIDE_LEAF,   /* the body of a part that has no parts, or the preamble of one that has */
    BETWEEN_PARTS, /* behind a closing boundary */
    BEYOND_LIMITS, /* nothing is looked at any more */
} ScanMode;

typedef struct {
    MimePart *part;
    ByteSpan boundary;
} OpenMultipart;

typedef struct {
    MimeTree *tree;
    ScanMode mode;
    MimePart *current; /* the innermost part that has begun */
    GArray *open;      /* OpenMultipart */
    GArray *starts;    /* line number where the body of part 'sequence' begins */
    guint64 line;      /* lines before 'at' */
    gsize at;          /* start of the line in hand */
} Scan;

static void blame(MimePart *part, MessageDefectId id)
{
    part->defects |= MESSAGE_DEFECT_BIT(id);
}

static MimePart *begin_part(Scan *scan, MimePart *parent, bool is_message)
{
    guint64 no_line = 0;
    MimePart *part = g_new0(MimePart, 1);
    part->sequence = scan->tree->parts->len;
    part->parent = parent;
    part->is_message = is_message;
    part->header_offset = scan->at;
    header_block_init(&part->header);
    g_ptr_array_add(scan->tree->parts, part);
    g_array_append_val(scan->starts, no_line);
    if (parent != NULL) {
        part->depth = parent->depth + 1;
        part->index = parent->n_children++;
        /* Room doubles at every power of two. */
        if ((part->index & (part->index + 1)) == 0) {
            parent->children = g_renew(MimePart *, parent->children, 2 * part->index + 2);
        }
        parent->children[part->index] = part;
    }
    scan->current = part;
    scan->mode = INSIDE_HEADER;
    return part;
}

static guint64 *start_of(Scan *scan, const MimePart *part)
{
    return &g_array_index(scan->starts, guint64, part->sequence);
}

/* RFC 2046 §5.1.1: the line end before the boundary belongs to the boundary. */
static gsize without_line_end(ByteSpan octets, gsize start, gsize end)
{
    if (end > start && octets.data[end - 1] == '\n') {
        end--;
        if (end > start && octets.data[end - 1] == '\r') {
            end--;
        }
    }
    return end;
}

/* The body of the part ends before the boundary that begins at 'at', or with the message. */
static void end_part(Scan *scan, MimePart *part, bool at_boundary)
{
    ByteSpan octets = scan->tree->octets;
    gsize end = at_boundary ? without_line_end(octets, part->body_offset, scan->at) : scan->at;
    guint64 line = scan->line;
    part->body_length = end - part->body_offset;
    part->n_lines = line - *start_of(scan, part);
    /* A line that lacks its end is counted by its boundary's line end, or not yet. */
    if (part->body_length == 0) {
        part->n_lines = 0;
    } else if (!at_boundary && octets.data[end - 1] != '\n') {
        part->n_lines++;
    }
}

static void judge_boundary(MimePart *part, const char *boundary)
{
    gsize length = strlen(boundary);
    bool is_good = length <= 70 && boundary[length - 1] != ' ';
    for (gsize i = 0; i < length && is_good; i++) {
        is_good = g_ascii_isalnum(boundary[i]) || strchr("'()+_,-./:=? ", boundary[i]) != NULL;
    }
    if (!is_good) {
        blame(part, MESSAGE_DEFECT_BOUNDARY_SYNTAX);
    }
}

static void open_multipart(Scan *scan, MimePart *part)
{
    const char *boundary = mime_part_parameter(part, "boundary");
    scan->mode = INSIDE_LEAF;
    if (boundary == NULL || boundary[0] == '\0') {
        blame(part, MESSAGE_DEFECT_NO_BOUNDARY);
    } else if (part->depth >= scan->tree->limits.depth) {
        blame(part, MESSAGE_DEFECT_TOO_DEEP);
    } else {
        OpenMultipart open = {.part = part, .boundary = byte_span_from_string(boundary)};
        judge_boundary(part, boundary);
        g_array_append_val(scan->open, open);
    }
}

static bool is_identity(MimeEncoding encoding)
{
    return encoding == MIME_ENCODING_7BIT || encoding == MIME_ENCODING_8BIT ||
           encoding == MIME_ENCODING_BINARY;
}

static bool is_full(const Scan *scan)
{
    return scan->tree->parts->len >= scan->tree->limits.parts;
}

/* RFC 2045 §6.4: a composite part is never encoded. What is in an encoded message cannot be seen
 * here; the boundaries of an encoded multipart mostly stand there in the clear. */
static void begin_body(Scan *scan, MimePart *part)
{
    bool is_composite = mime_part_is_multipart(part) || mime_part_holds_message(part);
    scan->mode = INSIDE_LEAF;
    *start_of(scan, part) = scan->line;
    if (is_composite && !is_identity(part->encoding)) {
        blame(part, MESSAGE_DEFECT_ENCODING_OF_COMPOSITE);
    }
    if (mime_part_is_multipart(part)) {
        open_multipart(scan, part);
    } else if (mime_part_holds_message(part) && is_identity(part->encoding)) {
        if (part->depth >= scan->tree->limits.depth) {
            blame(part, MESSAGE_DEFECT_TOO_DEEP);
        } else if (is_full(scan)) {
            blame(part, MESSAGE_DEFECT_TOO_MANY_PARTS);
            scan->mode = BEYOND_LIMITS;
        } else {
            begin_part(scan, part, true);
        }
    }
}

/* The header of the current part ends at 'at'. */
static void finish_header(Scan *scan)
{
    MimePart *part = scan->current;
    ByteSpan octets = scan->tree->octets;
    part->header_length = scan->at - part->header_offset;
    part->body_offset = scan->at;
    mime_fields_read(part, byte_span_slice(octets, part->header_offset, part->header_length));
    begin_body(scan, part);
}

/* "--boundary" or "--boundary--", then white space at most. */
static bool is_boundary(ByteSpan line, ByteSpan boundary, bool *out_is_closing)
{
    ByteSpan rest = byte_span_from(line, 2);
    if (!byte_span_equal(byte_span_slice(rest, 0, boundary.length), boundary)) {
        return false;
    }
    rest = byte_span_from(rest, boundary.length);
    while (rest.length > 0 && strchr(" \t\r", rest.data[rest.length - 1]) != NULL &&
           rest.data[rest.length - 1] != '\0') {
        rest.length--;
    }
    *out_is_closing = byte_span_is(rest, "--");
    return rest.length == 0 || *out_is_closing;
}

/* The place on the stack, counted from 1, of the multipart whose boundary this is; 0: none. */
static guint find_boundary(const Scan *scan, ByteSpan line, bool *out_is_closing)
{
    if (line.length < 3 || line.data[0] != '-' || line.data[1] != '-') {
        return 0;
    }
    for (guint i = scan->open->len; i > 0; i--) {
        const OpenMultipart *open = &g_array_index(scan->open, OpenMultipart, i - 1);
        if (is_boundary(line, open->boundary, out_is_closing)) {
            return i;
        }
    }
    return 0;
}

static void blame_unclosed(MimePart *part)
{
    blame(
        part,
        part->n_children == 0 ? MESSAGE_DEFECT_BOUNDARY_NOT_FOUND
                              : MESSAGE_DEFECT_BOUNDARY_NOT_CLOSED
    );
}

/* Ends the current part and those around it, up to 'outermost', which stays. */
static void end_parts(Scan *scan, const MimePart *outermost, bool at_boundary)
{
    while (scan->mode == INSIDE_HEADER) {
        /* A message/rfc822 part may begin another header where this one ended. */
        finish_header(scan);
    }
    for (MimePart *part = scan->current; part != outermost; part = part->parent) {
        end_part(scan, part, at_boundary);
        scan->current = part->parent;
    }
}

static void pop_above(Scan *scan, guint height)
{
    while (scan->open->len > height) {
        const OpenMultipart *top = &g_array_index(scan->open, OpenMultipart, scan->open->len - 1);
        blame_unclosed(top->part);
        g_array_set_size(scan->open, scan->open->len - 1);
    }
}

static void take_boundary(Scan *scan, guint height, bool is_closing, gsize next)
{
    bool has_line_end = scan->tree->octets.data[next - 1] == '\n';
    MimePart *multipart = g_array_index(scan->open, OpenMultipart, height - 1).part;
    end_parts(scan, multipart, true);
    pop_above(scan, height);
    scan->line += has_line_end ? 1 : 0;
    scan->at = next;
    if (is_closing) {
        multipart->is_closed = true;
        g_array_set_size(scan->open, height - 1);
        scan->mode = BETWEEN_PARTS;
    } else if (is_full(scan)) {
        blame(multipart, MESSAGE_DEFECT_TOO_MANY_PARTS);
        scan->mode = BEYOND_LIMITS;
    } else {
        begin_part(scan, multipart, false);
    }
}

static void take_line(Scan *scan)
{
    ByteSpan octets = scan->tree->octets;
    bool is_closing = false;
    gssize end = byte_span_find(octets, '\n', scan->at);
    gsize next = end < 0 ? octets.length : (gsize)end + 1;
    ByteSpan line = byte_span_slice(octets, scan->at, (end < 0 ? next : (gsize)end) - scan->at);
    guint height = find_boundary(scan, line, &is_closing);
    if (height > 0) {
        take_boundary(scan, height, is_closing, next);
        return;
    }
    scan->at = next;
    scan->line += end < 0 ? 0 : 1;
    bool is_empty = line.length == 0 || (line.length == 1 && line.data[0] == '\r');
    if (scan->mode == INSIDE_HEADER && is_empty && end >= 0) {
        finish_header(scan);
    }
}

/* No boundary can come any more: only the lines are counted. */
static void skip_to_end(Scan *scan)
{
    ByteSpan octets = scan->tree->octets;
    gssize end = 0;
    while ((end = byte_span_find(octets, '\n', scan->at)) >= 0) {
        scan->at = (gsize)end + 1;
        scan->line++;
    }
    scan->at = octets.length;
}

static void finish(Scan *scan)
{
    bool is_beyond = scan->mode == BEYOND_LIMITS;
    MimePart *cut = scan->mode == INSIDE_HEADER ? scan->current : NULL;
    if (cut != NULL && cut->parent != NULL) {
        blame(cut, MESSAGE_DEFECT_PART_CUT);
    }
    end_parts(scan, NULL, false);
    if (is_beyond) {
        g_array_set_size(scan->open, 0);
    }
    pop_above(scan, 0);
}

void mime_scan(MimeTree *tree)
{
    Scan scan = {.tree = tree};
    scan.open = g_array_new(FALSE, FALSE, sizeof(OpenMultipart));
    scan.starts = g_array_new(FALSE, FALSE, sizeof(guint64));
    begin_part(&scan, NULL, true);
    while (scan.at < tree->octets.length) {
        bool is_rest = scan.mode != INSIDE_HEADER && scan.open->len == 0;
        if (is_rest || scan.mode == BEYOND_LIMITS) {
            skip_to_end(&scan);
        } else {
            take_line(&scan);
        }
    }
    finish(&scan);
    g_array_free(scan.open, TRUE);
    g_array_free(scan.starts, TRUE);
}
