/* What a frame means below the mail protocols: each flag of TCP, the questions of ARP, what UDP
 * does not promise. */

#include "ui/terminal/stage-private.h"

#include "protocol/network/network-vocabulary.h"
#include "ui/timeline/frame-fields.h"

static void put_item(PaneText *pane, guint column, const char *label, const VocabularyItem *item)
{
    PaneRow row = {
        .label = label,
        .label_style = CELL_LABEL,
        .label_width = column,
        .text = item->meaning,
        .reference = item->reference,
    };
    pane_text_row(pane, &row);
}

static void put_flags(PaneText *pane, guint column, guint8 flags)
{
    for (guint bit = 0; bit < 8; bit++) {
        guint8 flag = (guint8)(1u << bit);
        if ((flags & flag) != 0) {
            const VocabularyItem *item = tcp_flag_find(flag);
            put_item(pane, column, item->token, item);
        }
    }
}

static void put_field(PaneText *pane, guint column, const CaptureFrame *frame, const FrameField *at)
{
    if (at->length == 0) {
        return;
    }
    if (g_str_equal(at->name, "flags")) {
        put_flags(pane, column, frame->data[at->offset]);
    } else if (g_str_equal(at->name, "operation")) {
        bool is_request = frame->data[at->offset + at->length - 1] == 1;
        ByteSpan rule = byte_span_from_string(is_request ? "ARP packet" : "ARP reply");
        put_item(pane, column, "ARP", ip_rule_find(rule));
    }
}

void view_packet(const CaptureFrame *frame, PaneText *pane, guint column)
{
    g_autoptr(FrameFields) fields = frame_fields_new(frame, "");
    for (guint i = 0; i < fields->fields->len; i++) {
        put_field(pane, column, frame, &g_array_index(fields->fields, FrameField, i));
    }
    for (guint i = 0; i < fields->layers->len; i++) {
        if (g_str_equal(g_array_index(fields->layers, FrameLayer, i).name, "UDP")) {
            put_item(pane, column, "UDP", ip_rule_find(BYTE_SPAN_LITERAL("UDP fields")));
        }
    }
}
