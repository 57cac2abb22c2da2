/* Two stories side by side. Up to where they part each row holds the same step of both; behind it
 * they are laid beside each other again wherever they say the same.
 *
 *     22  RCPT      22  RCPT          the same
 *     23  250       23  550           here they part
 *     24  DATA
 *     30  QUIT      28  QUIT          the same again: they have met
 */

#include "ui/terminal/stage-private.h"

#define LOOK_AHEAD 240 /* steps, of both together, in which they may meet again */
#define UNMET 120      /* rows to go on where they do not */

static const Step *seen_at(const StageShow *show, guint position)
{
    return timeline_step(
        recording_timeline(show->recording), g_array_index(show->visible, guint, position)
    );
}

static bool says_the_same(const Step *left, const Step *right)
{
    return left->kind == right->kind && g_strcmp0(left->text, right->text) == 0 &&
           g_strcmp0(left->title, right->title) == 0 && g_strcmp0(left->from, right->from) == 0 &&
           g_strcmp0(left->to, right->to) == 0;
}

guint stage_parting(const Stage *stage)
{
    guint count = MIN(stage->original.visible->len, stage->branch.visible->len);
    for (guint i = 0; i < count; i++) {
        const Step *left = seen_at(&stage->original, i);
        const Step *right = seen_at(&stage->branch, i);
        if (left->time_ns != right->time_ns || !says_the_same(left, right)) {
            return i;
        }
    }
    return count;
}

/* How far one may look for a place to meet: to the next chapter, which both stories have. */
static guint room_ahead(const StageShow *show, guint position)
{
    guint room = MIN(show->visible->len - position, LOOK_AHEAD);
    for (guint i = 0; i < room; i++) {
        if (seen_at(show, position + i)->kind == STEP_CHAPTER) {
            return i + 1;
        }
    }
    return room;
}

/* The nearest steps ahead that say the same; false: there are none. */
static bool find_meeting(const Stage *stage, StagePair at, guint *out_left, guint *out_right)
{
    guint left_room = room_ahead(&stage->original, (guint)at.left);
    guint right_room = room_ahead(&stage->branch, (guint)at.right);
    for (guint both = 0; both < left_room + right_room && both < LOOK_AHEAD; both++) {
        for (guint left = 0; left <= both && left < left_room; left++) {
            guint right = both - left;
            if (right < right_room && says_the_same(
                                          seen_at(&stage->original, (guint)at.left + left),
                                          seen_at(&stage->branch, (guint)at.right + right)
                                      )) {
                *out_left = left;
                *out_right = right;
                return true;
            }
        }
    }
    *out_left = MIN(UNMET, stage->original.visible->len - (guint)at.left);
    *out_right = MIN(UNMET, stage->branch.visible->len - (guint)at.right);
    return false;
}

static void add_pair(Stage *stage, gint left, gint right, bool is_same)
{
    StagePair pair = {.left = left, .right = right, .is_same = is_same};
    g_array_append_val(stage->pairs, pair);
}

/* What each tells until they meet stands side by side, too. */
static void add_different(Stage *stage, StagePair *at, guint left, guint right)
{
    for (guint i = 0; i < MAX(left, right); i++) {
        add_pair(
            stage,
            i < left ? at->left + (gint)i : STAGE_NO_STEP,
            i < right ? at->right + (gint)i : STAGE_NO_STEP,
            false
        );
    }
    at->left += (gint)left;
    at->right += (gint)right;
}

static void pair_steps(Stage *stage)
{
    gint left_end = (gint)stage->original.visible->len;
    gint right_end = (gint)stage->branch.visible->len;
    gint parting = (gint)stage_parting(stage);
    StagePair at = {.left = parting, .right = parting};
    g_array_set_size(stage->pairs, 0);
    for (gint i = 0; i < parting; i++) {
        add_pair(stage, i, i, true);
    }
    while (at.left < left_end && at.right < right_end) {
        guint left, right;
        bool is_met = find_meeting(stage, at, &left, &right);
        add_different(stage, &at, left, right);
        if (is_met) {
            add_pair(stage, at.left++, at.right++, true);
        }
    }
    add_different(stage, &at, (guint)(left_end - at.left), (guint)(right_end - at.right));
}

void stage_compare(Stage *stage)
{
    if (stage->branch.recording == NULL) {
        stage_say(stage, true, "There is nothing to compare yet: w asks what if.");
        return;
    }
    pair_steps(stage);
    stage->mode = STAGE_MODE_COMPARE;
    stage->compare_scroll = 0;
    stage->is_playing = false;
}

void stage_compare_key(Stage *stage, guint32 key)
{
    switch (key) {
    case STAGE_KEY_DOWN:
    case STAGE_KEY_RIGHT:
    case ' ':
    case 'j':
        stage->compare_scroll++;
        break;
    case STAGE_KEY_UP:
    case STAGE_KEY_LEFT:
    case 'k':
        stage->compare_scroll -= stage->compare_scroll > 0;
        break;
    case STAGE_KEY_PAGE_DOWN:
        stage->compare_scroll += 10;
        break;
    case STAGE_KEY_PAGE_UP:
        stage->compare_scroll -= MIN(stage->compare_scroll, 10);
        break;
    case STAGE_KEY_HOME:
        stage->compare_scroll = 0;
        break;
    case STAGE_KEY_END:
        stage->compare_scroll = G_MAXUINT;
        break;
    case STAGE_KEY_ESCAPE:
    case STAGE_KEY_ENTER:
    case 'd':
    case 'q':
        stage->mode = STAGE_MODE_STEPS;
        break;
    default:
        break;
    }
    guint parting = stage_parting(stage);
    guint last = stage->pairs->len > parting ? stage->pairs->len - parting - 1 : 0;
    stage->compare_scroll = MIN(stage->compare_scroll, last);
}
