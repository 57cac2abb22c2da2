/* Makes a capture of mail for measuring: whole conversations, many at a time, mixed as a busy
 * server would see them, with a DNS question before some. The same arguments give the same octets.
 *
 *     make-capture --seed 1 --megabytes 1000 OUT.pcap
 *     make-capture --seed 2 --sessions 1000000 --open 10000 --mix 1,0,0,0 OUT.pcap
 *     make-capture --seed 1 --megabytes 1000 --dirty OUT.pcap    (overtaken and repeated segments)
 */

#include "tests/bench/capture-writer.h"
#include "tests/bench/mail-script.h"

#include <stdlib.h>
#include <string.h>

#define OVERTAKEN_PERCENT 5
#define REPEATED_PERCENT 3
#define BURST_SEGMENTS 8
#define QUESTION_PERCENT 20

typedef enum {
    SLOT_EMPTY,
    SLOT_SYN,
    SLOT_SYN_ACK,
    SLOT_ACK,
    SLOT_TALK,
    SLOT_FIN,
    SLOT_FIN_ACK,
    SLOT_LAST_ACK,
} SlotState;

typedef struct {
    SlotState state;
    CaptureFlow flow;
    MailScript script;
    guint turn;
    gsize given;         /* of the turn */
    CaptureRecord *late; /* overtaken by what comes next, or NULL */
} Slot;

typedef struct {
    CaptureWriter writer;
    GRand *random; /* of the contents: the same with and without dirt */
    GRand *dirt;
    guint64 sessions_made;
    guint64 sessions_most;
    guint64 octets_most;
    guint64 messages;
    guint weights[MAIL_KINDS];
    bool is_dirty;
} Maker;

static bool is_chosen(GRand *random, gint32 percent)
{
    return g_rand_int_range(random, 0, 100) < percent;
}

static void put(Maker *maker, Slot *slot, const CaptureRecord *record, bool has_octets)
{
    if (maker->is_dirty && has_octets && slot->late == NULL &&
        is_chosen(maker->dirt, OVERTAKEN_PERCENT)) {
        slot->late = g_memdup2(record, sizeof *record);
        return;
    }
    capture_writer_put(&maker->writer, record);
    if (slot->late != NULL) {
        capture_writer_put(&maker->writer, slot->late);
        g_clear_pointer(&slot->late, g_free);
    }
    if (maker->is_dirty && has_octets && is_chosen(maker->dirt, REPEATED_PERCENT)) {
        capture_writer_put(&maker->writer, record);
    }
}

static void send(Maker *maker, Slot *slot, int side, guint8 flags, const void *octets, gsize length)
{
    CaptureRecord record;
    capture_writer_tcp(&maker->writer, &slot->flow, side, flags, octets, length, &record);
    put(maker, slot, &record, length > 0);
}

/* A question for the mail exchanger of crepes.fr, and its answer. */
static void ask(Maker *maker, const Slot *slot)
{
    static const guint8 question[] = "\0\0\1\0\0\1\0\0\0\0\0\0\6crepes\2fr\0\0\17\0\1";
    static const guint8 answer[] = "\0\0\x81\x80\0\1\0\1\0\0\0\0\6crepes\2fr\0\0\17\0\1"
                                   "\xc0\x0c\0\17\0\1\0\0\16\20\0\11\0\12\4mail\xc0\x0c";
    CaptureFlow flow = slot->flow;
    flow.port[1] = 53;
    CaptureRecord record;
    capture_writer_udp(&maker->writer, &flow, 0, question, sizeof question - 1, &record);
    capture_writer_put(&maker->writer, &record);
    capture_writer_udp(&maker->writer, &flow, 1, answer, sizeof answer - 1, &record);
    capture_writer_put(&maker->writer, &record);
}

static MailKind choose_kind(Maker *maker)
{
    guint sum = 0;
    for (guint i = 0; i < MAIL_KINDS; i++) {
        sum += maker->weights[i];
    }
    guint choice = (guint)g_rand_int_range(maker->random, 0, (gint32)sum);
    for (guint i = 0; i < MAIL_KINDS; i++) {
        if (choice < maker->weights[i]) {
            return (MailKind)i;
        }
        choice -= maker->weights[i];
    }
    g_assert_not_reached();
}

static void open_slot(Maker *maker, Slot *slot)
{
    guint64 number = maker->sessions_made++;
    mail_script_make(&slot->script, choose_kind(maker), maker->random);
    maker->messages += slot->script.messages;
    slot->flow = (CaptureFlow){
        .address =
            {
                GUINT32_TO_BE(0x0a000000u | (guint32)(number / 50000 + 256)),
                GUINT32_TO_BE(0xc0000201u),
            },
        .port = {(guint16)(10000 + number % 50000), slot->script.port},
        .next = {g_rand_int(maker->random), g_rand_int(maker->random)},
    };
    slot->turn = 0;
    slot->given = 0;
    slot->state = SLOT_SYN;
    if (is_chosen(maker->random, QUESTION_PERCENT)) {
        ask(maker, slot);
    }
}

/* A few segments of the present turn; the other side acknowledges a burst. */
static void talk(Maker *maker, Slot *slot)
{
    const MailTurn *turn = &g_array_index(slot->script.turns, MailTurn, slot->turn);
    for (guint i = 0; i < BURST_SEGMENTS && slot->given < turn->length; i++) {
        gsize length = MIN(turn->length - slot->given, CAPTURE_SEGMENT_MAXIMUM);
        const guint8 *octets = slot->script.octets->data + turn->from + slot->given;
        send(maker, slot, turn->side, FLOW_ACK | FLOW_PUSH, octets, length);
        slot->given += length;
    }
    if (slot->given < turn->length) {
        send(maker, slot, 1 - turn->side, FLOW_ACK, NULL, 0);
        return;
    }
    slot->given = 0;
    slot->turn++;
    if (slot->turn == slot->script.turns->len) {
        slot->state = SLOT_FIN;
    }
}

static void step(Maker *maker, Slot *slot)
{
    switch (slot->state) {
    case SLOT_EMPTY:
        return;
    case SLOT_SYN:
        send(maker, slot, 0, FLOW_SYN, NULL, 0);
        slot->state = SLOT_SYN_ACK;
        return;
    case SLOT_SYN_ACK:
        send(maker, slot, 1, FLOW_SYN | FLOW_ACK, NULL, 0);
        slot->state = SLOT_ACK;
        return;
    case SLOT_ACK:
        send(maker, slot, 0, FLOW_ACK, NULL, 0);
        slot->state = SLOT_TALK;
        return;
    case SLOT_TALK:
        talk(maker, slot);
        return;
    case SLOT_FIN:
        send(maker, slot, 1, FLOW_FIN | FLOW_ACK, NULL, 0);
        slot->state = SLOT_FIN_ACK;
        return;
    case SLOT_FIN_ACK:
        send(maker, slot, 0, FLOW_FIN | FLOW_ACK, NULL, 0);
        slot->state = SLOT_LAST_ACK;
        return;
    case SLOT_LAST_ACK:
        send(maker, slot, 1, FLOW_ACK, NULL, 0);
        slot->state = SLOT_EMPTY;
        return;
    }
}

static bool is_enough(const Maker *maker)
{
    return maker->sessions_most > 0 ? maker->sessions_made >= maker->sessions_most
                                    : maker->writer.octets >= maker->octets_most;
}

static void make(Maker *maker, guint slots)
{
    g_autofree Slot *open = g_new0(Slot, slots);
    for (guint i = 0; i < slots; i++) {
        mail_script_init(&open[i].script);
    }
    guint empty = slots;
    while (empty < slots || !is_enough(maker)) {
        Slot *slot = &open[g_rand_int_range(maker->random, 0, (gint32)slots)];
        if (slot->state == SLOT_EMPTY) {
            if (is_enough(maker)) {
                continue;
            }
            open_slot(maker, slot);
            empty--;
        }
        step(maker, slot);
        empty += slot->state == SLOT_EMPTY;
    }
    for (guint i = 0; i < slots; i++) {
        mail_script_clear(&open[i].script);
        g_free(open[i].late);
    }
}

static void read_mix(Maker *maker, const char *mix)
{
    g_auto(GStrv) weights = g_strsplit(mix, ",", MAIL_KINDS);
    guint sum = 0;
    for (guint i = 0; i < MAIL_KINDS; i++) {
        maker->weights[i] = i < g_strv_length(weights) ? (guint)strtoul(weights[i], NULL, 10) : 0;
        sum += maker->weights[i];
    }
    if (sum == 0 || sum > 10000) {
        g_printerr("make-capture: the mix needs four weights\n");
        exit(2);
    }
}

int main(int count, char **arguments)
{
    gint seed = 1;
    gint megabytes = 100;
    gint sessions = 0;
    gint slots = 256;
    gboolean is_dirty = FALSE;
    g_autofree char *mix = NULL;
    const GOptionEntry options[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT, &seed, "The same seed gives the same octets", "N"},
        {"megabytes", 0, 0, G_OPTION_ARG_INT, &megabytes, "Size of the file", "N"},
        {"sessions", 0, 0, G_OPTION_ARG_INT, &sessions, "Conversations, instead of a size", "N"},
        {"open", 0, 0, G_OPTION_ARG_INT, &slots, "Conversations at a time", "N"},
        {"mix",
         0,
         0,
         G_OPTION_ARG_STRING,
         &mix,
         "Weights: SMTP, large SMTP, POP3, IMAP",
         "W,W,W,W"},
        {"dirty", 0, 0, G_OPTION_ARG_NONE, &is_dirty, "Overtaken and repeated segments", NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("OUT.pcap");
    g_option_context_add_main_entries(context, options, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, &count, &arguments, &error) || count != 2 || slots < 1) {
        g_printerr("make-capture: %s\n", error != NULL ? error->message : "name one file");
        return 2;
    }
    Maker maker = {
        .random = g_rand_new_with_seed((guint32)seed),
        .dirt = g_rand_new_with_seed((guint32)seed + 1),
        .sessions_most = (guint64)MAX(sessions, 0),
        .octets_most = (guint64)megabytes * 1000000,
        .is_dirty = is_dirty,
    };
    read_mix(&maker, mix != NULL ? mix : "70,1,15,14");
    if (!capture_writer_open(&maker.writer, arguments[1], (guint32)seed + 2)) {
        g_printerr("make-capture: %s cannot be written\n", arguments[1]);
        return 3;
    }
    make(&maker, (guint)slots);
    bool is_written = capture_writer_close(&maker.writer);
    printf(
        "%" G_GUINT64_FORMAT " conversations, %" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT
        " octets\n",
        maker.sessions_made,
        maker.messages,
        maker.writer.octets
    );
    g_rand_free(maker.random);
    g_rand_free(maker.dirt);
    return is_written ? 0 : 3;
}
