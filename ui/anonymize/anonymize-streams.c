#include "ui/anonymize/anonymize-streams.h"

#include "dissect/finding/secret-mask.h"
#include "ui/anonymize/anonymize-dns.h"
#include "ui/anonymize/anonymize-line.h"
#include "ui/anonymize/anonymize-message.h"

#include <string.h>

#define TLS_READABLE 16384 /* octets at the start of TLS that may hold names in the clear */

/* Of two sizes at most, as where the last one follows the end of content. */
#define CHUNK_DIGITS 8

/* A run of octets and what it is. */
typedef struct {
    gsize from;
    gsize to;
    DialogueEventKind kind; /* MESSAGE_DATA stands for all of a message */
    MailProtocol protocol;
    guint64 message; /* number of the message; 0: a line */
    bool begins_with_body;
    bool is_slip;  /* a command that no row knows, or a log-in, with a secret in it */
    gsize visible; /* of a slip: octets that may be seen */
} Segment;

enum {
    MARK_SEEN = 1,
    MARK_CHANGED = 2,
};

typedef struct {
    GByteArray *before; /* as captured */
    GByteArray *after;
    GByteArray *marks;
    GArray *segments; /* Segment */
    guint32 base;     /* sequence number of the first octet */
    bool has_base;
} Side;

typedef struct {
    MailProtocol protocol;
    bool has_dialogue;
    gsize opaque_from[2]; /* where TLS begins; G_MAXSIZE: nowhere */
    gsize packed_from[2]; /* where compression begins; G_MAXSIZE: nowhere */
    guint64 compress;     /* the exchange of COMPRESS that waits for its answer; 0: none */
    gsize compress_to;    /* and where its line ends */
    Side sides[2];
} Talk;

struct AnonymizeStreams {
    GHashTable *talks; /* number of the stream -> Talk */
};

static void free_talk(gpointer data)
{
    Talk *talk = data;
    for (guint i = 0; i < 2; i++) {
        g_byte_array_unref(talk->sides[i].before);
        g_byte_array_unref(talk->sides[i].after);
        g_byte_array_unref(talk->sides[i].marks);
        g_array_unref(talk->sides[i].segments);
    }
    g_free(talk);
}

AnonymizeStreams *anonymize_streams_new(void)
{
    AnonymizeStreams *streams = g_new0(AnonymizeStreams, 1);
    streams->talks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_talk);
    return streams;
}

void anonymize_streams_free(AnonymizeStreams *streams)
{
    if (streams != NULL) {
        g_hash_table_unref(streams->talks);
        g_free(streams);
    }
}

static Talk *talk_of(AnonymizeStreams *streams, const Conversation *conversation)
{
    Talk *talk = g_hash_table_lookup(streams->talks, &conversation->number);
    if (talk == NULL) {
        talk = g_new0(Talk, 1);
        for (guint i = 0; i < 2; i++) {
            talk->sides[i].before = g_byte_array_new();
            talk->sides[i].after = g_byte_array_new();
            talk->sides[i].marks = g_byte_array_new();
            talk->sides[i].segments = g_array_new(FALSE, TRUE, sizeof(Segment));
            talk->opaque_from[i] = G_MAXSIZE;
            talk->packed_from[i] = G_MAXSIZE;
        }
        guint64 number = conversation->number;
        g_hash_table_insert(streams->talks, g_memdup2(&number, sizeof number), talk);
    }
    return talk;
}

static void grow(GByteArray *array, gsize length)
{
    guint before = array->len;
    if (length > before) {
        g_byte_array_set_size(array, (guint)length);
        memset(array->data + before, 0, length - before);
    }
}

/* The first reading of an octet stands, as in the dissector. */
static void keep_octets(Side *side, gint64 offset, ByteSpan octets)
{
    if (offset < 0 || octets.length == 0 ||
        (guint64)offset + octets.length > ANONYMIZE_STREAM_MAXIMUM) {
        return;
    }
    grow(side->before, (gsize)offset + octets.length);
    grow(side->marks, (gsize)offset + octets.length);
    for (gsize i = 0; i < octets.length; i++) {
        if (side->marks->data[(gsize)offset + i] == 0) {
            side->marks->data[(gsize)offset + i] = MARK_SEEN;
            side->before->data[(gsize)offset + i] = octets.data[i];
        }
    }
}

AnonymizePlace anonymize_streams_take_frame(
    AnonymizeStreams *streams,
    const Packet *packet,
    const Conversation *conversation,
    StreamDirection direction
)
{
    Side *side = &talk_of(streams, conversation)->sides[direction];
    bool is_syn = (packet->tcp_flags & TCP_FLAG_SYN) != 0;
    guint32 first = packet->tcp_sequence + (is_syn ? 1 : 0);
    if (!side->has_base && (is_syn || packet->payload.length > 0)) {
        side->has_base = true;
        side->base = first;
    }
    AnonymizePlace place = {
        .stream = conversation->number,
        .direction = direction,
        .offset = side->has_base ? (gint32)(first - side->base) : -1,
    };
    gint64 turns = (gint64)side->before->len >> 32; /* the numbers may have gone round */
    place.offset += turns << 32;
    keep_octets(side, place.offset, packet->payload);
    return place;
}

/* Where what follows the verb has no form that could be relied on. */
static bool is_slip(const DialogueEvent *said)
{
    return said->kind == DIALOGUE_EVENT_COMMAND && said->is_secret &&
           (said->item == NULL || byte_span_starts_with_nocase(said->verb, "AUTH"));
}

static void add_segment(Talk *talk, const DissectEvent *event, DialogueEventKind kind)
{
    const DialogueEvent *said = event->dialogue;
    guint64 base = event->conversation->dialogue_from[event->direction];
    Segment segment = {
        .from = (gsize)(base + said->from),
        .to = (gsize)(base + said->to),
        .kind = kind,
        .protocol = talk->protocol,
        .is_slip = talk->protocol != MAIL_PROTOCOL_HTTP && is_slip(said),
    };
    segment.visible = segment.is_slip ? secret_visible_part(said).length : 0;
    if (kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        ByteSpan section = said->message->section;
        bool is_imap = said->message->kind == DIALOGUE_MESSAGE_FETCH;
        segment.message = said->message->number;
        segment.begins_with_body =
            said->message->kind == DIALOGUE_MESSAGE_HTTP ||
            (is_imap && section.length > 0 && !byte_span_starts_with_nocase(section, "HEADER"));
    }
    g_array_append_val(talk->sides[event->direction].segments, segment);
}

/* From here on TLS is spoken; the other side began it behind the last thing that it said. */
static void end_dialogue(Talk *talk, const DissectEvent *event)
{
    guint64 base = event->conversation->dialogue_from[event->direction];
    const GArray *others = talk->sides[1 - event->direction].segments;
    gsize other = 0;
    for (guint i = 0; i < others->len; i++) {
        other = MAX(other, g_array_index(others, Segment, i).to);
    }
    gsize *from = talk->opaque_from;
    from[event->direction] = MIN(from[event->direction], (gsize)(base + event->dialogue->from));
    from[1 - event->direction] = MIN(from[1 - event->direction], other);
}

/* RFC 4978 §3: what follows COMPRESS and its tagged OK is compressed, and cannot be changed word by
 * word. */
static void note_compression(Talk *talk, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    gsize to = (gsize)(event->conversation->dialogue_from[event->direction] + said->to);
    if (said->kind == DIALOGUE_EVENT_COMMAND && byte_span_is_nocase(said->verb, "COMPRESS")) {
        talk->compress = said->exchange;
        talk->compress_to = to;
    } else if (talk->compress != 0 && said->kind == DIALOGUE_EVENT_REPLY && said->exchange == talk->compress && byte_span_is_nocase(said->code, "OK")) {
        talk->packed_from[event->direction] = to;
        talk->packed_from[1 - event->direction] = talk->compress_to;
        talk->compress = 0;
    }
}

static void take_dialogue(Talk *talk, const DissectEvent *event)
{
    if (talk->protocol == MAIL_PROTOCOL_IMAP) {
        note_compression(talk, event);
    }
    switch (event->dialogue->kind) {
    case DIALOGUE_EVENT_COMMAND:
    case DIALOGUE_EVENT_REPLY:
    case DIALOGUE_EVENT_CONTINUATION:
    case DIALOGUE_EVENT_MESSAGE_DATA:
        add_segment(talk, event, event->dialogue->kind);
        break;
    case DIALOGUE_EVENT_OPAQUE:
        end_dialogue(talk, event);
        break;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_MESSAGE_END:
    case DIALOGUE_EVENT_CREDENTIAL:
    case DIALOGUE_EVENT_MISSING:
        break;
    }
}

void anonymize_streams_take_event(AnonymizeStreams *streams, const DissectEvent *event)
{
    if (event->conversation == NULL) {
        return;
    }
    Talk *talk = talk_of(streams, event->conversation);
    talk->has_dialogue = talk->has_dialogue || event->conversation->class != NULL;
    if (event->conversation->protocol != MAIL_PROTOCOL_TLS || talk->protocol == 0) {
        talk->protocol = event->conversation->protocol;
    }
    if (event->kind == DISSECT_DIALOGUE) {
        take_dialogue(talk, event);
    }
}

/* Octets of a segment that are there and have not been changed yet, joined: a message may lie in
 * many pieces (BDAT, gaps). */
typedef struct {
    GByteArray *octets;
    GArray *places; /* gsize: of each octet */
} Gathered;

static void gather(const Side *side, const Segment *segment, Gathered *gathered)
{
    gsize end = MIN(segment->to, side->after->len);
    for (gsize i = segment->from; i < end; i++) {
        if (side->marks->data[i] == MARK_SEEN) {
            g_byte_array_append(gathered->octets, side->after->data + i, 1);
            g_array_append_val(gathered->places, i);
        }
    }
}

static void scatter(Side *side, const Gathered *gathered)
{
    for (guint i = 0; i < gathered->octets->len; i++) {
        gsize place = g_array_index(gathered->places, gsize, i);
        side->after->data[place] = gathered->octets->data[i];
        side->marks->data[place] = MARK_SEEN | MARK_CHANGED;
    }
}

static void change_gathered(AnonymizeNames *names, const Segment *segment, Gathered *gathered)
{
    guint8 *octets = gathered->octets->data;
    gsize length = gathered->octets->len;
    if (segment->is_slip) {
        anonymize_secret_line(names, segment->protocol, octets, length, segment->visible);
    } else if (segment->message == 0) {
        anonymize_line(names, segment->protocol, segment->kind, octets, length);
    } else if (segment->protocol == MAIL_PROTOCOL_HTTP && memchr(octets, '\n', length) == NULL) {
        anonymize_form(names, octets, length);
    } else {
        anonymize_message(names, octets, length, segment->begins_with_body);
    }
}

/* The segment at 'index', and of a message all its further segments. */
static void change_segment(AnonymizeNames *names, Side *side, guint index)
{
    Segment *segment = &g_array_index(side->segments, Segment, index);
    Gathered gathered = {
        .octets = g_byte_array_new(),
        .places = g_array_new(FALSE, FALSE, sizeof(gsize)),
    };
    gather(side, segment, &gathered);
    for (guint i = index + 1; segment->message != 0 && i < side->segments->len; i++) {
        const Segment *further = &g_array_index(side->segments, Segment, i);
        if (further->message == segment->message) {
            gather(side, further, &gathered);
        } else if (further->message > segment->message) {
            break;
        }
    }
    if (gathered.octets->len > 0) {
        change_gathered(names, segment, &gathered);
        scatter(side, &gathered);
    }
    g_byte_array_unref(gathered.octets);
    g_array_unref(gathered.places);
}

/* Servers' free text comes last: by then all names have been learned. */
static guint round_of(const Segment *segment)
{
    return segment->message != 0 ? 0 : segment->kind == DIALOGUE_EVENT_REPLY ? 2 : 1;
}

static void change_dns(AnonymizeNames *names, Side *side)
{
    gsize at = 0;
    while (at + 2 <= side->after->len) {
        gsize length = (gsize)(side->after->data[at] << 8 | side->after->data[at + 1]);
        length = MIN(length, side->after->len - at - 2);
        anonymize_dns(names, side->after->data + at + 2, length);
        memset(side->marks->data + at, MARK_SEEN | MARK_CHANGED, length + 2);
        at += length + 2;
    }
}

/* RFC 9112 §7.1: the sizes of chunks stand between the octets of the content. */
static bool is_chunk_size(const guint8 *octets, gsize length)
{
    gsize digits = 0;
    gsize line_ends = 0;
    for (gsize i = 0; i < length; i++) {
        bool is_digit = g_ascii_isxdigit(octets[i]);
        if (!is_digit && octets[i] != '\r' && octets[i] != '\n') {
            return false;
        }
        digits += is_digit;
        line_ends += octets[i] == '\n';
    }
    return digits <= CHUNK_DIGITS && line_ends > 0;
}

static void change_run(AnonymizeNames *names, const Talk *talk, Side *side, gsize from, gsize to)
{
    gsize opaque = talk->opaque_from[side == &talk->sides[1]];
    bool is_tls = talk->protocol == MAIL_PROTOCOL_TLS;
    if (is_tls || from >= opaque) {
        gsize start = is_tls ? 0 : opaque;
        to = MIN(to, start + TLS_READABLE);
        if (from < to) {
            anonymize_binary(names, side->after->data + from, to - from);
        }
        return;
    }
    if (talk->protocol == MAIL_PROTOCOL_HTTP &&
        is_chunk_size(side->after->data + from, to - from)) {
        return;
    }
    anonymize_text(
        names,
        side->after->data + from,
        to - from,
        talk->has_dialogue ? ANONYMIZE_GRAMMAR : ANONYMIZE_EVERYTHING
    );
}

/* What no event spoke of. */
static void change_rest(AnonymizeNames *names, const Talk *talk, Side *side)
{
    for (gsize i = 0; i < side->after->len;) {
        gsize from = i;
        while (i < side->after->len && side->marks->data[i] == side->marks->data[from]) {
            i++;
        }
        if (side->marks->data[from] == MARK_SEEN) {
            change_run(names, talk, side, from, i);
        }
    }
}

/* Octets that inflate to nothing. */
static void blank_packed(Side *side, gsize from)
{
    for (gsize i = from; i < side->after->len; i++) {
        side->after->data[i] = 0xff;
        side->marks->data[i] |= MARK_CHANGED;
    }
}

static void change_round(AnonymizeNames *names, Talk *talk, guint round)
{
    for (guint i = 0; i < 2; i++) {
        Side *side = &talk->sides[i];
        if (round == 0) {
            g_byte_array_append(side->after, side->before->data, side->before->len);
            blank_packed(side, talk->packed_from[i]);
            if (talk->protocol == MAIL_PROTOCOL_DNS) {
                change_dns(names, side);
            }
        } else if (round == 4) {
            change_rest(names, talk, side);
        } else {
            for (guint j = 0; j < side->segments->len; j++) {
                if (round_of(&g_array_index(side->segments, Segment, j)) == round - 1) {
                    change_segment(names, side, j);
                }
            }
        }
    }
}

static gint compare_numbers(gconstpointer left, gconstpointer right)
{
    guint64 a = **(const guint64 *const *)left;
    guint64 b = **(const guint64 *const *)right;
    return a < b ? -1 : a > b;
}

void anonymize_streams_change(AnonymizeStreams *streams, AnonymizeNames *names)
{
    g_autoptr(GPtrArray) numbers = g_ptr_array_new();
    GHashTableIter all;
    gpointer number;
    g_hash_table_iter_init(&all, streams->talks);
    while (g_hash_table_iter_next(&all, &number, NULL)) {
        g_ptr_array_add(numbers, number);
    }
    g_ptr_array_sort(numbers, compare_numbers);
    for (guint round = 0; round <= 4; round++) {
        for (guint i = 0; i < numbers->len; i++) {
            change_round(names, g_hash_table_lookup(streams->talks, numbers->pdata[i]), round);
        }
    }
}

void anonymize_streams_copy(
    const AnonymizeStreams *streams,
    AnonymizeNames *names,
    const AnonymizePlace *place,
    ByteSpan octets,
    guint8 *out
)
{
    const Talk *talk = g_hash_table_lookup(streams->talks, &place->stream);
    const Side *side = &talk->sides[place->direction];
    for (gsize i = 0; i < octets.length;) {
        gsize from = i;
        bool is_known = true;
        while (i < octets.length) {
            gint64 at = place->offset + (gint64)i;
            bool is_same = at >= 0 && at < (gint64)side->after->len &&
                           side->before->data[at] == octets.data[i];
            if (i > from && is_same != is_known) {
                break;
            }
            is_known = is_same;
            i++;
        }
        if (is_known) {
            memmove(out + from, side->after->data + place->offset + (gint64)from, i - from);
        } else {
            memmove(out + from, octets.data + from, i - from);
            anonymize_text(names, out + from, i - from, ANONYMIZE_EVERYTHING);
        }
    }
}
