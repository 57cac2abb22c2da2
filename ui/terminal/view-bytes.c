/* The frame that carried the step, octet by octet: layer below layer, sixteen octets a row, one
 * field at a time picked out with its name and its value. */

#include "ui/terminal/stage-private.h"

#include "dissect/finding/secret-mask.h"
#include "ui/report/text-layout.h"
#include "ui/timeline/frame-fields.h"

#include <string.h>

#define PER_ROW 16
#define PER_ROW_NARROW 8
#define HEX_START 6
#define MASKED_LAYER 3 /* what TCP carries lies behind Ethernet, IP and TCP */

static bool present_frame(const Stage *stage, CaptureFrame *out_frame)
{
    const Step *step = stage_step(stage);
    if (step == NULL || step->frames->len == 0) {
        return false;
    }
    guint index = MIN(stage->frame, step->frames->len - 1);
    return recording_frame(
        stage_shown(stage)->recording, g_array_index(step->frames, guint64, index), out_frame
    );
}

/* What TCP carries has a name of its own: "SMTP". */
static bool is_named(const Step *step)
{
    return step->protocol != NULL && step->protocol[0] != '\0' &&
           strcmp(step->protocol, "TCP") != 0 && strcmp(step->protocol, "UDP") != 0;
}

/* A frame is a step of its own, which does not know what it carries: the steps do that were carried
 * by it, or those before it in its connection. */
static const char *protocol_of(const Stage *stage, const Step *step, guint64 frame)
{
    const Timeline *timeline = stage_timeline(stage);
    const Step *other = step;
    guint index = 0;
    bool is_found = is_named(step);
    while (!is_found && timeline_next_of_frame(timeline, frame, &index, &other)) {
        is_found = is_named(other);
    }
    for (guint i = stage->position; i > 0 && !is_found && step->has_stream; i--) {
        other = stage_step_at(stage, i - 1);
        is_found = other->has_stream && other->stream == step->stream && is_named(other);
    }
    return is_found ? other->protocol : "";
}

static FrameFields *present_fields(const Stage *stage, const CaptureFrame *frame)
{
    return frame_fields_new(frame, protocol_of(stage, stage_step(stage), frame->number));
}

guint view_bytes_fields(const Stage *stage)
{
    CaptureFrame frame;
    if (!present_frame(stage, &frame)) {
        return 0;
    }
    g_autoptr(FrameFields) fields = present_fields(stage, &frame);
    return fields->fields->len;
}

typedef struct {
    const CaptureFrame *frame;
    const FrameField *field; /* picked out; NULL: none */
    PaneText *pane;
    guint per_row;
    bool is_masked;
} Dump;

static bool is_in_field(const Dump *dump, guint offset)
{
    return dump->field != NULL && offset >= dump->field->offset &&
           offset < dump->field->offset + dump->field->length;
}

static void put_octet(const Dump *dump, guint y, guint column, guint offset)
{
    CellGrid *grid = dump->pane->grid;
    guint8 octet = dump->frame->data[offset];
    CellStyle style = is_in_field(dump, offset) ? CELL_SELECTED : CELL_PLAIN;
    guint x = HEX_START + column * 3 + (column >= PER_ROW / 2 ? 1 : 0);
    guint text_start = HEX_START + dump->per_row * 3 + 2;
    g_autofree char *hex = g_strdup_printf("%02x", octet);
    cell_grid_text(grid, x, y, x + 2, style, dump->is_masked ? "••" : hex);
    gunichar letter = g_ascii_isprint((char)octet) ? octet : '.';
    cell_grid_put(grid, text_start + column, y, style, dump->is_masked ? 0x2022 : letter);
}

static void put_layer(Dump *dump, const FrameLayer *layer)
{
    for (guint at = 0; at < layer->length; at += dump->per_row) {
        guint y = pane_text_add(dump->pane);
        g_autofree char *offset = g_strdup_printf("%04x", layer->offset + at);
        cell_grid_text(dump->pane->grid, 0, y, HEX_START, CELL_QUIET, offset);
        for (guint column = 0; column < dump->per_row && at + column < layer->length; column++) {
            guint place = layer->offset + at + column;
            put_octet(dump, y, column, place);
            if (dump->field != NULL && place == dump->field->offset) {
                dump->pane->mark = y;
            }
        }
    }
}

static void put_heading(
    const Stage *stage, PaneText *pane, const FrameFields *fields, const CaptureFrame *frame
)
{
    const Step *step = stage_step(stage);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(
        text, "Frame %" G_GUINT64_FORMAT ", %u octets", frame->number, frame->original_length
    );
    if (frame->captured_length < frame->original_length) {
        g_string_append_printf(text, ", %u of them captured", frame->captured_length);
    }
    for (guint i = 0; i < fields->layers->len; i++) {
        const FrameLayer *layer = &g_array_index(fields->layers, FrameLayer, i);
        g_string_append_printf(text, "%s%s", i == 0 ? ": " : " · ", layer->name);
    }
    if (step->frames->len > 1) {
        g_string_append_printf(
            text, " (%u of %u: f)", MIN(stage->frame, step->frames->len - 1) + 1, step->frames->len
        );
    }
    pane_text_line(pane, CELL_HEADING, text->str);
}

/* Name, value and meaning: in one row where there is room; in a narrow pane the meaning always has
 * a row of its own, so that the octets stay where they are from field to field. */
static void
put_field(const Dump *dump, const FrameField *field, const FrameLayer *layer, bool masked)
{
    PaneText *pane = dump->pane;
    bool is_narrow = dump->per_row < PER_ROW;
    if (field == NULL) {
        pane_text_blank(pane);
        return;
    }
    g_autofree char *name = g_strdup_printf("%s %s", layer->name, field->name);
    const char *value = masked ? SECRET_MASK : field->value;
    const char *meaning = masked ? "--show-secrets shows it" : field->meaning;
    guint end = pane->grid->width;
    guint taken = text_width(name) + 1 + text_width(value);
    bool is_beside = !is_narrow && meaning != NULL && taken + 1 + text_width(meaning) <= end;
    if (taken <= end) {
        guint y = pane_text_add(pane);
        guint x = cell_grid_text(pane->grid, 0, y, end, CELL_LABEL, name) + 1;
        x = cell_grid_text(pane->grid, x, y, end, CELL_SELECTED, value) + 1;
        if (is_beside) {
            cell_grid_text(pane->grid, x, y, end, CELL_PLAIN, meaning);
        }
    } else {
        pane_text_line(pane, CELL_LABEL, name);
        pane_text_line(pane, CELL_SELECTED, value);
    }
    if (!is_beside && (meaning != NULL || is_narrow)) {
        pane_text_line(pane, CELL_PLAIN, meaning == NULL ? "" : meaning);
    }
}

static bool is_payload(const FrameFields *fields, guint layer)
{
    return layer > 0 && layer + 1 == fields->layers->len &&
           g_str_equal(g_array_index(fields->layers, FrameLayer, layer - 1).name, "TCP");
}

void view_bytes(const Stage *stage, PaneText *pane)
{
    CaptureFrame frame;
    const Step *step = stage_step(stage);
    if (!present_frame(stage, &frame)) {
        pane_text_line(
            pane,
            CELL_PLAIN,
            step != NULL && step->kind == STEP_WORLD
                ? "No wire shows this: it happened inside a machine."
                : "No frame belongs to this step."
        );
        return;
    }
    g_autoptr(FrameFields) fields = present_fields(stage, &frame);
    bool is_secret = stage_is_secret(stage, &frame);
    guint picked = MIN(stage->field, fields->fields->len == 0 ? 0 : fields->fields->len - 1);
    const FrameField *field =
        fields->fields->len == 0 ? NULL : &g_array_index(fields->fields, FrameField, picked);
    bool is_wide = pane->grid->width >= HEX_START + PER_ROW * 4 + 3;
    Dump dump = {
        .frame = &frame,
        .field = field,
        .pane = pane,
        .per_row = is_wide ? PER_ROW : PER_ROW_NARROW,
    };
    put_heading(stage, pane, fields, &frame);
    put_field(
        &dump,
        field,
        field == NULL ? NULL : &g_array_index(fields->layers, FrameLayer, field->layer),
        field != NULL && is_secret && is_payload(fields, field->layer)
    );
    pane->kept = pane->rows;
    for (guint i = 0; i < fields->layers->len; i++) {
        const FrameLayer *layer = &g_array_index(fields->layers, FrameLayer, i);
        g_autofree char *name = g_strdup_printf(
            "%s · %u octet%s", layer->name, layer->length, layer->length == 1 ? "" : "s"
        );
        FrameLayer shown = *layer;
        guint captured = frame.captured_length - MIN(frame.captured_length, layer->offset);
        shown.length = MIN(layer->length, captured);
        dump.is_masked = is_secret && is_payload(fields, i);
        pane_text_line(pane, CELL_LABEL, name);
        put_layer(&dump, &shown);
    }
}
