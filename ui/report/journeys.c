#include "ui/report/journeys.h"

#include "ui/report/step-text.h"

#include <string.h>

#define SHORTEST_TOLD_NS G_GINT64_CONSTANT(1000000)

/* One crossing of one message. Steps are borrowed from the timeline; NULL: not seen. */
typedef struct {
    const Step *message;
    const Step *connection;
    const Step *greeting;
    const Step *first_command;
    const Step *log_in;
    const Step *begin; /* MAIL, RETR */
    const Step *end;   /* the answer after the message, or the message itself */
    guint waits;       /* times that the client had to wait for an answer, up to 'end' */
    guint envelope_waits;
    bool offers_pipelining;
    bool is_fetched;
    bool is_submission;
} Leg;

/* The steps of one stream, in order. */
typedef GPtrArray Track;

static const char *detail_of(const Step *step, const char *label)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        if (g_str_has_prefix(detail->label, label)) {
            return detail->text;
        }
    }
    return NULL;
}

static char *key_of(const Step *message)
{
    const char *id = detail_of(message, "Message-ID");
    const char *from = detail_of(message, "From");
    const char *subject = detail_of(message, "Subject");
    const char *date = detail_of(message, "Date");
    if (id != NULL) {
        return g_strdup(id);
    }
    if (from == NULL && subject == NULL && date == NULL) {
        return g_strdup_printf("step %" G_GUINT64_FORMAT, message->number);
    }
    return g_strdup_printf(
        "%s\n%s\n%s", from ? from : "", subject ? subject : "", date ? date : ""
    );
}

static void free_track(gpointer track)
{
    g_ptr_array_unref(track);
}

static GHashTable *tracks_of(const Timeline *timeline)
{
    GHashTable *tracks = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_track);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (!step->has_stream || step->kind == STEP_FRAME) {
            continue;
        }
        Track *track = g_hash_table_lookup(tracks, &step->stream);
        if (track == NULL) {
            track = g_ptr_array_new();
            g_hash_table_insert(tracks, (gpointer)&step->stream, track);
        }
        g_ptr_array_add(track, (gpointer)step);
    }
    return tracks;
}

static bool is_title(const Step *step, const char *title)
{
    return step->kind == STEP_COMMAND && g_strcmp0(step->title, title) == 0;
}

static bool begins_message(const Step *step)
{
    return is_title(step, "MAIL") || is_title(step, "RETR");
}

static bool is_of_envelope(const Step *step)
{
    return is_title(step, "MAIL") || is_title(step, "RCPT") || is_title(step, "DATA");
}

/* Counts an answer that the client waited for: the first one after something it said. */
static void note_turn(Leg *leg, const Step *step, const Step **last_said)
{
    if (step->kind == STEP_COMMAND || step->kind == STEP_CONTINUATION ||
        (step->kind == STEP_MESSAGE && !step->is_from_server)) {
        *last_said = step;
    } else if (step->kind == STEP_REPLY && *last_said != NULL) {
        leg->waits++;
        leg->envelope_waits += is_of_envelope(*last_said);
        *last_said = NULL;
    }
}

static void note_step(Leg *leg, const Step *step)
{
    if (step->kind == STEP_CONNECTION) {
        leg->connection = step;
    } else if (step->kind == STEP_REPLY && leg->greeting == NULL && step->answers == 0) {
        leg->greeting = step;
    } else if (step->kind == STEP_COMMAND && leg->first_command == NULL) {
        leg->first_command = step;
    } else if (step->kind == STEP_CREDENTIAL) {
        leg->log_in = step;
    }
    if (step->kind == STEP_REPLY && detail_of(step, "PIPELINING") != NULL) {
        leg->offers_pipelining = true;
    }
    if (begins_message(step)) {
        leg->begin = step;
        leg->envelope_waits = 0;
    }
}

static Leg make_leg(const Track *track, const Step *message)
{
    Leg leg = {.message = message, .is_fetched = message->is_from_server};
    const Step *last_said = NULL;
    for (guint i = 0; i < track->len && leg.end == NULL; i++) {
        const Step *step = track->pdata[i];
        bool is_past = step->time_ns > message->time_ns && !leg.is_fetched;
        note_turn(&leg, step, &last_said);
        if (step == message) {
            leg.end = leg.is_fetched ? message : NULL;
        } else if (is_past && step->kind == STEP_REPLY) {
            leg.end = step;
        } else {
            note_step(&leg, step);
        }
    }
    leg.end = leg.end == NULL ? message : leg.end;
    guint16 port = message->is_from_server ? message->from_port : message->to_port;
    leg.is_submission = !leg.is_fetched && (leg.log_in != NULL || port == 587 || port == 465);
    return leg;
}

static char *duration_text(gint64 ns)
{
    gint64 ms = ns / 1000000;
    if (ms < 0) {
        return g_strdup("?");
    }
    if (ms < 10000) {
        return g_strdup_printf("%" G_GINT64_FORMAT " ms", ms);
    }
    if (ms < 120000) {
        return g_strdup_printf("%" G_GINT64_FORMAT ".%d s", ms / 1000, (int)(ms % 1000 / 100));
    }
    return g_strdup_printf("%" G_GINT64_FORMAT " min %d s", ms / 60000, (int)(ms / 1000 % 60));
}

static void
write_part(TextLayout *layout, const char *label, gint64 from_ns, gint64 to_ns, const char *more)
{
    g_autofree char *duration = duration_text(to_ns - from_ns);
    g_autofree char *text = g_strdup_printf("%11s  %s", duration, more);
    TextRow row = {
        .indent = 4, .label = label, .label_style = TEXT_LABEL, .label_width = 10, .text = text};
    text_layout_row(layout, &row);
}

static const char *client_of(const Step *step)
{
    return step->is_from_server ? step->to : step->from;
}

/* Look-ups that the client of this leg made between the leg before and its own connection. */
static void
write_look_ups(TextLayout *layout, const Timeline *timeline, const Leg *leg, gint64 after_ns)
{
    gint64 before_ns = leg->connection == NULL ? leg->message->time_ns : leg->connection->time_ns;
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (step->kind != STEP_DNS_ANSWER || step->answers == 0 || step->time_ns > before_ns ||
            step->time_ns < after_ns || !g_str_equal(step->to, client_of(leg->message))) {
            continue;
        }
        const Step *question = timeline_find(timeline, step->answers);
        g_autofree char *text =
            g_strdup_printf("%s %s", question == NULL ? "" : question->text, step->text);
        write_part(layout, "DNS", step->time_ns - step->duration_ns, step->time_ns, text);
    }
}

static void write_parts(TextLayout *layout, const Leg *leg)
{
    gint64 from_ns = leg->message->time_ns;
    if (leg->connection != NULL) {
        gint64 open_ns = leg->connection->time_ns + leg->connection->duration_ns;
        write_part(layout, "TCP", leg->connection->time_ns, open_ns, "handshake, 1 round trip");
        from_ns = open_ns;
    }
    if (leg->greeting != NULL) {
        write_part(layout, "greeting", from_ns, leg->greeting->time_ns, "until the server greeted");
        from_ns = leg->greeting->time_ns;
    }
    if (leg->log_in != NULL && leg->log_in->time_ns >= from_ns) {
        write_part(layout, "log-in", from_ns, leg->log_in->time_ns, leg->log_in->text);
        from_ns = leg->log_in->time_ns;
    }
    if (leg->begin != NULL && leg->begin->time_ns >= from_ns + SHORTEST_TOLD_NS) {
        write_part(layout, "before", from_ns, leg->begin->time_ns, "what came before this message");
    }
    from_ns = leg->begin == NULL ? from_ns : MAX(from_ns, leg->begin->time_ns);
    gint64 begin_ns = leg->message->time_ns - leg->message->duration_ns;
    if (!leg->is_fetched && begin_ns >= from_ns) {
        write_part(layout, "envelope", from_ns, begin_ns, "sender, recipients, go-ahead");
        from_ns = begin_ns;
    }
    g_autofree char *octets =
        g_strdup_printf("%" G_GUINT64_FORMAT " octets of message", leg->message->octets);
    write_part(layout, "message", from_ns, leg->message->time_ns, octets);
    if (leg->end != leg->message) {
        write_part(layout, "answer", leg->message->time_ns, leg->end->time_ns, leg->end->text);
    }
}

static void write_round_trips(TextLayout *layout, const Leg *leg)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "The client waited %u time%s for an answer%s.",
        leg->waits,
        leg->waits == 1 ? "" : "s",
        leg->connection == NULL ? "" : ", the handshake not counted"
    );
    if (leg->envelope_waits > 1) {
        guint saved = leg->envelope_waits - 1;
        g_string_append_printf(
            text,
            " MAIL, RCPT and DATA took %u round trips; in one group (PIPELINING, %s) they take 1",
            leg->envelope_waits,
            leg->offers_pipelining ? "which the server offered" : "which the server did not offer"
        );
        if (leg->connection != NULL && leg->connection->duration_ns >= SHORTEST_TOLD_NS) {
            g_autofree char *gain = duration_text(saved * leg->connection->duration_ns);
            g_string_append_printf(text, ": about %s less", gain);
        }
        g_string_append_c(text, '.');
    } else if (leg->envelope_waits == 1) {
        g_string_append(text, " MAIL, RCPT and DATA went in one group: PIPELINING was used.");
    }
    text_layout_paragraph(layout, 4, TEXT_PLAIN, text->str);
}

static void write_leg(
    TextLayout *layout, const Timeline *timeline, guint number, const Leg *leg, gint64 after_ns
)
{
    const Step *message = leg->message;
    gint64 begin_ns = leg->connection == NULL ? message->time_ns : leg->connection->time_ns;
    g_autofree char *when = step_text_time(begin_ns);
    g_autofree char *heading = g_strdup_printf(
        "%u  %s: %s to %s, %s, stream %" G_GUINT64_FORMAT ", step %" G_GUINT64_FORMAT,
        number,
        leg->is_fetched      ? "fetched from the mailbox"
        : leg->is_submission ? "submission"
                             : "relay",
        message->from,
        message->to,
        message->protocol,
        message->stream,
        message->number
    );
    text_layout_row(
        layout, &(TextRow){.indent = 2, .text = heading, .style = TEXT_PROTOCOL, .note = when}
    );
    write_look_ups(layout, timeline, leg, after_ns);
    write_parts(layout, leg);
    write_round_trips(layout, leg);
}

static gint by_time(gconstpointer left, gconstpointer right)
{
    const Step *a = *(const Step *const *)left;
    const Step *b = *(const Step *const *)right;
    if (a->time_ns != b->time_ns) {
        return a->time_ns < b->time_ns ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

static void
write_journey(TextLayout *layout, const Timeline *timeline, GHashTable *tracks, GPtrArray *messages)
{
    const Step *first = messages->pdata[0];
    const char *subject = detail_of(first, "Subject");
    const char *id = detail_of(first, "Message-ID");
    gint64 after_ns = 0;
    g_autofree char *heading = g_strdup_printf(
        "%s%s%s%s",
        subject == NULL ? "a message without subject" : subject,
        id == NULL ? "" : " (",
        id == NULL ? "" : id,
        id == NULL ? "" : ")"
    );
    text_layout_paragraph(layout, 0, TEXT_HEADING, heading);
    for (guint i = 0; i < messages->len; i++) {
        const Step *message = messages->pdata[i];
        Leg leg = make_leg(g_hash_table_lookup(tracks, &message->stream), message);
        gint64 begin_ns = leg.connection == NULL ? message->time_ns : leg.connection->time_ns;
        if (i > 0 && begin_ns > after_ns) {
            g_autofree char *wait = duration_text(begin_ns - after_ns);
            g_autofree char *text = g_strdup_printf("then it waited for %s", wait);
            text_layout_paragraph(layout, 2, TEXT_QUIET, text);
        }
        write_leg(layout, timeline, i + 1, &leg, after_ns);
        after_ns = leg.end->time_ns;
    }
    text_layout_blank(layout);
}

void journeys_write(TextLayout *layout, const Timeline *timeline)
{
    g_autoptr(GHashTable) tracks = tracks_of(timeline);
    g_autoptr(GHashTable) known =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_track);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (step->kind != STEP_MESSAGE || !step->has_stream) {
            continue;
        }
        g_autofree char *key = key_of(step);
        GPtrArray *messages = g_hash_table_lookup(known, key);
        if (messages == NULL) {
            messages = g_ptr_array_new();
            g_hash_table_insert(known, g_steal_pointer(&key), messages);
            g_ptr_array_add(order, messages);
        }
        g_ptr_array_add(messages, (gpointer)step);
    }
    for (guint i = 0; i < MIN(order->len, JOURNEYS_MAXIMUM); i++) {
        g_ptr_array_sort(order->pdata[i], by_time);
        write_journey(layout, timeline, tracks, order->pdata[i]);
    }
    if (order->len == 0) {
        text_layout_paragraph(layout, 0, TEXT_PLAIN, "No message can be read in this capture.");
    } else if (order->len > JOURNEYS_MAXIMUM) {
        text_layout_paragraph(
            layout, 0, TEXT_WARNING, "More messages follow; choose with --stream."
        );
    }
}
