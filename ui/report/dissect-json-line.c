#include "ui/report/dissect-json-private.h"

#include "protocol/rfc/rfc-index.h"

static void write_members(JsonLine *line, const GString *members)
{
    json_line_members(line, byte_span(members->str, members->len));
}

void dissect_json_end_line(DissectJson *json)
{
    json->has_failed |= !json_line_end(&json->line, json->stream);
}

DissectJsonView *dissect_json_view(Conversation *conversation)
{
    if (conversation->view == NULL) {
        conversation->view = g_new0(DissectJsonView, 1);
    }
    return conversation->view;
}

void dissect_json_view_free(DissectJson *json, DissectJsonView *view)
{
    if (view->reply != NULL) {
        g_string_free(view->reply, TRUE);
    }
    g_free(view->sides[0]);
    g_free(view->sides[1]);
    dissect_json_drop_message(json, view);
    g_free(view);
}

void dissect_json_write_frames(JsonLine *line, const DissectPiece *pieces, guint count)
{
    guint64 last = 0;
    json_line_array_begin(line, "frames");
    for (guint i = 0; i < count; i++) {
        if (pieces[i].frame != last) {
            json_line_number(line, NULL, pieces[i].frame);
            last = pieces[i].frame;
        }
    }
    json_line_array_end(line);
}

static void
write_address(JsonLine *line, const char *key, const PacketAddress *address, guint16 port)
{
    char text[DISSECT_JSON_ADDRESS_MAXIMUM];
    char *at = text;
    if (address->version == 6) {
        *at++ = '[';
    }
    packet_address_format(address, at);
    at += strlen(at);
    if (address->version == 6) {
        *at++ = ']';
    }
    *at++ = ':';
    at += json_digits(at, port);
    json_line_span(line, key, byte_span(text, (gsize)(at - text)));
}

void dissect_json_write_from_to(
    JsonLine *line,
    const PacketAddress *source,
    guint16 source_port,
    const PacketAddress *destination,
    guint16 destination_port
)
{
    write_address(line, "from", source, source_port);
    write_address(line, "to", destination, destination_port);
}

static void make_sides(DissectJson *json, DissectJsonView *view, const Stream *stream, guint side)
{
    JsonLine *line = &json->fragment;
    StreamDirection direction = (StreamDirection)side;
    StreamDirection other = stream_direction_other(direction);
    PacketAddress source = stream_address(stream, direction);
    PacketAddress destination = stream_address(stream, other);
    json_line_begin_members(line);
    dissect_json_write_from_to(
        line, &source, stream_port(stream, direction), &destination, stream_port(stream, other)
    );
    view->sides[side] = g_memdup2(line->text->str, line->text->len);
    view->side_lengths[side] = (guint16)line->text->len;
}

void dissect_json_write_sides(
    DissectJson *json, Conversation *conversation, StreamDirection direction
)
{
    DissectJsonView *view = dissect_json_view(conversation);
    if (view->sides[direction] == NULL) {
        make_sides(json, view, conversation->stream, direction);
    }
    json_line_members(
        &json->line, byte_span(view->sides[direction], view->side_lengths[direction])
    );
    write_members(&json->line, json->protocols[conversation->protocol]);
}

void dissect_json_begin(DissectJson *json, const char *type, const DissectEvent *event)
{
    JsonLine *line = &json->line;
    json_line_begin_step(line, type, event->step, event->time_ns);
    if (event->conversation != NULL) {
        json_line_number(line, "stream", event->conversation->number);
        dissect_json_write_frames(line, event->pieces, event->piece_count);
        dissect_json_write_sides(json, event->conversation, event->direction);
    } else {
        dissect_json_write_frames(line, event->pieces, event->piece_count);
    }
}

void dissect_json_write_reference(JsonLine *line, RfcReference reference)
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

static GString *make_meaning(JsonLine *line, const VocabularyItem *item)
{
    json_line_begin_members(line);
    dissect_json_write_reference(line, item->reference);
    json_line_string(line, "meaning", item->meaning);
    return g_string_new_len(line->text->str, (gssize)line->text->len);
}

/* "rfc" and "meaning" of a row; the same text serves every line that means the same. */
void dissect_json_write_meaning(DissectJson *json, const VocabularyItem *item)
{
    if (item == NULL) {
        json_line_array_begin(&json->line, "rfc");
        json_line_array_end(&json->line);
        return;
    }
    GString *fragment = g_hash_table_lookup(json->fragments, item);
    if (fragment == NULL) {
        fragment = make_meaning(&json->fragment, item);
        g_hash_table_insert(json->fragments, (gpointer)item, fragment);
    }
    write_members(&json->line, fragment);
}
