#include "ui/timeline/timeline.h"

struct Timeline {
    GPtrArray *steps;
    GHashTable *numbers; /* number -> Step */
    guint64 dropped;
};

static void free_step(gpointer step)
{
    step_free(step);
}

Timeline *timeline_new(void)
{
    Timeline *timeline = g_new0(Timeline, 1);
    timeline->steps = g_ptr_array_new_with_free_func(free_step);
    timeline->numbers = g_hash_table_new(g_int64_hash, g_int64_equal);
    return timeline;
}

void timeline_free(Timeline *timeline)
{
    if (timeline != NULL) {
        g_hash_table_unref(timeline->numbers);
        g_ptr_array_unref(timeline->steps);
        g_free(timeline);
    }
}

void timeline_add(gpointer owner, Step *step)
{
    Timeline *timeline = owner;
    if (timeline->steps->len >= TIMELINE_STEPS_MAXIMUM) {
        timeline->dropped++;
        step_free(step);
        return;
    }
    g_ptr_array_add(timeline->steps, step);
    if (step->number != 0 && !g_hash_table_contains(timeline->numbers, &step->number)) {
        g_hash_table_insert(timeline->numbers, &step->number, step);
    }
}

static gint by_number(gconstpointer first, gconstpointer second)
{
    const Step *a = *(const Step *const *)first;
    const Step *b = *(const Step *const *)second;
    return a->number < b->number ? -1 : a->number > b->number;
}

static guint64 first_frame(const Step *step)
{
    return step->frames->len == 0 ? 0 : g_array_index(step->frames, guint64, 0);
}

/* Frames have no number among the steps: what counts is whether they came before its first one. */
static bool is_before(const Step *step, const Step *late)
{
    return step->kind == STEP_FRAME ? first_frame(step) <= first_frame(late)
                                    : step->number < late->number;
}

/* Steps of 'steps' and of 'late', both in order, become one list. */
static void merge(GPtrArray *steps, GPtrArray *late)
{
    guint from_steps = steps->len;
    guint from_late = late->len;
    g_ptr_array_set_size(steps, (gint)(from_steps + from_late));
    for (guint to = steps->len; from_late > 0; to--) {
        const Step *candidate = late->pdata[from_late - 1];
        const Step *before = from_steps == 0 ? NULL : steps->pdata[from_steps - 1];
        bool is_behind = before == NULL || is_before(before, candidate);
        if (is_behind) {
            Step *step = late->pdata[--from_late];
            step->moment = before == NULL ? 0 : before->moment;
            steps->pdata[to - 1] = step;
        } else {
            steps->pdata[to - 1] = steps->pdata[--from_steps];
        }
    }
}

void timeline_settle(Timeline *timeline)
{
    g_autoptr(GPtrArray) late = g_ptr_array_new();
    guint64 highest = 0;
    guint kept = 0;
    for (guint i = 0; i < timeline->steps->len; i++) {
        Step *step = timeline->steps->pdata[i];
        if (step->kind == STEP_CONNECTION && step->number < highest) {
            g_ptr_array_add(late, step);
        } else {
            timeline->steps->pdata[kept++] = step;
        }
        highest = MAX(highest, step->number);
    }
    for (guint i = kept; i < timeline->steps->len; i++) {
        timeline->steps->pdata[i] = NULL; /* moved, not freed */
    }
    g_ptr_array_set_size(timeline->steps, (gint)kept);
    g_ptr_array_sort(late, by_number);
    merge(timeline->steps, late);
}

guint timeline_count(const Timeline *timeline)
{
    return timeline->steps->len;
}

const Step *timeline_step(const Timeline *timeline, guint index)
{
    g_assert(index < timeline->steps->len);
    return timeline->steps->pdata[index];
}

guint64 timeline_dropped(const Timeline *timeline)
{
    return timeline->dropped;
}

const Step *timeline_find(const Timeline *timeline, guint64 number)
{
    return g_hash_table_lookup(timeline->numbers, &number);
}

static bool has_frame(const Step *step, guint64 frame)
{
    guint low = 0;
    guint high = step->frames->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        guint64 found = g_array_index(step->frames, guint64, middle);
        if (found == frame) {
            return true;
        }
        if (found < frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool timeline_next_of_frame(
    const Timeline *timeline, guint64 frame, guint *index, const Step **out_step
)
{
    for (; *index < timeline->steps->len; (*index)++) {
        const Step *step = timeline->steps->pdata[*index];
        if (has_frame(step, frame)) {
            *out_step = step;
            (*index)++;
            return true;
        }
    }
    return false;
}
