/* How the world stands at this step: the clock, the conversation, queues, mailboxes, connections,
 * hosts that are down, names that were found. */

#include "ui/terminal/stage-private.h"

#include "ui/report/step-text.h"
#include "ui/terminal/view-state-tcp.h"

#include <string.h>

#define LABEL_WIDTH 14
#define ROWS_OF_A_KIND 12

typedef struct {
    PaneText *pane;
    const char *label; /* beside the first row */
    guint count;
    guint left_out;
} Rows;

static void put_row(Rows *rows, const char *text, CellStyle style)
{
    if (rows->count >= ROWS_OF_A_KIND) {
        rows->left_out++;
        return;
    }
    PaneRow row = {
        .label = rows->count == 0 ? rows->label : NULL,
        .label_style = CELL_LABEL,
        .label_width = LABEL_WIDTH,
        .text = text,
        .style = style,
    };
    pane_text_row(rows->pane, &row);
    rows->count++;
}

static void end_rows(Rows *rows, const char *none)
{
    if (rows->left_out > 0) {
        g_autofree char *text = g_strdup_printf("and %u more", rows->left_out);
        pane_text_row(
            rows->pane, &(PaneRow){.label_width = LABEL_WIDTH, .text = text, .style = CELL_QUIET}
        );
    } else if (rows->count == 0 && none != NULL) {
        put_row(rows, none, CELL_QUIET);
    }
}

static void put_text(gpointer data, const WorldLogEvent *event)
{
    put_row(data, event->text, CELL_PLAIN);
}

static void put_with_host(gpointer data, const WorldLogEvent *event)
{
    g_autofree char *text = g_strdup_printf("%s found %s", event->host, event->text);
    put_row(data, text, CELL_PLAIN);
}

static void put_count(gpointer data, const WorldLogEvent *event)
{
    g_autofree char *text = g_strdup_printf("%s: %s", event->of, event->state);
    put_row(data, text, CELL_PLAIN);
}

typedef struct {
    const char *host;
    bool is_empty;
} QueueOf;

static void look_at_queue(gpointer data, const WorldLogEvent *event)
{
    QueueOf *queue = data;
    if (g_strcmp0(event->of, queue->host) == 0) {
        queue->is_empty = g_str_has_prefix(event->state, "0 ");
    }
}

typedef struct {
    Rows rows;
    const WorldLog *log;
    guint moment;
} Timers;

/* A server whose queue is empty waits for nothing, whatever its last word about it was. */
static void put_timer(gpointer data, const WorldLogEvent *event)
{
    Timers *timers = data;
    QueueOf queue = {.host = event->host};
    world_log_state(timers->log, WORLD_EVENT_QUEUE, timers->moment, look_at_queue, &queue);
    if (!queue.is_empty) {
        put_row(&timers->rows, event->text, CELL_PLAIN);
    }
}

static void put_timers(const WorldLog *log, PaneText *pane, guint moment)
{
    Timers timers = {.rows = {.pane = pane, .label = "timers"}, .log = log, .moment = moment};
    world_log_state(log, WORLD_EVENT_TIMER, moment, put_timer, &timers);
    end_rows(&timers.rows, NULL);
}

static void put_kind(
    const WorldLog *log,
    PaneText *pane,
    WorldEventKind kind,
    guint moment,
    const char *label,
    const char *none,
    WorldLogEach each
)
{
    Rows rows = {.pane = pane, .label = label};
    world_log_state(log, kind, moment, each, &rows);
    end_rows(&rows, none);
}

static void put_connections(const WorldLog *log, PaneText *pane, guint moment)
{
    Rows rows = {.pane = pane, .label = "TCP"};
    g_autoptr(GPtrArray) connections = view_state_tcp(log, moment);
    for (guint i = 0; i < connections->len; i++) {
        put_row(&rows, connections->pdata[i], CELL_PLAIN);
    }
    end_rows(&rows, "no connection");
}

/* The state that the conversation of this step has come to. */
static void put_conversation(const Stage *stage, const Step *present, PaneText *pane)
{
    const char *state = NULL;
    for (guint i = stage->position + 1; i > 0 && present->has_stream && state == NULL; i--) {
        const Step *step = stage_step_at(stage, i - 1);
        if (step->has_stream && step->stream == present->stream) {
            state = step->state_after;
        }
    }
    Rows rows = {.pane = pane, .label = "conversation"};
    if (present->has_stream) {
        g_autofree char *text = g_strdup_printf(
            "%s %s with %s%s%s",
            present->protocol[0] == '\0' ? "TCP" : present->protocol,
            present->is_from_server ? present->to : present->from,
            present->is_from_server ? present->from : present->to,
            state == NULL ? "" : ": ",
            state == NULL ? "" : state
        );
        put_row(&rows, text, CELL_PLAIN);
    }
    end_rows(&rows, "none at this step");
}

static void keep_event(gpointer data, const WorldLogEvent *event)
{
    g_ptr_array_add(data, (gpointer)event);
}

static gint latest_first(gconstpointer first, gconstpointer second)
{
    const WorldLogEvent *a = *(const WorldLogEvent *const *)first;
    const WorldLogEvent *b = *(const WorldLogEvent *const *)second;
    return a->place > b->place ? -1 : a->place < b->place;
}

/* The names that were looked up last are those that the step is about. */
static void put_names(const WorldLog *log, PaneText *pane, guint moment)
{
    Rows rows = {.pane = pane, .label = "names"};
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    world_log_state(log, WORLD_EVENT_NAME, moment, keep_event, names);
    g_ptr_array_sort(names, latest_first);
    for (guint i = 0; i < names->len; i++) {
        put_with_host(&rows, names->pdata[i]);
    }
    end_rows(&rows, "none was looked up");
}

void view_state(const Stage *stage, PaneText *pane)
{
    const Step *step = stage_step(stage);
    const WorldLog *log = recording_world(stage_shown(stage)->recording);
    if (step == NULL) {
        return;
    }
    guint now = step->moment;
    g_autofree char *clock = step_text_time(step->time_ns);
    Rows rows = {.pane = pane, .label = "clock"};
    put_row(&rows, clock, CELL_PLAIN);
    put_conversation(stage, step, pane);
    if (stage->options.play == NULL) {
        pane_text_line(
            pane, CELL_QUIET, "A capture shows no more: what machines keep inside is not on a wire."
        );
        return;
    }
    put_kind(log, pane, WORLD_EVENT_QUEUE, now, "queues", "empty, all of them", put_count);
    put_kind(log, pane, WORLD_EVENT_MAILBOX, now, "mailboxes", "no message has come", put_count);
    put_timers(log, pane, now);
    put_kind(log, pane, WORLD_EVENT_HOST, now, "hosts", "all are up", put_text);
    put_connections(log, pane, now);
    put_names(log, pane, now);
    put_kind(log, pane, WORLD_EVENT_USER, now, "people", NULL, put_text);
    put_kind(log, pane, WORLD_EVENT_SCENARIO, now, "what if", NULL, put_text);
}
