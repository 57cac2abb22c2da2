#include "ui/report/dissect-json-private.h"

#include "protocol/rfc/rfc-index.h"

void dissect_json_free_text(gpointer text)
{
    if (text != NULL) {
        g_string_free(text, TRUE);
    }
}

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
            view->addresses[side] = g_strdup_printf(
                address.version == 6 ? "[%s]:%u" : "%s:%u",
                packet_address_format(&address, text),
                stream_port(conversation->stream, (StreamDirection)side)
            );
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

static void make_sides(DissectJsonView *view, MailProtocol protocol)
{
    for (guint side = 0; side < 2; side++) {
        JsonLine line;
        json_line_init(&line);
        json_line_string(&line, "from", view->addresses[side]);
        json_line_string(&line, "to", view->addresses[!side]);
        json_line_string(&line, "protocol", mail_protocol_name(protocol));
        dissect_json_free_text(view->sides[side]);
        view->sides[side] = line.text; /* handed over */
    }
    view->sides_protocol = protocol;
}

void dissect_json_write_sides(DissectJson *json, const DissectEvent *event)
{
    DissectJsonView *view = dissect_json_view(event->conversation);
    MailProtocol protocol = event->conversation->protocol;
    if (view->sides[0] == NULL || view->sides_protocol != protocol) {
        make_sides(view, protocol);
    }
    write_members(&json->line, view->sides[event->direction]);
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
