#pragma once

/* How the layers of a frame are cut into fields: frame-fields.c walks the layers, the table in
 * frame-layers.c has a function for each kind. */

#include "protocol/dns/dns-field.h"
#include "ui/timeline/frame-fields.h"

typedef struct {
    const guint8 *octets; /* the frame */
    guint length;
    FrameFields *out;
    guint layer;
} FieldReader;

typedef struct {
    PacketLayerKind kind;
    const char *name;
    void (*read)(FieldReader *reader, guint offset, guint length);
} FrameLayerReader;

extern const FrameLayerReader frame_layer_readers[];
extern const gsize n_frame_layer_readers;

void frame_fields_layer(FieldReader *reader, const char *name, guint offset, guint length);
void frame_fields_add(
    FieldReader *reader,
    guint offset,
    guint length,
    const char *name,
    const char *value,
    const char *meaning
);
