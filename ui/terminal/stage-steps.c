/* Which steps are seen, and moving among them. */

#include "ui/terminal/stage-private.h"

#include "dissect/finding/secret-mask.h"
#include "dissect/packet/packet-decoder.h"
#include "ui/report/ladder.h"

#include <string.h>

#define TEN 10

/* --- octets that hold a password --- */

static void keep_secret(StageShow *show, PacketDecoder *decoder, guint64 number)
{
    CaptureFrame frame;
    Packet packet;
    if (!recording_frame(show->recording, number, &frame)) {
        return;
    }
    packet_decoder_decode(decoder, &frame, &packet);
    StageSecret secret = {
        .source = packet.source,
        .destination = packet.destination,
        .source_port = packet.source_port,
        .destination_port = packet.destination_port,
        .begin = packet.tcp_sequence,
        .end = packet.tcp_sequence + (guint32)packet.payload.length,
    };
    if (packet.kind == PACKET_TCP && packet.payload.length > 0) {
        g_array_append_val(show->secrets, secret);
    }
}

static void find_secrets(StageShow *show)
{
    const Timeline *timeline = recording_timeline(show->recording);
    PacketDecoderOptions options = packet_decoder_default_options();
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(&options);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (step->text == NULL || strstr(step->text, SECRET_MASK) == NULL) {
            continue;
        }
        for (guint frame = 0; frame < step->frames->len; frame++) {
            keep_secret(show, decoder, g_array_index(step->frames, guint64, frame));
        }
    }
}

/* Frames that carry the same octets once more are secret too. */
bool stage_is_secret(const Stage *stage, const CaptureFrame *frame)
{
    const StageShow *show = stage_shown(stage);
    PacketDecoderOptions options = packet_decoder_default_options();
    Packet packet;
    if (show->secrets->len == 0) {
        return false;
    }
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(&options);
    packet_decoder_decode(decoder, frame, &packet);
    guint32 end = packet.tcp_sequence + (guint32)packet.payload.length;
    for (guint i = 0; packet.kind == PACKET_TCP && i < show->secrets->len; i++) {
        const StageSecret *secret = &g_array_index(show->secrets, StageSecret, i);
        bool is_same_way = secret->source_port == packet.source_port &&
                           secret->destination_port == packet.destination_port &&
                           packet_address_equal(&secret->source, &packet.source) &&
                           packet_address_equal(&secret->destination, &packet.destination);
        bool overlaps =
            (gint32)(end - secret->begin) > 0 && (gint32)(secret->end - packet.tcp_sequence) > 0;
        if (is_same_way && overlaps) {
            return true;
        }
    }
    return false;
}

/* --- what is seen --- */

bool stage_is_seen(const Stage *stage, const Step *step)
{
    bool is_told_later = step->kind == STEP_TCP && stage->level < STEP_LEVEL_PACKETS &&
                         g_strcmp0(step->title, "FIN") == 0;
    if (step->level > stage->level || is_told_later) {
        return false;
    }
    return !stage->has_only_stream || step->kind == STEP_CHAPTER ||
           (step->has_stream && step->stream == stage->only_stream);
}

static void fill_visible(Stage *stage, StageShow *show)
{
    const Timeline *timeline = recording_timeline(show->recording);
    g_array_set_size(show->visible, 0);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        if (stage_is_seen(stage, timeline_step(timeline, i))) {
            g_array_append_val(show->visible, i);
        }
    }
}

void stage_show_init(Stage *stage, StageShow *show, Recording *recording)
{
    *show = (StageShow){
        .recording = recording,
        .visible = g_array_new(FALSE, FALSE, sizeof(guint)),
        .secrets = g_array_new(FALSE, FALSE, sizeof(StageSecret)),
    };
    if (!stage->options.show_secrets) {
        find_secrets(show);
    }
    fill_visible(stage, show);
}

void stage_show_clear(StageShow *show)
{
    if (show->recording != NULL) {
        recording_free(show->recording);
        g_array_unref(show->visible);
        g_array_unref(show->secrets);
    }
    *show = (StageShow){0};
}

const StageShow *stage_shown(const Stage *stage)
{
    return stage->branch.recording != NULL ? &stage->branch : &stage->original;
}

const Timeline *stage_timeline(const Stage *stage)
{
    return recording_timeline(stage_shown(stage)->recording);
}

guint stage_count(const Stage *stage)
{
    return stage_shown(stage)->visible->len;
}

const Step *stage_step_at(const Stage *stage, guint position)
{
    const StageShow *show = stage_shown(stage);
    g_assert(position < show->visible->len);
    return timeline_step(
        recording_timeline(show->recording), g_array_index(show->visible, guint, position)
    );
}

const Step *stage_step(const Stage *stage)
{
    return stage_count(stage) == 0 ? NULL : stage_step_at(stage, stage->position);
}

const Step *stage_chapter(const Stage *stage, guint *out_number)
{
    const Timeline *timeline = stage_timeline(stage);
    const Step *chapter = NULL;
    guint number = 0;
    guint here = stage_count(stage) == 0
                     ? 0
                     : g_array_index(stage_shown(stage)->visible, guint, stage->position);
    for (guint i = 0; i < timeline_count(timeline) && i <= here; i++) {
        const Step *step = timeline_step(timeline, i);
        if (step->kind == STEP_CHAPTER) {
            chapter = step;
            number++;
        }
    }
    if (out_number != NULL) {
        *out_number = number;
    }
    return chapter;
}

/* The last seen step that is not behind 'place' of the timeline. */
static guint position_of(const StageShow *show, guint place)
{
    guint low = 0;
    guint high = show->visible->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(show->visible, guint, middle) <= place) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? 0 : low - 1;
}

void stage_filter(Stage *stage)
{
    const StageShow *show = stage_shown(stage);
    guint place =
        show->visible->len == 0 ? 0 : g_array_index(show->visible, guint, stage->position);
    if (stage->branch.recording != NULL) {
        fill_visible(stage, &stage->branch);
    }
    fill_visible(stage, &stage->original);
    stage_move(stage, position_of(show, place));
}

/* --- moving --- */

void stage_move(Stage *stage, guint position)
{
    guint count = stage_count(stage);
    stage->position = count == 0 ? 0 : MIN(position, count - 1);
    stage->scroll = 0;
    stage->frame = 0;
    stage->field = 0;
}

void stage_forward(Stage *stage)
{
    if (stage->position + 1 >= stage_count(stage)) {
        stage_say(stage, false, "This is the last step.");
        stage->is_playing = false;
        return;
    }
    const Step *next = stage_step_at(stage, stage->position + 1);
    if (stage->predicts && next->kind == STEP_REPLY && stage_begin_predict(stage, next)) {
        return;
    }
    stage_move(stage, stage->position + 1);
}

void stage_back(Stage *stage)
{
    if (stage->position == 0) {
        stage_say(stage, false, "This is the first step.");
        return;
    }
    stage_move(stage, stage->position - 1);
}

void stage_forward_ten(Stage *stage)
{
    stage_move(stage, stage->position + TEN);
}

void stage_back_ten(Stage *stage)
{
    stage_move(stage, stage->position > TEN ? stage->position - TEN : 0);
}

void stage_first(Stage *stage)
{
    stage_move(stage, 0);
}

void stage_last(Stage *stage)
{
    stage_move(stage, G_MAXUINT);
}

void stage_next_chapter(Stage *stage)
{
    for (guint i = stage->position + 1; i < stage_count(stage); i++) {
        if (stage_step_at(stage, i)->kind == STEP_CHAPTER) {
            stage_move(stage, i);
            return;
        }
    }
    stage_say(stage, false, "No chapter follows.");
}

void stage_previous_chapter(Stage *stage)
{
    for (guint i = stage->position; i > 0; i--) {
        if (stage_step_at(stage, i - 1)->kind == STEP_CHAPTER) {
            stage_move(stage, i - 1);
            return;
        }
    }
    stage_say(stage, false, "No chapter comes before.");
}

static void set_level(Stage *stage, StepLevel level, const char *what)
{
    stage_set_level(stage, level);
    stage_say(stage, false, "%s", what);
}

void stage_level_story(Stage *stage)
{
    set_level(stage, STEP_LEVEL_STORY, "Level 1, story: what a textbook would tell.");
}

void stage_level_dialogue(Stage *stage)
{
    set_level(stage, STEP_LEVEL_DIALOGUE, "Level 2, dialogue: every command and reply.");
}

void stage_level_packets(Stage *stage)
{
    set_level(stage, STEP_LEVEL_PACKETS, "Level 3, packets: every frame.");
}

void stage_only_conversation(Stage *stage)
{
    const Step *step = stage_step(stage);
    if (stage->has_only_stream) {
        stage->has_only_stream = false;
        stage_filter(stage);
        stage_say(stage, false, "All conversations are shown again.");
        return;
    }
    if (step == NULL || !step->has_stream) {
        stage_say(stage, true, "This step belongs to no conversation: go to a line of one first.");
        return;
    }
    stage->has_only_stream = true;
    stage->only_stream = step->stream;
    stage_filter(stage);
    stage_say(
        stage,
        false,
        "Only the conversation of %s with %s; c shows all.",
        step->is_from_server ? step->to : step->from,
        step->is_from_server ? step->from : step->to
    );
}
