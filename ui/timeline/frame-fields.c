#include "ui/timeline/frame-fields.h"

#include "dissect/packet/packet-decoder.h"
#include "ui/timeline/frame-fields-private.h"

#include <string.h>

static void clear_layer(gpointer data)
{
    g_free(((FrameLayer *)data)->name);
}

static void clear_field(gpointer data)
{
    FrameField *field = data;
    g_free(field->name);
    g_free(field->value);
    g_free(field->meaning);
}

void frame_fields_free(FrameFields *fields)
{
    if (fields != NULL) {
        g_array_unref(fields->layers);
        g_array_unref(fields->fields);
        g_free(fields);
    }
}

void frame_fields_layer(FieldReader *reader, const char *name, guint offset, guint length)
{
    FrameLayer layer = {.name = g_strdup(name), .offset = offset, .length = length};
    g_array_append_val(reader->out->layers, layer);
    reader->layer = reader->out->layers->len - 1;
}

void frame_fields_add(
    FieldReader *reader,
    guint offset,
    guint length,
    const char *name,
    const char *value,
    const char *meaning
)
{
    FrameField field = {
        .layer = reader->layer,
        .offset = offset,
        .length = length,
        .name = g_strdup(name),
        .value = g_strdup(value),
        .meaning = g_strdup(meaning),
    };
    if (reader->out->fields->len >= FRAME_FIELDS_MAXIMUM || offset + length > reader->length) {
        clear_field(&field);
        return;
    }
    g_array_append_val(reader->out->fields, field);
}

/* Lines of a mail protocol, each a field. */
static void read_lines(FieldReader *reader, guint offset, guint length)
{
    guint number = 1;
    guint at = offset;
    while (at < offset + length) {
        const guint8 *line = reader->octets + at;
        const guint8 *end = memchr(line, '\n', offset + length - at);
        guint taken = end == NULL ? offset + length - at : (guint)(end - line) + 1;
        guint shown = taken;
        while (shown > 0 && (line[shown - 1] == '\n' || line[shown - 1] == '\r')) {
            shown--;
        }
        g_autofree char *name = g_strdup_printf("line %u", number++);
        g_autofree char *value = byte_span_to_display(byte_span(line, shown));
        const char *meaning = taken - shown == 2 ? "ends with CR LF (0d 0a)"
                              : end == NULL      ? "goes on in the next segment"
                                                 : "ends with a bare LF";
        frame_fields_add(reader, at, taken, name, value, meaning);
        at += taken;
    }
}

typedef struct {
    FieldReader *reader;
    guint offset;
} DnsFields;

static void add_dns_field(const DnsField *field, const char *value, void *data)
{
    DnsFields *dns = data;
    frame_fields_add(
        dns->reader,
        dns->offset + field->place.start,
        (guint)MAX(field->place.end - field->place.start, 1),
        field->label,
        value,
        NULL
    );
}

static void read_payload(FieldReader *reader, const Packet *packet, const char *protocol)
{
    guint offset = (guint)(packet->payload.data - reader->octets);
    guint length = (guint)packet->payload.length;
    bool is_dns =
        packet->kind == PACKET_UDP && (packet->source_port == 53 || packet->destination_port == 53);
    if (length == 0 || packet->reassembled.length > 0) {
        return;
    }
    frame_fields_layer(
        reader, is_dns ? "DNS" : (protocol[0] == '\0' ? "data" : protocol), offset, length
    );
    if (is_dns) {
        DnsFields dns = {.reader = reader, .offset = offset};
        dns_fields_each(packet->payload, add_dns_field, &dns);
    } else {
        read_lines(reader, offset, length);
    }
}

static void read_layer(FieldReader *reader, const PacketLayer *layer)
{
    for (gsize i = 0; i < n_frame_layer_readers; i++) {
        if (frame_layer_readers[i].kind == layer->kind) {
            frame_fields_layer(reader, frame_layer_readers[i].name, layer->offset, layer->length);
            frame_layer_readers[i].read(reader, layer->offset, layer->length);
            return;
        }
    }
    const char *name = packet_layer_name((PacketLayerKind)layer->kind);
    frame_fields_layer(reader, name, layer->offset, layer->length);
    frame_fields_add(reader, layer->offset, layer->length, "header", "", NULL);
}

/* Octets behind all layers: a part of a datagram, or what only makes the frame long enough. */
static void read_rest(FieldReader *reader, const Packet *packet)
{
    guint end = 0;
    for (guint i = 0; i < reader->out->layers->len; i++) {
        const FrameLayer *layer = &g_array_index(reader->out->layers, FrameLayer, i);
        end = MAX(end, layer->offset + layer->length);
    }
    if (end >= reader->length) {
        return;
    }
    bool is_part = packet->kind == PACKET_FRAGMENT || packet->reassembled.length > 0;
    frame_fields_layer(reader, is_part ? "fragment" : "rest", end, reader->length - end);
    frame_fields_add(
        reader,
        end,
        reader->length - end,
        "octets",
        "",
        is_part ? "a part of a datagram, put together again from several frames"
                : "behind the packet: they fill the frame, or nobody knows them"
    );
}

FrameFields *frame_fields_new(const CaptureFrame *frame, const char *protocol)
{
    FrameFields *fields = g_new0(FrameFields, 1);
    PacketDecoderOptions options = packet_decoder_default_options();
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(&options);
    FieldReader reader = {.octets = frame->data, .length = frame->captured_length, .out = fields};
    Packet packet;
    fields->layers = g_array_new(FALSE, TRUE, sizeof(FrameLayer));
    fields->fields = g_array_new(FALSE, TRUE, sizeof(FrameField));
    g_array_set_clear_func(fields->layers, clear_layer);
    g_array_set_clear_func(fields->fields, clear_field);
    packet_decoder_decode(decoder, frame, &packet);
    for (guint i = 0; i < packet.layer_count; i++) {
        const PacketLayer *layer = &packet.layers[i];
        if (!layer->is_reassembled && layer->kind != PACKET_LAYER_PAYLOAD) {
            read_layer(&reader, layer);
        }
    }
    if (packet.kind == PACKET_TCP || packet.kind == PACKET_UDP) {
        read_payload(&reader, &packet, protocol);
    }
    read_rest(&reader, &packet);
    return fields;
}
