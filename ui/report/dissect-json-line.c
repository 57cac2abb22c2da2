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
        DissectJsonView *view = g_new0(DissectJsonView, 1);
        for (guint side = 0; side < 2; side++) {
            char text[PACKET_ADDRESS_TEXT_SIZE];
            PacketAddress address = stream_address(conversation->stream, (StreamDirection)side);
            int length = g_snprintf(
                view->addresses[side],
                DISSECT_JSON_ADDRESS_SIZE,
                address.version == 6 ? "[%s]:%u" : "%s:%u",
                packet_address_format(&address, text),
                stream_port(conversation->stream, (StreamDirection)side)
            );
            view->address_lengths[side] = (guint8)length;
        }
        conversation->view = view;
    }
    return conversation->view;
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

static ByteSpan address_of(const DissectJsonView *view, guint side)
{
    return byte_span(view->addresses[side], view->address_lengths[side]);
}

void dissect_json_write_from_to(
    JsonLine *line, const DissectJsonView *view, StreamDirection direction, MailProtocol protocol
)
{
    json_line_span(line, "from", address_of(view, direction));
    json_line_span(line, "to", address_of(view, stream_direction_other(direction)));
    json_line_string(line, "protocol", mail_protocol_name(protocol));
}

void dissect_json_write_sides(DissectJson *json, const DissectEvent *event)
{
    const DissectJsonView *view = dissect_json_view(event->conversation);
    MailProtocol protocol = event->conversation->protocol;
    dissect_json_write_from_to(&json->line, view, event->direction, protocol);
}

void dissect_json_begin(DissectJson *json, const char *type, const DissectEvent *event)
{
    JsonLine *line = &json->line;
    json_line_begin(line, type);
    json_line_number(line, "step", event->step);
    json_line_time(line, "time", event->time_ns);
    if (event->conversation != NULL) {
        json_line_number(line, "stream", event->conversation->number);
        dissect_json_write_frames(line, event->pieces, event->piece_count);
        dissect_json_write_sides(json, event);
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

static GString *make_fragment(const VocabularyItem *item)
{
    JsonLine line;
    json_line_init(&line);
    json_line_begin(&line, "fragment");
    gsize prefix = line.text->len;
    dissect_json_write_reference(&line, item->reference);
    json_line_string(&line, "meaning", item->meaning);
    g_string_erase(line.text, 0, (gssize)prefix + 1); /* the comma too */
    return line.text;                                 /* handed over */
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
        fragment = make_fragment(item);
        g_hash_table_insert(json->fragments, (gpointer)item, fragment);
    }
    write_members(&json->line, fragment);
}
