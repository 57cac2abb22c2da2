#include "ui/timeline/step-builder.h"

#include "ui/timeline/step-builder-private.h"

#include <string.h>

#define CLOSED_TALKS_MAXIMUM 65536 /* later ones count from their next frame */

static void clear_pending(gpointer data)
{
    StepPending *pending = data;
    g_free(pending->about);
    g_free(pending->instead);
}

static void talk_free(gpointer data)
{
    Talk *talk = data;
    g_free(talk->addresses[0]);
    g_free(talk->addresses[1]);
    step_free(talk->connection);
    step_free(talk->reply);
    g_string_free(talk->reply_text, TRUE);
    message_record_free(talk->message);
    byte_buffer_clear(&talk->octets);
    g_array_unref(talk->message_frames);
    g_array_unref(talk->pending);
    g_clear_pointer(&talk->capabilities, g_hash_table_unref);
    g_free(talk);
}

StepBuilder *step_builder_new(const StepBuilderOptions *options)
{
    StepBuilder *builder = g_new0(StepBuilder, 1);
    builder->options = *options;
    builder->message_options.wants_digest = true;
    builder->talks = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, talk_free);
    builder->closed = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    builder->judge = remark_judge_new();
    builder->insertions = g_array_new(FALSE, FALSE, sizeof(guint64));
    builder->dns_told = step_dns_told_new();
    return builder;
}

void step_builder_free(StepBuilder *builder)
{
    if (builder != NULL) {
        g_hash_table_unref(builder->talks);
        g_hash_table_unref(builder->closed);
        g_array_unref(builder->insertions);
        g_ptr_array_unref(builder->dns_told);
        remark_judge_free(builder->judge);
        g_free(builder);
    }
}

char *step_side_name(const StepBuilder *builder, const PacketAddress *address)
{
    char text[PACKET_ADDRESS_TEXT_SIZE];
    const char *name = builder->options.host_name == NULL
                           ? NULL
                           : builder->options.host_name(builder->options.owner, address);
    return g_strdup(name != NULL ? name : packet_address_format(address, text));
}

static void keep_bases(StepBuilder *builder, const Talk *talk)
{
    if (builder->options.wants_frames &&
        g_hash_table_size(builder->closed) < CLOSED_TALKS_MAXIMUM) {
        ClosedTalk *closed = g_new0(ClosedTalk, 1);
        closed->number = talk->number;
        memcpy(closed->bases, talk->bases, sizeof closed->bases);
        g_hash_table_replace(builder->closed, &closed->number, closed);
    }
}

static void take_bases(const StepBuilder *builder, Talk *talk)
{
    const ClosedTalk *closed = g_hash_table_lookup(builder->closed, &talk->number);
    if (closed != NULL) {
        memcpy(talk->bases, closed->bases, sizeof talk->bases);
    }
}

static Talk *talk_of(StepBuilder *builder, const Conversation *conversation)
{
    gint64 number = (gint64)conversation->number;
    Talk *talk = g_hash_table_lookup(builder->talks, &number);
    if (talk == NULL) {
        talk = g_new0(Talk, 1);
        talk->number = conversation->number;
        for (guint side = 0; side < 2; side++) {
            PacketAddress address = stream_address(conversation->stream, (StreamDirection)side);
            talk->addresses[side] = step_side_name(builder, &address);
            talk->ports[side] = stream_port(conversation->stream, (StreamDirection)side);
        }
        talk->reply_text = g_string_new(NULL);
        talk->message_frames = g_array_new(FALSE, FALSE, sizeof(guint64));
        talk->pending = g_array_new(FALSE, FALSE, sizeof(StepPending));
        g_array_set_clear_func(talk->pending, clear_pending);
        byte_buffer_init(&talk->octets, MESSAGE_HELD_MAXIMUM);
        g_hash_table_insert(builder->talks, &talk->number, talk);
        take_bases(builder, talk);
    }
    talk->protocol = conversation->protocol;
    return talk;
}

char *step_safe_text(ByteSpan octets)
{
    g_autofree char *shown = byte_span_to_display(byte_span_slice(octets, 0, STEP_TEXT_MAXIMUM));
    g_auto(GStrv) lines = g_strsplit(shown, "\n", -1);
    g_autofree char *text = g_strjoinv("\\x0a", lines); /* one line stays one line */
    if (octets.length <= STEP_TEXT_MAXIMUM) {
        return g_steal_pointer(&text);
    }
    return g_strdup_printf(
        "%s ... (%" G_GSIZE_FORMAT " more octets)", text, octets.length - STEP_TEXT_MAXIMUM
    );
}

char *step_octets_text(guint64 octets)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, octets);
    GString *text = g_string_new(NULL);
    gsize length = strlen(digits);
    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            g_string_append_c(text, ',');
        }
        g_string_append_c(text, digits[i]);
    }
    g_string_append(text, octets == 1 ? " octet" : " octets");
    return g_string_free(text, FALSE);
}

char *step_duration_text(gint64 duration_ns)
{
    gint64 us = MAX(duration_ns, 0) / 1000;
    if (us < 1000) {
        return g_strdup_printf("%d µs", (int)us);
    }
    if (us < 1000000) {
        return g_strdup_printf(
            us < 10000 ? "%d.%d ms" : "%d ms", (int)(us / 1000), (int)(us % 1000 / 100)
        );
    }
    gint64 seconds = us / 1000000;
    if (seconds < 60) {
        return g_strdup_printf("%d.%d s", (int)seconds, (int)(us % 1000000 / 100000));
    }
    if (seconds < 3600) {
        return g_strdup_printf("%d min %d s", (int)(seconds / 60), (int)(seconds % 60));
    }
    return g_strdup_printf(
        "%" G_GINT64_FORMAT " h %d min", seconds / 3600, (int)(seconds % 3600 / 60)
    );
}

void step_detail(Step *step, guint indent, const char *label, const char *format, ...)
{
    va_list arguments;
    if (step->details->len >= STEP_DETAILS_MAXIMUM) {
        return;
    }
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    step_add_detail(step, indent, label, text, (RfcReference){0});
}

void step_take_row(Step *step, const VocabularyItem *item)
{
    if (item != NULL) {
        g_free(step->meaning);
        step->meaning = g_strdup(item->meaning);
        step_add_reference(step, item->reference);
    }
}

guint64 step_number(StepBuilder *builder, guint64 counted)
{
    guint low = 0;
    guint high = builder->insertions->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(builder->insertions, guint64, middle) < counted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    builder->last_counted = MAX(builder->last_counted, counted);
    return counted == 0 ? 0 : counted + low;
}

/* A number of its own, behind all that were given; what the dissector counts next moves on. */
static guint64 insert_number(StepBuilder *builder)
{
    g_array_append_val(builder->insertions, builder->last_counted);
    return builder->last_counted + builder->insertions->len;
}

Step *step_of_event(StepBuilder *builder, Talk *talk, StepKind kind, const DissectEvent *event)
{
    Step *step = step_new(kind, step_number(builder, event->step), event->time_ns);
    for (guint i = 0; i < event->piece_count; i++) {
        if (event->pieces[i].frame != 0) {
            step_add_frame(step, event->pieces[i].frame);
        }
    }
    step->is_from_server = event->direction == STREAM_FROM_SERVER;
    step->answers = step_number(builder, event->answers);
    step->exchange = event->dialogue == NULL ? 0 : event->dialogue->exchange;
    if (talk != NULL) {
        guint from = step->is_from_server ? 1 : 0;
        step->has_stream = true;
        step->stream = talk->number;
        step->from = g_strdup(talk->addresses[from]);
        step->to = g_strdup(talk->addresses[!from]);
        step->from_port = talk->ports[from];
        step->to_port = talk->ports[!from];
        bool is_known = talk->protocol != MAIL_PROTOCOL_UNKNOWN;
        step->protocol = is_known ? mail_protocol_name(talk->protocol) : "";
    }
    return step;
}

void step_keep_remark(gpointer data, const Remark *remark)
{
    Talk *talk = data;
    StepPending pending = {.counted = remark->step, .row = remark->row};
    if (talk != NULL && talk->pending->len < STEP_REMARKS_MAXIMUM) {
        pending.about = g_strdup(remark->about);
        pending.instead = g_strdup(remark->instead);
        g_array_append_val(talk->pending, pending);
    }
}

static void add_remark(Step *step, const StepPending *pending)
{
    static const RemarkSeverity severities[] = {
        [FINDING_NOTE] = REMARK_NOTE,
        [FINDING_WARNING] = REMARK_WARNING,
        [FINDING_ERROR] = REMARK_ERROR,
    };
    const RemarkRow *row = pending->row;
    bool has_requirement = row->requirement != NULL && row->requirement[0] != '\0';
    g_autofree char *text = g_strdup_printf(
        "%s%s%s%s%s%s%s",
        row->text,
        pending->about == NULL ? "" : " (",
        pending->about == NULL ? "" : pending->about,
        pending->about == NULL ? "" : ")",
        has_requirement ? " [" : "",
        has_requirement ? row->requirement : "",
        has_requirement ? "]" : ""
    );
    step_add_remark(
        step, severities[row->severity], row->name, text, pending->instead, row->reference
    );
}

static void add_remarks(StepBuilder *builder, Step *step)
{
    Talk *talk = step->has_stream ? g_hash_table_lookup(builder->talks, &step->stream) : NULL;
    for (guint i = 0; talk != NULL && step->number != 0 && i < talk->pending->len;) {
        const StepPending *pending = &g_array_index(talk->pending, StepPending, i);
        if (step_number(builder, pending->counted) == step->number) {
            add_remark(step, pending);
            g_array_remove_index(talk->pending, i);
        } else {
            i++;
        }
    }
}

void step_give(StepBuilder *builder, Step *step)
{
    add_remarks(builder, step);
    builder->options.step(builder->options.owner, step);
}

static void take_said(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    switch (event->dialogue->kind) {
    case DIALOGUE_EVENT_COMMAND:
        step_take_command(builder, talk, event);
        break;
    case DIALOGUE_EVENT_REPLY:
        step_take_reply(builder, talk, event);
        break;
    case DIALOGUE_EVENT_CONTINUATION:
        step_take_continuation(builder, talk, event);
        break;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_MESSAGE_DATA:
    case DIALOGUE_EVENT_MESSAGE_END:
        step_take_message(builder, talk, event);
        break;
    case DIALOGUE_EVENT_CREDENTIAL:
        step_take_credential(builder, talk, event);
        break;
    case DIALOGUE_EVENT_OPAQUE:
        step_end_reply(builder, talk);
        step_take_opaque(builder, talk, event);
        break;
    case DIALOGUE_EVENT_MISSING:
        break; /* told by the stream's own gap */
    }
}

static void take_closed(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    step_end_reply(builder, talk);
    step_take_closed(builder, talk, event);
    step_drop_message(builder, talk);
    keep_bases(builder, talk);
    g_hash_table_remove(builder->talks, &talk->number);
}

void step_builder_event(StepBuilder *builder, const DissectEvent *event)
{
    Talk *talk = event->conversation == NULL ? NULL : talk_of(builder, event->conversation);
    remarks_judge_event(builder->judge, event, step_keep_remark, talk);
    switch (event->kind) {
    case DISSECT_OPENED:
        step_take_opened(builder, talk, event);
        break;
    case DISSECT_PROTOCOL:
        step_number(builder, event->step);
        break;
    case DISSECT_DIALOGUE:
        step_tell_connection(builder, talk, true);
        take_said(builder, talk, event);
        break;
    case DISSECT_DNS:
        step_take_dns(builder, talk, event);
        break;
    case DISSECT_TLS:
        step_tell_connection(builder, talk, true);
        step_take_tls(builder, talk, event);
        break;
    case DISSECT_GAP:
        step_tell_connection(builder, talk, true);
        step_take_gap(builder, talk, event);
        break;
    case DISSECT_OVERLAP:
        step_take_overlap(builder, talk, event);
        break;
    case DISSECT_TCP:
        step_take_tcp(builder, talk, event);
        break;
    case DISSECT_FRAGMENT:
        step_take_fragment(builder, event);
        break;
    case DISSECT_CLOSED:
        step_tell_connection(builder, talk, false);
        take_closed(builder, talk, event);
        break;
    }
}

void step_builder_frame(
    StepBuilder *builder,
    const Packet *packet,
    Conversation *conversation,
    StreamDirection direction,
    guint32 notes
)
{
    if (builder->options.wants_frames) {
        Talk *talk = conversation == NULL ? NULL : talk_of(builder, conversation);
        if (conversation != NULL) {
            remarks_judge_frame(builder->judge, conversation, notes);
        }
        step_take_frame(builder, talk, packet, direction, notes);
    }
}

void step_builder_world(StepBuilder *builder, const StepWorldEvent *event)
{
    Step *step = step_new(STEP_WORLD, insert_number(builder), event->time_ns);
    step->from = g_strdup(event->host);
    step->to = g_strdup(event->host);
    step->title = g_strdup(event->kind);
    step->text = byte_span_to_display(byte_span_from_string(event->text));
    step->meaning = g_strdup(step->text);
    step->level = event->level;
    step_give(builder, step);
}

void step_builder_chapter(StepBuilder *builder, gint64 time_ns, const char *title, const char *note)
{
    Step *step = step_new(STEP_CHAPTER, insert_number(builder), time_ns);
    step->title = g_strdup(title);
    step->text = g_strdup(title);
    step->meaning = g_strdup(note);
    step->level = STEP_LEVEL_STORY;
    step_give(builder, step);
}
