/* What happens to a connection: opened, closed, reset, octets missing, TLS. */

#include "ui/timeline/step-builder-private.h"

#include "dissect/conversation/protocol-guess.h"

static const RfcReference establishing = {9293, "3.5"};
static const RfcReference closing = {9293, "3.6"};
static const RfcReference breaking = {9293, "3.5.3"};

void step_take_opened(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    Step *step = step_of_event(builder, talk, STEP_CONNECTION, event);
    step->title = g_strdup("connection");
    step_add_reference(step, establishing);
    talk->connection = step;
    talk->connection_step = step->number;
    talk->handshake_from_ns = event->time_ns;
}

void step_tell_connection(StepBuilder *builder, Talk *talk, bool is_used)
{
    Step *step = g_steal_pointer(&talk->connection);
    if (step == NULL) {
        return;
    }
    g_autofree char *duration = step_duration_text(step->duration_ns);
    switch (talk->handshake_packets) {
    case 3:
        step->text = g_strdup_printf("TCP handshake: 3 packets, 1 round trip, %s", duration);
        step->meaning = g_strdup("The connection is open: both sides know the other is listening.");
        break;
    case 2:
        step->text = g_strdup("TCP handshake: SYN, SYN+ACK; its third packet was not seen");
        step->meaning = g_strdup("The server answers the client's wish to connect.");
        break;
    case 1:
        step->text = g_strdup("TCP SYN");
        step->meaning = g_strdup(
            is_used ? "The client asks for a connection; the answer is not in the capture."
                    : "The client asks for a connection; nobody said yes."
        );
        break;
    default:
        step->text = g_strdup("TCP connection, already open");
        step->meaning = g_strdup("The capture begins inside this connection.");
        break;
    }
    step_give(builder, step);
}

static void shake_hands(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    bool is_established = event->tcp->kind == STREAM_EVENT_ESTABLISHED;
    step_number(builder, event->step);
    if (talk->connection == NULL) {
        return;
    }
    step_add_frame(talk->connection, event->frame);
    talk->handshake_packets = is_established ? 3 : MIN(talk->handshake_packets + 1, 2);
    talk->connection->duration_ns = event->time_ns - talk->handshake_from_ns;
    if (is_established) {
        step_tell_connection(builder, talk, true);
    }
}

static void describe_tcp(Step *step, const StreamEvent *happened)
{
    const char *who = happened->direction == STREAM_FROM_CLIENT ? "client" : "server";
    switch (happened->kind) {
    case STREAM_EVENT_FIN:
        step->title = g_strdup("FIN");
        step->text = g_strdup("TCP FIN");
        step->meaning = g_strdup_printf("The %s has nothing more to send.", who);
        step_add_reference(step, closing);
        break;
    case STREAM_EVENT_RESET:
        step->title = g_strdup("RST");
        step->text = g_strdup("TCP RST");
        step->meaning = g_strdup_printf("The %s breaks the connection off at once.", who);
        step_add_reference(step, breaking);
        break;
    case STREAM_EVENT_URGENT:
        step->title = g_strdup("urgent");
        step->text = g_strdup("TCP urgent octets");
        step->meaning = g_strdup_printf("The %s marked octets as urgent; they stay in line.", who);
        break;
    case STREAM_EVENT_ZERO_WINDOW:
        step->title = g_strdup("window 0");
        step->text = g_strdup("TCP window closed");
        step->meaning = g_strdup_printf("The %s can take no more octets for now.", who);
        step_add_reference(step, (RfcReference){9293, "3.8.6"});
        break;
    case STREAM_EVENT_WINDOW_OPEN:
        step->title = g_strdup("window open");
        step->text = g_strdup("TCP window open again");
        step->meaning = g_strdup_printf("The %s can take octets again.", who);
        step_add_reference(step, (RfcReference){9293, "3.8.6"});
        break;
    case STREAM_EVENT_SYN_DATA:
        step->title = g_strdup("SYN data");
        step->text = g_strdup("TCP SYN with octets");
        step->meaning = g_strdup("Octets came with the very first packet: TCP fast open.");
        break;
    case STREAM_EVENT_SYN:
    case STREAM_EVENT_SYN_ACK:
    case STREAM_EVENT_ESTABLISHED:
        break;
    }
}

void step_take_tcp(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const StreamEvent *happened = event->tcp;
    if (happened->kind == STREAM_EVENT_SYN || happened->kind == STREAM_EVENT_SYN_ACK ||
        happened->kind == STREAM_EVENT_ESTABLISHED) {
        shake_hands(builder, talk, event);
        return;
    }
    step_tell_connection(builder, talk, happened->kind == STREAM_EVENT_FIN);
    if (happened->kind == STREAM_EVENT_FIN) {
        step_end_reply(builder, talk);
    }
    bool ends = happened->kind == STREAM_EVENT_FIN || happened->kind == STREAM_EVENT_RESET;
    if (ends && !talk->has_ended) {
        talk->has_ended = true;
        talk->ended_by = happened->direction;
        talk->was_reset = happened->kind == STREAM_EVENT_RESET;
    } else if (happened->kind == STREAM_EVENT_RESET) {
        talk->was_reset = true;
    }
    if (happened->kind == STREAM_EVENT_FIN) {
        talk->sides_ended[happened->direction] = true;
    }
    Step *step = step_of_event(builder, talk, STEP_TCP, event);
    describe_tcp(step, happened);
    if (happened->kind == STREAM_EVENT_RESET && talk->handshake_packets == 1 &&
        happened->direction == STREAM_FROM_SERVER) {
        g_free(step->meaning);
        step->meaning = g_strdup("The server refuses: no program listens on that port.");
    }
    step_give(builder, step);
}

void step_take_opaque(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    Step *step = step_of_event(builder, talk, STEP_OPAQUE, event);
    step->title = g_strdup("opaque");
    step->text = g_strdup("(not readable)");
    step->meaning = g_strdup("From here on nothing can be read.");
    step->level = STEP_LEVEL_STORY;
    step_give(builder, step);
}

void step_take_tls(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const TlsSummary *tls = &event->conversation->tls;
    Step *step = step_of_event(builder, talk, STEP_TLS, event);

    const struct {
        const char *label;
        const char *text;
    } rows[] = {
        {"version", tls->version},
        {"server name", tls->server_name},
        {"certificate", tls->subject},
        {"cipher", tls->cipher},
    };

    step->title = g_strdup("TLS");
    step->text = g_strdup(tls->version != NULL ? tls->version : "TLS");
    step->meaning = g_strdup("The two sides agree on keys; what follows is encrypted.");
    step->level = STEP_LEVEL_STORY;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].text != NULL) {
            g_autofree char *safe = step_safe_text(byte_span_from_string(rows[i].text));
            step_detail(step, 0, rows[i].label, "%s", safe);
        }
    }
    step_give(builder, step);
}

void step_take_gap(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    Step *step = step_of_event(builder, talk, STEP_GAP, event);
    g_autofree char *octets = step_octets_text(event->gap->length);
    step->title = g_strdup("gap");
    step->octets = event->gap->length;
    step->text = g_strdup_printf("%s missing", octets);
    step->meaning = g_strdup_printf(
        "Octets of the %s are missing: %s.",
        step->is_from_server ? "server" : "client",
        stream_gap_reason_text(event->gap->reason)
    );
    step_give(builder, step);
}

void step_take_overlap(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    Step *step = step_of_event(builder, talk, STEP_OVERLAP, event);
    g_autofree char *first = step_safe_text(event->overlap->first);
    g_autofree char *last = step_safe_text(event->overlap->last);
    step->title = g_strdup("overlap");
    step->text = g_strdup("the same octets came twice and differ");
    step->meaning = g_strdup("The first reading is followed; somebody may have forged the other.");
    step_detail(step, 0, "first", "%s", first);
    step_detail(step, 0, "second", "%s", last);
    step_give(builder, step);
}

void step_take_fragment(StepBuilder *builder, const DissectEvent *event)
{
    static const char *const meanings[] = {
        [FRAGMENT_OVERLAP_EQUAL] = "IP fragments overlap and carry the same octets.",
        [FRAGMENT_OVERLAP_DIFFERENT] = "IP fragments overlap and carry different octets.",
        [FRAGMENT_TIMED_OUT] = "A fragment never came: the datagram is dropped.",
        [FRAGMENT_GIVEN_UP] = "Too many fragments wait: this datagram is given up.",
        [FRAGMENT_INCOMPLETE] = "The capture ended before all fragments had come.",
        [FRAGMENT_INVALID] = "These fragments cannot be parts of one datagram.",
    };
    Step *step = step_of_event(builder, NULL, STEP_FRAGMENT, event);
    step->title = g_strdup("fragment");
    step->text = g_strdup("IP fragment");
    step->meaning = g_strdup(meanings[event->fragment->kind]);
    step_add_reference(step, (RfcReference){791, "2.3"});
    step_give(builder, step);
}

static bool was_broken_off(const Talk *talk)
{
    return talk->has_ended && talk->was_reset && !talk->sides_ended[talk->ended_by];
}

/* Refused or broken off: an end that is part of the story. */
static bool is_violent(const Talk *talk)
{
    return was_broken_off(talk) || (talk->handshake_packets == 1 && talk->was_reset);
}

/* Nobody answered, and nothing more is known of it. */
static bool was_never_there(const Talk *talk)
{
    return talk->handshake_packets == 1 && !talk->was_reset && !talk->has_ended;
}

static char *describe_end(const Talk *talk, StreamCloseReason reason)
{
    const char *who = talk->ended_by == STREAM_FROM_CLIENT ? "client" : "server";
    bool by_peers = reason == STREAM_CLOSED_BY_FIN || reason == STREAM_CLOSED_BY_RESET;
    if (talk->handshake_packets == 1 && talk->was_reset) {
        return g_strdup("refused by the server (RST)");
    }
    if (talk->handshake_packets == 1 && reason == STREAM_CLOSED_CAPTURE_END) {
        return g_strdup("never answered");
    }
    if (was_broken_off(talk)) {
        return g_strdup_printf("broken off by the %s (RST)", who);
    }
    if (talk->has_ended && talk->was_reset) {
        return g_strdup_printf("closed by the %s (FIN), then broken off (RST)", who);
    }
    if (talk->has_ended && by_peers) {
        return g_strdup_printf("closed by the %s (FIN)", who);
    }
    if (talk->has_ended) {
        return g_strdup_printf("closed by the %s (FIN); the other side's FIN was not seen", who);
    }
    return g_strdup(
        reason == STREAM_CLOSED_CAPTURE_END ? "still open when the capture ends"
                                            : stream_close_reason_text(reason)
    );
}

static const char *meaning_of_end(const Talk *talk, StreamCloseReason reason)
{
    if (talk->handshake_packets == 1 && talk->has_ended && !talk->was_reset) {
        return "The connection is over; of its two sides one is in the capture.";
    }
    if (talk->handshake_packets == 1) {
        return "No connection came about.";
    }
    if (!talk->has_ended && reason == STREAM_CLOSED_CAPTURE_END) {
        return "What came later is not in the capture.";
    }
    return "The connection is over.";
}

void step_take_closed(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const Stream *stream = event->conversation->stream;
    Step *step = step_of_event(builder, talk, STEP_CLOSED, event);
    MailProtocol of_port = protocol_of_port(talk->ports[STREAM_FROM_SERVER]);
    g_array_set_size(step->frames, 0);
    step->time_ns = stream_last_time(stream);
    step->duration_ns = stream_last_time(stream) - stream_first_time(stream);
    step->level = is_violent(talk)        ? STEP_LEVEL_STORY
                  : was_never_there(talk) ? STEP_LEVEL_PACKETS /* its SYN has told it */
                                          : STEP_LEVEL_DIALOGUE;
    step->title = g_strdup("closed");
    step->text = describe_end(talk, event->close_reason);
    step->meaning = g_strdup(meaning_of_end(talk, event->close_reason));
    step->octets = talk->lines;
    if (talk->has_ended) {
        step_add_reference(step, talk->was_reset ? breaking : closing);
    }
    if (talk->protocol == MAIL_PROTOCOL_UNKNOWN && of_port != MAIL_PROTOCOL_UNKNOWN) {
        step_detail(step, 0, "port", "%s", mail_protocol_name(of_port));
    }
    guint64 missing = event->conversation->missing[0] + event->conversation->missing[1];
    if (missing > 0) {
        g_autofree char *octets = step_octets_text(missing);
        step_detail(step, 0, "missing", "%s", octets);
    }
    step_give(builder, step);
}
